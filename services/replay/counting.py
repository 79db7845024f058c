"""Counts of the past judged step by step, as the present is: nothing that came later is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from detection.history import HOUR, REFERENCE, History
from detection.waking import Alarms, Sensitivity, Waking
from services.replay.count_files import Counts

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Judged:
    """How counts stood at the end of a step.

    Attributes:
        at: end of the step: only then is its count known.
        count: of the step.
        observed: count of the last hour.
        expected: mean count of such an hour at this time on the days before, None on the first day.
        threshold: count of the last hour from which on it alone would have been beyond the usual extremes.
        beyond: how far the present is beyond them.
    """

    at: datetime
    count: int
    observed: int
    expected: float | None
    threshold: float
    beyond: float
    waking: Waking

    @property
    def sentence(self) -> str:
        """Why, in words for people."""
        usual = "what is usual at this time is not known yet"
        if self.expected is not None:
            usual = f"usually about {round(self.expected):,}" if self.expected >= 1 else "usually hardly any"
            usual += " at this time of day"
        counted = "1 mention" if self.observed == 1 else f"{self.observed:,} mentions"
        return f"{counted} in the last hour; {usual}."


def replay_counts(counts: Counts, sensitivity: Sensitivity = Sensitivity.NORMAL) -> Iterator[Judged]:
    """Judge every step after the one before it."""
    history, alarms, hours = History(counts.step), Alarms(sensitivity), dict[datetime, int]()
    for start, count in counts.values:
        history.push(count)
        now = start + counts.step
        distance = history.distance(sensitivity.required)
        expected = _expected(hours, now)
        waking = alarms.decide(distance, history.length * counts.step, now)
        if waking is Waking.ALARM:
            alarms = replace(alarms, last=now)
        hours[now] = history.hour
        hours.pop(now - REFERENCE - HOUR, None)
        yield Judged(now, count, history.hour, expected, distance.threshold, distance.beyond, waking)


def _expected(hours: dict[datetime, int], now: datetime) -> float | None:
    alike = [hours[then] for back in range(1, REFERENCE // _DAY + 1) if (then := now - back * _DAY) in hours]
    return sum(alike) / len(alike) if alike else None
