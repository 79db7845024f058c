"""Reading a service page after page, so that nothing is passed over, however early a visit has to end.

A visit ends early when its pages are used up, or when the service wants no more of it. Lists that can be had oldest
first are read upwards from a time (:func:`ascend`); lists that come newest first are read down to what is known
(:func:`descend`), and a descent that did not get there goes on at the next visit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Generic, TypeVar

from mentions.mention import Dating, date_mention
from sources.contract import HostBusyError, SourceError, fingerprint

_LEFT_OUT = "The service ran out of time and left something out of its answer, which is asked for again."
_T = TypeVar("_T")
_Page = TypeVar("_Page")


def latest(moments: Iterable[datetime | None], now: datetime) -> int | None:
    """The latest of some published times, in seconds since 1970; absurd ones and those to come do not count."""
    dates = (date_mention(moment, now) for moment in moments)
    return max((int(date.at.timestamp()) for date in dates if date.dating is Dating.STATED), default=None)


class Stint:
    """What one visit may ask: it ends with the first request that fails, and what was read before is kept.

    Attributes:
        ended: why nothing more may be asked, None while it may.
    """

    def __init__(self) -> None:
        self._began = False
        self.ended: SourceError | None = None

    def turn(self, ask: Callable[[], _Page]) -> _Page | None:
        """A page, None where the stint has ended.

        Raises:
            SourceError: it was the first request and failed, or it failed for good.
        """
        if self.ended:
            return None
        try:
            page = ask()
        except SourceError as error:
            if error.permanent or not self._began:
                raise
            self.ended = error
            return None
        self._began = True
        return page

    @property
    def warnings(self) -> tuple[str, ...]:
        """What people should know of its end; being asked to wait is nothing of that kind."""
        if self.ended is None or isinstance(self.ended, HostBusyError):
            return ()
        return (f"Reading stopped early because {self.ended.problem} What came before was kept; the rest comes later.",)


@dataclass(frozen=True, slots=True)
class Rising(Generic[_T]):
    """A page of a list that runs from old to new.

    Attributes:
        posts: what fits the kind's description of a post.
        malformed: how many do not.
        until: when the newest of them was published, in seconds since 1970; None where none says.
        more: newer posts follow.
        whole: False where the service says that it left something out.
    """

    posts: Sequence[_T]
    malformed: int
    until: int | None
    more: bool
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Ascent(Generic[_T]):
    """What was read upwards.

    Attributes:
        until: everything published before is read, in seconds since 1970.
        done: the end was reached.
    """

    pages: tuple[Rising[_T], ...]
    until: int
    done: bool

    @property
    def whole(self) -> bool:
        """The service left nothing out of any page."""
        return all(page.whole for page in self.pages)


# Asks a search for the posts published in or after a second, of which the page with a number, counted from 1.
AskUpwards = Callable[[str, int, int], Rising[_T]]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much to read of each search.

    Attributes:
        pages: the most in one visit.
        horizon: seconds back from now where a search begins that was not made before.
        overlap: seconds of what was read that are read again, for posts that are indexed late.
    """

    pages: int
    horizon: int = 21 * 86_400
    overlap: int = 3_600


@dataclass(frozen=True, slots=True)
class Found(Generic[_T]):
    """What all searches of a visit brought, and how to go on."""

    pages: tuple[Rising[_T], ...]
    cursor: dict[str, str]
    behind: bool
    warnings: tuple[str, ...]

    @property
    def posts(self) -> tuple[_T, ...]:
        """The posts of all pages."""
        return tuple(post for page in self.pages for post in page.posts)

    @property
    def malformed(self) -> int:
        """How many posts could not be read."""
        return sum(page.malformed for page in self.pages)


def ascend_all(
    queries: Sequence[str], ask: AskUpwards[_T], known: Mapping[str, str], now: int, limits: Limits
) -> Found[_T]:
    """Read some searches upwards, first the one that is furthest behind.

    The cursor holds, for each search, the time up to which everything was read, in seconds since 1970.

    Raises:
        SourceError: the first request failed, or a later one for good.
    """
    stint = Stint()
    names = {query: f"until:{fingerprint(query)}" for query in queries}
    begins = {query: int(known.get(name, now - limits.horizon)) for query, name in names.items()}
    ascents = {
        query: ascend(stint, partial(ask, query), begins[query], limits.pages)
        for query in sorted(begins, key=lambda each: begins[each])
    }
    reached = {query: now - limits.overlap if ascent.done else ascent.until for query, ascent in ascents.items()}
    behind = any(ascent.whole and not ascent.done for ascent in ascents.values())
    left_out = () if all(ascent.whole for ascent in ascents.values()) else (_LEFT_OUT,)
    pages = tuple(page for ascent in ascents.values() for page in ascent.pages)
    cursor = {name: str(reached[query]) for query, name in names.items()}
    return Found(pages, cursor, behind, (*left_out, *stint.warnings))


