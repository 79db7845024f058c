"""Scorers with no team behind them: the built-in one, and VADER as its package has it to compare with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from sentiment.packs import Pack
from sentiment.score import Carrier, Explanation, Score
from sentiment.scorer import ENGLISH, STOCK, VADER, Scorer, Thresholds
from sentiment.vader import Vader
from services.scorers import load_packs
from settings.understanding import Sentiment


class Stock:
    """VADER as the vaderSentiment package has it: every text is read as English, handles and links with the rest."""

    def __init__(self) -> None:
        package = SentimentIntensityAnalyzer()
        self._vader = Vader(package.lexicon, package.emojis)
        self._label = Thresholds().label

    def score_batch(self, texts: Sequence[str], languages: Sequence[str | None]) -> list[Score]:
        """Scores in the order of the texts; the languages make no difference."""
        del languages
        return [self._score(self._vader.compound(text)) for text in texts]

    def explain(self, text: str, language: str | None = None) -> Explanation:
        """The score of a text and the words that carried it."""
        del language
        tokens = self._vader.tokens(text)
        weighed, emphasis = self._vader.explain(tokens)
        carriers = tuple(Carrier(one.words, one.valence, one.counted, VADER) for one in weighed)
        return Explanation(self._score(self._vader.weigh(tokens)), carriers, emphasis)

    def _score(self, compound: float) -> Score:
        return Score(compound, self._label(compound), STOCK, language=ENGLISH)


def built_in_scorer(neutral: Iterable[str] = ()) -> Scorer:
    """The scorer of a brand whose team changed nothing.

    Args:
        neutral: names and words of the brand, which carry no feeling.
    """
    return Scorer(neutral, _built_in_packs())


@cache
def _built_in_packs() -> tuple[Pack, ...]:
    return load_packs(Sentiment().packs, Path())
