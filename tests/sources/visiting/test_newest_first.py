"""Reading a listing from its newest post down, in as many visits as it takes, from a fake that grows."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.contract import HostBusyError
from sources.visiting.newest_first import Found, Page, Stretch, read_newest_first

SIZE = 5


class Listing:
    """Posts 1 to ``posts``, newest first, in pages of 5; a place names the post that a page ends before.

    Those in ``late`` are not listed yet.
    """

    def __init__(self, posts: int, late: Collection[int] = (), room: int = 1_000) -> None:
        self.posts = posts
        self.late = late
        self.room = room
        self.read: list[str] = []

    def page(self, _: str, stretch: Stretch) -> Page[int] | None:
        if len(self.read) >= self.room:
            return None
        self.read.append(stretch.place)
        below = int(stretch.place or self.posts + 1)
        shown = [number for number in range(below - 1, 0, -1) if number not in self.late][:SIZE]
        return Page(
            tuple(shown),
            newest=max(shown, default=None),
            oldest=shown[-1] if shown else None,
            following=str(shown[-1]) if shown else "",
        )

    def visit(self, cursor: dict[str, str], pages: int = 100, overlap: int = 0, start: int = 0) -> Found[int]:
        self.read = []
        return read_newest_first(["acme"], cursor, Stretch(start), self.page, pages=pages, overlap=overlap)


def test_the_first_visit_reads_back_to_the_start_and_the_next_to_what_is_known() -> None:
    listing = Listing(23)
    first = listing.visit({}, start=10)
    assert first.posts == tuple(range(23, 8, -1))
    listing.posts = 25
    second = listing.visit(first.cursor)
    assert second.posts == (25, 24, 23, 22, 21)
    assert not second.unread


def test_what_a_visit_has_no_room_for_comes_later_and_the_newest_still_first() -> None:
    listing = Listing(30)
    first = listing.visit({}, pages=2)
    assert (first.posts, first.unread) == (tuple(range(30, 20, -1)), ("acme",))
    listing.posts = 32
    second = listing.visit(first.cursor, pages=2)
    assert second.posts == (32, 31, 30, 29, 28, 20, 19, 18, 17, 16)


def test_a_visit_of_one_page_finishes_what_is_left_before_it_looks_for_more() -> None:
    listing = Listing(12)
    cursor: dict[str, str] = {}
    places: list[str] = []
    for _ in range(4):
        found = listing.visit(cursor, pages=1)
        cursor, places = found.cursor, [*places, *listing.read]
    assert places == ["", "8", "3", "1"]
    assert found.unread
    listing.posts = 13
    assert listing.visit(cursor, pages=1).posts == (13, 12, 11, 10, 9)


def test_late_posts_are_found_within_the_overlap() -> None:
    listing = Listing(20, late={17})
    cursor = listing.visit({}).cursor
    listing.late = ()
    assert 17 in listing.visit(cursor, overlap=4).posts


def test_an_overlap_of_more_pages_than_a_visit_has_does_not_keep_it_behind() -> None:
    listing = Listing(40)
    cursor = listing.visit({}).cursor
    listing.posts = 42
    found = listing.visit(cursor, pages=2, overlap=30)
    assert (found.posts, found.unread) == (tuple(range(42, 32, -1)), ())
    listing.posts = 60
    assert listing.visit(found.cursor, pages=2, overlap=30).unread


def test_reading_ends_where_nothing_more_may_be_asked_and_goes_on_from_there() -> None:
    listing = Listing(20, room=2)
    found = listing.visit({})
    assert (len(found.posts), found.unread) == (10, ("acme",))
    listing.room = 0
    refused = listing.visit(found.cursor)
    assert (refused.posts, refused.cursor, refused.unread) == ((), found.cursor, ("acme",))
    listing.room = 100
    assert set(listing.visit(refused.cursor).posts) >= set(range(1, 11))


def test_a_place_that_leads_nowhere_is_not_asked_for_again_and_again() -> None:
    asked: list[str] = []

    def page(_: str, stretch: Stretch) -> Page[int]:
        asked.append(stretch.place)
        return Page((1,), following="same")

    assert not read_newest_first(["acme"], {}, Stretch(0), page, pages=50).unread
    assert asked == ["", "same"]


def test_each_search_has_its_own_place_and_one_no_longer_made_is_forgotten() -> None:
    listing = Listing(7)
    both = read_newest_first(["acme", "air"], {}, Stretch(0), listing.page, pages=9)
    one = read_newest_first(["air"], both.cursor, Stretch(0), listing.page, pages=9)
    assert len(both.cursor) == 2
    assert one.cursor.items() <= both.cursor.items()
    assert len(one.cursor) == 1


@pytest.mark.parametrize("written", ["", "7", "{}", '{"reached": "x"}', '{"reached": 1, "left": [[2]]}'])
def test_a_cursor_that_cannot_be_read_starts_afresh(written: str) -> None:
    (name,) = Listing(0).visit({}).cursor
    assert Listing(3).visit({name: written}).posts == (3, 2, 1)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 4), st.integers(0, 4)), max_size=8),
    st.integers(0, 30),
)
def test_no_post_is_passed_over_however_few_pages_a_visit_has(
    visits: list[tuple[int, int, int]], at_first: int
) -> None:
    listing, brought = Listing(at_first), set[int]()
    cursor: dict[str, str] = {}
    for arrived, pages, room in visits:
        listing.posts, listing.room = listing.posts + arrived, room
        found = listing.visit(cursor, pages)
        cursor = found.cursor
        brought |= set(found.posts)
    listing.room, unread = 1_000, True
    while unread:
        found = listing.visit(cursor, pages=2)
        cursor, unread = found.cursor, bool(found.unread)
        brought |= set(found.posts)
    assert brought == set(range(1, listing.posts + 1))


@pytest.mark.parametrize("busy", [True, False])
def test_however_few_requests_a_host_allows_every_search_has_its_turn_and_what_was_read_is_kept(*, busy: bool) -> None:
    searches = [f"search {number}" for number in range(7)]
    left, read, cursor = 0, list[str](), dict[str, str]()

    def page(search: str, _: Stretch) -> Page[str] | None:
        nonlocal left
        left -= 1
        if left < 0 and busy:
            raise HostBusyError("host", "busy.", "Wait.", retry_after=1)
        return None if left < 0 else Page((search,), newest=5, oldest=1)

    for _ in range(4):
        left = 3
        found = read_newest_first(searches, cursor, Stretch(1), page, pages=9)
        read, cursor = [*read, *found.posts], found.cursor
    assert read == [*searches, *searches[:5]]
    assert found.unread == ("search 5", "search 6", "search 0", "search 1")


def test_a_host_that_is_busy_from_the_beginning_is_told_of() -> None:
    def busy(_: str, __: Stretch) -> Page[int] | None:
        raise HostBusyError("host", "busy.", "Wait.", retry_after=1)

    with pytest.raises(HostBusyError):
        read_newest_first(["acme"], {}, Stretch(1), busy, pages=9)
