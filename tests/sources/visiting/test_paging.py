"""However early visits end, no post between the first and the last of them is passed over."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.contract import HostBusyError, SourceError
from sources.visiting.paging import Falling, Limits, Place, Rising, Stint, ascend_all, descend, latest

SIZE = 3
NOW = 1_000_000


def busy() -> HostBusyError:
    return HostBusyError("host", "it is left alone for now.", "Wait.", retry_after=5)


def failure(*, permanent: bool) -> SourceError:
    return SourceError("host", "it broke.", "Wait.", permanent=permanent)


@dataclass
class Service:
    """Posts known by a number that grows with time, shown in pages of three; the errors come up in turn.

    An error of None is an answer.
    """

    posts: list[int]
    errors: list[SourceError | None] = field(default_factory=list)
    asked: list[tuple[str, int, int]] = field(default_factory=list)

    def _fail(self) -> None:
        error = self.errors.pop(0) if self.errors else None
        if error:
            raise error

    def newest_first(self, place: Place) -> Falling[int]:
        self._fail()
        number = int(place.resume or 0)
        shown = sorted(self.posts, reverse=True)[number * SIZE : (number + 1) * SIZE]
        met = bool(shown) and min(shown) <= int(place.known or 0)
        following = str(number + 1) if len(self.posts) > (number + 1) * SIZE else None
        return Falling(shown, 0, str(max(shown, default="")), following, met)

    def oldest_first(self, query: str, since: int, number: int) -> Rising[int]:
        self._fail()
        self.asked.append((query, since, number))
        found = sorted(post for post in self.posts if post >= since)
        shown = found[(number - 1) * SIZE : number * SIZE]
        return Rising(shown, 0, max(shown, default=None), more=len(found) > number * SIZE)


def down(service: Service, cursor: dict[str, str], pages: int = 2) -> tuple[set[int], dict[str, str], bool]:
    try:
        descent = descend(Stint(), service.newest_first, Place.of(cursor), pages)
    except HostBusyError:
        return set(), cursor, True
    return {post for page in descent.pages for post in page.posts}, descent.place.cursor(), descent.behind


errors = st.lists(st.sampled_from([None, None, None, busy()]), max_size=12)


@given(st.lists(st.integers(0, 15), max_size=8), errors, st.integers(1, 4))
def test_a_list_of_newest_first_is_read_without_a_gap(
    batches: list[int], errors: list[SourceError | None], pages: int
) -> None:
    service = Service(list(range(1, 11)))
    brought, cursor, _ = down(service, {}, pages)
    service.errors = list(errors)
    for batch in batches:
        service.posts += range(len(service.posts) + 1, len(service.posts) + 1 + batch)
        found, cursor, _ = down(service, cursor, pages)
        brought |= found
    service.errors = []
    for _ in range(100):
        found, cursor, behind = down(service, cursor, pages)
        brought |= found
        if not behind:
            break
    assert brought >= set(range(11, len(service.posts) + 1))
    assert cursor == {"newest": str(len(service.posts))}


def test_a_first_visit_reads_the_newest_pages_and_leaves_it_at_that() -> None:
    assert down(Service(list(range(1, 11))), {}) == (set(range(5, 11)), {"newest": "10"}, False)
    assert down(Service([]), {}) == (set(), {"newest": ""}, False)


def test_a_list_that_is_empty_for_once_does_not_make_forget_what_was_known() -> None:
    assert down(Service([]), {"newest": "10"}) == (set(), {"newest": "10"}, False)


def test_a_place_to_go_on_at_that_is_gone_is_given_up_with_a_warning() -> None:
    service = Service(list(range(1, 6)), [failure(permanent=True)])
    descent = descend(Stint(), service.newest_first, Place("3", resume="7", top="5"), 2)
    assert descent.place == Place("5")
    assert len(descent.pages) == 1
    assert "may be missing" in descent.warnings[0]


def test_failing_for_good_is_an_error_anywhere_else() -> None:
    service = Service(list(range(1, 11)), [None, failure(permanent=True)])
    with pytest.raises(SourceError):
        descend(Stint(), service.newest_first, Place("1"), 5)


def test_what_was_read_before_a_failure_is_kept_and_the_failure_is_told() -> None:
    stint = Stint()
    descent = descend(stint, Service(list(range(1, 11)), [None, failure(permanent=False)]).newest_first, Place("1"), 5)
    assert [page.posts for page in descent.pages] == [[10, 9, 8]]
    assert descent.behind
    assert stint.warnings == (
        "Reading stopped early because it broke. What came before was kept; the rest comes later.",
    )


def test_being_asked_to_wait_is_no_warning_but_an_error_where_nothing_was_read() -> None:
    stint = Stint()
    descend(stint, Service(list(range(1, 11)), [None, busy()]).newest_first, Place("1"), 5)
    assert stint.ended
    assert stint.warnings == ()
    with pytest.raises(HostBusyError):
        descend(Stint(), Service([1], [busy()]).newest_first, Place(), 5)


LIMITS = Limits(pages=2, horizon=5_000, overlap=100)


def up(service: Service, known: dict[str, str], *queries: str) -> tuple[set[int], dict[str, str], bool]:
    try:
        found = ascend_all(queries or ("a",), service.oldest_first, known, NOW, LIMITS)
    except HostBusyError:
        return set(), known, True
    return set(found.posts), found.cursor, found.behind


@given(
    st.dictionaries(st.integers(NOW - 4_000, NOW - 1), st.just(1), max_size=40),
    st.lists(st.sampled_from([None, None, busy()]), max_size=12),
)
def test_a_list_of_oldest_first_is_read_to_its_end(posts: dict[int, int], errors: list[SourceError | None]) -> None:
    service = Service(list(posts), list(errors))
    brought: set[int] = set()
    cursor: dict[str, str] = {}
    for _ in range(60):
        found, cursor, behind = up(service, cursor)
        brought |= found
        if not behind:
            break
    assert brought == set(posts)
    assert list(cursor.values()) == [str(NOW - 100)]


def test_posts_of_one_second_that_fill_a_page_have_a_second_page() -> None:
    service = Service([NOW - 9] * 4 + [NOW - 5])
    up(service, {})
    assert [(since, number) for _, since, number in service.asked] == [(NOW - 5_000, 1), (NOW - 9, 1)]
    service = Service([NOW - 5_000] * 4)
    up(service, {})
    assert [number for _, _, number in service.asked] == [1, 2]


def test_the_search_that_is_furthest_behind_is_read_first() -> None:
    service = Service([NOW - 3_000])
    _, cursor, _ = up(service, {}, "a")
    up(service, cursor, "a", "b")
    assert [query for query, _, _ in service.asked] == ["a", "b", "a"]


def test_where_the_service_left_something_out_the_same_time_is_asked_for_again() -> None:
    pages = [Rising([1], 0, NOW - 900, more=True), Rising([2], 0, NOW - 500, more=False, whole=False)]
    found = ascend_all(["a"], lambda *_: pages.pop(0), {}, NOW, LIMITS)
    assert found.posts == (1, 2)
    assert list(found.cursor.values()) == [str(NOW - 900)]
    assert not found.behind
    assert "left something out" in found.warnings[0]


def test_the_latest_time_is_one_that_has_passed() -> None:
    now = datetime(2026, 3, 10, 12, tzinfo=UTC)
    past = now - timedelta(hours=1)
    assert latest([None, past, now + timedelta(days=9), datetime(1970, 1, 1, tzinfo=UTC)], now) == past.timestamp()
    assert latest([None], now) is None
