"""What was read of a brand a moment ago: it takes long to read, and in a wave everybody looks at once."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, TypeVar

from errors import GroundswellError

# What a day amounts to is the same half a minute later; what a month amounts to, for longer.
OLDEST, LONGEST_OLDEST = timedelta(seconds=30), timedelta(minutes=5)
# Programs may ask for windows of any length, each time another.
MOST = 64
_PART = 1 / 2_880
# So many times as old it may be where a new one is being read.
_MEANWHILE = 3
_log = logging.getLogger(__name__)
_Report = TypeVar("_Report")
Later = Callable[[Callable[[], None]], object]


@dataclass(frozen=True, slots=True)
class _Known(Generic[_Report]):
    stamp: str
    until: datetime
    report: _Report

    def serves(self, stamp: str, until: datetime, most: timedelta) -> bool:
        return self.stamp == stamp and timedelta(0) <= until - self.until <= most


@dataclass(slots=True)
class _Place(Generic[_Report]):
    """What is remembered of a window of a brand, and whether somebody is asked to read it again."""

    brand: str
    length: timedelta
    known: _Known[_Report] | None = None
    awaited: bool = False
    reading: Lock = field(default_factory=Lock)


class Recent(Generic[_Report]):
    """Reports by brand and length of window, remembered; of several who ask at once one reads, the others wait.

    Nobody waits for one that is only somewhat too old: it is shown once more, and read again meanwhile. Those of the
    ``MOST`` windows that were asked for last are kept.

    Args:
        read: makes a report of a brand between two moments.
        later: does something soon, beside what is done now.
    """

    def __init__(self, read: Callable[[str, datetime, datetime], _Report], later: Later) -> None:
        self._read, self._later = read, later
        self._places: OrderedDict[tuple[str, timedelta], _Place[_Report]] = OrderedDict()
        self._lock = Lock()

    def of(self, brand: str, since: datetime, until: datetime, stamp: str = "") -> _Report:
        """The report of a window that ends a moment before ``until`` at most; of a month, some minutes.

        Args:
            stamp: a word for what people have changed since; with another one it is read again.
        """
        place = self._place(brand, until - since)
        known, most = place.known, oldest(until - since)
        if known is not None and known.serves(stamp, until, _MEANWHILE * most):
            if not known.serves(stamp, until, most) and not place.awaited:
                place.awaited = True
                self._later(lambda: self._renew(place, until, stamp))
            return known.report
        return self._now(place, until, stamp)

    def _now(self, place: _Place[_Report], until: datetime, stamp: str) -> _Report:
        with place.reading:
            known = place.known
            if known is None or not known.serves(stamp, until, oldest(place.length)):
                known = _Known(stamp, until, self._read(place.brand, until - place.length, until))
                place.known = known
            return known.report

    def _renew(self, place: _Place[_Report], until: datetime, stamp: str) -> None:
        try:
            self._now(place, until, stamp)
        except GroundswellError as error:
            _log.warning("a page shows what is older: %s", error)
        finally:
            place.awaited = False

    def _place(self, brand: str, length: timedelta) -> _Place[_Report]:
        with self._lock:
            place = self._places.setdefault((brand, length), _Place(brand, length))
            self._places.move_to_end((brand, length))
            if len(self._places) > MOST:
                self._places.popitem(last=False)
            return place


def oldest(length: timedelta) -> timedelta:
    """How old a report of a window may be."""
    return min(max(OLDEST, length * _PART), LONGEST_OLDEST)
