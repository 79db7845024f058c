"""A fortnight of counts, bucket by bucket, and how loud the present is against it; in constant memory.

Two things make a wave: a burst, the louder one of the last quarter of an hour and the last hour, and a day on which the
last twelve hours are loud, too. Each is rated against such windows of the past fortnight (:mod:`detection.tails`), and
the mean of both counts: a brisk hour on a quiet day is no news, an outcry on one is.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate, repeat

from detection.buckets import BUCKET
from detection.tails import Tail, code, count_at

QUARTER, HOUR, HALF_DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(hours=12)
# Two whole weeks, so that every hour of the week is in it twice.
REFERENCE = timedelta(days=14)
# What is going on now must not raise the line that it is judged by.
NEWEST = timedelta(hours=3)
# All that the present is judged by.
SPAN = REFERENCE + NEWEST + HALF_DAY
# The mean of both from which on it is news: a plateau reaches from 0.8 to 1.6.
NEWS = 1.2
# A quiet day costs a burst no more than this: at night it must be able to speak for itself.
_QUIETEST = -2.0
_TWO_BYTES = 65_535


@dataclass(frozen=True, slots=True)
class Distance:
    """Where the present stands.

    Attributes:
        beyond: how loud it is, in units of what is news: 1 and more is.
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

    def push(self, counts: _Counts, reach: _Reach, gaps: Sequence[int] = ()) -> None:
        last, size = counts.last, self.size
        self.now += counts[last] - counts[last - size]
        entering, leaving = last - reach.newest, last - reach.newest - reach.reference
        self._entering += counts[entering] - counts[entering - size]
        self._leaving += counts[leaving] - counts[leaving - size]
        if self._remembers(entering, gaps):
            self.tail.add(code(self._entering))
        if self._remembers(leaving, gaps):
            self.tail.drop(code(self._leaving))

    def _remembers(self, end: int, gaps: Sequence[int] = ()) -> bool:
        """Whether the window that ends so belongs into the tail.

        Shorter ones, at the beginning, are no windows, and neither are those that reach across a gap.
        """
        if end < self.size - 1 or end % self._every:
            return False
        return not any(end - self.size + 1 < gap <= end for gap in gaps)

    def load(self, counts: Sequence[int], reach: _Reach) -> None:
        """As if all of them had been pushed, many times faster."""
        total = [*repeat(0, self.size), *accumulate(counts, initial=0)]
        sums = [high - low for low, high in zip(total, total[self.size :], strict=False)][1:]
        ended = len(counts) - reach.newest
        self.now = sums[-1]
        self._entering = sums[ended - 1] if ended > 0 else 0
        self._leaving = sums[ended - 1 - reach.reference] if ended > reach.reference else 0
        first = max(ended - reach.reference, self.size - 1)
        first += -first % self._every
        self.tail = Tail(map(code, sums[first : max(ended, 0) : self._every]))

    @property
    def loudness(self) -> float:
        """How loud the window is that ends now."""
        return self.tail.loudness(code(self.now))


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

    def load(self, counts: Sequence[int]) -> None:
        kept = counts[-self.room :]
        self._kept = array("H" if max(kept) <= _TWO_BYTES else "I", kept)
        self.last = len(counts) - 1
        self._first = len(counts) - len(self._kept)

    def push(self, count: int) -> None:
        if count > _TWO_BYTES and self._kept.typecode == "H":
            self._kept = array("I", self._kept)
        self._kept.append(count)
        self.last += 1
        if len(self._kept) > self.room + self.room // 8:  # seldom, since it moves all of them
            del self._kept[: -self.room]
            self._first = self.last + 1 - self.room


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
        quarter, hour, half_day = (max(round(length / step), 1) for length in (QUARTER, HOUR, HALF_DAY))
        self._reach = _Reach(max(round(NEWEST / step), 1), round(REFERENCE / step))
        self._scales = (_Scale(quarter), _Scale(hour), _Scale(half_day, every=quarter))
        self._counts = _Counts(self._reach.newest + self._reach.reference + half_day + 1)
        self._gaps: list[int] = []
        if counts:
            self._counts.load(counts)
            for scale in self._scales:
                scale.load(counts, self._reach)

    @property
    def length(self) -> int:
        """Buckets that were taken in so far."""
        return self._counts.last + 1

    def push(self, count: int) -> None:
        """Take in the next bucket."""
        self._counts.push(count)
        for scale in self._scales:
            scale.push(self._counts, self._reach, self._gaps)

    def gap(self) -> None:
        """Nothing is known of the time before the next bucket."""
        kept = self.length - self._counts.room
        self._gaps = [*(gap for gap in self._gaps if gap > kept), self.length]

    @property
    def unbroken(self) -> int:
        """Buckets since the last gap."""
        return self.length - (self._gaps[-1] if self._gaps else 0)

    def distance(self, required: float = 1.0) -> Distance:
        """How the present stands against the fortnight before its last three hours.

        Args:
            required: the distance that is news; lower ones are more sensitive.
        """
        quarter, hour, half_day = self._scales
        bursts = {QUARTER: quarter.loudness, HOUR: hour.loudness}
        window = max(bursts, key=lambda each: bursts[each])
        burst, day = bursts[window], max(half_day.loudness, _QUIETEST)
        needed = max(2 * NEWS * required - day, 0.0)
        louder = quarter if window == QUARTER else hour
        return Distance(
            beyond=(burst + day) / 2 / NEWS,
            burst=burst,
            window=window,
            count=louder.now,
            threshold=count_at(louder.tail.at(needed)),
            hour=hour.now,
            hour_threshold=count_at(hour.tail.at(needed)),
        )
