"""What was read of a brand a moment ago: it takes long to read, and everybody looks at once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, TypeVar

# What a day amounts to is the same half a minute later; what a month amounts to, for longer.
OLDEST, LONGEST_OLDEST = timedelta(seconds=30), timedelta(minutes=5)
# Programs may ask for windows of any length, each time another.
MOST = 64
_PART = 1 / 2_880
_Report = TypeVar("_Report")


@dataclass(slots=True)
class _Place(Generic[_Report]):
    """What is remembered of a window: the stamp, its end and the report."""

    reading: Lock = field(default_factory=Lock)
    known: tuple[str, datetime, _Report] | None = None


class Recent(Generic[_Report]):
    """Reports by brand and length of window, remembered; of several who ask at once one reads, the others wait.

    Those of the ``MOST`` windows that were asked for last are kept.

    Args:
        read: makes a report of a brand between two moments.
        longest: no report may be older.
    """

    def __init__(
        self, read: Callable[[str, datetime, datetime], _Report], *, longest: timedelta = LONGEST_OLDEST
    ) -> None:
        self._read = read
        self._longest = longest
        self._places: OrderedDict[tuple[str, timedelta], _Place[_Report]] = OrderedDict()
        self._lock = Lock()

    def of(self, brand: str, since: datetime, until: datetime, stamp: str = "") -> _Report:
        """The report of a window that ends a moment before ``until`` at most; of a month, some minutes.

        Args:
            stamp: a word for what people have changed since; with another one it is read again.
        """
        place, most = self._place(brand, until - since), min(oldest(until - since), self._longest)
        with place.reading:
            known = place.known
            if known is None or known[0] != stamp or not timedelta(0) <= until - known[1] <= most:
                place.known = known = (stamp, until, self._read(brand, since, until))
            return known[2]

    def _place(self, brand: str, length: timedelta) -> _Place[_Report]:
        with self._lock:
            place = self._places.setdefault((brand, length), _Place())
            self._places.move_to_end((brand, length))
            if len(self._places) > MOST:
                self._places.popitem(last=False)
            return place


def oldest(length: timedelta) -> timedelta:
    """How old a report of a window may be."""
    return min(max(OLDEST, length * _PART), LONGEST_OLDEST)
