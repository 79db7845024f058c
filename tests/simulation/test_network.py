from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest
import requests

from simulation import misbehaviour
from simulation.misbehaviour import Misbehaviour
from simulation.network import SimulatedNetwork
from simulation.post import Place, Post
from simulation.traffic import ordinary

START = datetime(2026, 9, 7, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def made(place: Place, count: int, text: str = "Number {} #NorthwindAir", title: str = "") -> list[Post]:
    """Posts a minute apart from START on."""
    return [
        Post(f"{place}-{n}", f"ana_{n}", 10 * n, text.format(n), title.format(n), START + n * MINUTE, place)
        for n in range(count)
    ]


@pytest.fixture
def clock() -> Clock:
    return Clock(START + timedelta(days=30))


@pytest.fixture
def network(clock: Clock) -> Iterator[SimulatedNetwork]:
    with SimulatedNetwork(clock=clock, feed_length=5, extra_feeds=2) as network:
        yield network


def get(address: str, **query: Any) -> requests.Response:
    return requests.get(address, params=query, timeout=5)


def statuses(network: SimulatedNetwork, **query: Any) -> list[dict[str, Any]]:
    answer = get(f"{network.base}/api/v1/timelines/tag/NorthwindAir", **query)
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()
    return found


def ids(network: SimulatedNetwork, **query: Any) -> list[int]:
    return [int(status["id"]) for status in statuses(network, **query)]


def hits(network: SimulatedNetwork, **query: Any) -> dict[str, Any]:
    answer = get(network.hackernews_search, **query)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def walk(network: SimulatedNetwork, relation: str, **query: Any) -> Iterator[list[int]]:
    """Pages by following the Link header as a client does."""
    address: str | None = f"{network.base}/api/v1/timelines/tag/NorthwindAir"
    for _ in range(200):
        if not address:
            return
        answer = get(address, **query)
        yield [int(status["id"]) for status in answer.json()]
        address, query = answer.links.get(relation, {}).get("url"), {}
    pytest.fail("the pages never end")


def plain(html: str) -> str:
    """The text a reader sees."""
    return unescape(re.sub("<[^>]*>", "", re.sub("</p><p>|<p>(?!$)(?<!^<p>)", "\n\n", html)))


def parsed(body: bytes) -> ET.Element:
    return ET.fromstring(body)  # noqa: S314 - our own server wrote it


# What all places have in common


ADDRESSES = {
    Place.FORUM: "/forum/feed.xml",
    Place.MASTODON: "/api/v1/timelines/tag/northwindair",
    Place.HACKERNEWS: "/api/v1/search_by_date?query=northwindair",
    Place.FEEDS: "/feeds/1.xml",
}
SHOWING = [Place.FORUM, Place.MASTODON, Place.HACKERNEWS]


@pytest.mark.parametrize("place", SHOWING)
def test_a_post_shows_from_its_moment_of_publication_and_not_before(
    network: SimulatedNetwork, clock: Clock, place: Place
) -> None:
    network.publish(made(place, 3))
    seen = []
    for now in (START - MINUTE, START, START + 1.9 * MINUTE, START + 2 * MINUTE):
        clock.now = now
        seen.append([n for n in range(3) if f"Number {n}" in get(network.base + ADDRESSES[place]).text])
    assert seen == [[], [0], [0, 1], [0, 1, 2]]


@pytest.mark.parametrize("place", ADDRESSES)
def test_requests_are_counted_for_each_place(network: SimulatedNetwork, place: Place) -> None:
    for _ in range(3):
        get(network.base + ADDRESSES[place])
    assert {other: network.requests(other) for other in Place} == {**dict.fromkeys(Place, 0), place: 3}


def test_posts_published_by_many_threads_are_all_there_once(network: SimulatedNetwork) -> None:
    posts = made(Place.MASTODON, 320)
    start_together = threading.Barrier(8)

    def publish_share(first: int) -> None:
        start_together.wait(10)
        for post in posts[first : first + 45]:  # five of which are somebody else's too
            network.publish([post])

    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # threads interrupt each other as often as they can
    try:
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(publish_share, range(0, 320, 40)))
    finally:
        sys.setswitchinterval(usual)
    found = [number for page in walk(network, "next", limit=40) for number in page]
    assert len(found) == len(set(found)) == 320


