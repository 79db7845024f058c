"""A fortnight of counts, bucket by bucket, and how the present stands against it; in constant memory.

Half an hour and an hour must both be beyond the usual extremes: the short one ends an alarm soon, the long one keeps
a single burst from raising it. And the last eight hours, a shift, must be among the busier tenth of them, unless the
burst is far beyond the usual: an hour of brisk talk on a quiet day is no news.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate, repeat

from detection.buckets import BUCKET
from detection.tails import STEPS, Tail, code, count_at

HALF_HOUR, HOUR, SHIFT = timedelta(minutes=30), timedelta(hours=1), timedelta(hours=8)
REFERENCE = timedelta(days=14)
# What is going on now must not be compared with itself.
NEWEST = timedelta(hours=1)
# All that the present is judged by.
SPAN = REFERENCE + NEWEST + SHIFT
EXTREME = 0.98
BUSY = 0.9
# A window is beyond the usual extremes by 1 where it exceeds their quantile by this part of the mean excess over it,
# and by half of what chance alone does to a count.
_EXCESS = 0.6
_CHANCE = 0.48 * STEPS
_TWO_BYTES = 65_535
# So many times as far, and it is news on a quiet day, too.
FAR = 3.0


@dataclass(frozen=True, slots=True)
class Distance:
    """Where the present stands.

    Attributes:
        beyond: how far both windows are beyond the usual extremes, 1 and more is news; below 0 where one is within.
        threshold: count from which on the last hour would be, on a day that is busy anyway.
    """

    beyond: float
    threshold: float


class _Scale:
    """The windows of one length: their tail, and the sums of those that end now, enter the tail and leave it.

    Args:
        size: buckets in a window.
        every: of how many windows one is remembered; long ones differ little from those beside them.
    """

    __slots__ = ("_entering", "_every", "_leaving", "now", "size", "tail")

    def __init__(self, size: int, every: int = 1) -> None:
        self.size = size
        self._every = every
        self.tail = Tail()
        self.now = self._entering = self._leaving = 0

    def push(self, counts: _Counts, reach: _Reach) -> None:
        last, size = counts.last, self.size
        self.now += counts[last] - counts[last - size]
        entering, leaving = last - reach.newest, last - reach.newest - reach.reference
        self._entering += counts[entering] - counts[entering - size]
        self._leaving += counts[leaving] - counts[leaving - size]
        if self._remembers(entering):
            self.tail.add(code(self._entering))
        if self._remembers(leaving):
            self.tail.drop(code(self._leaving))

    def _remembers(self, end: int) -> bool:
        """Whether the window that ends so belongs into the tail; shorter ones, at the beginning, are no windows."""
        return end >= self.size - 1 and end % self._every == 0

    def load(self, counts: Sequence[int], reach: _Reach) -> None:
        """As if all of them had been pushed, many times faster."""
        total = [*repeat(0, self.size), *accumulate(counts, initial=0)]
        sums = [high - low for low, high in zip(total, total[self.size :], strict=False)][1:]
        ended = len(counts) - reach.newest
        self.now = sums[-1]
        self._entering = sums[ended - 1] if ended > 0 else 0
        self._leaving = sums[ended - 1 - reach.reference] if ended > reach.reference else 0
        ends = range(max(ended - reach.reference, 0), max(ended, 0))
        self.tail = Tail(code(sums[end]) for end in ends if self._remembers(end))

    def distance(self, required: float) -> tuple[float, float]:
        """How far the present is beyond the extremes, and the code that is just as far as required."""
        extreme = self.tail.quantile(EXTREME)
        unit = max(_EXCESS * self.tail.mean_excess(EXTREME), _CHANCE)
        return (code(self.now) - extreme) / unit, extreme + required * unit


class _Counts:
    """The last counts, by their number since the beginning; 0 before that and where they are no longer kept."""

    __slots__ = ("_first", "_kept", "_room", "last")

    def __init__(self, room: int) -> None:
        self._kept = array("H")
        self._room = room
        self._first = 0
        self.last = -1

    def __getitem__(self, number: int) -> int:
        return self._kept[number - self._first] if number >= self._first else 0

    def load(self, counts: Sequence[int]) -> None:
        kept = counts[-self._room :]
        self._kept = array("H" if max(kept) <= _TWO_BYTES else "I", kept)
        self.last = len(counts) - 1
        self._first = len(counts) - len(self._kept)

    def push(self, count: int) -> None:
        if count > _TWO_BYTES and self._kept.typecode == "H":
            self._kept = array("I", self._kept)
        self._kept.append(count)
        self.last += 1
        if len(self._kept) > self._room + self._room // 8:  # seldom, since it moves all of them
            del self._kept[: -self._room]
            self._first = self.last + 1 - self._room


@dataclass(frozen=True, slots=True)
class _Reach:
    newest: int
    reference: int


class History:
    """Takes counts of consecutive buckets and tells after each how it stands.

    Args:
        step: length of a bucket; windows hold at least one.
        counts: those that were taken in before.
    """

    def __init__(self, step: timedelta = BUCKET, counts: Sequence[int] = ()) -> None:
        half, hour, shift = (max(round(length / step), 1) for length in (HALF_HOUR, HOUR, SHIFT))
        self._reach = _Reach(max(round(NEWEST / step), 1), round(REFERENCE / step))
        self._scales = (_Scale(half), _Scale(hour), _Scale(shift, every=half))
        self._counts = _Counts(self._reach.newest + self._reach.reference + shift + 1)
        if counts:
            self._counts.load(counts)
            for scale in self._scales:
                scale.load(counts, self._reach)

    @property
    def length(self) -> int:
        """Buckets that were taken in so far."""
        return self._counts.last + 1

    @property
    def hour(self) -> int:
        """Count of the last hour."""
        return self._scales[1].now

    def push(self, count: int) -> None:
        """Take in the next bucket."""
        self._counts.push(count)
        for scale in self._scales:
            scale.push(self._counts, self._reach)

    def distance(self, required: float = 1.0) -> Distance:
        """How the present stands against the fortnight before its last hour.

        Args:
            required: the distance that is news; lower ones are more sensitive.
        """
        half, hour, shift = self._scales
        (beyond_half, _), (beyond_hour, edge) = half.distance(required), hour.distance(required)
        beyond = min(beyond_half, beyond_hour)
        busy = code(shift.now) > shift.tail.quantile(BUSY)
        return Distance(beyond if busy or beyond < 0 else beyond / FAR, count_at(edge))
