"""Bluesky's search, from a small server that opens sessions and pages as Bluesky does."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from mentions.mention import Engagement
from mentions.query.terms import of_phrases
from sources import bluesky
from sources.contract import SourceError, Visit

if TYPE_CHECKING:
    from tests.sources.conftest import Asked, Reply, Site

Visits = Callable[..., Visit]
NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
LOGIN = "/xrpc/com.atproto.server.createSession"
SEARCH = "/xrpc/app.bsky.feed.searchPosts"


def jwt(until: datetime) -> str:
    claims = base64.urlsafe_b64encode(json.dumps({"exp": int(until.timestamp())}).encode()).decode().rstrip("=")
    return f"head.{claims}.signature"


TOKEN = jwt(NOW + timedelta(hours=2))


def post(number: int, text: str = "", record: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    return {
        "uri": f"at://did:plc:ann/app.bsky.feed.post/{number}",
        "author": {"did": "did:plc:ann", "handle": "ann.example", "displayName": "Ann"},
        "record": {
            "text": text or f"Post {number}",
            "createdAt": "2026-03-10T11:00:00.000Z",
            "langs": ["en-GB", "fr"],
            **(record or {}),
        },
        "indexedAt": "2026-03-10T11:00:01.500Z",
        "likeCount": 3,
        "replyCount": 2,
        "repostCount": 4,
        "quoteCount": 1,
        **changes,
    }


def options(site: Site, **changes: Any) -> bluesky.Options:
    values = {"server": site.url, "account": "@acme.example", "app_password": "hunter2", "query": "acme"}
    return bluesky.Options(**{**values, **changes})


def serve(site: Site, *posts: Any, token: str = TOKEN) -> None:
    site.serve_json(LOGIN, {"accessJwt": token, "refreshJwt": "r"})
    site.serve_json(SEARCH, {"posts": list(posts)})


def text_of(site: Site, visit: Visit, described: dict[str, Any]) -> str:
    serve(site, described)
    (mention,) = bluesky.fetch(options(site), visit).mentions
    return mention.text


def test_a_post_becomes_a_mention(site: Site, visit: Visits) -> None:
    serve(site, post(7))
    (mention,) = bluesky.fetch(options(site), visit()).mentions
    assert mention.key == "bluesky:at://did:plc:ann/app.bsky.feed.post/7"
    assert mention.url == "https://bsky.app/profile/ann.example/post/7"
    assert (mention.title, mention.text, mention.language) == ("", "Post 7", "en")
    assert (mention.author, mention.handle) == ("Ann", "ann.example")
    assert mention.published.at.isoformat() == "2026-03-10T11:00:00+00:00"
    assert mention.engagement == Engagement(likes=3, replies=2, reposts=5)


@pytest.mark.parametrize(
    ("author", "url", "name"),
    [
        ({"did": "did:plc:ann", "handle": "handle.invalid"}, "did:plc:ann", "handle.invalid"),
        ({"did": "did:plc:ann", "handle": "a/../b"}, "a%2F..%2Fb", "a/../b"),
        (None, "did:plc:ann", None),
    ],
)
def test_the_web_address_falls_back_to_the_accounts_id(
    author: Any, url: str, name: str | None, site: Site, visit: Visits
) -> None:
    serve(site, post(7, author=author))
    (mention,) = bluesky.fetch(options(site), visit()).mentions
    assert mention.url == f"https://bsky.app/profile/{url}/post/7"
    assert (mention.author, mention.handle) == (name, name)


def test_a_date_of_the_authors_own_making_is_capped_at_when_it_was_indexed(site: Site, visit: Visits) -> None:
    dates = ("2026-03-10T11:59:00Z", None, "0001-01-01T00:00:00Z")
    serve(site, *(post(number, record={"createdAt": date}) for number, date in enumerate(dates)))
    found = bluesky.fetch(options(site), visit())
    assert {mention.published.at.isoformat() for mention in found.mentions} == {"2026-03-10T11:00:01.500000+00:00"}


def link(start: int, end: int, uri: str = "https://acme.example/the/whole") -> dict[str, Any]:
    return {"index": {"byteStart": start, "byteEnd": end}, "features": [{"uri": uri}]}


@pytest.mark.parametrize(
    ("text", "facets", "shown"),
    [
        ("ü acme.example/th...", [link(3, 21)], "ü https://acme.example/the/whole"),
        ("see https://acme.example/the/whole", [link(4, 34)], "see https://acme.example/the/whole"),
        ("read this now", [link(5, 9)], "read this (https://acme.example/the/whole) now"),
        ("a b", [link(2, 3, "https://b.example"), link(0, 1, "https://a.example")],
         "https://a.example https://b.example"),
        ("beyond", [link(3, 99), link(4, 2), link(2, 2)], "beyond"),
        ("odd", [None, {"index": {}}, {"index": {"byteStart": 0, "byteEnd": 2}, "features": [{}]}], "odd"),
        ("hi @bo", [{"index": {"byteStart": 3, "byteEnd": 6}, "features": [{"did": "did:plc:bo"}]}], "hi @bo"),
    ],
)  # fmt: skip
def test_links_are_shown_in_full(text: str, facets: list[Any], shown: str, site: Site, visit: Visits) -> None:
    assert text_of(site, visit(), post(1, text, {"facets": facets})) == shown


def test_tags_cards_pictures_and_quoted_posts_are_part_of_what_is_read(site: Site, visit: Visits) -> None:
    quoted = {"author": {"handle": "bo.example"}, "value": {"text": "Acme is down"}}
    embed = {
        "media": {"images": [{"alt": "An empty shop"}, {"alt": ""}], "external": {"title": "Acme closes"}},
        "record": {"record": quoted},
    }
    described = post(1, "Look #Acme", {"tags": ["acme", "sale"]}, embed=embed)
    assert text_of(site, visit(), described).splitlines() == [
        "Look #Acme", "#sale", "Acme closes", "An empty shop", "Quoting bo.example: Acme is down",
    ]  # fmt: skip
    assert text_of(site, visit(), post(2, "Hm", embed={"record": quoted})) == "Hm\nQuoting bo.example: Acme is down"
    assert text_of(site, visit(), post(3, "Gone", embed={"record": {"notFound": True}})) == "Gone"


def test_a_session_is_opened_with_the_app_password_and_used_until_it_ends(site: Site, visit: Visits) -> None:
    serve(site, post(1))
    first = bluesky.fetch(options(site), visit())
    bluesky.fetch(options(site), visit(first.cursor, now=NOW + timedelta(minutes=90)))
    bluesky.fetch(options(site), visit(first.cursor, now=NOW + timedelta(minutes=119)))
    logins = [asked for asked in site.asked if asked.path == LOGIN]
    assert [json.loads(asked.body) for asked in logins] == [{"identifier": "acme.example", "password": "hunter2"}] * 2
    searches = [asked.headers["authorization"] for asked in site.asked if asked.path == SEARCH]
    assert searches == [f"Bearer {TOKEN}"] * 3


@pytest.mark.parametrize("token", ["opaque", "a.b.c", f"a.{base64.b64encode(b'[]').decode()}.c"])
def test_a_session_that_does_not_say_when_it_ends_is_used_once(token: str, site: Site, visit: Visits) -> None:
    serve(site, post(1), token=token)
    first = bluesky.fetch(options(site), visit())
    bluesky.fetch(options(site), visit(first.cursor))
    assert [asked.path for asked in site.asked] == [LOGIN, SEARCH] * 2


def test_a_session_that_was_ended_is_opened_again(site: Site, visit: Visits) -> None:
    serve(site, post(1))
    cursor = bluesky.fetch(options(site), visit()).cursor
    fresh = jwt(NOW + timedelta(hours=3))
    site.serve_json(LOGIN, {"accessJwt": fresh})

    def answer(asked: Asked) -> Reply:
        known = asked.headers["authorization"].endswith(fresh)
        return site.reply(json.dumps({"posts": [post(2)]}).encode()) if known else site.reply(b"{}", status=400)

    site.answer(SEARCH, answer)
    again = bluesky.fetch(options(site), visit(cursor))
    assert [mention.text for mention in again.mentions] == ["Post 2"]
    assert again.cursor["token"] == fresh


def test_secrets_are_not_shown(site: Site, visit: Visits) -> None:
    site.serve_json(LOGIN, {"accessJwt": TOKEN})
    site.serve(SEARCH, status=500)
    configured = options(site)
    with pytest.raises(SourceError) as caught:
        bluesky.fetch(configured, visit())
    assert "hunter2" not in f"{caught.value} {configured!r}"
    assert TOKEN not in str(caught.value)
    site.serve(LOGIN, status=401)
    with pytest.raises(SourceError, match="does not let us in"):
        bluesky.fetch(configured, visit())


def test_the_brands_phrases_are_searched_one_by_one_in_the_language_that_is_set(site: Site, visit: Visits) -> None:
    serve(site)
    listening = visit(queries=(of_phrases(["Acme Air", "acme"]),))
    bluesky.fetch(options(site, query="", language="de"), listening)
    asked = [each.query for each in site.asked if each.path == SEARCH]
    assert len(asked) == 2
    assert '"Acme Air"' in {each["q"] for each in asked}
    assert {(each["lang"], each["sort"], each["limit"]) for each in asked} == {("de", "latest", "100")}
    assert {each["since"] for each in asked} == {"2026-02-17T11:50:00.000Z"}


class Index:
    """Answers as Bluesky does: what was written from ``since`` to before ``until``, newest first, five at a time."""

    def __init__(self, site: Site, times: list[datetime]) -> None:
        self.site = site
        self.times = times
        site.serve_json(LOGIN, {"accessJwt": TOKEN})
        site.answer(SEARCH, self.answer)

    def answer(self, asked: Asked) -> Reply:
        since = datetime.fromisoformat(asked.query["since"])
        until = datetime.fromisoformat(asked.query.get("until", "2100-01-01T00:00:00Z"))
        shown = sorted((at, number) for number, at in enumerate(self.times) if since <= at < until)[::-1]
        start = int(asked.query.get("cursor", "0"))
        page = [post(number, indexedAt=at.isoformat()) for at, number in shown[start : start + 5]]
        following = {"cursor": str(start + 5)} if len(shown) > start + 5 else {}
        return self.site.reply(json.dumps({"posts": page, **following}).encode())


@pytest.mark.parametrize("apart", [timedelta(minutes=3), timedelta(milliseconds=300), timedelta()])
@pytest.mark.parametrize("pages", [1, 2, 50])
def test_no_post_is_passed_over_however_close_together(apart: timedelta, pages: int, site: Site, visit: Visits) -> None:
    index = Index(site, [NOW - timedelta(hours=2) + number * apart for number in range(23)])
    brought, cursor, behind = set[str](), dict[str, str](), True
    for _ in range(40):
        if behind:
            found = bluesky.fetch(options(site, pages=pages), visit(cursor))
            cursor, behind = dict(found.cursor), found.behind
            brought |= {mention.text for mention in found.mentions}
    assert not behind
    assert brought == {f"Post {number}" for number in range(23)}
    site.asked.clear()
    index.times.append(NOW)
    again = bluesky.fetch(options(site, pages=50), visit(cursor))
    assert "Post 23" in {mention.text for mention in again.mentions}
    assert len(site.asked) <= 8


def test_an_outage_while_paging_keeps_nothing_half(site: Site, visit: Visits) -> None:
    index = Index(site, [NOW - timedelta(hours=1) + number * timedelta(minutes=2) for number in range(20)])
    site.answer(SEARCH, lambda asked: index.answer(asked) if "until" not in asked.query else site.reply(status=502))
    with pytest.raises(SourceError, match="problem of its own") as caught:
        bluesky.fetch(options(site), visit())
    assert not caught.value.permanent


WRONG: list[Any] = [None, True, -1, 10**30, 1.5, "odd", "", [], {}, [None], {"did": None}]


@pytest.mark.parametrize(("name", "value"), list(product(post(1), WRONG)), ids=str)
def test_an_odd_field_costs_at_most_its_own_post(name: str, value: Any, site: Site, visit: Visits) -> None:
    serve(site, {**post(1), name: value}, post(2))
    found = bluesky.fetch(options(site), visit())
    kept = {mention.text for mention in found.mentions}
    assert "Post 2" in kept
    assert len(kept) == 2 or (name in {"uri", "record"} and len(found.warnings) == 1)


@pytest.mark.parametrize("name", ["createdAt", "langs", "tags", "facets"])
@pytest.mark.parametrize("value", WRONG, ids=str)
def test_an_odd_field_of_a_record_costs_that_field(name: str, value: Any, site: Site, visit: Visits) -> None:
    serve(site, post(1, record={name: value}))
    assert len(bluesky.fetch(options(site), visit()).mentions) == 1
