"""What the picture of a wave says: mentions against what is usual, and what happened when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

_DAY, _HOUR, _MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """What was counted from ``start`` until the next point, what is usual there, and how much of it was negative."""

    start: datetime
    observed: int
    expected: float
    negative: int


class MarkKind(StrEnum):
    """What a mark on the time axis stands for."""

    ALARM = "alarm"
    HELD = "held"
    ACTION = "action"
    PLANNED = "planned"


_NOUNS = {
    MarkKind.ALARM: ("alarm", "alarms"),
    MarkKind.HELD: ("held alarm", "held alarms"),
    MarkKind.ACTION: ("action", "actions"),
    MarkKind.PLANNED: ("planned event", "planned events"),
}
# More marks than this nobody wants read out one by one.
MOST_SPOKEN = 6


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened at a time.

    Attributes:
        label: a word or two, as they stand in the picture.
        detail: why, in a sentence; shown on hover.
        until: when it ended, None for what has no length.
        address: where more of it is read, within the console; empty for nowhere.
    """

    at: datetime
    label: str
    kind: MarkKind = MarkKind.ALARM
    detail: str = ""
    until: datetime | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class WaveChart:
    """All that the picture says.

    Attributes:
        title: shown above it; empty for none.
        points: in order of time, evenly spaced.
        expected_high: mentions per point up to which a count is still usual; one for all, or one per point.
        time_zone: the reader's.
        description: the text alternative; where it is empty, :func:`summary` takes its place.
        until: up to when was counted; a last point that ends later is not whole, and is drawn apart from the line.
        with_tone: whether how much was negative is known.
    """

    title: str
    points: tuple[ChartPoint, ...]
    expected_high: float | tuple[float, ...]
    marks: tuple[Mark, ...]
    time_zone: ZoneInfo
    description: str = ""
    until: datetime | None = None
    with_tone: bool = True

    @property
    def highs(self) -> tuple[float, ...]:
        """The upper edge of the usual range at each point."""
        if isinstance(self.expected_high, tuple):
            return self.expected_high
        return (self.expected_high,) * len(self.points)

    @property
    def step(self) -> timedelta:
        """The time between two points; an hour where there are fewer."""
        starts = [point.start for point in self.points[:2]]
        return starts[1] - starts[0] if len(starts) > 1 else _HOUR

    @property
    def whole(self) -> tuple[ChartPoint, ...]:
        """The points whose time is over: all of them, or all but the last."""
        running = self.until is not None and self.points and self.points[-1].start + self.step > self.until
        return self.points[:-1] if running else self.points

    @property
    def peak(self) -> ChartPoint | None:
        """The first point with the most mentions, None where there is none."""
        return max(self.points, key=lambda point: point.observed, default=None)


def summary(spec: WaveChart) -> str:
    """What the picture shows, in words, for those who do not see it."""
    if spec.peak is None:
        return "No mentions yet."
    first, last = spec.points[0].start, spec.points[-1].start + spec.step
    zone, peak = spec.time_zone, spec.peak
    marks = _marks_in_words(spec)
    if spec.until and len(spec.whole) < len(spec.points):
        so_far = f"{spec.points[-1].observed:,} so far, up to {moment(spec.until, zone)}"
        marks += f" The last {length(spec.step)}: {so_far}."
    tone = f" {peak.negative:,} of them negative," if spec.with_tone else ""
    return (
        f"Mentions per {length(spec.step)} from {moment(first, zone)} to {moment(last, zone)}. The most were "
        f"{peak.observed:,} at {moment(peak.start, zone)},{tone} where about {peak.expected:,.0f} are usual.{marks}"
    )


def _marks_in_words(spec: WaveChart) -> str:
    """Each by itself where they are few, else how many there are of each kind."""
    if len(spec.marks) <= MOST_SPOKEN:
        return "".join(f" {mark.label}: {moment(mark.at, spec.time_zone)}." for mark in spec.marks)
    return f" Marked are {tally(spec.marks)}."


def tally(marks: Sequence[Mark]) -> str:
    """``2 alarms, 1 held, 3 actions``."""
    counts = Counter(mark.kind for mark in marks)
    return ", ".join(f"{counts[kind]:,} {_NOUNS[kind][counts[kind] > 1]}" for kind in MarkKind if counts[kind])


def moment(at: datetime, zone: ZoneInfo) -> str:
    """``Tue 12 May 14:20`` in the reader's zone."""
    local = at.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %H:%M}"


def length(step: timedelta) -> str:
    """``15 minutes``, ``hour``, ``2 days``, to follow "per"."""
    for unit, name in ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute")):
        if step % unit == timedelta():
            return name if step == unit else f"{step // unit} {name}s"
    return f"{step.total_seconds():g} seconds"
