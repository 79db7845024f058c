"""What is usual around a time of day, and how much three hours ever came to at it.

A wave that begins in the night may stay below what an ordinary evening brings. It shows in three hours that few of the
fortnight came up to, and that no night before did.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from detection.buckets import BUCKET
from detection.history import HOUR, REFERENCE, windows
from detection.tails import RARE, Upper

SWELL = timedelta(hours=3)
# A third more than ever at this time: the highest of a few nights is exceeded by a tenth now and then.
MORE = 4 / 3
_DAY = round(timedelta(days=1) / BUCKET)
_HOUR, _SWELL, _FORTNIGHT = round(HOUR / BUCKET), round(SWELL / BUCKET), round(REFERENCE / BUCKET)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What the hour that follows a full hour is compared with.

    Attributes:
        expected: mean count of an hour that ended in this hour of the days before, or of any hour where there is no
            such day; None where nothing is known.
        usual: the same of a window of :data:`SWELL`; None, as what follows is, where nobody asks about these.
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


def rhythm_of(totals: Sequence[int], *, swells: bool = True) -> Rhythm:
    """The rhythm for the hour that begins where some counts of buckets, of the last fortnight at least, end.

    Args:
        totals: of the counts, as of :func:`detection.history.totals_of`.
        swells: whether anything is asked about windows of :data:`SWELL`.
    """
    length = len(totals) - 1
    alike = _around(totals, _HOUR, -1, _HOUR - 1)
    expected = _mean(alike or windows(totals, _HOUR, range(_HOUR - 1, max(length, _HOUR - 1))))
    if not swells:
        return Rhythm(expected)
    first, ended = max(length - _FORTNIGHT, _SWELL - 1), max(length - _SWELL, _SWELL - 1)
    reference = Upper(windows(totals, _SWELL, range(first, max(ended, first))), _DAY, _FORTNIGHT - _SWELL)
    swelled = _around(totals, _SWELL, -1, _HOUR - 1)
    around = _around(totals, _SWELL, -_HOUR, 2 * _HOUR)
    sure = reference.surely_reached_by(RARE)
    return Rhythm(
        expected=expected,
        usual=_mean(swelled or windows(totals, _SWELL, range(_SWELL - 1, max(length, _SWELL - 1)))),
        line=reference.line,
        surely_line=None if sure < 0 else sure,
        highest=max(around) if around and length >= 2 * _DAY else None,
    )


def _around(totals: Sequence[int], size: int, earliest: int, latest: int) -> list[int]:
    """Windows that ended around this time of day, on each of the fortnight's days before."""
    length = len(totals) - 1
    found: list[int] = []
    for day in range(_DAY, min(length, _FORTNIGHT) + 1, _DAY):
        first = max(length - day + earliest, size - 1)
        found += windows(totals, size, range(first, max(min(length - day + latest, length - _SWELL), first)))
    return found


def _mean(counts: Sequence[int]) -> float | None:
    return sum(counts) / len(counts) if counts else None
