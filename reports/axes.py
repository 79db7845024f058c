"""Where things stand on a chart: the frame, and ticks at values and times that people find round."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
# The offsets of all time zones in use are multiples of this.
_QUARTER = timedelta(minutes=15)
_HOUR_STEPS = tuple(timedelta(minutes=minutes) for minutes in (5, 10, 15, 30, 60, 120, 180, 360, 720))
_DAY_STEPS = (1, 2, 7, 14, 28, 91, 182, 364)
_THOUSAND, _TEN_THOUSAND, _MILLION = 1_000, 10_000, 1_000_000


@dataclass(frozen=True, slots=True)
class Frame:
    """The plotting area in pixels, and the times and values at its edges; values start at zero."""

    left: float
    top: float
    right: float
    bottom: float
    begin: datetime
    end: datetime
    highest: float

    def x(self, at: datetime) -> float:
        """The horizontal place of a time."""
        return self.left + (at - self.begin) / (self.end - self.begin) * (self.right - self.left)

    def y(self, value: float) -> float:
        """The vertical place of a value."""
        return self.bottom - value / self.highest * (self.bottom - self.top)


@dataclass(frozen=True, slots=True)
class TimeTick:
    """A tick of the time axis: its label, and the date below it where the date changes."""

    at: datetime
    label: str
    date: str


def count_ticks(highest: float, most: int = 5) -> tuple[int, ...]:
    """Whole numbers from zero to the first round one not below ``highest``, in steps of 1, 2 or 5 times 10^n."""
    wanted = max(highest, 1.0) / max(most - 1, 1)
    magnitude = 10 ** max(math.floor(math.log10(wanted)), 0)
    step = next(step * magnitude for step in (1, 2, 5, 10) if step * magnitude >= wanted)
    return tuple(range(0, math.ceil(max(highest, 1.0) / step) * step + 1, step))


def count_label(value: int) -> str:
    """``950``, ``2,500``, ``12k``, ``1.5M``."""
    if value < _TEN_THOUSAND:
        return f"{value:,}"
    if value < _MILLION:
        return f"{value / _THOUSAND:.1f}".removesuffix(".0") + "k"
    return f"{value / _MILLION:.1f}".removesuffix(".0") + "M"


def time_ticks(begin: datetime, end: datetime, zone: ZoneInfo, most: int) -> tuple[TimeTick, ...]:
    """At most about ``most`` ticks from ``begin`` to ``end`` at round times of the reader's zone."""
    span = end - begin
    step = next((step for step in _HOUR_STEPS if span / step <= most), None)
    if step is not None:
        return _hour_ticks(begin, end, zone, step)
    days = next((days for days in _DAY_STEPS if span / DAY / days <= most), math.ceil(span / DAY / most))
    return _day_ticks(begin, end, zone, days)


def _hour_ticks(begin: datetime, end: datetime, zone: ZoneInfo, step: timedelta) -> tuple[TimeTick, ...]:
    stride = min(step, _QUARTER)
    at = begin.astimezone(UTC)
    at += (datetime.min.replace(tzinfo=UTC) - at) % stride
    ticks: list[TimeTick] = []
    previous: date | None = None
    while at <= end:
        local = at.astimezone(zone)
        if (local.hour * 60 + local.minute) % (step // _MINUTE) == 0:
            ticks.append(
                TimeTick(at, f"{local:%H:%M}", f"{local:%a} {local.day} {local:%b}" * (local.date() != previous))
            )
            previous = local.date()
        at += stride
    return tuple(ticks)


def _day_ticks(begin: datetime, end: datetime, zone: ZoneInfo, days: int) -> tuple[TimeTick, ...]:
    first, last = begin.astimezone(zone).date().toordinal(), end.astimezone(zone).date().toordinal()
    ticks = []
    for day in (date.fromordinal(number) for number in range(first, last + 1) if number % days == 0):
        at = datetime.combine(day, time(), zone).astimezone(UTC)
        if begin <= at <= end:
            ticks.append(TimeTick(at, f"{day.day} {day:%b}", f"{day:%a}"))
    return tuple(ticks)
