"""Reddit's search for applications and as a feed, from a small server that pages as Reddit does."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from html import escape
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from mentions.mention import Engagement
from sources import reddit
from sources.contract import Fetched, HostBusyError, SourceError, Visit
from sources.network.fetching import Client

if TYPE_CHECKING:
    from tests.sources.conftest import Asked, Reply, Site

Visits = Callable[..., Visit]
NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
NOON = int(NOW.timestamp())
LOGIN = "/api/v1/access_token"


def post(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "name": f"t3_{number}",
        "title": f"Post {number}",
        "selftext": "Why & *how*",
        "author": "ann",
        "permalink": f"/r/acme/comments/{number}/post_{number}/",
        "created_utc": NOON - 3600.0 + number,
        "score": 5,
        "num_comments": 2,
        "num_crossposts": 1,
        **changes,
    }


def comment(number: int, **changes: Any) -> dict[str, Any]:
    return {"name": f"t1_{number}", "body": "No way", "author": "bo", "num_comments": 99, "score": -4, **changes}


def options(site: Site, **changes: Any) -> reddit.Options:
    values = {"site": site.url, "api": site.url, "query": "acme", "client_id": "id", "client_secret": "hunter2"}
    return reddit.Options(**{**values, **changes})


def feed_options(site: Site, **changes: Any) -> reddit.Options:
    return options(site, **{"client_id": "", "client_secret": None, **changes})


def serve(site: Site, *items: Any, path: str = "/search", after: str | None = None) -> None:
    site.serve_json(LOGIN, {"access_token": "opened", "token_type": "bearer", "expires_in": 86_400, "scope": "*"})
    site.serve_json(path, {"data": {"children": [{"kind": "t3", "data": item} for item in items], "after": after}})


def entry(item: dict[str, Any], footer: str = "[link] [3 comments]") -> str:
    by = f'submitted by <a href="#"> /u/{item["author"]} </a> to <a href="#"> r/acme </a> <br/>'
    content = f"<div class='md'><p>{escape(item.get('selftext') or item['body'])}</p></div> {by} {footer}"
    at = datetime.fromtimestamp(item.get("created_utc", NOON), UTC).isoformat()
    return (
        f"<entry><author><name>/u/{item['author']}</name></author><id>{item['name']}</id>"
        f"<link href='https://ud.reddit.example{item.get('permalink', '/r/acme/')}'/><published>{at}</published>"
        f"<title>{item.get('title', '/u/bo on Post 7')}</title><content type='html'>{escape(content)}</content></entry>"
    )


def feed(*items: dict[str, Any]) -> str:
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>r</title>{''.join(map(entry, items))}</feed>"


@pytest.fixture
def clients() -> Iterator[Callable[[], Client]]:
    """Clients that know nothing of each other, as those of visits that lie a minute apart."""
    made: list[Client] = []

    def make() -> Client:
        made.append(Client(user_agent="Groundswell tests", allow_private=True, clock=lambda: NOW))
        return made[-1]

    yield make
    for client in made:
        client.close()


def test_a_post_becomes_a_mention(site: Site, visit: Visits) -> None:
    serve(site, post(7))
    (mention,) = reddit.fetch(options(site), visit()).mentions
    assert (mention.key, mention.title, mention.text) == ("reddit:t3_7", "Post 7", "Why & *how*")
    assert mention.url == "https://www.reddit.com/r/acme/comments/7/post_7/"
    assert (mention.author, mention.handle) == ("ann", "ann")
    assert mention.published.at.timestamp() == NOON - 3600 + 7
    assert mention.engagement == Engagement(likes=5, replies=2, reposts=1)


def test_the_feed_and_the_api_make_the_same_mention_of_a_post_but_for_its_figures(site: Site, visit: Visits) -> None:
    serve(site, post(7))
    site.serve("/search.rss", feed(post(7)))
    (by_api,) = reddit.fetch(options(site), visit()).mentions
    (by_feed,) = reddit.fetch(feed_options(site), visit()).mentions
    for name in ("key", "title", "text", "url", "author", "handle", "published"):
        assert getattr(by_feed, name) == getattr(by_api, name)
    assert by_feed.engagement == Engagement()


@pytest.mark.parametrize(("make", "suffix"), [(options, ""), (feed_options, "/.rss")])
def test_comments_of_a_subreddit_are_read_beside_the_search(
    make: Callable[..., reddit.Options], suffix: str, site: Site, visit: Visits, clients: Callable[[], Client]
) -> None:
    serve(site, path="/r/acme/search")
    serve(site, comment(8), path="/r/acme/comments")
    site.serve("/r/acme/search.rss", feed())
    site.serve("/r/acme/comments/.rss", feed(comment(8)))
    configured = make(site, subreddit="acme", comments=True)
    first = reddit.fetch(configured, visit(http=clients()))
    second = reddit.fetch(configured, visit(first.cursor, http=clients()))
    (mention,) = {mention.key: mention for mention in (*first.mentions, *second.mentions)}.values()
    assert (mention.title, mention.text, mention.handle) == ("", "No way", "bo")
    assert mention.engagement == Engagement()
    asked = {each.path: each.query for each in site.asked}
    assert "q" not in asked[f"/r/acme/comments{suffix}"]
    assert asked["/r/acme/search" + (".rss" if suffix else "")]["restrict_sr"] == "1"


@pytest.mark.parametrize("gone", ["[deleted]", "[removed]"])
def test_what_was_taken_back_is_not_kept(gone: str, site: Site, visit: Visits) -> None:
    serve(site, post(1, selftext=gone, author="[deleted]"), comment(2, body=gone))
    found = reddit.fetch(options(site), visit())
    (mention,) = found.mentions
    assert (mention.title, mention.text, mention.author, mention.handle) == ("Post 1", "", None, None)
    assert found.warnings == ("1 post skipped: no text.",)


def test_an_application_is_let_in_once_a_day_and_its_secret_goes_to_the_site_alone(site: Site, visit: Visits) -> None:
    serve(site, post(1))
    first = reddit.fetch(options(site), visit())
    reddit.fetch(options(site), visit(first.cursor, now=NOW + timedelta(hours=23)))
    reddit.fetch(options(site), visit(first.cursor, now=NOW + timedelta(hours=24)))
    logins = [asked for asked in site.asked if asked.path == LOGIN]
    assert [asked.body for asked in logins] == [b"grant_type=client_credentials"] * 2
    basic = "Basic " + b64encode(b"id:hunter2").decode()
    assert {(asked.path == LOGIN, asked.headers["authorization"]) for asked in site.asked} == {
        (True, basic),
        (False, "Bearer opened"),
    }


@pytest.mark.parametrize("answer", [{"error": "invalid_grant"}, {"access_token": ""}, [], {"access_token": "x"}])
def test_an_answer_that_grants_nothing_is_an_error_without_secrets(answer: Any, site: Site, visit: Visits) -> None:
    site.serve_json(LOGIN, answer)
    configured = options(site)
    with pytest.raises(SourceError, match="grants no access") as caught:
        reddit.fetch(configured, visit())
    assert "hunter2" not in f"{caught.value} {configured!r}"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [({"client_secret": None}, "together"), ({"client_id": ""}, "together"), ({"comments": True}, "name it")],
)
def test_settings_that_do_not_fit_together_are_refused(changes: dict[str, Any], problem: str, site: Site) -> None:
    with pytest.raises(ValueError, match=problem):
        options(site, **changes)


def at_its_time(number: int) -> dict[str, Any]:
    return post(number, created_utc=NOON - 50_000 + 700 * number)


class Board:
    """Shows posts as Reddit does: newest first, five at a time, and nothing after a post that is gone."""

    def __init__(self, site: Site, posts: int) -> None:
        self.site = site
        self.numbers = list(range(1, posts + 1))
        serve(site)
        site.answer("/search", self.listing)
        site.answer("/search.rss", self.feed)

    def page(self, asked: Asked) -> list[int]:
        shown = self.numbers[::-1]
        after = asked.query.get("after", "")
        if not after:
            return shown[:5]
        number = int(after.removeprefix("t3_"))
        return shown[shown.index(number) + 1 :][:5] if number in shown else []

    def listing(self, asked: Asked) -> Reply:
        page = self.page(asked)
        after = f"t3_{page[-1]}" if page and page[-1] != self.numbers[0] else None
        children = [{"data": at_its_time(number)} for number in page]
        return self.site.reply(json.dumps({"data": {"children": children, "after": after}}).encode())

    def feed(self, asked: Asked) -> Reply:
        return self.site.reply(feed(*map(at_its_time, self.page(asked))).encode())


def test_pages_are_read_to_what_is_known_and_what_is_left_by_the_next_visit(site: Site, visit: Visits) -> None:
    board = Board(site, 17)
    first = reddit.fetch(options(site, pages=2), visit())
    assert first.behind
    second = reddit.fetch(options(site), visit(first.cursor))
    assert {m.key for m in (*first.mentions, *second.mentions)} == {f"reddit:t3_{n}" for n in board.numbers}
    board.numbers += [20, 21]
    site.asked.clear()
    third = reddit.fetch(options(site), visit(second.cursor))
    assert {"reddit:t3_20", "reddit:t3_21"} <= {mention.key for mention in third.mentions}
    assert (len(site.asked), third.behind) == (1, False)


def test_a_post_that_was_deleted_while_paging_does_not_end_the_reading(site: Site, visit: Visits) -> None:
    board = Board(site, 12)
    first = reddit.fetch(options(site, pages=1), visit())
    board.numbers.remove(8)
    second = reddit.fetch(options(site), visit(first.cursor))
    assert {m.key for m in second.mentions} >= {f"reddit:t3_{number}" for number in range(1, 8)}


def test_of_the_feed_one_page_is_read_at_a_visit_and_searches_take_turns(
    site: Site, visit: Visits, clients: Callable[[], Client]
) -> None:
    site.serve("/r/acme/search.rss", feed(post(1, created_utc=NOON - 30 * 86_400)))
    site.serve("/r/acme/comments/.rss", feed(comment(2, created_utc=NOON - 30 * 86_400)))
    cursor, behind = dict[str, str](), list[bool]()
    for _ in range(4):
        configured = feed_options(site, subreddit="acme", comments=True)
        found = reddit.fetch(configured, visit(cursor, http=clients()))
        cursor, behind = dict(found.cursor), [*behind, found.behind]
    assert [asked.path for asked in site.asked] == ["/r/acme/search.rss", "/r/acme/comments/.rss"] * 2
    assert behind == [True, False] * 2


def test_the_feed_is_read_to_its_end_in_as_many_visits_as_it_takes(
    site: Site, visit: Visits, clients: Callable[[], Client]
) -> None:
    board, brought, cursor = Board(site, 12), set[str](), dict[str, str]()
    found: Fetched | None = None
    for _ in range(9):
        if found is None or found.behind:
            found = reddit.fetch(feed_options(site), visit(cursor, http=clients()))
            cursor, brought = dict(found.cursor), brought | {mention.key for mention in found.mentions}
    assert found
    assert not found.behind
    assert brought == {f"reddit:t3_{number}" for number in board.numbers}


def test_the_feed_is_asked_once_a_minute(site: Site, visit: Visits) -> None:
    site.serve("/search.rss", feed(post(1)))
    cursor = reddit.fetch(feed_options(site), visit()).cursor
    with pytest.raises(HostBusyError, match="60 seconds"):
        reddit.fetch(feed_options(site), visit(cursor))
    assert len(site.asked) == 1


def test_what_is_neither_post_nor_comment_is_skipped(site: Site, visit: Visits) -> None:
    site.serve("/search.rss", feed(post(1), post(2, name="t5_2qh23")))
    found = reddit.fetch(feed_options(site), visit())
    assert [mention.key for mention in found.mentions] == ["reddit:t3_1"]
    assert found.warnings == ("1 post skipped: not as Reddit describes them.",)


WRONG: list[Any] = [None, True, -1, 10**30, 1.5, "odd", "", [], {}, "//evil.example/x"]


@pytest.mark.parametrize(("name", "value"), list(product(post(1), WRONG)), ids=str)
def test_an_odd_field_costs_at_most_its_own_post(name: str, value: Any, site: Site, visit: Visits) -> None:
    serve(site, post(1, **{name: value}), post(2))
    found = reddit.fetch(options(site), visit())
    kept = {mention.key for mention in found.mentions}
    assert "reddit:t3_2" in kept
    assert len(kept) == 2 or name == "name"
    assert all(
        (mention.url or "https://www.reddit.com/").startswith("https://www.reddit.com/") for mention in found.mentions
    )
