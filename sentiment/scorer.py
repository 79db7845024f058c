"""VADER for mentions of brands.

C.J. Hutto and E.E. Gilbert, VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social Media Text,
ICWSM 2014; the vaderSentiment package holds the lexicon and the rules. Around it stands what brand talk needs: a
brand's own words carry no feeling, handles and links are not words, and what is not English is not scored.
"""

from __future__ import annotations

import html
import importlib.metadata
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from sentiment.score import Flag, Label, Score
from sentiment.vader import Vader

# The package's own classes: https://github.com/cjhutto/vaderSentiment#about-the-scoring
NEGATIVE_FROM, POSITIVE_FROM = -0.05, 0.05
# Longer than this is an article, whose beginning says what it is about.
MOST_CHARACTERS = 2_000
ENGLISH = "en"
SCORER = f"vader-{importlib.metadata.version('vaderSentiment')}"

_LINKS_AND_HANDLES = re.compile(r"https?://\S+|www\.\S+|(?<![\w@])@[\w.]+(?:@[\w.-]+)?")
# Without one of these there is none of both; looking for them takes a tenth of the time.
_SIGNS = ("@", "://", "www.")
_WORD = re.compile(r"[\w'-]+")


class Scorer:
    """Scores texts about one brand.

    Args:
        neutral: names, phrases and words of the brand; each word in them is taken to carry no feeling.
    """

    def __init__(self, neutral: Iterable[str] = ()) -> None:
        self._vader = _vader(frozenset(word.lower() for text in neutral for word in _WORD.findall(text)))

    def score_batch(self, texts: Sequence[str], languages: Sequence[str | None]) -> list[Score]:
        """Scores in the order of the texts; equal texts are scored once. Never raises on any string.

        Args:
            texts: plain texts of any length.
            languages: primary language subtag of each, None where unknown (taken for English).
        """
        known: dict[tuple[str, bool], Score] = {}
        wanted = [(text, language not in {None, ENGLISH}) for text, language in zip(texts, languages, strict=True)]
        for text, foreign in wanted:
            if (text, foreign) not in known:
                known[text, foreign] = _FOREIGN if foreign else self._score(text)
        return [known[one] for one in wanted]

    def _score(self, text: str) -> Score:
        cleaned, truncated = _clean(text)
        compound = self._vader.compound(cleaned)
        return Score(compound, _label(compound), SCORER, (Flag.TRUNCATED,) if truncated else ())


def _clean(text: str) -> tuple[str, bool]:
    """A text without links, handles and entities, and whether its end was cut off."""
    head = text[: MOST_CHARACTERS * 2]
    plain = html.unescape(head)
    if any(sign in plain for sign in _SIGNS):
        plain = _LINKS_AND_HANDLES.sub(" ", plain)
    return plain[:MOST_CHARACTERS], len(plain) > MOST_CHARACTERS or len(head) < len(text)


_FOREIGN = Score(None, Label.UNSCORED, SCORER, (Flag.FOREIGN,))


def _label(compound: float) -> Label:
    if compound <= NEGATIVE_FROM:
        return Label.NEGATIVE
    return Label.POSITIVE if compound >= POSITIVE_FROM else Label.NEUTRAL


@lru_cache(maxsize=1)
def _stock() -> SentimentIntensityAnalyzer:
    return SentimentIntensityAnalyzer()


@lru_cache(maxsize=1024)
def _vader(neutral: frozenset[str]) -> Vader:
    lexicon = {word: valence for word, valence in _stock().lexicon.items() if word not in neutral}
    return Vader(lexicon if neutral & _stock().lexicon.keys() else _stock().lexicon, _stock().emojis)