def test_other_addresses_are_not_found_and_cost_no_place_a_request(network: SimulatedNetwork) -> None:
    for path in ("/", "/feeds/x.xml", "/api/v1/timelines/tag/", "/forum/t/12"):
        assert get(network.base + path).status_code == 404
    assert not any(map(network.requests, Place))


def test_nobody_answers_after_the_network_is_left_even_on_an_open_connection(clock: Clock) -> None:
    with requests.Session() as session:
        with SimulatedNetwork(clock=clock) as network:
            assert session.get(network.forum_feed, timeout=5).ok
        with pytest.raises(requests.ConnectionError):
            session.get(network.forum_feed, timeout=5)


# Misbehaviour


@pytest.mark.parametrize("place", ADDRESSES)
@pytest.mark.parametrize(
    ("fault", "status", "headers"),
    [
        (misbehaviour.not_found, 404, {}),
        (misbehaviour.server_error, 500, {}),
        (misbehaviour.html_instead, 200, {"content-type": "text/html; charset=utf-8"}),
        (misbehaviour.rate_limited(90), 429, {"retry-after": "90"}),
    ],
    ids=lambda value: value.fault.name if isinstance(value, Misbehaviour) else "",
)
def test_a_place_that_misbehaves_says_so_until_it_is_set_right(
    network: SimulatedNetwork, place: Place, fault: Misbehaviour, status: int, headers: dict[str, str]
) -> None:
    network.misbehave(place, fault)
    answer = get(network.base + ADDRESSES[place])
    assert answer.status_code == status
    assert headers.items() <= {name.lower(): value for name, value in answer.headers.items()}.items()
    others = [other for other in ADDRESSES if other is not place]
    assert all(get(network.base + ADDRESSES[other]).status_code == 200 for other in others)
    network.misbehave(place, None)
    assert "html" not in get(network.base + ADDRESSES[place]).headers["content-type"]


def test_a_truncated_answer_ends_in_the_middle(network: SimulatedNetwork) -> None:
    network.publish([*made(Place.FORUM, 3), *made(Place.MASTODON, 3)])
    for place in (Place.FORUM, Place.MASTODON):
        network.misbehave(place, misbehaviour.truncated)
    with pytest.raises(ET.ParseError):
        parsed(get(network.forum_feed).content)
    with pytest.raises(requests.JSONDecodeError):
        get(network.base + ADDRESSES[Place.MASTODON]).json()


def test_a_closed_place_drops_the_connection(network: SimulatedNetwork) -> None:
    network.misbehave(Place.FORUM, misbehaviour.closed)
    with pytest.raises(requests.ConnectionError):
        get(network.forum_feed)
    assert network.requests(Place.FORUM) == 1


def test_a_slow_place_outlasts_its_readers_but_not_the_end_of_the_network(clock: Clock) -> None:
    with SimulatedNetwork(clock=clock) as network:
        network.misbehave(Place.FORUM, misbehaviour.slow(300))
        with pytest.raises(requests.ReadTimeout):
            requests.get(network.forum_feed, timeout=0.1)
    for thread in threading.enumerate():
        if "process_request" in thread.name:
            thread.join(20)
            assert not thread.is_alive()


# The forum


def test_the_feed_holds_the_newest_posts_newest_first(network: SimulatedNetwork) -> None:
    network.publish(made(Place.FORUM, 8, title="Thread {}"))
    feed = feedparser.parse(get(network.forum_feed).content)
    assert not feed.bozo
    assert feed.version == "rss20"
    assert [entry.title for entry in feed.entries] == [f"Thread {n}" for n in (7, 6, 5, 4, 3)]
    newest = feed.entries[0]
    assert (newest.author, newest.language) == ("ana_7", "en")
    assert parsedate_to_datetime(newest.published) == START + 7 * MINUTE
    assert not newest.guidislink
    assert len({entry.id for entry in feed.entries}) == 5


