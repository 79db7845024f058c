"""A fortnight of counts, and how loud the present is against it; in constant memory.

Two things make a wave: a burst, the louder one of the last quarter of an hour and the last hour, and a day on which the
last twelve hours are loud, too. Each is rated against such windows of the past fortnight (:mod:`detection.tails`), and
the mean of both counts: a brisk hour on a quiet day is no news, an outcry on one is. The past moves on once an hour.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from operator import sub

from detection.buckets import BUCKET
from detection.tails import UNSURE, Least, Tail, Upper, code, count_at, least_of, upper_tail

QUARTER, HOUR, HALF_DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(hours=12)
# Two whole weeks, so that every hour of the week is in it twice.
REFERENCE = timedelta(days=14)
# What is going on now must not raise the line that it is judged by.
NEWEST = timedelta(hours=3)
# All that the present is judged by.
SPAN = REFERENCE + NEWEST + HALF_DAY
# The mean of both from which on it is news: a plateau reaches from 0.8 to 1.6.
NEWS = 1.2
# However loud the day is, a burst must be loud, too: the hours after a flood are no new one.
_LOUDEST_DAY = 2.0
_TWO_BYTES = 65_535
_QUARTER, _DAY = QUARTER // BUCKET, timedelta(days=1) // BUCKET


@dataclass(frozen=True, slots=True)
class Sums:
    """Counts of the windows that end now."""

    quarter: int
    hour: int
    half_day: int

    def less(self, some: int) -> Sums:
        """As if so many of the last quarter of an hour had not been."""
        return Sums(*(max(each - some, 0) for each in (self.quarter, self.hour, self.half_day)))


@dataclass(frozen=True, slots=True)
class Distance:
    """Where the present stands.

    Attributes:
        beyond: how loud it is, in units of what is news: 1 and more is; not above 0 where no burst is loud.
        burst: loudness of the last quarter of an hour or hour; not above 0 where neither is loud.
        window: the louder one of the two.
        count: of that window.
        threshold: count of that window that would be news, as the last twelve hours are.
        hour, hour_threshold: the same for the last hour, louder or not.
    """

    beyond: float
    burst: float
    window: timedelta
    count: int
    threshold: float
    hour: int
    hour_threshold: float


@dataclass(frozen=True, slots=True)
class Surely:
    """What the windows of a past will be rated by at least, up to a day later, whatever comes in between."""

    quarter: Least = UNSURE
    hour: Least = UNSURE
    half_day: Least = UNSURE

    def beyond(self, newest: Callable[[timedelta], Sequence[int]]) -> float:
        """What :attr:`Distance.beyond` will be at most; 0 where it surely is not above, infinite where nothing is sure.

        Args:
            newest: counts of so much time, up to then; of half a day only asked where a burst may be loud.
        """
        hour = newest(HOUR)
        burst = max(self.quarter.loudest(sum(hour[-_QUARTER:])), self.hour.loudest(sum(hour)))
        if not burst or math.isinf(burst):
            return burst
        day = min(self.half_day.loudest(sum(newest(HALF_DAY))), _LOUDEST_DAY)
        return (burst + day) / 2 / NEWS


@dataclass(frozen=True, slots=True)
class Past:
    """The windows of the fortnight that ended three hours before a moment, by their length."""

    quarter: Tail
    hour: Tail
    half_day: Tail
    surely: Surely = Surely()

    def distance(self, now: Sums, required: float = 1.0) -> Distance:
        """How the present stands against it.

        Args:
            required: the distance that is news; lower ones are more sensitive.
        """
        bursts = {QUARTER: self.quarter.loudness(code(now.quarter)), HOUR: self.hour.loudness(code(now.hour))}
        window = max(bursts, key=lambda each: bursts[each])
        burst, day = bursts[window], min(self.half_day.loudness(code(now.half_day)), _LOUDEST_DAY)
        needed = max(2 * NEWS * required - day, 0.0)
        beyond = (burst + day) / 2 / NEWS
        tail, count = (self.quarter, now.quarter) if window == QUARTER else (self.hour, now.hour)
        return Distance(
            beyond=beyond if burst > 0 else min(beyond, 0.0),
            burst=burst,
            window=window,
            count=count,
            threshold=count_at(tail.at(needed)),
            hour=now.hour,
            hour_threshold=count_at(self.hour.at(needed)),
        )

    def upper(self) -> Past:
        """What answers as this one does, in less room."""
        return Past(self.quarter.upper(), self.hour.upper(), self.half_day.upper())


@dataclass(frozen=True, slots=True)
class _Reach:
    """Lengths in buckets; of the windows of half a day one in so many is remembered, since they differ little."""

    quarter: int
    hour: int
    half_day: int
    newest: int
    reference: int

    @classmethod
    def of(cls, step: timedelta) -> _Reach:
        lengths = (QUARTER, HOUR, HALF_DAY, NEWEST, REFERENCE)
        return cls(*(max(round(length / step), 1) for length in lengths))

    @property
    def scales(self) -> tuple[tuple[int, int], ...]:
        """Size of a window, and of how many one is remembered."""
        return (self.quarter, 1), (self.hour, 1), (self.half_day, self.quarter)


def totals_of(counts: Iterable[int]) -> list[int]:
    """Sums of the first none, one, two and so on of some counts, up to all: of these all windows are made."""
    return [*accumulate(counts, initial=0)]


def windows(totals: Sequence[int], size: int, ends: range) -> list[int]:
    """Sums of the windows of so many counts that end with the ones at some places.

    Args:
        totals: as of :func:`totals_of`.
        ends: upwards, from ``size - 1`` on: shorter ones, at the beginning, are no windows.
    """
    first, end, every = ends.start + 1, ends.stop + 1, ends.step
    return [*map(sub, totals[first:end:every], totals[first - size : max(end - size, 0) : every])]


def sums_of(counts: Sequence[int], step: timedelta = BUCKET) -> Sums:
    """Sums of the windows that end with the last count."""
    reach = _Reach.of(step)
    return Sums(*(sum(counts[-size:]) for size, _ in reach.scales))


def past_of(counts: Sequence[int], step: timedelta = BUCKET) -> Past:
    """The past of the moment at which ``counts`` end, as a :class:`History` that took them in has it."""
    reach, totals = _Reach.of(step), totals_of(counts)
    quarter, hour, half_day = (Tail(map(code, _windows(totals, reach, size, every))) for size, every in reach.scales)
    return Past(quarter, hour, half_day)


def upper_past_of(totals: Sequence[int]) -> Past:
    """As :meth:`Past.upper` of :func:`past_of` of counts in buckets, many times faster, with what is sure for a day.

    Args:
        totals: of the counts, as of :func:`totals_of`.
    """
    reach, length = _Reach.of(BUCKET), len(totals) - 1
    quarter, hour, half_day = (
        Upper(_windows(totals, reach, size, every), _DAY // every, reach.reference // every)
        for size, every in reach.scales
    )
    # On the day on which the span fills up it begins to move, and others of the windows of half a day are remembered.
    fills_up = length < round(SPAN / BUCKET) < length + _DAY
    surely = Surely(least_of(quarter), least_of(hour), UNSURE if fills_up else least_of(half_day))
    return Past(upper_tail(quarter), upper_tail(hour), upper_tail(half_day), surely)


def _windows(totals: Sequence[int], reach: _Reach, size: int, every: int) -> list[int]:
    """The sums that belong into a tail."""
    ended = len(totals) - 1 - reach.newest
    first = max(ended - reach.reference, size - 1)
    first += -first % every
    return windows(totals, size, range(first, max(ended, first), every))


class _Scale:
    """The windows of one length: their tail, and the sums of those that end now, enter the tail and leave it."""

    __slots__ = ("_entering", "_every", "_leaving", "now", "size", "tail")

    def __init__(self, size: int, every: int) -> None:
        self.size = size
        self._every = every
        self.tail = Tail()
        self.now = self._entering = self._leaving = 0

    def push(self, counts: _Counts) -> None:
        self.now += counts[counts.last] - counts[counts.last - self.size]

    def turn(self, counts: _Counts, reach: _Reach, gaps: Sequence[int], last: int) -> None:
        """Move the tail on to where it is when ``last`` is the newest bucket, from the one before."""
        size, entering, leaving = self.size, last - reach.newest, last - reach.newest - reach.reference
        self._entering += counts[entering] - counts[entering - size]
        self._leaving += counts[leaving] - counts[leaving - size]
        if self._remembers(entering, gaps):
            self.tail.add(code(self._entering))
        if self._remembers(leaving, gaps):
            self.tail.drop(code(self._leaving))

    def _remembers(self, end: int, gaps: Sequence[int]) -> bool:
        """Whether the window that ends so belongs into the tail.

        Shorter ones, at the beginning, are no windows, and neither are those that reach across a gap.
        """
        if end < self.size - 1 or end % self._every:
            return False
        return not any(end - self.size + 1 < gap <= end for gap in gaps)


class _Counts:
    """The last counts, by their number since the beginning; 0 before that and where they are no longer kept."""

    __slots__ = ("_first", "_kept", "last", "room")

    def __init__(self, room: int) -> None:
        self._kept = array("H")
        self.room = room
        self._first = 0
        self.last = -1

    def __getitem__(self, number: int) -> int:
        return self._kept[number - self._first] if number >= self._first else 0

    def push(self, count: int) -> None:
        if count > _TWO_BYTES and self._kept.typecode == "H":
            self._kept = array("I", self._kept)
        self._kept.append(count)
        self.last += 1
        if len(self._kept) > self.room + self.room // 8:  # seldom, since it moves all of them
            del self._kept[: -self.room]
            self._first = self.last + 1 - self.room


class History:
    """Takes counts of consecutive buckets and tells after each how it stands.

    Args:
        step: length of a bucket; windows hold at least one.
    """

    def __init__(self, step: timedelta = BUCKET) -> None:
        self._reach = _Reach.of(step)
        self._scales = tuple(_Scale(size, every) for size, every in self._reach.scales)
        # An hour more than is looked at: until it turns, what leaves is still to be counted.
        ahead = max(self._reach.hour, 1)
        self._counts = _Counts(self._reach.newest + self._reach.reference + self._reach.half_day + ahead + 1)
        self._turned = -1
        self._gaps: list[int] = []

    @property
    def length(self) -> int:
        """Buckets that were taken in so far."""
        return self._counts.last + 1

    def push(self, count: int) -> None:
        """Take in the next bucket."""
        self._counts.push(count)
        for scale in self._scales:
            scale.push(self._counts)
        if self._counts.last - self._turned > self._reach.hour:
            self.turn()

    def turn(self) -> None:
        """The hour is over: what lies three hours back becomes part of the past.

        Whoever knows the clock says so; where nobody does, it turns by itself before it would be late.
        """
        for last in range(self._turned + 1, self.length):
            for scale in self._scales:
                scale.turn(self._counts, self._reach, self._gaps, last)
        self._turned = self._counts.last

    def gap(self) -> None:
        """Nothing is known of the time before the next bucket."""
        kept = self.length - self._counts.room
        self._gaps = [*(gap for gap in self._gaps if gap > kept), self.length]

    @property
    def unbroken(self) -> int:
        """Buckets since the last gap."""
        return self.length - (self._gaps[-1] if self._gaps else 0)

    @property
    def past(self) -> Past:
        """What the present is judged by; it moves on with this history."""
        quarter, hour, half_day = self._scales
        return Past(quarter.tail, hour.tail, half_day.tail)

    def distance(self, required: float = 1.0) -> Distance:
        """How the present stands; as :meth:`Past.distance`."""
        return self.past.distance(Sums(*(scale.now for scale in self._scales)), required)
