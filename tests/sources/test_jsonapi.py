"""Any JSON API: fields by expressions, pages in three ways, secrets kept to their server."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from mentions.mention import Dating, Engagement, Rating, RatingScale
from mentions.query.terms import of_phrases
from sources import jsonapi
from sources.contract import Fetched, SourceError, Visit, fingerprint
from tests.sources.conftest import NOW

if TYPE_CHECKING:
    from tests.sources.conftest import Asked, Reply, Site

Visits = Callable[..., Visit]
FIELDS = {"id": "id", "text": "text"}


def options(site: Site, path: str = "/posts", **changes: Any) -> jsonapi.Options:
    return jsonapi.Options(**{"url": site.url + path, "fields": FIELDS, **changes})


def post(number: int, **changes: Any) -> dict[str, Any]:
    return {"id": number, "text": f"post {number}", **changes}


def collect(site: Site, visit: Visit, *posts: Any, **changes: Any) -> Fetched:
    site.serve_json("/posts", list(posts))
    return jsonapi.fetch(options(site, **changes), visit)


EVERYTHING = {
    "id": "uid",
    "title": "head",
    "text": "body.content",
    "url": "join('', ['https://acme.example/', slug])",
    "author": "by.name",
    "handle": "by.account",
    "published": "at",
    "language": "lang",
    "likes": "counts[0]",
    "replies": "counts[1]",
    "reposts": "counts[2]",
    "followers": "by.fans",
    "rating": "score",
}


def test_every_field_is_taken_from_where_the_settings_say(site: Site, visit: Visits) -> None:
    item = {
        "uid": 7,
        "head": "Late\nagain",
        "body": {"content": "never\nmind <3"},
        "slug": "x",
        "by": {"name": "Ann", "account": 99, "fans": "12"},
        "at": "2026-03-10T11:00:00+01:00",
        "lang": "en_GB",
        "counts": [1, "2", None],
        "score": "2",
    }
    site.serve_json("/posts", {"data": {"items": [item]}})
    rated: dict[str, Any] = {"rating_worst": 0, "rating_best": 10, "rating_scale": "nps"}
    (mention,) = jsonapi.fetch(options(site, items="data.items", fields=EVERYTHING, **rated), visit()).mentions
    assert mention.key == f"jsonapi:{fingerprint(site.url + '/posts')}:7"
    assert (mention.title, mention.text) == ("Late again", "never\nmind <3")
    assert mention.url == "https://acme.example/x"
    assert (mention.author, mention.handle, mention.followers) == ("Ann", "99", 12)
    assert mention.published.at.isoformat() == "2026-03-10T10:00:00+00:00"
    assert mention.language == "en"
    assert mention.engagement == Engagement(likes=1, replies=2, reposts=None)
    assert mention.rating == Rating(2, 0, 10, RatingScale.NPS)


def test_an_id_that_is_an_address_is_the_same_in_every_api(site: Site, visit: Visits) -> None:
    (mention,) = collect(site, visit(), post(1, id="https://acme.example/1")).mentions
    assert mention.key == "jsonapi:https://acme.example/1"


def test_html_is_read_as_such_only_where_the_settings_say_so(site: Site, visit: Visits) -> None:
    marked = post(1, text="<p>Fish &amp; chips")
    assert collect(site, visit(), marked).mentions[0].text == "<p>Fish &amp; chips"
    assert collect(site, visit(), marked, html=True).mentions[0].text == "Fish & chips"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-03-10T11:00:00Z", "2026-03-10T11:00:00+00:00"),
        ("2026-03-10 11:00:00", "2026-03-10T11:00:00+00:00"),
        ("2026-03-10T11:00:00.5+0100", "2026-03-10T10:00:00.500000+00:00"),
        ("2026-03-10", "2026-03-10T00:00:00+00:00"),
        ("Tue, 10 Mar 2026 11:00:00 +0200", "2026-03-10T09:00:00+00:00"),
        ("10 Mar 2026 11:00:00 GMT", "2026-03-10T11:00:00+00:00"),
        (1773140400, "2026-03-10T11:00:00+00:00"),
        ("1773140400", "2026-03-10T11:00:00+00:00"),
        (1773140400123, "2026-03-10T11:00:00.123000+00:00"),
        ("yesterday", None),
        (True, None),
        (10**40, None),
        ([1], None),
    ],
)
def test_times_are_read_in_all_usual_forms(written: Any, read: str | None, site: Site, visit: Visits) -> None:
    (mention,) = collect(site, visit(), post(1, at=written), fields={**FIELDS, "published": "at"}).mentions
    if read is None:
        assert mention.published.dating in {Dating.MISSING, Dating.ABSURD}
    else:
        assert (mention.published.at.isoformat(), mention.published.dating) == (read, Dating.STATED)


WRONG: list[Any] = [None, True, -1, 10**30, 1.5, "odd", "", [], {}, "javascript:x"]


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
def test_odd_fields_cost_at_most_their_own_post(wrong: Any, site: Site, visit: Visits) -> None:
    odd = dict.fromkeys(["head", "slug", "at", "lang", "counts", "score", "by"], wrong)
    site.serve_json("/posts", [{"uid": 1, "body": {"content": "x"}, **odd}, {"uid": wrong, "body": {"content": "y"}}])
    result = jsonapi.fetch(options(site, fields={**EVERYTHING, "url": "slug"}), visit())
    assert result.mentions[0].key.endswith(":1")
    assert result.mentions[0].url is None
    assert len(result.mentions) + len(result.warnings) == 2


def test_a_rating_off_its_scale_is_left_out(site: Site, visit: Visits) -> None:
    rated = [post(n, stars=stars) for n, stars in enumerate([0, 1, 5, 6, "NaN"])]
    result = collect(site, visit(), *rated, fields={**FIELDS, "rating": "stars"})
    assert [mention.rating and mention.rating.value for mention in result.mentions] == [None, 1, 5, None, None]


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"url": "https://acme.example/{user}"}, r"no other placeholders than .* and not \{user\}"),
    ({"url": "https://{query}.example/"}, "must name its host"),
    ({"url": "https://acme.example/?c={cursor}"}, "under next where the token"),
    ({"url": "https://acme.example/?p={page}", "next": "next"}, "either by {page} or by next"),
    ({"query": "acme"}, "must have {query}"),
    ({"rating_worst": 5}, "two different figures"),
    ({"items": "data["}, "items\n.* this ends too early at character 6"),
    ({"fields": {"id": "id", "text": "a b"}}, r"fields\.text\n.* cannot be read at character 3"),
    ({"fields": {"id": "id"}}, "where the title or the text is"),
]


@pytest.mark.parametrize(("changes", "problem"), REFUSED, ids=lambda value: str(value)[:40])
def test_settings_that_cannot_work_are_refused_when_they_are_read(changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        jsonapi.Options(**{"url": "https://acme.example/", "fields": FIELDS, **changes})


def test_placeholders_are_filled_in_and_encoded_and_secrets_are_sent(site: Site, visit: Visits) -> None:
    site.serve_json("*", [])
    asking = options(
        site,
        "/find/{query}?from={since}",
        params={"key": "s3cret", "q": "{query}", "p": "{page}"},
        headers={"X-Token": "t0ken"},
        since_format="milliseconds",
        quotes=True,
    )
    assert "s3cret" not in repr(asking)
    assert "t0ken" not in repr(asking)
    jsonapi.fetch(asking, visit(queries=(of_phrases(["Acme Air/{page}?&"]),)))
    (asked,) = site.asked
    assert asked.path == "/find/%22Acme%20Air%2F%7Bpage%7D%3F%26%22"
    since = int((NOW - timedelta(days=21)).timestamp() * 1000)
    assert asked.query == {"from": str(since), "key": "s3cret", "q": '"Acme Air/{page}?&"', "p": "1"}
    assert asked.headers["x-token"] == "t0ken"


def test_nothing_to_search_for_is_an_error(site: Site, visit: Visits) -> None:
    with pytest.raises(SourceError, match="nothing to search for"):
        jsonapi.fetch(options(site, "/find?q={query}"), visit())


class Board:
    """An API that lists posts newest first, three a page, and pages in every way."""

    def __init__(self, site: Site, newest: int) -> None:
        self.site, self.newest = site, newest
        self.next = "/posts?at={}"
        site.answer("/posts", self._answer)

    def _answer(self, asked: Asked) -> Reply:
        start = int(asked.query.get("at") or int(asked.query.get("page", 1)) * 3 - 3)
        numbers = range(self.newest - start, max(self.newest - start - 3, 0), -1)
        more = self.newest - start > 3
        body = {
            "posts": [post(number) for number in numbers],
            "token": start + 3 if more else "",
            "link": self.next.format(start + 3) if more else None,
        }
        return self.site.reply(json.dumps(body).encode())


WAYS: list[tuple[str, dict[str, Any]]] = [
    ("/posts?page={page}", {}),
    ("/posts?at={cursor}", {"next": "token"}),
    ("/posts", {"next": "link"}),
]


def numbers(result: Fetched) -> set[int]:
    return {int(mention.key.rpartition(":")[2]) for mention in result.mentions}


@pytest.mark.parametrize(("path", "changes"), WAYS)
def test_pages_are_read_until_known_posts_are_met_and_what_has_no_room_comes_later(
    path: str, changes: Mapping[str, Any], site: Site, visit: Visits
) -> None:
    board = Board(site, 10)
    asking = options(site, path, items="posts", pages=2, **changes)
    first = jsonapi.fetch(asking, visit())
    assert (numbers(first), first.behind) == ({5, 6, 7, 8, 9, 10}, False)
    asked = len(site.asked)
    assert numbers(jsonapi.fetch(asking, visit(first.cursor))) == {8, 9, 10}
    assert len(site.asked) == asked + 1
    board.newest = 30
    brought: set[int] = set()
    behind: list[bool] = []
    cursor = first.cursor
    for _ in range(9):
        result = jsonapi.fetch(asking, visit(cursor))
        brought |= numbers(result)
        cursor, behind = result.cursor, [*behind, result.behind]
    assert brought >= set(range(11, 31))
    assert (behind[:3], behind[-1]) == ([True, True, True], False)
    assert numbers(jsonapi.fetch(asking, visit(cursor, fresh=True))) == set(range(25, 31))


def test_secrets_do_not_follow_a_next_page_to_another_server(site: Site, visit: Visits) -> None:
    board = Board(site, 10)
    board.next = "http://elsewhere.example/posts?at={}"
    asking = options(site, items="posts", next="link", headers={"X-Token": "t0ken"})
    with pytest.raises(SourceError, match="on another server"):
        jsonapi.fetch(asking, visit())
    board.next = "//[broken"
    with pytest.raises(SourceError, match="no address"):
        jsonapi.fetch(asking, visit())


def test_secret_parameters_are_sent_to_the_next_page_and_not_kept_in_the_cursor(site: Site, visit: Visits) -> None:
    board = Board(site, 10)
    board.next = site.url.replace("http://", "https://") + "/posts?at={}&key=s3cret#top"
    asking = options(site, items="posts", next="link", params={"key": "s3cret"}, pages=1)
    cursor = jsonapi.fetch(asking, visit()).cursor
    board.newest = 20
    result = jsonapi.fetch(asking, visit(cursor))
    assert result.behind
    assert "s3cret" not in str(result.cursor)
    assert [value for name, value in result.cursor.items() if name.startswith("resume")] == [f"{site.url}/posts?at=3"]
    jsonapi.fetch(asking, visit(result.cursor))
    assert site.asked[-1].query == {"at": "3", "key": "s3cret"}


def test_where_the_service_leaves_out_what_is_old_its_pages_are_read_to_their_end(site: Site, visit: Visits) -> None:
    Board(site, 7)
    asking = options(site, "/posts?page={page}&since={since}", items="posts")
    first = jsonapi.fetch(asking, visit())
    assert numbers(first) == set(range(1, 8))
    assert numbers(jsonapi.fetch(asking, visit(first.cursor))) == set(range(1, 8))
    assert site.asked[0].query["since"] == "2026-02-17T12:00:00Z"
    assert site.asked[-1].query["since"] == "2026-03-10T11:00:00Z"


def test_posts_from_long_before_the_last_visit_end_the_reading_though_all_known_ones_are_gone(
    site: Site, visit: Visits
) -> None:
    asking: dict[str, Any] = {"fields": {**FIELDS, "published": "at"}, "path": "/posts?page={page}"}
    cursor = collect(site, visit(), post(5, at="2026-03-10T11:00:00Z"), **asking).cursor
    result = collect(site, visit(cursor), post(2, at="2026-03-09T10:00:00Z"), **asking)
    assert not result.behind
    assert len(site.asked) == 11


def test_an_answer_without_pages_in_which_all_is_new_is_worth_a_warning(site: Site, visit: Visits) -> None:
    cursor = collect(site, visit(), post(2), post(1)).cursor
    known = collect(site, visit(cursor), post(3), post(2))
    assert known.warnings == ()
    (warning,) = collect(site, visit(known.cursor), post(9), post(8)).warnings
    assert "some may be missing" in warning


def test_a_changed_setting_starts_afresh(site: Site, visit: Visits) -> None:
    cursor = collect(site, visit(), post(1), params={"board": "a"}).cursor
    assert collect(site, visit(cursor), post(1), params={"board": "a"}).cursor["asked"] == cursor["asked"]
    assert collect(site, visit(cursor), post(1), params={"board": "b"}).cursor["asked"] != cursor["asked"]
