"""How well labels agree with what people say.

Precision, recall, F1 and accuracy as in M. Sokolova and G. Lapalme, "A systematic analysis of performance measures for
classification tasks", Information Processing & Management 45 (2009). Macro-F1 is the mean of the F1 of the classes, not
the F1 of their means (J. Opitz and S. Burst, "Macro F1 and Macro F1", arXiv:1911.03347). Kappa is J. Cohen's, "A
coefficient of agreement for nominal scales", Educational and Psychological Measurement 20 (1960). What would be a
division by nothing is 0, as in scikit-learn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sentiment.score import Label

# Its order is that of rows and columns everywhere.
TONES = (Label.NEGATIVE, Label.NEUTRAL, Label.POSITIVE)
_PLACES = {label: at for at, label in enumerate(TONES)}


@dataclass(frozen=True, slots=True)
class Measures:
    """How often which label was given to what.

    Attributes:
        counts: a row for each of ``TONES`` that people gave, in it a column for each that was found.
        unscored: of what people gave each of ``TONES`` to, how much got no label; it counts in no measure.
    """

    counts: tuple[tuple[int, ...], ...]
    unscored: tuple[int, ...]

    @property
    def scored(self) -> int:
        """How many texts the measures are of."""
        return sum(map(sum, self.counts))

    @property
    def missing(self) -> tuple[Label, ...]:
        """Labels that people gave to no scored text: how well these are found cannot be told."""
        return tuple(label for label in TONES if not self.support(label))

    def support(self, label: Label) -> int:
        """How many scored texts people gave a label to."""
        return sum(self.counts[_PLACES[label]])

    def found(self, label: Label) -> int:
        """How many texts were given a label."""
        return sum(row[_PLACES[label]] for row in self.counts)

    def precision(self, label: Label) -> float:
        """Of the texts that were given a label, the share that people gave it to."""
        return _share(self._both(label), self.found(label))

    def recall(self, label: Label) -> float:
        """Of the texts that people gave a label to, the share that was given it."""
        return _share(self._both(label), self.support(label))

    def f1(self, label: Label) -> float:
        """The harmonic mean of precision and recall."""
        return _share(2 * self._both(label), self.found(label) + self.support(label))

    @property
    def macro_f1(self) -> float:
        """The mean of the F1 of the three classes: a rare one counts as much as a frequent one."""
        return sum(map(self.f1, TONES)) / len(TONES)

    @property
    def accuracy(self) -> float:
        """The share of texts with the label that people gave them."""
        return _share(sum(map(self._both, TONES)), self.scored)

    @property
    def kappa(self) -> float:
        """How far the agreement exceeds chance: 1 is complete, 0 is chance."""
        chance = sum(self.support(label) * self.found(label) for label in TONES)
        agreed = sum(map(self._both, TONES)) * self.scored
        return _share(agreed - chance, self.scored**2 - chance)

    def _both(self, label: Label) -> int:
        return self.counts[_PLACES[label]][_PLACES[label]]


def measure(pairs: Iterable[tuple[Label, Label]]) -> Measures:
    """The measures of pairs: the label that people gave, which is one of ``TONES``, and the label that was found."""
    counted = Counter(pairs)
    return Measures(
        tuple(tuple(counted[said, found] for found in TONES) for said in TONES),
        tuple(counted[said, Label.UNSCORED] for said in TONES),
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
