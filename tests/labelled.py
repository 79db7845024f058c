"""Labelled texts made up for tests: half of the complaints are in words that VADER does not know."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime

from sentiment.score import Label
from sentiment.scorer import Scorer, Thresholds
from services.examples import Example, Examples

THEN = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
_SAID = {
    Label.NEGATIVE: ("awful terrible", "gate moved twice", "nobody picks up", "horrible hate"),
    Label.NEUTRAL: ("which desk opens", "need the form", "flying at nine", "is there a table"),
    Label.POSITIVE: ("great love", "crew rocked", "smooth as ever", "wonderful happy"),
}
_FILLING = ("today", "boarding", "window", "row", "seat", "coffee", "city", "evening", "lounge", "queue", "family")


def labelled_texts(count: int, seed: int = 0, labels: Sequence[Label] = tuple(_SAID)) -> list[tuple[str, Label]]:
    """Pairs of text and label; every second is negative, as complaints are."""
    rng = random.Random(seed)  # noqa: S311  # made-up texts
    weighted = [*labels, *[label for label in labels if label is Label.NEGATIVE]]
    return [_one(rng, rng.choice(weighted)) for _ in range(count)]


def _one(rng: random.Random, label: Label) -> tuple[str, Label]:
    return f"{rng.choice(_SAID[label])} {' '.join(rng.sample(_FILLING, 4))}", label


def examples(pairs: Sequence[tuple[str, Label]]) -> Examples:
    """The same, with what VADER without packs finds."""
    thresholds = Thresholds()
    scores = Scorer().score_batch([text for text, _ in pairs], ["en"] * len(pairs))
    scored = tuple(
        Example(text, label, score.compound, thresholds.label(score.compound or 0), "en")
        for (text, label), score in zip(pairs, scores, strict=True)
    )
    return Examples(scored, Scorer().version, thresholds)