def test_a_reader_who_has_the_feed_is_told_so(network: SimulatedNetwork) -> None:
    network.publish(made(Place.FORUM, 3))
    first = get(network.forum_feed)
    assert parsedate_to_datetime(first.headers["last-modified"]) == START + 2 * MINUTE
    by_tag = {"If-None-Match": first.headers["etag"]}
    by_date = {"If-Modified-Since": first.headers["last-modified"]}

    def asked_with(headers: dict[str, str]) -> int:
        return requests.get(network.forum_feed, headers=headers, timeout=5).status_code

    for known in (by_tag, by_date, {"If-None-Match": f'"other", W/{first.headers["etag"]}'}):
        assert asked_with(known) == 304
    assert asked_with({"If-None-Match": '"other"', **by_date}) == 200
    assert asked_with({"If-Modified-Since": "soon"}) == 200
    network.publish(made(Place.FORUM, 4))
    assert [asked_with(by_tag), asked_with(by_date)] == [200, 200]


def test_extra_feeds_hold_forty_entries_each_that_never_change(network: SimulatedNetwork, clock: Clock) -> None:
    first, second = (get(f"{network.base}/feeds/{number}.xml") for number in (0, 1))
    assert len(feedparser.parse(first.content).entries) == 40
    assert first.content != second.content
    known = {"If-None-Match": first.headers["etag"]}
    assert requests.get(f"{network.base}/feeds/0.xml", headers=known, timeout=5).status_code == 304
    assert get(f"{network.base}/feeds/2.xml").status_code == 404
    with SimulatedNetwork(clock=clock, extra_feeds=1) as another:
        again = get(f"{another.base}/feeds/0.xml").text
    assert again.replace(another.base, network.base) == first.text


# Mastodon


@pytest.mark.parametrize("limit", [1, 7, 40])
def test_paging_from_either_end_meets_every_post_exactly_once(network: SimulatedNetwork, limit: int) -> None:
    network.publish(made(Place.MASTODON, 83))
    down = [number for page in walk(network, "next", limit=limit) for number in page]
    assert down == sorted(set(down), reverse=True)
    assert len(down) == 83
    up = [number for page in walk(network, "prev", limit=limit, min_id=1) for number in reversed(page)]
    assert up == down[::-1]


def test_min_id_gives_the_page_next_to_it_and_since_id_the_newest(network: SimulatedNetwork) -> None:
    network.publish(made(Place.MASTODON, 30))
    everything = ids(network, limit=40)[::-1]
    at = everything[4]
    assert ids(network, min_id=at, limit=10) == everything[5:15][::-1]
    assert ids(network, since_id=at, limit=10) == everything[20:][::-1]
    assert ids(network, max_id=at, limit=10) == everything[:4][::-1]
    assert ids(network, min_id=at, max_id=everything[8]) == everything[5:8][::-1]
    assert ids(network, since_id=at, max_id=everything[8]) == everything[5:8][::-1]
    assert ids(network, min_id=at, since_id=everything[20], limit=3) == everything[5:8][::-1]


@pytest.mark.parametrize(("limit", "served"), [(None, 20), (3, 3), (40, 40), (500, 40), ("many", 0)])
def test_a_page_holds_twenty_unless_asked_and_forty_at_most(
    network: SimulatedNetwork, limit: object, served: int
) -> None:
    network.publish(made(Place.MASTODON, 50))
    assert len(ids(network, **({} if limit is None else {"limit": limit}))) == served


def test_an_empty_page_has_no_link_and_the_others_state_what_is_left_of_the_allowance(
    network: SimulatedNetwork, clock: Clock
) -> None:
    network.publish(made(Place.MASTODON, 2))
    clock.now = datetime(2026, 9, 30, 10, 7, 3, tzinfo=UTC)
    full = get(f"{network.base}/api/v1/timelines/tag/northwindair", limit=2)
    empty = get(full.links["prev"]["url"])
    assert empty.json() == []
    assert empty.links == {}
    assert [answer.headers["x-ratelimit-remaining"] for answer in (full, empty)] == ["299", "298"]
    assert full.headers["x-ratelimit-limit"] == "300"
    assert full.headers["x-ratelimit-reset"] == "2026-09-30T10:10:00.000000Z"


