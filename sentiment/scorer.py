"""VADER for mentions of brands.

C.J. Hutto and E.E. Gilbert, VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social Media Text,
ICWSM 2014; the vaderSentiment package holds the lexicon and the rules. Around it stands what brand talk needs: packs of
words for complaints, a brand's own words carry no feeling, handles and links are not words, and what is in a language
of which no lexicon is there is not scored.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from sentiment.cleaning import parted, without_links
from sentiment.learned import Learned
from sentiment.packs import Pack
from sentiment.score import Carrier, Explanation, Flag, Label, Score
from sentiment.tokens import Tokens
from sentiment.vader import Vader, Weighed

# Longer than this is an article, whose beginning says what it is about.
MOST_TOKENS = 2_000
_MOST_CHARACTERS = 10 * MOST_TOKENS
ENGLISH = "en"
VADER = "vader"
STOCK = f"{VADER}-{importlib.metadata.version('vaderSentiment')}"

_WORD = re.compile(r"[\w'-]+")


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which compound score on a text has a tone; those between are neutral.

    The defaults are the package's: https://github.com/cjhutto/vaderSentiment#about-the-scoring
    """

    negative_from: float = -0.05
    positive_from: float = 0.05

    def label(self, compound: float) -> Label:
        """The tone that a compound score stands for."""
        if compound <= self.negative_from:
            return Label.NEGATIVE
        return Label.POSITIVE if compound >= self.positive_from else Label.NEUTRAL


class Scorer:
    """Scores texts about one brand.

    Args:
        neutral: names, phrases and words of the brand; each word in them is taken to carry no feeling.
        packs: outweigh the package's lexicon, later ones the earlier; a pack in another language lets texts in that
            language be scored, by its words alone.
        language: what a text is taken for where nobody says.
        learned: chooses the label of English texts, if the team has one and wants it to; the compound stays VADER's.
    """

    def __init__(
        self,
        neutral: Iterable[str] = (),
        packs: Sequence[Pack] = (),
        thresholds: Thresholds = Thresholds(),
        *,
        language: str = ENGLISH,
        learned: Learned | None = None,
    ) -> None:
        self._packs = tuple(packs)
        self._thresholds = thresholds
        self._language = language
        self._learned = learned
        self._neutral = frozenset(word.lower() for text in neutral for word in _WORD.findall(text))
        self._vaders = {ENGLISH: _vader(self._of(ENGLISH), self._neutral)}
        self._vaders |= {pack.language: _vader(self._of(pack.language), self._neutral) for pack in self._packs}
        self._scores: dict[tuple[float, str, bool], Score] = {}
        self.version = _version(self._packs, thresholds, learned)

    def score_batch(self, texts: Sequence[object], languages: Sequence[str | None]) -> list[Score]:
        """Scores in the order of the texts; equal texts are scored once. Never raises on anything that is no text.

        Args:
            texts: plain texts of any length; bytes are read as UTF-8, anything else says nothing.
            languages: primary language subtag of each, None where unknown.
        """
        known: dict[tuple[str, str | None], Score] = {}
        scores = []
        for given, language in zip(texts, languages, strict=True):
            one = (given if type(given) is str else _text(given), language)
            score = known.get(one)
            if score is None:
                score = known[one] = self._score(*one)
            scores.append(score)
        return scores

    def explain(self, text: object, language: str | None = None) -> Explanation:
        """The score of a text and the words that carried it."""
        said = _text(text)
        score = self._score(said, language)
        vader = self._vaders.get(score.language)
        if vader is None:
            return Explanation(score, ())
        weighed, emphasis = vader.explain(self._tokens(vader, said)[0])
        return Explanation(score, tuple(self._carrier(one, score.language) for one in weighed), emphasis)

    def _tokens(self, vader: Vader, text: str) -> tuple[Tokens, bool]:
        """What VADER looks at in a text, and whether its end was cut off."""
        plain = without_links(text[:_MOST_CHARACTERS])
        # Without packs everything else is as the package has it.
        tokens = vader.tokens(parted(plain) if self._packs else plain)
        return tokens, tokens.cut or len(text) > _MOST_CHARACTERS

    def _of(self, language: str) -> tuple[Pack, ...]:
        return tuple(pack for pack in self._packs if pack.language == language)

    def _score(self, text: str, language: str | None) -> Score:
        language = language or self._language
        vader = self._vaders.get(language)
        if vader is None:
            return Score(None, Label.UNSCORED, self.version, (Flag.FOREIGN,), language)
        tokens, cut = self._tokens(vader, text)
        compound = vader.weigh(tokens)
        score = self._made(compound, language, truncated=cut)
        if self._learned is None or language != ENGLISH:
            return score
        label, _ = self._learned.classify(text[:_MOST_CHARACTERS], compound)
        return replace(score, label=label, flags=(*score.flags, Flag.LEARNED))

    def _made(self, compound: float, language: str, *, truncated: bool) -> Score:
        """The score of a compound; there are fewer of them than texts."""
        key = (compound, language, truncated)
        if key not in self._scores:
            flags = (Flag.TRUNCATED,) if truncated else ()
            self._scores[key] = Score(compound, self._thresholds.label(compound), self.version, flags, language)
        return self._scores[key]

    def _carrier(self, one: Weighed, language: str) -> Carrier:
        packs = (pack.name for pack in reversed(self._of(language)) if one.key in pack.valences)
        return Carrier(one.words, one.valence, one.counted, next(packs, VADER))


