"""Discourse: everything new on a forum by its ids, or what its search finds."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from mentions.mention import Engagement
from mentions.query.terms import of_phrases
from sources import discourse
from sources.contract import Fetched, SourceError, Visit
from sources.network.fetching import Client
from sources.network.pacing import Pacing
from tests.sources.conftest import NOW

if TYPE_CHECKING:
    from tests.sources.conftest import Asked, Reply, Site

Visits = Callable[..., Visit]


@pytest.fixture
def http() -> Client:
    """A client that does not wait for its turn: a forum wants to be searched seldom."""
    pacing = Pacing(lambda: NOW, sleep=lambda _: None)
    return Client(user_agent="Groundswell tests", allow_private=True, clock=lambda: NOW, pacing=pacing)


def post(number: int, **changes: Any) -> dict[str, Any]:
    fields = {
        "id": number,
        "name": "Ann",
        "username": "ann_b",
        "created_at": "2026-03-10T11:00:00.000Z",
        "cooked": f"<p>Post {number} &amp; <em>more</em></p>",
        "raw": f"Post {number} & *more*",
        "post_number": 3,
        "reply_count": 2,
        "topic_id": 8,
        "topic_slug": "late-again",
        "topic_title": "Late <again>",
        "actions_summary": [{"id": 1, "count": 9}, {"id": 2, "count": 4}],
        "hidden": False,
    }
    return {**fields, **changes}


def options(site: Site, **changes: Any) -> discourse.Options:
    return discourse.Options(**{"server": site.url, **changes})


def found(site: Site, visit: Visit, *posts: Any, **changes: Any) -> Fetched:
    site.serve_json("/posts.json", {"latest_posts": list(posts)})
    return discourse.fetch(options(site, pages=1, **changes), visit)


def host(site: Site) -> str:
    return site.url.removeprefix("http://")


def test_a_post_becomes_a_mention(site: Site, visit: Visits) -> None:
    (mention,) = found(site, visit(), post(7)).mentions
    assert mention.key == f"discourse:{host(site)}:7"
    assert (mention.title, mention.text) == ("Late <again>", "Post 7 & more")
    assert mention.url == f"{site.url}/t/late-again/8/3"
    assert (mention.author, mention.handle) == ("Ann", f"ann_b@{host(site)}")
    assert mention.published.at == NOW - timedelta(hours=1)
    assert mention.engagement == Engagement(likes=4, replies=2)


def test_hidden_posts_are_left_out_and_names_that_are_missing_are_the_accounts(site: Site, visit: Visits) -> None:
    result = found(site, visit(), post(2, hidden=True), post(1, name=None, topic_slug="../<x>", cooked=None))
    (mention,) = result.mentions
    assert mention.author == "ann_b"
    assert mention.url == f"{site.url}/t/..%2F%3Cx%3E/8/3"
    assert mention.text == "Post 1 & *more*"


def test_a_found_post_has_an_excerpt_and_the_title_of_its_topic(site: Site, visit: Visits) -> None:
    hit = {
        "id": 7,
        "username": "ann_b",
        "created_at": "2026-03-10T11:00:00Z",
        "blurb": "... post 7 &amp; more",
        "post_number": 3,
        "topic_id": 8,
        "like_count": 5,
    }
    topics = [{"id": 9, "title": "Other", "slug": "other"}, {"id": 8, "title": "Late <again>", "slug": "late-again"}]
    site.serve_json("/search.json", {"posts": [hit], "topics": topics, "grouped_search_result": {}})
    asking = options(site, search=True, key="s3cret", user="bot")
    (mention,) = discourse.fetch(asking, visit(queries=(of_phrases(["acme"]),))).mentions
    assert mention.key == f"discourse:{host(site)}:7"
    assert (mention.title, mention.text) == ("Late <again>", "... post 7 & more")
    assert mention.url == f"{site.url}/t/late-again/8/3"
    assert mention.engagement == Engagement(likes=5)
    (asked,) = site.asked
    assert "acme" in asked.query["q"]
    assert (asked.headers["api-key"], asked.headers["api-username"]) == ("s3cret", "bot")


def numbers(result: Fetched) -> set[int]:
    return {int(mention.key.rpartition(":")[2]) for mention in result.mentions}


def collected(site: Site, visit: Visits, cursor: Any, **changes: Any) -> tuple[set[int], Any]:
    """What visits bring until nothing is left to read, and the last cursor."""
    brought: set[int] = set()
    for _ in range(60):
        result = discourse.fetch(options(site, **changes), visit(cursor))
        brought |= numbers(result)
        cursor = result.cursor
        if not result.behind:
            return brought, cursor
    raise AssertionError("it never comes to an end")


class Forum:
    """The newest posts of a forum, of which nobody sees those whose id a number divides; as of now, or as of before."""

    def __init__(self, site: Site, newest: int, *, old: bool, hidden: Callable[[int], bool]) -> None:
        self.newest, self.old, self.hidden, self.site = newest, old, hidden, site
        site.answer("/posts.json", self._answer)

    def public(self) -> list[int]:
        return [number for number in range(self.newest, 0, -1) if not self.hidden(number)]

    def _answer(self, asked: Asked) -> Reply:
        before = int(asked.query.get("before", self.newest if self.old else self.newest + 1))
        shown = [n for n in self.public() if (before - 50 < n <= before if self.old else n < before)][:50]
        return self.site.reply(json.dumps({"latest_posts": [post(number) for number in shown]}).encode())


@pytest.mark.parametrize("old", [False, True])
def test_no_post_of_a_forum_is_passed_over_though_many_are_private(old: bool, site: Site, visit: Visits) -> None:  # noqa: FBT001
    forum = Forum(site, 100, old=old, hidden=lambda number: 200 < number < 320 or number % 3 == 0)
    first = discourse.fetch(options(site, pages=1), visit())
    assert numbers(first) <= set(forum.public())
    forum.newest = 500
    brought, cursor = collected(site, visit, first.cursor, pages=2)
    assert brought >= {number for number in forum.public() if number > 100}
    assert 1 not in brought
    asked = len(site.asked)
    collected(site, visit, cursor)
    assert len(site.asked) == asked + 1


class Search:
    """Hits of a search, one every ten minutes, shown as Discourse does: ten pages of 50, days as filters."""

    def __init__(self, site: Site, count: int, every: timedelta = timedelta(minutes=10)) -> None:
        self.times = {count - number: NOW - every * number for number in range(count)}
        self.site = site
        site.answer("/search.json", self._answer)

    def _answer(self, asked: Asked) -> Reply:
        words = asked.query["q"].split()
        days = {name: midnight(value) for name, _, value in (word.partition(":") for word in words) if "-" in value}
        page = int(asked.query["page"])
        if page > 10:
            return self.site.reply(b"", 400)
        lower, upper = days.get("after", midnight("1990-01-01")), days.get("before", midnight("2990-01-01"))
        fitting = [number for number, at in self.times.items() if lower < at < upper]
        shown = fitting[(page - 1) * 50 : page * 50]
        body = {
            "posts": [post(number, created_at=self.times[number].isoformat()) for number in shown],
            "grouped_search_result": {"more_full_page_results": True if len(fitting) > page * 50 else None},
        }
        return self.site.reply(json.dumps(body).encode())


def midnight(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)


def test_a_search_goes_on_below_the_ten_pages_that_it_shows(site: Site, visit: Visits) -> None:
    Search(site, 2_000)
    asked = {"asked": discourse.fetch(options(site, query="acme", pages=1), visit()).cursor["asked"]}
    name = next(key for key in discourse.fetch(options(site, query="acme"), visit()).cursor if key != "asked")
    known = {**asked, name: (NOW - timedelta(days=10)).isoformat()}
    brought, cursor = collected(site, visit, known, query="acme", pages=7)
    assert brought >= set(range(2_000 - 10 * 144, 2_001))
    assert 1 not in brought
    result = discourse.fetch(options(site, query="acme"), visit(cursor))
    assert site.asked[-1].query["q"] == "acme order:latest after:2026-03-09"
    assert (result.behind, site.asked[-1].query["page"]) == (False, "1")


def test_a_day_with_more_posts_than_a_search_shows_is_told(site: Site, visit: Visits) -> None:
    Search(site, 2_000, timedelta(minutes=1))
    first = discourse.fetch(options(site, query="acme", pages=25), visit())
    assert any("one day had more" in warning for warning in first.warnings)


def test_a_forum_whose_search_is_overloaded_is_asked_again(site: Site, visit: Visits) -> None:
    site.serve_json("/search.json", {"posts": [], "grouped_search_result": {"error": "extreme load"}})
    with pytest.raises(SourceError, match="overloaded") as caught:
        discourse.fetch(options(site, query="acme"), visit())
    assert not caught.value.permanent


WRONG: list[Any] = [None, True, -1, 10**30, 1.5, "odd", "", [], {}, [1]]


@pytest.mark.parametrize("name", sorted(post(1)))
def test_an_odd_field_costs_at_most_its_own_post(name: str, site: Site, visit: Visits) -> None:
    odd = [post(number, **{name: wrong}) for number, wrong in enumerate(WRONG, start=10)]
    result = found(site, visit(), post(1), *odd)
    assert 1 in numbers(result)
    assert len(result.mentions) == len(odd) + 1 or name in {"id", "username", "topic_id", "post_number", "hidden"}
