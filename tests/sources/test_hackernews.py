"""Hacker News by Algolia's search, from a fake that shows at most 1,000 hits as the service does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import product
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentions.mention import Engagement
from mentions.query.terms import of_phrases
from sources import hackernews
from sources.contract import SourceError, Visit
from sources.network.fetching import Answer, Client
from sources.network.pacing import Pacing

if TYPE_CHECKING:
    from tests.sources.conftest import Site

Visits = Callable[..., Visit]
NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
NOON = int(NOW.timestamp())
HOUR, DAY = 3_600, 86_400
PATH = "/api/v1/search_by_date"


def hit(number: int, at: int = NOON - 60, **changes: Any) -> dict[str, Any]:
    return {
        "objectID": str(number),
        "created_at": datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", ".000Z"),
        "created_at_i": at,
        "author": "ann",
        "title": f"Story {number}",
        "url": "https://acme.example/story",
        "story_text": None,
        "comment_text": None,
        "points": 5,
        "num_comments": 2,
        **changes,
    }


def found(site: Site, visit: Visit, *hits: Any, **changes: Any) -> Any:
    site.serve_json(PATH, {"hits": hits, "nbHits": len(hits)})
    return hackernews.fetch(hackernews.Options(**{"server": site.url, "query": "acme", **changes}), visit)


def test_a_story_becomes_a_mention(site: Site, visit: Visits) -> None:
    (mention,) = found(site, visit(), hit(7, story_text="<p>Why &amp; how", title="Ask &lt;HN&gt;: acme?")).mentions
    assert (mention.key, mention.author, mention.handle) == ("hackernews:7", "ann", "ann")
    assert (mention.title, mention.text) == ("Ask <HN>: acme?", "Why & how")
    assert mention.url == "https://acme.example/story"
    assert mention.published.at.isoformat() == "2026-03-10T11:59:00+00:00"
    assert mention.engagement == Engagement(likes=5, replies=2)


def test_a_comment_has_no_title_and_links_to_its_own_page(site: Site, visit: Visits) -> None:
    comment = hit(8, title=None, url=None, comment_text="<i>No</i> way", points=None, num_comments=None)
    (mention,) = found(site, visit(), comment).mentions
    assert (mention.title, mention.text) == ("", "No way")
    assert mention.url == "https://news.ycombinator.com/item?id=8"
    assert mention.engagement == Engagement()


def test_the_brands_phrases_are_searched_as_phrases_unless_a_query_is_given(site: Site, visit: Visits) -> None:
    listening = visit(queries=(of_phrases(["Acme Air", "acmeair"]),))
    found(site, listening, query="")
    found(site, listening, query="acme OR air", comments=False)
    assert [asked.query["query"] for asked in site.asked] == ['"Acme Air"', '"acmeair"', "acme OR air"]
    assert [asked.query["tags"] for asked in site.asked] == ["(story,comment)", "(story,comment)", "story"]


def test_nothing_to_search_for_is_an_error(site: Site, visit: Visits) -> None:
    with pytest.raises(SourceError, match="nothing to search for") as caught:
        found(site, visit(), query="")
    assert caught.value.permanent


def asked_since(site: Site) -> int:
    (since,) = re.findall(r"created_at_i>(\d+)", site.asked[-1].query["numericFilters"])
    return int(since)


def test_a_new_search_asks_for_21_days_and_a_known_one_for_the_last_hour_again(site: Site, visit: Visits) -> None:
    cursor = found(site, visit()).cursor
    assert asked_since(site) == NOON - 21 * DAY
    found(site, visit(cursor))
    assert asked_since(site) == NOON - HOUR
    found(site, visit(cursor, fresh=True))
    assert asked_since(site) == NOON - 21 * DAY
    found(site, visit(cursor), query="other")
    assert asked_since(site) == NOON - 21 * DAY


WRONG: list[Any] = [None, True, -1, 10**30, 1.5, "odd", "", [], {}, "javascript:x"]


@pytest.mark.parametrize(("name", "value"), list(product(hit(1), WRONG)), ids=str)
def test_an_odd_field_costs_at_most_its_own_hit(name: str, value: Any, site: Site, visit: Visits) -> None:
    result = found(site, visit(), hit(1, **{name: value}), hit(2))
    assert {mention.key for mention in result.mentions} >= {"hackernews:2"}
    assert len(result.mentions) == 2 or (name in {"objectID", "title"} and len(result.warnings) == 1)
    assert all(mention.url and mention.url.startswith("https://") for mention in result.mentions)


class Algolia:
    """A fake client: hits are seconds since 1970; filters, pages and the limit of 1,000 are as the service's."""

    def __init__(self, hits: list[int]) -> None:
        self.hits = hits
        self.asked = 0

    def get(self, url: str, *, params: Mapping[str, str]) -> Answer:
        self.asked += 1
        after, until = map(int, re.findall(r"\d+", params["numericFilters"]))
        size, page = int(params["hitsPerPage"]), int(params["page"])
        fitting = [(at, number) for number, at in enumerate(self.hits) if after < at <= until]
        shown = sorted(fitting, reverse=True)[:1_000][page * size : (page + 1) * size]
        body = {"hits": [hit(number, at) for at, number in shown], "nbHits": len(fitting)}
        return Answer(200, url, {}, json.dumps(body).encode())