def _text(given: object) -> str:
    match given:
        case str():
            return given
        case bytes() | bytearray():
            return given.decode("utf-8", "replace")
    return ""


def _version(packs: tuple[Pack, ...], thresholds: Thresholds, learned: Learned | None) -> str:
    """Name of the lexicon and a digest of what was changed in it: scores of one version compare."""
    if not packs and thresholds == Thresholds() and learned is None:
        return STOCK
    taught = learned and (learned.card, learned.intercepts, learned.tone)
    made_of = f"({thresholds!r}, {_words(packs)}, {taught!r})"
    return f"{STOCK}+{hashlib.blake2b(made_of.encode(), digest_size=4).hexdigest()}"


@lru_cache(maxsize=16)
def _words(packs: tuple[Pack, ...]) -> str:
    return repr([(pack.name, pack.version, sorted(pack.valences.items())) for pack in packs])


@lru_cache(maxsize=1)
def _stock() -> SentimentIntensityAnalyzer:
    return SentimentIntensityAnalyzer()


def _vader(packs: tuple[Pack, ...], neutral: frozenset[str]) -> Vader:
    # Brands whose words carry no feeling anyway share one.
    return _made_once(packs, neutral & _known(packs))


@lru_cache(maxsize=16)
def _known(packs: tuple[Pack, ...]) -> frozenset[str]:
    """All words that have a valence."""
    return frozenset(_base(packs)).union(*(pack.valences for pack in packs))


@lru_cache(maxsize=1024)
def _made_once(packs: tuple[Pack, ...], neutral: frozenset[str]) -> Vader:
    lexicon = _base(packs)
    # A letter by itself is no feeling: people space words out that matter to them.
    added = {word: 0.0 for word in lexicon if packs and len(word) == 1 and word.isalpha()}
    for pack in packs:
        added |= pack.valences
    if neutral:
        lexicon = {word: valence for word, valence in lexicon.items() if word not in neutral}
        added = {word: valence for word, valence in added.items() if word not in neutral}
    return Vader(lexicon, _stock().emojis, added, MOST_TOKENS)


def _base(packs: tuple[Pack, ...]) -> Mapping[str, float]:
    """The package's lexicon, which is of English words, below packs of the same language."""
    return _stock().lexicon if not packs or packs[0].language == ENGLISH else {}
