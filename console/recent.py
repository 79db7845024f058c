"""What was read a moment ago: it takes long to read, and in a wave everybody looks at once."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, NamedTuple, TypeVar

from errors import GroundswellError

# What a day amounts to is the same half a minute later; what a month amounts to, for longer.
OLDEST, LONGEST_OLDEST = timedelta(seconds=30), timedelta(minutes=5)
# Programs may ask for windows of any length, each time another.
MOST = 64
_PART = 1 / 2_880
# So many times as old it may be where a new one is being read.
_MEANWHILE = 3
_log = logging.getLogger(__name__)
_Key = TypeVar("_Key", bound=Hashable)
_Report = TypeVar("_Report")
Later = Callable[[Callable[[], None]], object]


class Window(NamedTuple):
    """The mentions of a brand in a time of this length, whenever it ends."""

    brand: str
    length: timedelta


@dataclass(frozen=True, slots=True)
class _Known(Generic[_Report]):
    stamp: str
    until: datetime
    report: _Report

    def serves(self, stamp: str, until: datetime, most: timedelta) -> bool:
        return self.stamp == stamp and timedelta(0) <= until - self.until <= most


@dataclass(slots=True)
class _Place(Generic[_Report]):
    """What is remembered under a key, and whether somebody is asked to read it again."""

    known: _Known[_Report] | None = None
    awaited: bool = False
    reading: Lock = field(default_factory=Lock)


class Recent(Generic[_Key, _Report]):
    """Reports by what they are about, remembered; of several who ask at once one reads, the others wait.

    Nobody waits for one that is only somewhat too old: it is shown once more, and read again meanwhile. Those of the
    ``MOST`` keys that were asked for last are kept.

    Args:
        read: makes a report up to a moment.
        later: does something soon, beside what is done now.
        oldest: how old a report may be.
        again: makes a report where nobody waits for it; ``read`` where nothing is said.
    """

    def __init__(
        self,
        read: Callable[[_Key, datetime], _Report],
        later: Later,
        oldest: Callable[[_Key], timedelta] = lambda _: OLDEST,
        again: Callable[[_Key, datetime], _Report] | None = None,
    ) -> None:
        self._read, self._later, self._oldest, self._again = read, later, oldest, again or read
        self._places: OrderedDict[_Key, _Place[_Report]] = OrderedDict()
        self._lock = Lock()

    def of(self, key: _Key, until: datetime, stamp: str = "") -> _Report:
        """The report up to a moment, or up to one shortly before.

        Args:
            stamp: a word for what people have changed since; with another one it is read again.
        """
        place, most = self._place(key), self._oldest(key)
        known = place.known
        if known is not None and known.serves(stamp, until, _MEANWHILE * most):
            if not known.serves(stamp, until, most) and not place.awaited:
                place.awaited = True
                self._later(lambda: self._renew(key, place, until, stamp))
            return known.report
        return self._now(key, place, until, stamp, self._read)

    def _now(
        self,
        key: _Key,
        place: _Place[_Report],
        until: datetime,
        stamp: str,
        read: Callable[[_Key, datetime], _Report],
    ) -> _Report:
        with place.reading:
            known = place.known
            if known is None or not known.serves(stamp, until, self._oldest(key)):
                known = _Known(stamp, until, read(key, until))
                place.known = known
            return known.report

    def _renew(self, key: _Key, place: _Place[_Report], until: datetime, stamp: str) -> None:
        try:
            self._now(key, place, until, stamp, self._again)
        except GroundswellError as error:
            _log.warning("a page shows what is older: %s", error)
        finally:
            place.awaited = False

    def _place(self, key: _Key) -> _Place[_Report]:
        with self._lock:
            place = self._places.setdefault(key, _Place())
            self._places.move_to_end(key)
            if len(self._places) > MOST:
                self._places.popitem(last=False)
            return place


def oldest(window: Window) -> timedelta:
    """How old a report of a window may be."""
    return min(max(OLDEST, window.length * _PART), LONGEST_OLDEST)
