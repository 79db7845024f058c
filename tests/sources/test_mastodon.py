"""Mastodon's tag timelines and search, from a small server that pages as Mastodon does."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from mentions.mention import Dating, Engagement
from mentions.query.terms import of_phrases
from sources import mastodon
from sources.contract import Fetched, SourceError, Visit
from sources.network.fetching import Answer, Client
from sources.visiting.newest_first import milliseconds

if TYPE_CHECKING:
    from tests.sources.conftest import Asked, Site

Visits = Callable[..., Visit]
NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
PATH = "/api/v1/timelines/tag/acme"


def status(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": str(number),
        "uri": f"https://social.example/users/ann/statuses/{number}",
        "url": f"https://social.example/@ann/{number}",
        "created_at": "2026-03-10T11:00:00.000Z",
        "content": f"<p>Post {number} on <a href='#'>#<span>acme</span></a></p>",
        "account": {"acct": "ann", "display_name": "Ann  of Acme", "followers_count": 12},
        "language": "en",
        "spoiler_text": "",
        "favourites_count": 3,
        "replies_count": 2,
        "reblogs_count": 1,
        **changes,
    }


def options(site: Site, **changes: Any) -> mastodon.Options:
    return mastodon.Options(**{"server": site.url, "tag": "acme", **changes})


def test_a_post_becomes_a_mention(site: Site, visit: Visits) -> None:
    site.serve_json(PATH, [status(7, spoiler_text="Rant")])
    (mention,) = mastodon.fetch(options(site), visit()).mentions
    assert mention.key == "mastodon:https://social.example/users/ann/statuses/7"
    assert (mention.title, mention.text, mention.language) == ("Rant", "Post 7 on #acme", "en")
    assert mention.url == "https://social.example/@ann/7"
    assert (mention.author, mention.handle) == ("Ann of Acme", "ann@127.0.0.1")
    assert mention.published.at.isoformat() == "2026-03-10T11:00:00+00:00"
    assert (mention.engagement, mention.followers) == (Engagement(likes=3, replies=2, reposts=1), 12)


def test_the_handle_of_a_member_of_another_server_stays_as_it_is(site: Site, visit: Visits) -> None:
    site.serve_json(PATH, [status(7, account={"acct": "bo@other.example"})])
    (mention,) = mastodon.fetch(options(site), visit()).mentions
    assert (mention.author, mention.handle, mention.followers) == ("bo@other.example", "bo@other.example", None)


def test_the_token_is_sent_as_bearer_and_never_shown(site: Site, visit: Visits) -> None:
    site.serve(PATH, status=403)
    configured = options(site, token="hunter2")  # noqa: S106  not a password
    with pytest.raises(SourceError) as caught:
        mastodon.fetch(configured, visit())
    assert site.asked[0].headers["authorization"] == "Bearer hunter2"
    assert "hunter2" not in f"{caught.value} {configured!r}"


def test_a_link_header_to_another_host_is_not_followed_there(site: Site, visit: Visits) -> None:
    link = {"Link": '<https://evil.example/steal?max_id=5>; rel="next", <http://[>; rel="next"'}
    site.serve_json(PATH, [status(7)], headers=link)
    mastodon.fetch(options(site, pages=2, token="t"), visit())  # noqa: S106  not a password
    assert [asked.query.get("max_id") for asked in site.asked] == [None, "5"]


def test_the_tag_is_one_path_segment_with_or_without_its_sign(site: Site, visit: Visits) -> None:
    site.serve_json("*", [])
    mastodon.fetch(options(site, tag="#überflug"), visit())
    assert site.asked[0].path == "/api/v1/timelines/tag/%C3%BCberflug"
    with pytest.raises(ValueError, match="tag"):
        options(site, tag="a/../b")


def test_a_rate_limit_tells_how_long_to_wait_by_its_reset_time(site: Site, visit: Visits) -> None:
    site.serve(PATH, status=429, headers={"X-RateLimit-Reset": "2026-03-10T12:05:00.5Z", "Date": "x"})
    with pytest.raises(SourceError) as caught:
        mastodon.fetch(options(site), visit())
    assert caught.value.retry_after == 300.5


WRONG: list[Any] = [None, True, -1, 10**30, 1.5, "odd", "", [], {}, [None], {"acct": None}]
REQUIRED = {"uri", "content"}


@pytest.mark.parametrize(("name", "value"), list(product(status(1), WRONG)), ids=str)
def test_an_odd_field_costs_at_most_its_own_post(name: str, value: Any, site: Site, visit: Visits) -> None:
    site.serve_json(PATH, [status(1, **{name: value}), status(2)])
    found = mastodon.fetch(options(site), visit())
    kept = {mention.text for mention in found.mentions}
    assert "Post 2 on #acme" in kept
    assert len(kept) == 2 or (name in REQUIRED and len(found.warnings) == 1)


@pytest.mark.parametrize(
    "created_at", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-03-10T11:00:00"]
)
def test_absurd_dates_do_not_break_a_post(created_at: str, site: Site, visit: Visits) -> None:
    site.serve_json(PATH, [status(1, created_at=created_at)])
    (mention,) = mastodon.fetch(options(site), visit()).mentions
    assert mention.published.dating in {Dating.ABSURD, Dating.FUTURE, Dating.STATED}


def test_a_post_that_cannot_be_read_is_not_met_again(site: Site, visit: Visits) -> None:
    site.serve_json(PATH, [status(9, uri=None), status(8)])
    assert mastodon.fetch(options(site), visit()).cursor["newest"] == "9"


class Timeline:
    """A fake client that answers as a Mastodon server would: newest first, ``min_id`` and ``max_id`` exclusive.

    Posts are numbered from 1; those in ``late`` have not arrived from their own server yet. The newest ``recent`` ones
    are a minute old, the others an hour.
    """

    def __init__(self, posts: int, recent: int = 0, late: Collection[int] = ()) -> None:
        self.posts = posts
        self.recent = recent
        self.late = late
        self.asked = 0

    def get(self, url: str, *, params: dict[str, str], headers: Any = None) -> Answer:
        del headers
        self.asked += 1
        size = int(params["limit"])
        shown = [number for number in range(1, self.posts + 1) if number not in self.late]
        if "min_id" in params:
            numbers = [number for number in shown if number > int(params["min_id"])][:size][::-1]
        else:
            numbers = [number for number in shown if number < int(params.get("max_id", self.posts + 1))][-size:][::-1]
        link = {"Link": f'<{url}?max_id={numbers[-1]}>; rel="next"'} if numbers else {}
        body = json.dumps([status(number, created_at=self.dated(number)) for number in numbers])
        return Answer(200, url, CaseInsensitiveDict(link), body.encode())

    def dated(self, number: int) -> str:
        age = timedelta(minutes=1) if number > self.posts - self.recent else timedelta(hours=1)
        return (NOW - age).isoformat()


def visited(
    timeline: Timeline, cursor: Mapping[str, str], pages: int, *, fresh: bool = False
) -> tuple[Fetched, list[int]]:
    configured = mastodon.Options(server="https://social.example", tag="acme", pages=pages)
    found = mastodon.fetch(configured, Visit(cast("Client", timeline), cursor, NOW, fresh=fresh))
    return found, [int(mention.key.rpartition("/")[2]) for mention in found.mentions]


def test_the_first_visit_reads_the_newest_pages_back_to_its_limit() -> None:
    timeline = Timeline(posts=500)
    found, numbers = visited(timeline, {}, pages=3)
    assert numbers == list(range(500, 380, -1))
    assert found.cursor["newest"] == "500"
    assert timeline.asked == 3


def test_a_quiet_timeline_costs_one_request() -> None:
    timeline = Timeline(posts=50)
    cursor = visited(timeline, {}, pages=10)[0].cursor
    timeline.asked = 0
    assert visited(timeline, cursor, pages=10)[0].cursor == cursor
    assert timeline.asked == 1


def test_a_fresh_visit_reads_back_and_passes_over_nothing_new() -> None:
    timeline = Timeline(posts=100)
    cursor = visited(timeline, {}, pages=1)[0].cursor
    timeline.posts = 300
    found, numbers = visited(timeline, cursor, pages=2, fresh=True)
    assert set(numbers) == {*range(101, 181), *range(221, 301)}
    assert found.cursor["newest"] == "180"


def test_a_post_that_comes_late_from_another_server_is_found_among_older_ones() -> None:
    timeline = Timeline(posts=100, recent=60, late={45, 99})
    cursor = visited(timeline, {}, pages=5)[0].cursor
    timeline.late = ()
    assert {45, 99} <= set(visited(timeline, cursor, pages=5)[1])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 120), max_size=6), st.integers(1, 3), st.integers(0, 50))
def test_no_post_after_the_first_visit_is_passed_over(arrivals: list[int], pages: int, recent: int) -> None:
    timeline = Timeline(posts=97, recent=recent)
    found, _ = visited(timeline, {}, pages)
    brought: set[int] = set()
    while arrivals or found.cursor["newest"] != str(timeline.posts):
        timeline.posts += arrivals.pop() if arrivals else 0
        found, numbers = visited(timeline, found.cursor, pages)
        brought |= set(numbers)
    assert brought >= set(range(98, timeline.posts + 1))


SEARCH = "/api/v2/search"


def searching(site: Site, **changes: Any) -> mastodon.Options:
    return options(site, **{"tag": "", "query": "acme air", "token": "hunter2", **changes})


def found_by_search(asked: Asked, numbers: list[int]) -> list[dict[str, Any]]:
    """A page of 40, ids made of times as Mastodon does, one post an hour."""
    offset = int(asked.query.get("offset", "0"))
    page = numbers[::-1][offset : offset + int(asked.query["limit"])]
    return [status(number, id=str(milliseconds(NOW - timedelta(hours=500 - number)) << 16)) for number in page]


def test_without_a_tag_posts_are_searched_with_the_token(site: Site, visit: Visits) -> None:
    site.serve_json(SEARCH, {"accounts": [], "hashtags": [], "statuses": [status(7)]})
    (mention,) = {each.key: each for each in mastodon.fetch(searching(site), visit()).mentions}.values()
    assert (mention.text, mention.handle) == ("Post 7 on #acme", "ann@127.0.0.1")
    asked = site.asked[0]
    assert (asked.query, asked.headers["authorization"]) == (
        {"q": "acme air", "type": "statuses", "limit": "40"},
        "Bearer hunter2",
    )


def test_the_brands_phrases_are_searched_one_by_one(site: Site, visit: Visits) -> None:
    site.serve_json(SEARCH, {"statuses": []})
    mastodon.fetch(searching(site, query=""), visit(queries=(of_phrases(["Acme Air", "Zenith"]),)))
    assert sorted(asked.query["q"] for asked in site.asked) == ['"Acme Air"', '"Zenith"']


def test_a_search_without_a_token_that_shows_nothing_says_what_is_missing(site: Site, visit: Visits) -> None:
    site.serve_json(SEARCH, {"statuses": []})
    with pytest.raises(SourceError, match="only to a search with a token") as caught:
        mastodon.fetch(searching(site, token=None), visit())
    assert caught.value.permanent
    assert "read:search" in caught.value.remedy


def test_a_tag_and_a_query_are_two_sources(site: Site) -> None:
    with pytest.raises(ValueError, match="two sources"):
        options(site, query="acme")


def test_a_search_is_read_to_what_is_known_and_what_is_left_by_the_next_visit(site: Site, visit: Visits) -> None:
    numbers = list(range(1, 201))
    site.answer(SEARCH, lambda asked: site.reply(json.dumps({"statuses": found_by_search(asked, numbers)}).encode()))
    first = mastodon.fetch(searching(site, pages=3), visit())
    second = mastodon.fetch(searching(site), visit(first.cursor))
    assert (len(first.mentions), first.behind, second.behind) == (120, True, False)
    brought = {mention.key.rpartition("/")[2] for mention in (*first.mentions, *second.mentions)}
    assert brought == {str(number) for number in numbers}
    numbers += [499, 500]
    site.asked.clear()
    third = mastodon.fetch(searching(site), visit(second.cursor))
    assert {mention.key.rpartition("/")[2] for mention in third.mentions} >= {"499", "500"}
    assert len(site.asked) == 1


def test_ids_that_are_no_numbers_leave_the_order_to_the_dates(site: Site, visit: Visits) -> None:
    late = status(2, id="b", created_at="2026-02-01T00:00:00Z")
    site.serve_json(SEARCH, {"statuses": [status(1, id="a"), late]})
    found = mastodon.fetch(searching(site), visit())
    assert (len(found.mentions), len(site.asked), found.behind) == (2, 1, False)
