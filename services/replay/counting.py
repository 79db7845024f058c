"""Counts of the past judged step by step, as the present is: nothing that came later is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from detection.history import HOUR, REFERENCE, Distance, History
from detection.waking import Alarms, Sensitivity, Waking
from services.replay.count_files import Counts

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Judged:
    """How counts stood at the end of a step.

    Attributes:
        at: end of the step: only then is its count known.
        count: of the step.
        window: the louder one of the last quarter of an hour and the last hour.
        observed: count of that window.
        expected: mean count of such a window at this time on the days before, None on the first day.
        threshold: count of that window that would have been news.
        beyond: how loud the present is, 1 and more is news.
    """

    at: datetime
    count: int
    window: timedelta
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
        return f"{counted} in the last {'hour' if self.window == HOUR else 'quarter of an hour'}; {usual}."


def replay_counts(counts: Counts, sensitivity: Sensitivity = Sensitivity.NORMAL) -> Iterator[Judged]:
    """Judge every step after the one before it."""
    step, history, alarms = counts.step, History(counts.step), Alarms(sensitivity)
    hours, before = dict[int, int](), None
    for start, count in counts.values:
        now = start + step
        if before is not None and now - before > step * 1.5:
            history.gap()
        history.push(count)
        if now.minute == 0 and now.second == 0:
            history.turn()
        distance, known = history.distance(sensitivity.required), history.unbroken * step >= HOUR or before is None
        waking = alarms.decide(distance, history.length * step, now) if known else Waking.NOT_KNOWN
        alarms = alarms.after(waking, distance, now)
        yield _judged(now, count, distance, _expected(hours, now, step), waking)
        if known:
            hours[_number(now, step)] = distance.hour
        hours.pop(_number(now - REFERENCE - HOUR, step), None)
        before = now


def _number(at: datetime, step: timedelta) -> int:
    return round(at.timestamp() / step.total_seconds())


def _judged(now: datetime, count: int, distance: Distance, hourly: float | None, waking: Waking) -> Judged:
    return Judged(
        at=now,
        count=count,
        window=distance.window,
        observed=distance.count,
        expected=None if hourly is None else hourly * (distance.window / HOUR),
        threshold=distance.threshold,
        beyond=distance.beyond,
        waking=waking,
    )


def _expected(hours: Mapping[int, int], now: datetime, step: timedelta) -> float | None:
    days = (_number(now - back * _DAY, step) for back in range(1, REFERENCE // _DAY + 1))
    alike = [hours[then] for then in days if then in hours]
    return sum(alike) / len(alike) if alike else None
