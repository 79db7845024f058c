"""A row of the severity matrix: what it asks of a wave, and what a wave lacks of it."""

from __future__ import annotations

from dataclasses import dataclass

from detection.signal import Signal
from playbooks.playbook import Severity

OWN = "By your own rule"
# From here on it is one person's campaign with an audience, however many join in.
LOUDEST_SHARE = 0.5
# From ten times on, tenths say nothing.
_ROUNDED = 10


@dataclass(frozen=True, slots=True)
class SeverityRow:
    """A severity and what must hold for it; what is left out does not matter.

    What is not known does not hold: a row that asks for ``times`` waits until what is usual has been learned.

    Attributes:
        kind: kinds of signal, any of them; empty for all.
        category: crisis categories, any of them; empty for all and none.
        people: so many distinct voices at least, of whom none said more than half of it.
        times: so many times what is usual at least.
        reach: somebody is followed by so many at least.
        negative_share: so large a part of what could be judged is negative at least, 0 to 1.
        name: what opens the sentence that says why.
    """

    severity: Severity
    kind: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    people: int = 0
    times: float = 0.0
    reach: int = 0
    negative_share: float = 0.0
    name: str = OWN

    @property
    def asks_for_figures(self) -> bool:
        """Whether more must hold than its kinds and categories."""
        return bool(self.people or self.times or self.reach or self.negative_share)

    def is_about(self, signal: Signal) -> bool:
        """Whether its kinds and categories are those of the signal."""
        return (not self.kind or signal.kind in self.kind) and (not self.category or signal.category in self.category)

    def lacking(self, signal: Signal) -> str:
        """The first of the figures that falls short, beside those that do not, for people; empty where none does."""
        told = _voices(signal)
        if signal.authors < self.people:
            return f"{told}, fewer than the {self.people:,} of a {self.severity}"
        if self.people and signal.loudest_share > LOUDEST_SHARE:
            return f"{signal.loudest_share:.0%} of it is by one of {told}"
        if self.times and signal.learning:
            return f"{told}, {_velocity(signal)}"
        if signal.ratio < self.times:
            return f"{told}, but only {_velocity(signal)}"
        return self._lacking_weight(signal)

    def _lacking_weight(self, signal: Signal) -> str:
        told = ", ".join((_voices(signal), *([_velocity(signal)] if self.times else [])))
        if self.reach and signal.reach is None:
            return f"{told}, with no known number of followers"
        if (signal.reach or 0) < self.reach:
            return f"{told}, followed by {signal.reach:,} at most, fewer than the {self.reach:,} of a {self.severity}"
        if self.negative_share and signal.negative_share is None:
            return f"{told}, in a tone that is not known"
        if (signal.negative_share or 0.0) < self.negative_share:
            return f"{told}, but only {signal.negative_share:.0%} of it negative"
        return ""

    def figures(self, signal: Signal) -> str:
        """The figures that decided, for people: ``12 people, 3.1 times what is usual (safety)``."""
        asked = {
            _velocity(signal): self.times or not (self.reach or self.people),
            f"followed by up to {signal.reach or 0:,}": self.reach,
            f"{signal.negative_share or 0.0:.0%} of it negative": self.negative_share,
        }
        told = ", ".join((_voices(signal), *(words for words, wanted in asked.items() if wanted)))
        return f"{told} ({str(signal.category).replace('-', ' ')})" if self.category else told


def _voices(signal: Signal) -> str:
    """``1 person`` or ``38 people``."""
    return "1 person" if signal.authors == 1 else f"{signal.authors:,} people"


def _velocity(signal: Signal) -> str:
    """``12 times what is usual``."""
    if signal.learning:
        return "while what is usual is still being learned"
    return f"{signal.ratio:.{0 if signal.ratio >= _ROUNDED else 1}f} times what is usual"
