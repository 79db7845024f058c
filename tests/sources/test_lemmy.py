"""Lemmy's search in both of its shapes, from a small server that pages as Lemmy does."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from mentions.mention import Engagement
from mentions.query.terms import of_phrases
from sources import lemmy
from sources.contract import SourceError, Visit

if TYPE_CHECKING:
    from tests.sources.conftest import Asked, Reply, Site

Visits = Callable[..., Visit]
NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
V3, V4 = "/api/v3/search", "/api/v4/search"
ANN = {"name": "ann", "display_name": "Ann", "actor_id": "https://home.example/u/ann"}


def at(number: int) -> str:
    return (NOW - timedelta(days=2) + number * timedelta(minutes=10)).isoformat().replace("+00:00", "Z")


def post(number: int, **changes: Any) -> dict[str, Any]:
    said = {
        "ap_id": f"https://home.example/post/{number}",
        "name": f"Post {number}",
        "body": "Why & *how*",
        "published": at(number),
        "deleted": False,
        "removed": False,
        **changes,
    }
    return {"post": said, "creator": ANN, "counts": {"upvotes": 3, "comments": 2, "score": 1}}


def comment(number: int, **changes: Any) -> dict[str, Any]:
    said = {"ap_id": f"https://home.example/comment/{number}", "content": "No way", "published": at(number), **changes}
    return {**post(1), "comment": said, "counts": {"upvotes": 1, "child_count": 4, "comments": 9}}


def newer(view: dict[str, Any]) -> dict[str, Any]:
    """The same in the shape of version 4, which keeps counts with what is counted."""
    what = "comment" if "comment" in view else "post"
    said = {**view[what], **view["counts"]}
    said["published_at"] = said.pop("published")
    creator = {"name": "ann", "display_name": "Ann", "ap_id": ANN["actor_id"]}
    return {"type_": what, **view, what: said, "creator": creator, "counts": None}


def options(site: Site, **changes: Any) -> lemmy.Options:
    return lemmy.Options(**{"server": site.url, "query": "acme", **changes})


def test_both_shapes_become_the_same_mentions(site: Site, visit: Visits) -> None:
    site.serve_json(V3, {"posts": [post(7)], "comments": [comment(8)], "communities": [], "users": []})
    others = [{"type_": "community", "community": {}}, {"type_": "person", "person": {}}]
    site.serve_json(V4, {"search": [newer(comment(8)), *others, newer(post(7))], "next_page": None})
    by_v3 = lemmy.fetch(options(site, api="v3"), visit())
    by_v4 = lemmy.fetch(options(site, api="v4"), visit())
    first, second = by_v3.mentions
    assert set(by_v4.mentions) == {first, second}
    assert by_v4.warnings == by_v3.warnings == ()
    assert (first.key, first.url) == ("lemmy:https://home.example/post/7", "https://home.example/post/7")
    assert (first.title, first.text, first.language) == ("Post 7", "Why & *how*", None)
    assert (first.author, first.handle) == ("Ann", "ann@home.example")
    assert first.published.at == datetime.fromisoformat(at(7))
    assert first.engagement == Engagement(likes=3, replies=2)
    assert (second.key, second.title, second.text) == ("lemmy:https://home.example/comment/8", "", "No way")
    assert second.engagement == Engagement(likes=1, replies=4)


def test_a_server_without_the_older_interface_is_asked_by_the_newer_from_then_on(site: Site, visit: Visits) -> None:
    site.serve_json(V4, {"search": [newer(post(7))]})
    first = lemmy.fetch(options(site), visit())
    again = lemmy.fetch(options(site), visit(first.cursor))
    assert first.mentions == again.mentions
    assert [asked.path for asked in site.asked] == [V3, V4, V4]
    assert site.asked[-1].query["search_term"] == "acme"


def test_an_outage_is_no_reason_to_try_the_other_interface(site: Site, visit: Visits) -> None:
    site.serve(V3, status=502)
    with pytest.raises(SourceError):
        lemmy.fetch(options(site), visit())
    assert [asked.path for asked in site.asked] == [V3]


def test_a_server_that_has_neither_is_named_by_its_first_answer(site: Site, visit: Visits) -> None:
    with pytest.raises(SourceError, match="404") as caught:
        lemmy.fetch(options(site, token="hunter2"), visit())  # noqa: S106  not a password
    assert caught.value.subject.endswith(V3)
    assert "hunter2" not in str(caught.value)
    assert {asked.headers["authorization"] for asked in site.asked} == {"Bearer hunter2"}


@pytest.mark.parametrize("gone", ["deleted", "removed"])
def test_what_was_taken_back_is_not_kept(gone: str, site: Site, visit: Visits) -> None:
    site.serve_json(V3, {"posts": [post(1, **{gone: True}), post(2)], "comments": [comment(3, **{gone: True})]})
    found = lemmy.fetch(options(site), visit())
    assert [mention.title for mention in found.mentions] == ["Post 2"]
    assert found.warnings == ()


def test_an_address_that_is_no_link_is_not_shown(site: Site, visit: Visits) -> None:
    site.serve_json(V3, {"posts": [{**post(1, ap_id="javascript:x"), "creator": {"name": "bo"}}], "comments": []})
    (mention,) = lemmy.fetch(options(site), visit()).mentions
    assert (mention.key, mention.url, mention.handle, mention.author) == ("lemmy:javascript:x", None, "bo", "bo")


def test_the_brands_phrases_are_searched_one_by_one_without_quotes(site: Site, visit: Visits) -> None:
    site.serve_json(V3, {"posts": [], "comments": []})
    lemmy.fetch(options(site, query=""), visit(queries=(of_phrases(["Acme Air", "Zenith"]),)))
    assert sorted(asked.query["q"].lower() for asked in site.asked) == ["acme air", "zenith"]
    assert {(asked.query["sort"], asked.query["limit"]) for asked in site.asked} == {("New", "50")}


class Server:
    """Every fifth is a comment; newest first; in version 3 up to fifty of each on a page."""

    def __init__(self, site: Site, number: int) -> None:
        self.site = site
        self.numbers = list(range(number))
        site.answer(V3, self.pages)
        site.answer(V4, self.cursors)

    def pages(self, asked: Asked) -> Reply:
        start = (int(asked.query.get("page", "1")) - 1) * 50
        newest = self.numbers[::-1]
        posts = [post(each) for each in newest if each % 5][start : start + 50]
        comments = [comment(each) for each in newest if each % 5 == 0][start : start + 50]
        return self.site.reply(json.dumps({"posts": posts, "comments": comments}).encode())

    def cursors(self, asked: Asked) -> Reply:
        below = int(asked.query.get("page_cursor", "P9999")[1:])
        page = [each for each in self.numbers[::-1] if each < below][:50]
        views = [newer(post(each) if each % 5 else comment(each)) for each in page]
        following = f"P{page[-1]}" if page and page[-1] else None
        return self.site.reply(json.dumps({"items": views, "next_page": following}).encode())


@pytest.mark.parametrize("api", ["v3", "v4"])
@pytest.mark.parametrize("pages", [1, 2, 9])
def test_nothing_is_passed_over_in_however_many_visits(api: Any, pages: int, site: Site, visit: Visits) -> None:
    server, brought, cursor, behind = Server(site, 230), set[str](), dict[str, str](), True
    for each in range(20):
        if behind:
            found = lemmy.fetch(options(site, api=api, pages=pages), visit(cursor))
            cursor, behind = dict(found.cursor), found.behind
            brought |= {mention.key.rpartition("/")[2] for mention in found.mentions}
            server.numbers += [230 + each] if each < 3 else []
    assert not behind
    assert brought >= {str(number) for number in range(230)}
    site.asked.clear()
    server.numbers.append(280)
    found = lemmy.fetch(options(site, api=api), visit(cursor))
    assert "lemmy:https://home.example/comment/280" in {mention.key for mention in found.mentions}
    assert len(site.asked) == 1


def test_comments_that_reach_further_back_do_not_end_the_reading_of_posts(site: Site, visit: Visits) -> None:
    server = Server(site, 60)
    cursor = lemmy.fetch(options(site), visit()).cursor
    server.numbers = list(range(260))
    found = lemmy.fetch(options(site), visit(cursor))
    assert {int(mention.key.rpartition("/")[2]) for mention in found.mentions} >= set(range(60, 260))


def test_a_place_of_one_interface_means_nothing_to_the_other(site: Site, visit: Visits) -> None:
    Server(site, 230)
    first = lemmy.fetch(options(site, pages=1), visit())
    site.serve(V3, status=404)
    site.asked.clear()
    second = lemmy.fetch(options(site), visit(first.cursor))
    assert "2" not in {asked.query.get("page_cursor") for asked in site.asked}
    assert len({mention.key for mention in second.mentions}) == 230


WRONG: list[Any] = [None, True, -1, 10**30, 1.5, "odd", "", [], {}, [None]]


@pytest.mark.parametrize(("name", "value"), list(product(post(1)["post"], WRONG)), ids=str)
def test_an_odd_field_costs_at_most_its_own_post(name: str, value: Any, site: Site, visit: Visits) -> None:
    site.serve_json(V3, {"posts": [post(1, **{name: value}), post(2)], "comments": []})
    found = lemmy.fetch(options(site), visit())
    kept = {mention.title for mention in found.mentions}
    assert "Post 2" in kept
    assert len(found.mentions) == 2 or (name == "ap_id" and len(found.warnings) == 1) or value is True


@pytest.mark.parametrize("name", ["creator", "counts"])
@pytest.mark.parametrize("value", WRONG, ids=str)
def test_who_said_it_and_what_was_counted_may_be_odd(name: str, value: Any, site: Site, visit: Visits) -> None:
    site.serve_json(V3, {"posts": [{**post(1), name: value}], "comments": []})
    assert len(lemmy.fetch(options(site), visit()).mentions) == 1