def ascend(stint: Stint, ask: Callable[[int, int], Rising[_T]], since: int, pages: int) -> Ascent[_T]:
    """Read upwards from a time, at most so many pages.

    Each page is asked for from the time of the newest post of the one before, so that no limit on how many pages a
    service shows is ever met; only posts of one second that fill a page make it a second page of that second.

    Args:
        ask: for the posts published in or after a second, of which the page with a number, counted from 1.
        since: seconds since 1970.
    """
    read: list[Rising[_T]] = []
    number, more = 1, True
    while more and len(read) < pages:
        page = stint.turn(partial(ask, since, number))
        if page is None:
            break
        read.append(page)
        if not page.whole:
            break
        more = page.more
        if page.until is None or page.until <= since:
            number += 1
        else:
            number, since = 1, page.until
    return Ascent(tuple(read), since, done=not more)


@dataclass(frozen=True, slots=True)
class Place:
    """How far a list that runs from new to old has been read.

    Marks stand for posts in a way that the kind understands.

    Attributes:
        known: mark of the newest post; everything up to it has been read. None before the first visit.
        resume: where to go on downwards, in the service's own terms; empty for the top of the list.
        top: mark of the newest post when the descent that goes on began.
    """

    known: str | None = None
    resume: str = ""
    top: str = ""

    @classmethod
    def of(cls, cursor: Mapping[str, str], name: str = "") -> Place:
        """The place kept in a cursor, for one of several lists by its name."""
        known, resume, top = (cursor.get(f"{part}{name}") for part in ("newest", "resume", "top"))
        return cls(known, resume or "", top or "")

    def cursor(self, name: str = "") -> dict[str, str]:
        """The place as part of a cursor."""
        parts = {"newest": self.known, "resume": self.resume or None, "top": self.top or None}
        return {f"{part}{name}": value for part, value in parts.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Falling(Generic[_T]):
    """A page of a list that runs from new to old.

    Attributes:
        posts: what fits the kind's description of a post.
        malformed: how many do not.
        newest: mark of its newest post, empty where there is none.
        following: where older posts are, None at the end of the list.
        met: it reaches down to what was known.
        warning: what people should know of it.
    """

    posts: Sequence[_T]
    malformed: int
    newest: str
    following: str | None
    met: bool = False
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Descent(Generic[_T]):
    """What was read downwards, and where that leaves the reader."""

    pages: tuple[Falling[_T], ...]
    place: Place
    behind: bool = False
    warnings: tuple[str, ...] = ()


def descend(stint: Stint, ask: Callable[[Place], Falling[_T]], place: Place, pages: int) -> Descent[_T]:
    """Read down to what is known: first what an earlier visit had no room for, then from the top of the list.

    The first visit of all reads the newest pages and leaves it at that.

    Args:
        ask: for the page at a place.
    """
    read: list[Falling[_T]] = []
    warnings: tuple[str, ...] = ()
    resumed, closed = bool(place.resume), False
    while not closed and len(read) < pages:
        try:
            page = stint.turn(partial(ask, place))
        except SourceError as error:
            if not (error.permanent and resumed and not read):
                raise
            # Places grow old: tokens expire, lists shrink. Better to miss what lies between than all that comes.
            warnings = ("The place where the last visit stopped is gone; what lay below it may be missing.",)
            place, resumed = Place(place.known), False
            continue
        if page is None:
            break
        read.append(page)
        place, arrived = _below(place, page)
        closed, resumed = arrived and not resumed, resumed and not arrived
    if place.known is None and read:
        place, closed = Place(place.top), True
    return Descent(tuple(read), place, not closed, (*warnings, *(page.warning for page in read if page.warning)))


def _below(place: Place, page: Falling[_T]) -> tuple[Place, bool]:
    top = place.top if place.resume else page.newest
    if page.met or page.following is None:
        return Place(top or place.known or ""), True
    return Place(place.known, page.following, top), False