def test_ids_sort_by_time_even_when_posts_are_published_late_or_at_once(network: SimulatedNetwork) -> None:
    posts = made(Place.MASTODON, 20)
    crowd = [replace(post, id=f"crowd-{post.id}", published_at=START + 5 * MINUTE) for post in posts]
    network.publish(posts[10:])
    network.publish(reversed(crowd))
    network.publish(posts[:10])
    found = statuses(network, limit=40)
    assert len({status["id"] for status in found}) == 40
    numbers = [int(status["id"]) for status in found]
    assert numbers == sorted(numbers, reverse=True)
    times = [status["created_at"] for status in found]
    assert times == sorted(times, reverse=True)
    assert all(numbers[n] >> 16 == int(datetime.fromisoformat(at).timestamp() * 1000) for n, at in enumerate(times))


def test_a_timeline_holds_its_tag_in_any_case_and_nothing_else(network: SimulatedNetwork) -> None:
    words = ["#northwindair late", "#NorthwindAirport bus", "Northwind Air", "why,#NORTHWINDAIR?", "a#NorthwindAir"]
    network.publish([replace(post, text=text) for post, text in zip(made(Place.MASTODON, 5), words, strict=True)])
    assert [plain(status["content"]) for status in statuses(network)] == [words[3], words[0]]


def test_a_status_carries_what_its_author_typed_as_html(network: SimulatedNetwork) -> None:
    text = 'Bags < 10 kg & "free" ✈️ @northwindair #NorthwindAir\n\nhttps://a.example/very/long/path/to/a/page?x=1&y=2.'
    (post,) = made(Place.MASTODON, 1)
    network.publish([replace(post, text=text, language=None, followers=321)])
    (status,) = statuses(network)
    assert plain(status["content"]) == text
    assert status["content"].startswith("<p>Bags &lt; 10 kg &amp; ")
    assert ' href="https://a.example/very/long/path/to/a/page?x=1&amp;y=2"' in status["content"]
    assert (status["language"], status["account"]["followers_count"]) == (None, 321)
    assert [tag["name"] for tag in status["tags"]] == ["northwindair"]
    assert "Bags &lt; 10 kg" in get(status["url"]).text


# Hacker News


def test_search_finds_words_phrases_and_beginnings(network: SimulatedNetwork) -> None:
    texts = ["Northwind Air again", "the air of Northwind", "Northwind airports", "nothing"]
    network.publish([replace(post, text=text) for post, text in zip(made(Place.HACKERNEWS, 4), texts, strict=True)])

    def found(query: str) -> list[str]:
        return [plain(hit["comment_text"]) for hit in hits(network, query=query)["hits"]][::-1]

    assert found("") == texts
    assert found("northwind") == texts[:3]
    assert found("Northwind Air") == texts[:3]
    assert found("air northwind") == texts[:2]
    assert found('"Northwind Air"') == texts[:1]
    assert found("storm") == []


def test_pages_of_hits_meet_every_item_exactly_once_from_either_direction(network: SimulatedNetwork) -> None:
    network.publish(made(Place.HACKERNEWS, 45))
    pages = [hits(network, page=page, hitsPerPage=10) for page in range(6)]
    assert {page["nbPages"] for page in pages} == {5}
    assert [len(page["hits"]) for page in pages] == [10, 10, 10, 10, 5, 0]
    times = [hit["created_at_i"] for page in pages for hit in page["hits"]]
    assert times == [int((START + n * MINUTE).timestamp()) for n in reversed(range(45))]
    met: list[int] = []
    for lower in range(int(START.timestamp()), int((START + 50 * MINUTE).timestamp()), 600):
        batch = hits(network, numericFilters=f"created_at_i>={lower},created_at_i<{lower + 600}")["hits"]
        met += sorted(hit["created_at_i"] for hit in batch)
    assert met == times[::-1]


@pytest.mark.parametrize(
    ("filters", "served"),
    [
        ("created_at_i>{2}", {3, 4}),
        ("created_at_i>={2},created_at_i<{4}", {2, 3}),
        ("created_at_i={1}", {1}),
        ("created_at_i<={1}", {0, 1}),
    ],
)
def test_numeric_filters_slice_by_time(network: SimulatedNetwork, filters: str, served: set[int]) -> None:
    network.publish(made(Place.HACKERNEWS, 5))
    seconds = [int((START + n * MINUTE).timestamp()) for n in range(5)]
    found = hits(network, numericFilters=filters.format(*seconds))["hits"]
    assert {hit["created_at_i"] for hit in found} == {seconds[n] for n in served}


