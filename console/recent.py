"""What was read of a brand a moment ago: it takes long to read, and everybody looks at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, TypeVar

# What a day amounts to is the same half a minute later; what a month amounts to, for longer.
OLDEST, LONGEST_OLDEST = timedelta(seconds=30), timedelta(minutes=5)
_PART = 1 / 2_880
_Report = TypeVar("_Report")


class Recent(Generic[_Report]):
    """Reports by brand and length of window, remembered; of several who ask at once one reads, the others wait.

    Args:
        read: makes a report of a brand between two moments.
    """

    def __init__(self, read: Callable[[str, datetime, datetime], _Report]) -> None:
        self._read = read
        self._known: dict[tuple[str, timedelta], tuple[str, datetime, _Report]] = {}
        self._reading: defaultdict[tuple[str, timedelta], Lock] = defaultdict(Lock)

    def of(self, brand: str, since: datetime, until: datetime, stamp: str = "") -> _Report:
        """The report of a window that ends a moment before ``until`` at most; of a month, some minutes.

        Args:
            stamp: a word for what people have changed since; with another one it is read again.
        """
        key = (brand, until - since)
        with self._reading[key]:
            known = self._known.get(key)
            if known is None or known[0] != stamp or not timedelta(0) <= until - known[1] <= oldest(until - since):
                known = (stamp, until, self._read(brand, since, until))
                self._known[key] = known
            return known[2]


def oldest(length: timedelta) -> timedelta:
    """How old a report of a window may be."""
    return min(max(OLDEST, length * _PART), LONGEST_OLDEST)
