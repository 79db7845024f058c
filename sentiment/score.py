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
    FOREIGN = "foreign"  # not in a language that is scored
    MULTI_BRAND = "multi_brand"  # names several brands: whose tone it is, nobody knows
    LEARNED = "learned"  # the label is that of the model learned from the team's corrections
    CORRECTED = "corrected"  # the label is what a person said


@dataclass(frozen=True, slots=True)
class Score:
    """The tone of one text.

    Attributes:
        compound: VADER's normalised sum, -1 to 1; None where the text was not scored.
        label: the class that the thresholds give it.
        scorer: name and version of what scored it, so that scores of different versions are never mixed unknowingly.
        flags: what to know before trusting it.
        language: primary subtag of the language that it was taken for.
    """

    compound: float | None
    label: Label
    scorer: str
    flags: tuple[Flag, ...] = ()
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Carrier:
    """Words that carried a score.

    Attributes:
        words: as they stand in the text (a phrase of a pack is one carrier).
        valence: of the lexicon, -4 to 4.
        counted: what it came to after negations, boosters, capitals and "but"; the sum of all, with emphasis, is what
            the compound score normalises.
        pack: where the valence comes from: the name of a pack, or ``vader``.
    """

    words: str
    valence: float
    counted: float
    pack: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A score and what led to it.

    Attributes:
        carriers: in the order of the text.
        emphasis: what exclamation and question marks added, with its sign.
    """

    score: Score
    carriers: tuple[Carrier, ...]
    emphasis: float = 0.0
