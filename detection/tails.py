"""How rare a count is among those of the past, whatever the size of the brand.

Tails of mention counts are heavy, so loudness is judged the way extremes are: by how far a count exceeds a high
quantile, in logs and in units of the mean excess over it (Pickands 1975, Statistical Inference Using Extreme Order
Statistics, Annals of Statistics 3:1). The unit is read off a second quantile, further out by the factor e: in an
exponential tail that is the mean excess, and one giant spike does not stretch it.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left, insort
from collections.abc import Iterable

# Codes are whole numbers, of which two bytes hold the logarithm of all that a count can come to.
STEPS = 2_900
_LARGEST = 65_535
# What is loud: one window in fifty, half an hour a day.
RARE = 0.02
_FAR = RARE / math.e
# Quiet brands have ties instead of a tail: a step is a tenth of the count at least.
_NARROWEST = 0.1 * STEPS


def code(count: int) -> int:
    """The logarithm of a count and one, in steps that differ by less than a thousandth of the count."""
    return min(round(STEPS * math.log1p(count)), _LARGEST)


def count_at(place: float) -> float:
    """The count whose code is ``place``; at least 0."""
    return max(math.expm1(min(place, _LARGEST) / STEPS), 0.0)


class Tail:
    """Codes in order of size, so that quantiles of them are looked up; about two bytes each."""

    __slots__ = ("_codes",)

    def __init__(self, codes: Iterable[int] = ()) -> None:
        self._codes = array("H", sorted(codes))

    def __len__(self) -> int:
        return len(self._codes)

    def add(self, one: int) -> None:
        """Take a code in."""
        insort(self._codes, one)

    def drop(self, one: int) -> None:
        """Take a code out that is in it."""
        del self._codes[bisect_left(self._codes, one)]

    def loudness(self, one: int) -> float:
        """0 for a code at the line that one in fifty reaches, 1 for one that is a mean excess above it, and so on.

        Below the line, minus the logarithm of how many times as common it is: -3.9 for what all of them reach.
        """
        if not self._codes:
            return 0.0
        line, unit = self._line()
        if one > line:
            return (one - line) / unit
        common = (len(self._codes) - bisect_left(self._codes, one)) / len(self._codes)
        return min(-math.log(max(common, RARE) / RARE), 0.0)

    def at(self, loudness: float) -> float:
        """The code that has a loudness of 0 or more."""
        if not self._codes:
            return 0.0
        line, unit = self._line()
        return line + loudness * unit

    def _line(self) -> tuple[int, float]:
        """The line and a mean excess above it."""
        line = self._reached_by(RARE)
        return line, max(self._reached_by(_FAR) - line, _NARROWEST)

    def _reached_by(self, share: float) -> int:
        return self._codes[min(int((1 - share) * len(self._codes)), len(self._codes) - 1)]
