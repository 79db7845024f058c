"""What is usual around a time of day, and how much three hours ever came to at it.

A wave that begins in the night may stay below what an ordinary evening brings. It shows in three hours that few of the
fortnight came up to, and that no night before did.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from detection.buckets import BUCKET
from detection.history import HOUR, REFERENCE, window_sums
from detection.tails import RARE, surely_common

SWELL = timedelta(hours=3)
# A third more than ever at this time: the highest of a few nights is exceeded by a tenth now and then.
MORE = 4 / 3
_DAY = round(timedelta(days=1) / BUCKET)
_HOUR, _SWELL = round(HOUR / BUCKET), round(SWELL / BUCKET)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What the hour that follows a full hour is compared with.

    Attributes:
        expected: mean count of an hour that ended in this hour of the days before, or of any hour where there is no
            such day; None where nothing is known.
        usual: the same of a window of :data:`SWELL`.
        line: what one in fifty windows of :data:`SWELL` of the fortnight exceeded; None where there is none.
        surely_line: no more than the line will be in a day, whatever comes in between; None where that is not known.
        highest: the most that a window of :data:`SWELL` held within an hour of this time on earlier days, at most one
            day less than are known; None where fewer than two days are.
    """

    expected: float | None = None
    usual: float | None = None
    line: int | None = None
    surely_line: int | None = None
    highest: int | None = None

    def swells(self, count: int, required: float) -> bool:
        """Whether so many in the last :data:`SWELL` are more than ever at this time.

        Args:
            required: the distance that is news; 1 is usual, lower ones are more sensitive.
        """
        return count >= self.needed(required)

    def needed(self, required: float) -> float:
        """From how many in the last :data:`SWELL` on that is; infinite where too little is known."""
        if self.line is None or self.highest is None:
            return math.inf
        return max(float(self.highest * MORE**required), self.line + 1.0)


def rhythm_of(counts: Sequence[int]) -> Rhythm:
    """The rhythm for the hour that begins where ``counts`` (of buckets, the last fortnight at least) end."""
    hours, swells = window_sums(counts, _HOUR), window_sums(counts, _SWELL)
    reference = swells[max(len(swells) - round(REFERENCE / BUCKET), _SWELL - 1) : max(len(swells) - _SWELL, 0)]
    alike = [hours[end] for end in _same_time(len(counts), -1, _HOUR - 1, _HOUR - 1)]
    swelled = [swells[end] for end in _same_time(len(counts), -1, _HOUR - 1, _SWELL - 1)]
    around = [swells[end] for end in _same_time(len(counts), -_HOUR, 2 * _HOUR, _SWELL - 1)]
    ordered = sorted(reference)
    sure = surely_common(reference, _DAY, round(REFERENCE / BUCKET) - _SWELL)
    return Rhythm(
        expected=_mean(alike or hours[_HOUR - 1 :]),
        usual=_mean(swelled or swells[_SWELL - 1 :]),
        line=ordered[int((1 - RARE) * len(ordered))] if ordered else None,
        surely_line=None if sure < 0 else sure,
        highest=max(around) if around and len(counts) >= 2 * _DAY else None,
    )


def _same_time(length: int, earliest: int, latest: int, least: int) -> Iterator[int]:
    """Ends of windows around this time of day, on each of the fortnight's days before."""
    for day in range(_DAY, min(length, round(REFERENCE / BUCKET)) + 1, _DAY):
        yield from range(max(length - day + earliest, least), min(length - day + latest, length - _SWELL))


def _mean(counts: Sequence[int]) -> float | None:
    return sum(counts) / len(counts) if counts else None
