"""How far beyond the usual extremes a count is, whatever the size of the brand.

Counts are compared on a scale on which chance spreads them alike, small ones and large ones: the variance-stabilising
transform of the negative binomial distribution (Anscombe 1948, The Transformation of Poisson, Binomial and
Negative-Binomial Data, Biometrika 35), with the dispersion 0.1. There a step of one is what chance alone does to a
count: for a brand with few mentions that is nearly all there is, for one with many it is a third of the count.

Tails of mention counts are heavy, so distance is judged the way extremes are: by the excess over a high quantile, in
units of the mean excess over it (Pickands 1975, Statistical Inference Using Extreme Order Statistics, Annals of
Statistics 3:1).
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left, insort
from collections.abc import Iterable

DISPERSION = 0.1
# Codes are whole numbers, of which two bytes hold all that a count can come to (up to 10^9).
STEPS = 1_000
_SPREAD = 2 / math.sqrt(DISPERSION) * STEPS
_SHIFT = 3 / 8
_LARGEST = 65_535


def code(count: int) -> int:
    """A count on the scale of chance, in thousandths of its spread."""
    return min(round(_SPREAD * math.asinh(math.sqrt(DISPERSION * (count + _SHIFT)))), _LARGEST)


def count_at(place: float) -> float:
    """The count whose code is ``place``; at least 0."""
    return max(math.sinh(place / _SPREAD) ** 2 / DISPERSION - _SHIFT, 0.0)


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

    def quantile(self, share: float) -> int:
        """The code that a share of all lie below; 0 where there is none."""
        return self._codes[self._place(share)] if self._codes else 0

    def mean_excess(self, share: float) -> float:
        """By how much those from a quantile on exceed it on average."""
        if not self._codes:
            return 0.0
        above = self._codes[self._place(share) :]
        return sum(above) / len(above) - above[0]

    def _place(self, share: float) -> int:
        return min(int(share * len(self._codes)), len(self._codes) - 1)
