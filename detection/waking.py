"""Whether what stands out is worth an alarm, where nothing is known but counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from detection.history import Distance

# With less of a past than this, the windows of half a day that are known all lie in one day, and quantiles of them say
# nothing.
LEARNING = timedelta(days=2)
# Below so many mentions in an hour nobody is woken, however quiet it was before.
FEWEST = 4
# Who was woken looks at the brand anyway: what goes on for a day is one wave.
QUIET = timedelta(hours=24)
CALM = timedelta(hours=1)


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
    NOT_KNOWN = "the last hour is not known"
    SAME_WAVE = "part of the last alarm's wave"


@dataclass(frozen=True, slots=True)
class Alarms:
    """Decides moment after moment; what was decided before is in it.

    Attributes:
        last: when the last alarm was, None before the first.
        peak: the farthest beyond the usual that its wave has been.
        ebbed_since: since when no burst has been loud, None while one is.
        ebbed: none was for :data:`CALM`: what is louder than its wave after that is another one.
    """

    sensitivity: Sensitivity = Sensitivity.NORMAL
    last: datetime | None = None
    peak: float = 0.0
    ebbed_since: datetime | None = None
    ebbed: bool = False

    def decide(self, distance: Distance, known: timedelta, now: datetime) -> Waking:
        """What to do now.

        Args:
            known: how much of the past is known.
        """
        if distance.beyond < self.sensitivity.required or distance.hour < FEWEST:
            return Waking.AS_USUAL
        if known < LEARNING:
            return Waking.STILL_LEARNING
        if self._goes_on(now) and not (self.ebbed and distance.beyond > self.peak):
            return Waking.SAME_WAVE
        return Waking.ALARM

    def after(self, waking: Waking, distance: Distance, now: datetime) -> Alarms:
        """What to decide by from now on."""
        if waking is Waking.ALARM:
            return Alarms(self.sensitivity, now, distance.beyond)
        if not self._goes_on(now):
            return self
        since = None if distance.burst > 0 else self.ebbed_since or now
        ebbed = self.ebbed or (since is not None and now - since >= CALM)
        return replace(self, peak=max(self.peak, distance.beyond), ebbed_since=since, ebbed=ebbed)

    def _goes_on(self, now: datetime) -> bool:
        return self.last is not None and now - self.last < QUIET
