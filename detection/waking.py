"""Whether what stands out is worth an alarm, where nothing is known but counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from detection.history import Distance

# With less of a past than this, quantiles of it say nothing.
LEARNING = timedelta(days=1)
# Who was woken looks at the brand anyway: what goes on for a day is one wave.
QUIET = timedelta(hours=24)


class Sensitivity(StrEnum):
    """How far beyond the usual extremes is news for a team."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"

    @property
    def required(self) -> float:
        """The distance that is news, as :class:`detection.history.Distance` counts it."""
        return {Sensitivity.LOW: 1.5, Sensitivity.NORMAL: 1.0, Sensitivity.HIGH: 0.7}[self]


class Waking(StrEnum):
    """What was decided, and why."""

    ALARM = "alarm"
    AS_USUAL = "as usual"
    STILL_LEARNING = "still learning"
    SAME_WAVE = "part of the last alarm's wave"


@dataclass(frozen=True, slots=True)
class Alarms:
    """Decides moment after moment; what was decided before is in it.

    Attributes:
        last: when the last alarm was, None before the first.
    """

    sensitivity: Sensitivity = Sensitivity.NORMAL
    last: datetime | None = None

    def decide(self, distance: Distance, known: timedelta, now: datetime) -> Waking:
        """What to do now.

        Args:
            known: how much of the past is known.
        """
        if distance.beyond < self.sensitivity.required:
            return Waking.AS_USUAL
        if known < LEARNING:
            return Waking.STILL_LEARNING
        if self.last is not None and now - self.last < QUIET:
            return Waking.SAME_WAVE
        return Waking.ALARM
