"""X's recent search, from a small server that pages by ids and counts what it charges for."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from mentions.mention import Engagement
from mentions.query.terms import of_phrases
from sources import x
from sources.contract import Budget, BudgetError, SourceError, Visit

if TYPE_CHECKING:
    from tests.sources.conftest import Asked, Reply, Site

Visits = Callable[..., Visit]
NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
PATH = "/2/tweets/search/recent"
USERS = [
    {"id": "1", "username": "ann", "name": "Ann", "public_metrics": {"followers_count": 12}},
    {"id": "2", "username": "bo", "name": "Bo"},
]


def id_at(moment: datetime, number: int = 0) -> int:
    """An id as X makes them (https://docs.x.com/resources/fundamentals/x-ids)."""
    return (int(moment.timestamp() * 1000) - 1288834974657 << 22) + number


def post(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": str(number),
        "text": f"Post {number} &amp; more",
        "author_id": "1",
        "created_at": "2026-03-10T11:00:00.000Z",
        "lang": "en",
        "public_metrics": {
            "like_count": 3,
            "reply_count": 2,
            "retweet_count": 4,
            "quote_count": 1,
            "impression_count": 90,
        },
        **changes,
    }


def options(site: Site, **changes: Any) -> x.Options:
    return x.Options(**{"server": site.url, "token": "hunter2", "query": "acme", **changes})


def serve(site: Site, *posts: Any, beside: tuple[Any, ...] = (), **meta: Any) -> None:
    includes = {"users": USERS, "tweets": list(beside)}
    site.serve_json(PATH, {"data": list(posts), "includes": includes, "meta": {"result_count": len(posts), **meta}})


def test_a_post_becomes_a_mention(site: Site, visit: Visits) -> None:
    serve(site, post(7))
    (mention,) = x.fetch(options(site), visit()).mentions
    assert (mention.key, mention.url) == ("x:7", "https://x.com/ann/status/7")
    assert (mention.title, mention.text, mention.language) == ("", "Post 7 & more", "en")
    assert (mention.author, mention.handle, mention.followers) == ("Ann", "ann", 12)
    assert mention.published.at.isoformat() == "2026-03-10T11:00:00+00:00"
    assert mention.engagement == Engagement(likes=3, replies=2, reposts=5, views=90)


def test_everything_a_mention_needs_is_asked_for(site: Site, visit: Visits) -> None:
    serve(site)
    x.fetch(options(site, history_hours=48), visit())
    (asked,) = site.asked
    assert asked.headers["authorization"] == "Bearer hunter2"
    assert {"author_id", "created_at", "lang", "note_tweet", "public_metrics"} <= {
        *asked.query["tweet.fields"].split(",")
    }
    assert {"author_id", "referenced_tweets.id"} <= {*asked.query["expansions"].split(",")}
    assert asked.query["since_id"] == str(id_at(NOW - timedelta(hours=48)))
    assert asked.query["max_results"] == "100"


def test_a_long_post_is_read_whole_and_links_are_shown_in_full(site: Site, visit: Visits) -> None:
    links = {"urls": [{"url": "https://t.co/a", "expanded_url": "https://acme.example/a"}, None, {"url": ""}]}
    note = {"text": "All of it, at https://t.co/a", "entities": links}
    serve(site, post(1, note_tweet=note), post(2, text="See https://t.co/a", entities=links))
    texts = [mention.text for mention in x.fetch(options(site), visit()).mentions]
    assert texts == ["All of it, at https://acme.example/a", "See https://acme.example/a"]


def test_a_repost_says_what_the_original_says_with_a_voice_of_its_own(site: Site, visit: Visits) -> None:
    original = post(5, author_id="2", text="The whole text that a repost cuts")
    repost = post(9, text="RT @bo: The whole te…", referenced_tweets=[{"type": "retweeted", "id": "5"}])
    lost = post(8, text="RT @bo: Gone no…", referenced_tweets=[{"type": "retweeted", "id": "6"}])
    serve(site, repost, lost, beside=(original,))
    found = x.fetch(options(site), visit())
    assert [(mention.key, mention.text, mention.handle) for mention in found.mentions] == [
        ("x:9", "The whole text that a repost cuts", "ann"),
        ("x:8", "RT @bo: Gone no…", "ann"),
    ]
    assert found.mentions[0].engagement == Engagement()


def test_a_quote_shows_what_it_quotes(site: Site, visit: Visits) -> None:
    quote = post(9, text="Look", referenced_tweets=[{"type": "replied_to", "id": "4"}, {"type": "quoted", "id": "5"}])
    serve(site, quote, beside=(post(5, author_id="2", text="Acme is down"),))
    assert x.fetch(options(site), visit()).mentions[0].text == "Look\nQuoting bo: Acme is down"


@pytest.mark.parametrize(
    ("lang", "language"), [("und", None), ("qme", None), ("in", "id"), ("pt-BR", "pt"), (None, None)]
)
def test_codes_that_name_no_language_are_none(
    lang: str | None, language: str | None, site: Site, visit: Visits
) -> None:
    serve(site, post(1, lang=lang, author_id="77"))
    (mention,) = x.fetch(options(site), visit()).mentions
    assert (mention.language, mention.author, mention.url) == (language, None, "https://x.com/i/status/1")


def test_the_brands_queries_are_one_search_and_reposts_can_be_left_out(site: Site, visit: Visits) -> None:
    serve(site)
    listening = visit(queries=(of_phrases(["Acme Air", "acme"]),))
    x.fetch(options(site, query="", reposts=False), listening)
    (asked,) = site.asked
    assert asked.query["query"].startswith("(")
    assert asked.query["query"].endswith(") -is:retweet")
    assert {'"Acme', '"acme"'} <= {*asked.query["query"].strip("()").replace("(", "").replace(")", "").split()}


def test_the_token_is_never_shown(site: Site, visit: Visits) -> None:
    site.serve(PATH, status=401)
    configured = options(site)
    with pytest.raises(SourceError) as caught:
        x.fetch(configured, visit())
    assert "hunter2" not in f"{caught.value} {configured!r}"


class Paid:
    """Answers as X does: what is newer than ``since_id``, newest first, and counts what it charges for."""

    def __init__(self, site: Site, ids: list[int]) -> None:
        self.site = site
        self.ids = ids
        self.charged: list[int] = []
        self.least_since = 0
        site.answer(PATH, self.answer)

    def answer(self, asked: Asked) -> Reply:
        since, below = int(asked.query["since_id"]), int(asked.query.get("until_id", 2**63))
        if since < self.least_since:
            return self.site.reply(b"{}", status=400)
        token, _, given_for = asked.query.get("next_token", f"{2**63} {since}").partition(" ")
        if given_for != str(since):
            return self.site.reply(b"{}", status=400)
        below = min(below, int(token))
        size = int(asked.query["max_results"])
        assert 10 <= size <= 100
        shown = sorted((each for each in self.ids if since < each < below), reverse=True)
        page = shown[:size]
        self.charged += page
        meta = {"result_count": len(page), **({"next_token": f"{page[-1]} {since}"} if len(shown) > size else {})}
        return self.site.reply(json.dumps({"data": [post(each) for each in page], "meta": meta}).encode())


def ids_of(found: Any) -> list[int]:
    return [int(mention.key.removeprefix("x:")) for mention in found.mentions]


def test_nothing_is_read_twice_and_nothing_passed_over(site: Site, visit: Visits) -> None:
    service = Paid(site, [id_at(NOW - timedelta(minutes=each)) for each in range(1, 260)])
    first = x.fetch(options(site), visit(budget=Budget(500)))
    assert (sorted(ids_of(first)), first.behind) == (sorted(service.ids), False)
    service.ids.append(id_at(NOW))
    second = x.fetch(options(site), visit(first.cursor, fresh=True))
    assert ids_of(second) == [id_at(NOW)]
    assert len(service.charged) == len(set(service.charged)) == 260


def test_what_the_budget_leaves_is_read_later_and_what_is_new_comes_first(site: Site, visit: Visits) -> None:
    service = Paid(site, [id_at(NOW - timedelta(minutes=each)) for each in range(1, 260)])
    budget = Budget(125, "posts")
    first = x.fetch(options(site), visit(budget=budget))
    assert (len(ids_of(first)), budget.left, first.behind, first.warnings) == (125, 0, True, ())
    service.ids.append(id_at(NOW))
    tomorrow = NOW + timedelta(hours=12)
    second = x.fetch(options(site), visit(first.cursor, now=tomorrow, budget=Budget(500)))
    assert ids_of(second)[0] == id_at(NOW)
    assert sorted(service.charged) == sorted(service.ids)


def test_less_than_the_smallest_answer_is_left_for_tomorrow(site: Site, visit: Visits) -> None:
    Paid(site, [id_at(NOW - timedelta(minutes=each)) for each in range(1, 260)])
    budget = Budget(109)
    found = x.fetch(options(site), visit(budget=budget))
    assert (len(ids_of(found)), budget.left, found.behind, found.warnings) == (100, 9, True, ())
    assert len(site.asked) == 1


@pytest.mark.parametrize("left", [0, 9])
def test_a_budget_that_is_used_up_asks_nothing(left: int, site: Site, visit: Visits) -> None:
    with pytest.raises(BudgetError, match="tomorrow"):
        x.fetch(options(site), visit(budget=Budget(left)))
    assert site.asked == []


def test_posts_that_come_along_count_once(site: Site, visit: Visits) -> None:
    budget = Budget(100)
    serve(site, post(9), post(8), None, beside=(post(8), post(5), None))
    x.fetch(options(site), visit(budget=budget))
    assert budget.spent == 4


def test_an_outage_keeps_what_was_paid_for_and_says_so(site: Site, visit: Visits) -> None:
    service = Paid(site, [id_at(NOW - timedelta(minutes=each)) for each in range(1, 160)])
    site.answer(PATH, lambda asked: site.reply(status=503) if "next_token" in asked.query else service.answer(asked))
    first = x.fetch(options(site), visit())
    assert (len(ids_of(first)), first.behind) == (100, True)
    assert "stopped early: it has a problem of its own (503)." in first.warnings[0]
    site.answer(PATH, service.answer)
    second = x.fetch(options(site), visit(first.cursor))
    assert sorted(service.charged) == sorted(service.ids) == sorted(ids_of(first) + ids_of(second))


def test_what_x_no_longer_shows_is_neither_asked_for_nor_waited_for(site: Site, visit: Visits) -> None:
    service = Paid(site, [id_at(NOW - timedelta(minutes=each)) for each in range(1, 160)])
    first = x.fetch(options(site), visit(budget=Budget(100)))
    later = NOW + timedelta(days=6, hours=22)
    service.least_since = id_at(later - timedelta(days=7))
    second = x.fetch(options(site, pages=1), visit(first.cursor, now=later))
    third = x.fetch(options(site), visit(second.cursor, now=later))
    shown = id_at(later - timedelta(days=7) + timedelta(minutes=10))
    assert sorted(service.charged) == sorted(each for each in service.ids if each > shown)
    assert len(service.charged) == 109
    much_later = NOW + timedelta(days=8)
    service.least_since = id_at(much_later - timedelta(days=7))
    asked_before = len(site.asked)
    stale = x.fetch(options(site), visit(first.cursor, now=much_later))
    assert (ids_of(stale), stale.behind, third.behind) == ([], False, False)
    assert len(site.asked) == asked_before + 1


WRONG: list[Any] = [None, True, -1, 10**30, 1.5, "odd", "", [], {}, [None], {"urls": [None]}]


@pytest.mark.parametrize(
    ("name", "value"), list(product([*post(1), "note_tweet", "entities", "referenced_tweets"], WRONG)), ids=str
)
def test_an_odd_field_costs_at_most_its_own_post(name: str, value: Any, site: Site, visit: Visits) -> None:
    serve(site, {**post(1), name: value}, post(2))
    found = x.fetch(options(site), visit())
    kept = {mention.text for mention in found.mentions}
    assert "Post 2 & more" in kept
    assert len(found.mentions) == 2 or (name in {"id", "text"} and len(found.warnings) == 1)


@pytest.mark.parametrize("includes", [None, [], {"users": None, "tweets": {}}, {"users": [None, {}], "tweets": ["x"]}])
def test_what_stands_beside_the_posts_may_be_missing(includes: Any, site: Site, visit: Visits) -> None:
    site.serve_json(PATH, {"data": [post(1)], "includes": includes, "meta": {}})
    assert len(x.fetch(options(site), visit()).mentions) == 1