def visits(service: Algolia, pages: int, most: int) -> set[int]:
    """The hits that visits at NOW bring, until they bring no new ones."""
    options = hackernews.Options(query="acme", pages=pages)
    cursor: Mapping[str, str] = {}
    brought: set[int] = set()
    for _ in range(most):
        known, result = cursor, hackernews.fetch(options, Visit(cast("Client", service), cursor, NOW))
        cursor = result.cursor
        brought |= {int(mention.key.partition(":")[2]) for mention in result.mentions}
        if cursor == known:
            break
    return brought


def test_more_hits_than_the_service_shows_are_read_in_slices_of_time() -> None:
    service = Algolia([NOON - n * 400 for n in range(3_500)])
    assert len(visits(service, pages=100, most=1)) == 3_500


def test_what_one_visit_has_no_room_for_comes_with_the_next() -> None:
    service = Algolia([NOON - n * 400 for n in range(3_500)])
    visit = Visit(cast("Client", service), {}, NOW)
    assert hackernews.fetch(hackernews.Options(query="acme", pages=5), visit).behind
    assert not hackernews.fetch(hackernews.Options(query="acme", pages=100), visit).behind
    assert len(visits(service, pages=5, most=1)) < 3_500
    assert len(visits(service, pages=5, most=12)) == 3_500


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20 * DAY), st.integers(1, 500), st.integers(1, 150)), max_size=4))
def test_no_hit_is_lost_however_they_bunch(bunches: list[tuple[int, int, int]]) -> None:
    hits = [NOON - age - n * gap for age, count, gap in bunches for n in range(count)]
    service = Algolia([at for at in hits if at > NOON - 21 * DAY])
    assert visits(service, pages=8, most=50) == set(range(len(service.hits)))


def test_searches_for_which_the_service_leaves_no_time_have_their_turn_in_the_next_visit(site: Site) -> None:
    site.serve_json(PATH, {"hits": [hit(7)], "nbHits": 1})
    brands = tuple(of_phrases([f"brand {number}"]) for number in range(5))
    options, cursor = hackernews.Options(server=site.url), dict[str, str]()
    for _ in range(3):
        pacing = Pacing(lambda: NOW, monotonic=lambda: 0.0, sleep=lambda _: None)
        pacing.start_round(1)
        with Client(user_agent="test", allow_private=True, pacing=pacing, spacing=1) as client:
            result = hackernews.fetch(options, Visit(client, cursor, NOW, queries=brands))
        cursor = dict(result.cursor)
        assert (len(result.mentions), result.behind) == (2, True)
    asked = [each.query["query"][7] for each in site.asked]
    assert asked == ["0", "1", "2", "3", "4", "0"]
