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
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

# Codes are whole numbers, of which two bytes hold the logarithm of all that a count can come to.
STEPS = 2_900
_LARGEST = 65_535
# What is loud: one window in fifty, half an hour a day.
RARE = 0.02
_FAR = RARE / math.e
# What one window in seven reaches is as little loud as anything can be told to be.
QUIETEST = -2.0
_COMMON = RARE * math.exp(-QUIETEST)
# Quiet brands have ties instead of a tail: a step is a tenth of the count at least.
_NARROWEST = 0.1 * STEPS
# One count in so many tells where the largest begin, with so many times as many as are wanted: few samples miss them.
_SAMPLED, _AMPLE = 16, 1.3


@lru_cache(maxsize=16_384)  # most counts are small, and the same ones come again and again
def code(count: int) -> int:
    """The logarithm of a count and one, in steps that differ by less than a thousandth of the count."""
    return min(round(STEPS * math.log1p(count)), _LARGEST)


def count_at(place: float) -> float:
    """The count whose code is ``place``; at least 0."""
    return max(math.expm1(min(place, _LARGEST) / STEPS), 0.0)


class Tail:
    """Codes in order of size, so that quantiles of them are looked up; about two bytes each.

    Args:
        codes: of windows.
        below: how many windows more there are, all of them below those.
    """

    __slots__ = ("_codes", "below")

    def __init__(self, codes: Iterable[int] = (), below: int = 0) -> None:
        self._codes = array("H", sorted(codes))
        self.below = below

    @classmethod
    def sorted_already(cls, codes: array[int], below: int) -> Tail:
        """One of codes that are in order of size."""
        tail = cls((), below)
        tail._codes = codes  # its own
        return tail

    def __len__(self) -> int:
        return self.below + len(self._codes)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tail) and (self.below, self._codes) == (other.below, other.codes)

    __hash__ = None  # type: ignore[assignment]  # it changes

    @property
    def codes(self) -> array[int]:
        """The codes that are kept, in order of size."""
        return self._codes

    def add(self, one: int) -> None:
        """Take a code in, while all are kept."""
        insort(self._codes, one)

    def drop(self, one: int) -> None:
        """Take a code out that is in it, while all are kept."""
        del self._codes[bisect_left(self._codes, one)]

    def upper(self) -> Tail:
        """What answers as this one does, with the part of the codes that answers depend on."""
        kept = min(_upper(len(self)), len(self._codes))
        return Tail(self._codes[len(self._codes) - kept :], len(self) - kept)

    def loudness(self, one: int) -> float:
        """0 for a code at the line that one in fifty reaches, 1 for one that is a mean excess above it, and so on.

        Below the line, minus the logarithm of how many times as common it is, down to :data:`QUIETEST`.
        """
        if not len(self):
            return 0.0
        line, unit = self._line()
        if one > line:
            return (one - line) / unit
        common = (len(self._codes) - bisect_left(self._codes, one)) / len(self)
        return max(min(-math.log(max(common, RARE) / RARE), 0.0), QUIETEST)

    def at(self, loudness: float) -> float:
        """The code that has a loudness of 0 or more."""
        if not len(self):
            return 0.0
        line, unit = self._line()
        return line + loudness * unit

    def _line(self) -> tuple[int, float]:
        """The line and a mean excess above it."""
        line = self._reached_by(RARE)
        return line, max(self._reached_by(_FAR) - line, _NARROWEST)

    def _reached_by(self, share: float) -> int:
        return self._codes[self._place(share) - self.below]

    def _place(self, share: float) -> int:
        return min(int((1 - share) * len(self)), len(self) - 1)


class Upper:
    """The largest counts of windows, in order: those that answers depend on, now and a while later.

    Args:
        windows: in order of time.
        coming: how many come until then; the oldest leave for them.
        whole: how many are remembered at most, no fewer than there are.

    Attributes:
        number: of all windows.
        counts: the largest of them.
    """

    __slots__ = ("_staying", "_then", "counts", "number")

    def __init__(self, windows: Sequence[int], coming: int, whole: int) -> None:
        self.number = len(windows)
        self._then = min(self.number + coming, whole)
        leaving = self.number + coming - self._then
        self._staying = largest(windows[leaving:], _upper(self._then))
        both = sorted([*windows[:leaving], *self._staying])
        self.counts = both[len(both) - _upper(self.number) :]

    @property
    def line(self) -> int | None:
        """What one window in fifty reaches, None where there is none."""
        return self.counts[int((1 - RARE) * self.number) - self.number] if self.number else None

    def surely_reached_by(self, share: float) -> int:
        """What so many windows will reach then at least, whatever comes; -1 where that is not known."""
        needed = self._then - min(int((1 - share) * self._then), self._then - 1)
        return self._staying[-needed] if needed <= len(self._staying) else -1


def largest(counts: Sequence[int], number: int) -> list[int]:
    """The largest so many in order, all where there are no more; sorting the lower ones would take most of the time."""
    sample = sorted(counts[::_SAMPLED])
    above = int(len(sample) * number / max(len(counts), 1) * _AMPLE) + 1
    if above < len(sample):
        least = sample[-above]
        upper = sorted([count for count in counts if count >= least])
        if len(upper) >= number:
            return upper[len(upper) - number :]
    return sorted(counts)[max(len(counts) - number, 0) :]


@dataclass(frozen=True, slots=True)
class Least:
    """What windows will be rated by at least, whatever comes; -1 where that is not known.

    Attributes:
        line: the count at the line.
        far: the count that is one mean excess above it.
    """

    line: int = -1
    far: int = -1

    def loudest(self, count: int) -> float:
        """How loud a window of so many can be at most: 0 where it surely is not, infinite where that is not known."""
        if count <= self.line:
            return 0.0
        if self.line < 0 or count > self.far:
            return math.inf
        # Up to the far count both a higher line and a higher far one make a window less loud.
        line = code(self.line)
        return (code(count) - line) / max(code(self.far) - line, _NARROWEST)


UNSURE = Least()


def upper_tail(windows: Upper) -> Tail:
    """What :meth:`Tail.upper` leaves of the tail of some windows; codes are made of these only."""
    return Tail.sorted_already(array("H", map(code, windows.counts)), windows.number - len(windows.counts))


def least_of(windows: Upper) -> Least:
    """What such windows will be rated by at least."""
    return Least(windows.surely_reached_by(RARE), windows.surely_reached_by(_FAR))


def _upper(number: int) -> int:
    """Of so many how many answers depend on."""
    return min(math.ceil(_COMMON * number) + 1, number)
