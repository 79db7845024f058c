"""What was read of a brand a moment ago: it takes long to read, and in a wave everybody looks at once."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, TypeVar

from errors import GroundswellError

# What a day amounts to is the same half a minute later; what a month amounts to, for longer.
OLDEST, LONGEST_OLDEST = timedelta(seconds=30), timedelta(minutes=5)
_PART = 1 / 2_880
# So many times as old it may be where a new one is being read.
_MEANWHILE = 3
_log = logging.getLogger(__name__)
_Report = TypeVar("_Report")
_Key = tuple[str, timedelta]
Later = Callable[[Callable[[], None]], object]


@dataclass(frozen=True, slots=True)
class _Known(Generic[_Report]):
    stamp: str
    until: datetime
    report: _Report

    def serves(self, stamp: str, until: datetime, most: timedelta) -> bool:
        return self.stamp == stamp and timedelta(0) <= until - self.until <= most


class Recent(Generic[_Report]):
    """Reports by brand and length of window, remembered; of several who ask at once one reads, the others wait.

    Nobody waits for one that is only somewhat too old: it is shown once more, and read again meanwhile.

    Args:
        read: makes a report of a brand between two moments.
        later: does something soon, beside what is done now.
    """

    def __init__(self, read: Callable[[str, datetime, datetime], _Report], later: Later) -> None:
        self._read, self._later = read, later
        self._known: dict[_Key, _Known[_Report]] = {}
        self._reading: defaultdict[_Key, Lock] = defaultdict(Lock)
        self._awaited: set[_Key] = set()

    def of(self, brand: str, since: datetime, until: datetime, stamp: str = "") -> _Report:
        """The report of a window that ends a moment before ``until`` at most; of a month, some minutes.

        Args:
            stamp: a word for what people have changed since; with another one it is read again.
        """
        length = until - since
        key, most = (brand, length), oldest(length)
        known = self._known.get(key)
        if known is not None and known.serves(stamp, until, _MEANWHILE * most):
            if not known.serves(stamp, until, most):
                self._renew(key, until, stamp)
            return known.report
        return self._now(key, until, stamp)

    def _now(self, key: _Key, until: datetime, stamp: str) -> _Report:
        brand, length = key
        with self._reading[key]:
            known = self._known.get(key)
            if known is None or not known.serves(stamp, until, oldest(length)):
                known = self._known[key] = _Known(stamp, until, self._read(brand, until - length, until))
            return known.report

    def _renew(self, key: _Key, until: datetime, stamp: str) -> None:
        if key not in self._awaited:
            self._awaited.add(key)
            self._later(lambda: self._renewed(key, until, stamp))

    def _renewed(self, key: _Key, until: datetime, stamp: str) -> None:
        try:
            self._now(key, until, stamp)
        except GroundswellError as error:
            _log.warning("a page shows what is older: %s", error)
        finally:
            self._awaited.discard(key)


def oldest(length: timedelta) -> timedelta:
    """How old a report of a window may be."""
    return min(max(OLDEST, length * _PART), LONGEST_OLDEST)
