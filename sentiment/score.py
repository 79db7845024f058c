"""What scoring says about a text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Label(StrEnum):
    """The tone of a text; it is the tone of the text, never a claim about its target."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"
    UNSCORED = "unscored"


class Flag(StrEnum):
    """What to know before trusting a score."""

    TRUNCATED = "truncated"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class Score:
    """The tone of one text.

    Attributes:
        compound: VADER's normalised sum, -1 to 1; None where the text was not scored.
        label: the class that the thresholds give it.
        scorer: name and version of what scored it, so that scores of different versions are never mixed unknowingly.
        flags: what to know before trusting it.
    """

    compound: float | None
    label: Label
    scorer: str
    flags: tuple[Flag, ...] = ()
