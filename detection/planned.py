"""Events that a team expects: a launch, a match, a sale; what is said of them is no news."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import floor, sqrt

from detection.buckets import BUCKET

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_GOLDEN = (sqrt(5) - 1) / 2
# Division of floats misses whole numbers by less than this many decimals: 99 / 3.3 is a little more than 30.
_DECIMALS = 9


@dataclass(frozen=True, slots=True)
class PlannedEvent:
    """Something planned that people will talk about.

    Attributes:
        name: for people.
        start: UTC; the event holds ``[start, end)``.
        end: UTC, after ``start``.
        expect: how many times as much talk as on an ordinary day, 1 or more.
    """

    name: str
    start: datetime
    end: datetime
    expect: float

    def holds(self, at: datetime) -> bool:
        """Whether a moment lies within it."""
        return self.start <= at < self.end


def relieved(count: int, at: datetime, events: Sequence[PlannedEvent]) -> int:
    """A count as it would be on an ordinary day: divided by what the event that holds ``at`` lets expect.

    During an event "ten times" takes ten times as many mentions to stand out. And ever after, in the past that the
    present is compared with, the counts of that day weigh as much as an ordinary day's: a launch must raise no line
    that the next trouble is judged by. Rounded up or down such that over some buckets neither wins: of a small brand's
    counts, each rounded up, launches would remain. Where events overlap the one that lets expect most counts, since two
    launches on a Tuesday are not announced twice.

    Args:
        count: mentions of a bucket.
        at: the start of that bucket.
        events: in any order, past ones too.
    """
    most = max((event.expect for event in events if event.holds(at)), default=1.0)
    if most <= 1:
        return count
    # Multiples of the golden ratio spread evenly (Weyl's equidistribution theorem), and the same bucket always gets
    # the same.
    number = (at - _EPOCH) // BUCKET
    return floor(round(count / most + number * _GOLDEN % 1, _DECIMALS))
