"""Searching services that list what they find newest first, so that nothing in between is passed over.

A visit reads from the newest post down to the newest one known. Where it has no room for all of that, the rest becomes
a stretch of its own, which later visits read to its end, while what is newest still comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from sources.contract import Cursor, HostBusyError, fingerprint

_Post = TypeVar("_Post")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a listing that is still to be read.

    Attributes:
        down_to: the position down to which; a position is a number that grows from older to newer posts of a listing,
            such as a time or an id.
        place: where to go on, in the service's own terms; empty for the newest post.
    """

    down_to: int
    place: str = ""


@dataclass(frozen=True, slots=True)
class Page(Generic[_Post]):
    """What one request brought.

    Attributes:
        malformed: posts that could not be read.
        newest: the highest position on it, None where no post has any.
        oldest: the position down to which the listing has been read with this page; taken from the end of the page and
            not from its lowest position, which one odd date can make too low.
        following: the place of the next page, empty at the end of the listing.
    """

    posts: tuple[_Post, ...]
    malformed: int = 0
    newest: int | None = None
    oldest: int | None = None
    following: str = ""


@dataclass(frozen=True, slots=True)
class Found(Generic[_Post]):
    """What all searches of a visit brought.

    Attributes:
        posts: repeats included.
        cursor: the entries by which the next visit goes on.
        unread: the searches of which something is left to read.
    """

    posts: tuple[_Post, ...]
    malformed: int
    cursor: dict[str, str]
    unread: tuple[str, ...]


class _Known(BaseModel):
    """What a cursor holds of a search: everything was read up to a position, except for some stretches."""

    reached: int
    left: tuple[tuple[int, str], ...] = ()


# Reads a page of a search, or gives None where nothing more may be asked in this visit.
ReadPage = Callable[[str, Stretch], Page[_Post] | None]


def milliseconds(moment: datetime) -> int:
    """A moment as a position: milliseconds since 1970."""
    return int(moment.timestamp() * 1000)


def read_newest_first(
    asked: Iterable[str], known: Cursor, start: Stretch, read: ReadPage[_Post], *, pages: int, overlap: int = 0
) -> Found[_Post]:
    """Everything new of some searches; the first turn has the one that the last visit had no room for.

    A host that wants to be left alone in the middle ends the visit, and what was read before is kept: a visit that
    takes longer than a host allows would else never come to its end.

    Args:
        known: the cursor of the last visit.
        start: how far back to read a search that was not made before.
        pages: the most pages to read of each search in this visit.
        overlap: how far below what is known to read again, for posts that are listed late; in positions.
    """
    posts: list[_Post] = []
    malformed, cursor, unread = 0, {}, []
    welcome, before, waiting = _while_welcome(read), known.get("waiting", ""), list[str]()
    for name, search in _in_turn(asked, before):
        state = _state(known.get(name, ""), start)
        got, after, more = _read(search, state, welcome, pages, overlap)
        posts += (post for page in got for post in page.posts)
        malformed += sum(page.malformed for page in got)
        cursor[name] = after.model_dump_json()
        unread += [search] if more else []
        waiting += [] if got else [name]
    first = before if len(waiting) == len(cursor) else next(iter(waiting), "")
    return Found(tuple(posts), malformed, {**cursor, **({"waiting": first} if first else {})}, tuple(unread))


def _in_turn(asked: Iterable[str], first: str) -> list[tuple[str, str]]:
    """The searches by the names of their entries in cursors, from the first one on and around."""
    named = [(f"read:{fingerprint(search)}", search) for search in asked]
    at = next((place for place, (name, _) in enumerate(named) if name == first), 0)
    return [*named[at:], *named[:at]]


def _while_welcome(read: ReadPage[_Post]) -> ReadPage[_Post]:
    """Reads until the host wants to be left alone; where that is at once, the caller hears of it."""
    began = refused = False

    def ask(search: str, stretch: Stretch) -> Page[_Post] | None:
        nonlocal began, refused
        if refused:
            return None
        try:
            page = read(search, stretch)
        except HostBusyError:
            if not began:
                raise
            refused = True
            return None
        began = True
        return page

    return ask


def _state(written: str, start: Stretch) -> _Known:
    try:
        return _Known.model_validate_json(written)
    except ValidationError:
        return _Known(reached=start.down_to)


def _read(
    search: str, known: _Known, read: ReadPage[_Post], pages: int, overlap: int
) -> tuple[list[Page[_Post]], _Known, bool]:
    """The pages read of one search, what is known then, and whether anything is left."""
    older = [Stretch(*each) for each in known.left]
    # The last page of a visit goes to what earlier ones left over: else a busy listing would never be read to its end.
    latest, rest = _down(search, Stretch(known.reached - overlap), read, pages - bool(older))
    # What is left of the overlap alone was read before, and the next visit reads it again anyway.
    met = any(page.oldest is not None and page.oldest <= known.reached for page in latest)
    left = [rest] if rest and not met else []
    got = list(latest)
    for stretch in older:
        more, rest = _down(search, stretch, read, pages - len(got))
        got += more
        left += [rest] if rest else []
    reached = max([known.reached, *(page.newest for page in latest if page.newest is not None)])
    begun = tuple((each.down_to, each.place) for each in left if each.place)
    return got, _Known(reached=reached, left=begun), bool(left)


def _down(search: str, stretch: Stretch, read: ReadPage[_Post], pages: int) -> tuple[list[Page[_Post]], Stretch | None]:
    """The pages read of a stretch, and what is left of it."""
    got: list[Page[_Post]] = []
    while len(got) < pages and (page := read(search, stretch)) is not None:
        got.append(page)
        met = page.oldest is not None and page.oldest <= stretch.down_to
        if met or page.following in {"", stretch.place}:
            return got, None
        stretch = replace(stretch, place=page.following)
    return got, stretch