def test_no_more_than_a_thousand_hits_can_be_reached(network: SimulatedNetwork) -> None:
    network.publish(made(Place.HACKERNEWS, 1030))
    last = hits(network, page=1, hitsPerPage=999)
    assert (last["nbHits"], last["nbPages"], len(last["hits"])) == (1030, 2, 1)
    assert hits(network, page=2, hitsPerPage=999)["hits"] == []


def test_tags_tell_stories_from_comments(network: SimulatedNetwork) -> None:
    story = replace(made(Place.HACKERNEWS, 1, title="Ask HN: Why?")[0], id="story")
    link = replace(story, id="link", title="An outage", text="")
    network.publish([*made(Place.HACKERNEWS, 2), story, link])

    def count(tags: str) -> int:
        return len(hits(network, tags=tags)["hits"])

    assert [count(tags) for tags in ("story", "comment", "(story,comment)", "ask_hn,story")] == [2, 2, 4, 1]
    assert [count(tags) for tags in ("author_ana_1", "comment,author_ana_0")] == [1, 1]
    stories = {hit["title"]: hit for hit in hits(network, tags="story")["hits"]}
    assert (stories["Ask HN: Why?"]["url"], stories["An outage"]["story_text"]) == (None, None)
    assert stories["An outage"]["url"].startswith("https://")


def test_comments_are_dressed_as_hacker_news_does(network: SimulatedNetwork) -> None:
    (post,) = made(Place.HACKERNEWS, 1)
    network.publish([replace(post, text="it's a/b & c\n\nso <there>")])
    (hit,) = hits(network)["hits"]
    assert hit["comment_text"] == "it&#x27;s a&#x2F;b &amp; c<p>so &lt;there&gt;"
    assert hit["story_title"]


@pytest.mark.parametrize("query", [{"numericFilters": "created_at_i~5"}, {"page": "-1"}, {"hitsPerPage": "all"}])
def test_a_query_that_makes_no_sense_is_a_bad_request(network: SimulatedNetwork, query: dict[str, str]) -> None:
    answer = get(network.hackernews_search, **query)
    assert answer.status_code == 400
    assert answer.json()["message"].startswith("invalid")


# Bodies stay well-formed whatever people write


NASTY = "]]><script>alert(1)</script>&amp;&#0;\x00\x0b\ud800\ufffe 'x' \"y\" <![CDATA[ \u202e ✈️"


@pytest.mark.parametrize("read", [parsed, feedparser.parse])
def test_the_feed_is_well_formed_whatever_people_write(
    network: SimulatedNetwork, read: Callable[[bytes], object]
) -> None:
    network.publish([replace(post, text=NASTY, title=NASTY, author=NASTY) for post in made(Place.FORUM, 1)])
    body = get(network.forum_feed).content
    assert read(body) is not None
    description = parsed(body).findtext("channel/item/description") or ""
    assert "<script>" not in description
    assert "alert(1)" in plain(description)


def test_json_is_well_formed_whatever_people_write(network: SimulatedNetwork) -> None:
    network.publish(replace(post, text=NASTY + " #NorthwindAir", author=NASTY) for post in made(Place.MASTODON, 1))
    network.publish(replace(post, text=NASTY, author=NASTY) for post in made(Place.HACKERNEWS, 1))
    assert "<script>" not in statuses(network)[0]["content"]
    assert "<script>" not in hits(network)["hits"][0]["comment_text"]


def test_days_of_ordinary_talk_reaches_readers_as_it_was_typed(clock: Clock) -> None:
    posts = ordinary(11, start=START, end=START + timedelta(days=2))
    with SimulatedNetwork(posts, clock=clock, feed_length=1000) as network:
        typed = {post.text for post in posts if post.place is Place.FORUM}
        feed = parsed(get(network.forum_feed).content)
        assert {plain(item.findtext("description") or "") for item in feed.iter("item")} == typed
        served = {plain(hit["comment_text"]) for hit in hits(network, tags="comment", hitsPerPage=1000)["hits"]}
        assert served == {post.text for post in posts if post.place is Place.HACKERNEWS and not post.title}
