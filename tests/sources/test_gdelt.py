"""GDELT as mentions, from a fake that shows the newest 250 articles of a stretch of time, and refuses as GDELT does."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import product
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentions.query.terms import And, Not, Or, Query, Term, of_phrases
from sources import gdelt
from sources.contract import Fetched, HostBusyError, SourceError, Visit
from sources.network.fetching import Answer, Client

if TYPE_CHECKING:
    from tests.sources.conftest import Site

Visits = Callable[..., Visit]
NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
NOON = int(NOW.timestamp())
QUARTER, HOUR, DAY = 900, 3_600, 86_400
PATH = "/api/v2/doc/doc"


@pytest.fixture
def http(unhurried: Client) -> Client:
    return unhurried


def article(number: int, at: int = NOON - QUARTER, **changes: Any) -> dict[str, Any]:
    return {
        "url": f"https://www.daily.example/story/{number}",
        "url_mobile": "",
        "title": f"Story {number}",
        "seendate": datetime.fromtimestamp(at, UTC).strftime("%Y%m%dT%H%M%SZ"),
        "socialimage": "",
        "domain": "daily.example",
        "language": "English",
        "sourcecountry": "Ireland",
        **changes,
    }


def answered(site: Site, visit: Visit, body: str | bytes, **changes: Any) -> Fetched:
    site.serve(PATH, body)
    return gdelt.fetch(gdelt.Options(**{"server": site.url, "query": "acme", **changes}), visit)


def found(site: Site, visit: Visit, *articles: Any, **changes: Any) -> Fetched:
    return answered(site, visit, json.dumps({"articles": articles}), **changes)


def test_an_article_becomes_a_mention_of_its_outlet(site: Site, visit: Visits) -> None:
    (mention,) = found(site, visit(), article(7, title="Q&amp;A on <b>Acme</b>", language="Norwegian Nynorsk")).mentions
    assert mention.key.startswith("gdelt:")
    assert (mention.title, mention.text, mention.language) == ("Q&A on Acme", "", "nn")
    assert (mention.author, mention.handle) == ("daily.example", "daily.example")
    assert mention.url == "https://www.daily.example/story/7"
    assert mention.published.at.isoformat() == "2026-03-10T11:45:00+00:00"


@pytest.mark.parametrize(
    ("name", "code"), [("English", "en"), ("Chinese", "zh"), ("Vietnamese", "vi"), ("Elvish", None), ("", None)]
)
def test_languages_are_named_and_become_codes(name: str, code: str | None, site: Site, visit: Visits) -> None:
    assert found(site, visit(), article(1, language=name)).mentions[0].language == code


def test_it_asks_for_the_newest_of_a_stretch_of_time_and_the_last_hour_again(site: Site, visit: Visits) -> None:
    cursor = found(site, visit(), article(1)).cursor
    found(site, visit(cursor))
    found(site, visit(cursor, fresh=True))
    stretches = [(asked.query["startdatetime"], asked.query["enddatetime"]) for asked in site.asked]
    assert stretches == [
        ("20260303110000", "20260310120000"),
        ("20260310104500", "20260310120000"),
        ("20260303110000", "20260310120000"),
    ]
    assert site.asked[0].query.items() >= {"mode": "artlist", "format": "json", "maxrecords": "250"}.items()


LATE = Not(Term(("cartoon",)))


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        (of_phrases(["Acme Air", "Acme", "D-Wave"]), ['("Acme Air" OR Acme OR "D-Wave")']),
        (of_phrases(["Acme"]), ["Acme"]),
        (of_phrases(["Acme Air"]), ['"Acme Air"']),
        (And((Term(("Acme",)), LATE)), ["Acme -cartoon"]),
        (Or((And((Term(("Acme",)), Term(("late",)))), Term(("Acme", "Air")))), ["Acme late", '"Acme Air"']),
    ],
)
def test_queries_are_worded_as_gdelt_takes_them(query: Query, asked: list[str], site: Site, visit: Visits) -> None:
    found(site, visit(queries=(query,)), query="")
    assert sorted(each.query["query"] for each in site.asked) == sorted(asked)


def test_many_phrases_are_spread_over_searches_that_are_short_enough(site: Site, visit: Visits) -> None:
    phrases = [f"Acme product number {number}" for number in range(40)]
    found(site, visit(queries=(of_phrases(phrases),)), query="")
    asked = [each.query["query"] for each in site.asked]
    assert all(len(each) <= 202 for each in asked)
    assert all(any(f'"{phrase}"' in each for each in asked) for phrase in phrases)


def test_nothing_found_and_nothing_to_search_for(site: Site, visit: Visits) -> None:
    assert answered(site, visit(), "{}").mentions == ()
    assert found(site, visit()).mentions == ()
    with pytest.raises(SourceError, match="nothing to search for"):
        found(site, visit(), query="")


def test_titles_that_break_the_json_cost_at_most_their_own_article(site: Site, visit: Visits) -> None:
    escapes = json.dumps({"articles": [article(1, title="A B"), article(2)]}).replace("A B", r"C:\dir \u12 \"x\" \n")
    assert [each.title for each in answered(site, visit(), escapes).mentions] == [r'C:\dir \u12 "x"', "Story 2"]
    lines = json.dumps({"articles": [article(1, title="A B"), article(2)]}).replace("A B", "A\nB\tC")
    assert [each.title for each in answered(site, visit(), lines).mentions] == ["A B C", "Story 2"]
    articles = [article(number, title=f"Title {number}") for number in range(4)]
    quotes = json.dumps({"articles": articles}).replace("Title 2", 'The "x"')
    result = answered(site, visit(), quotes)
    assert [each.title for each in result.mentions] == ["Title 0", "Title 1", "Title 3"]
    assert result.warnings == ("1 post skipped: not as GDELT describes them.",)


@pytest.mark.parametrize("sentence", ["The specified phrase is too short.", "Your query was too short or too long.\n"])
def test_a_refused_search_is_said_in_gdelts_own_words(sentence: str, site: Site, visit: Visits) -> None:
    with pytest.raises(SourceError, match=sentence.strip()[:-1]) as caught:
        answered(site, visit(), sentence)
    assert caught.value.permanent


def test_being_asked_too_often_silences_the_host_for_a_minute_whatever_the_status(site: Site, visit: Visits) -> None:
    with pytest.raises(SourceError, match="too often") as caught:
        answered(site, visit(), "Please limit requests to one every 5 seconds or write to us.")
    assert (caught.value.permanent, caught.value.retry_after) == (False, 60)
    with pytest.raises(HostBusyError):
        answered(site, visit(), "{}")
    assert len(site.asked) == 1


WRONG: list[Any] = [None, True, -1, 10**30, 1.5, "odd", "", [], {}, "javascript:x"]


@pytest.mark.parametrize(("name", "value"), list(product(article(1), WRONG)), ids=str)
def test_an_odd_field_costs_at_most_its_own_article(name: str, value: Any, site: Site, visit: Visits) -> None:
    result = found(site, visit(), article(1, **{name: value}), article(2))
    assert "Story 2" in {mention.title for mention in result.mentions}
    assert len(result.mentions) == 2 or name in {"url", "title"}


class Gdelt:
    """A fake client: articles are seconds since 1970."""

    def __init__(self, articles: list[int], fails_at: int = 0) -> None:
        self.articles = articles
        self.fails_at = fails_at
        self.asked = 0

    def get(self, url: str, *, params: Mapping[str, str], spacing: float) -> Answer:
        assert spacing == 5
        self.asked += 1
        if self.asked == self.fails_at:
            raise SourceError("gdelt", "we asked too often (429).", "Wait.", retry_after=60)
        names = ("startdatetime", "enddatetime")
        since, until = (datetime.strptime(params[name] + "Z", "%Y%m%d%H%M%S%z").timestamp() for name in names)
        fitting = sorted(
            ((at, number) for number, at in enumerate(self.articles) if since <= at <= until), reverse=True
        )
        shown = [article(number, at) for at, number in fitting[: int(params["maxrecords"])]]
        return Answer(200, url, {}, json.dumps({"articles": shown} if shown else {}).encode())


def visits(service: Gdelt, pages: int, most: int) -> tuple[set[int], Fetched]:
    """The articles that so many visits bring, and what the last of them gave."""
    brought: set[int] = set()
    result = Fetched((), {})
    for _ in range(most):
        options = gdelt.Options(query="acme", pages=pages)
        result = gdelt.fetch(options, Visit(cast("Client", service), result.cursor, NOW))
        brought |= {int(mention.title.removeprefix("Story ")) for mention in result.mentions}
    return brought, result


def test_requests_of_one_visit_are_five_seconds_apart(site: Site, visit: Visits, slept: list[float]) -> None:
    full = [article(number, NOON - number * QUARTER) for number in range(250)]
    found(site, visit(), *full, pages=3)
    assert slept == [5, 10]


def test_a_request_that_fails_after_others_ends_the_visit_and_keeps_what_they_brought() -> None:
    articles = [NOON - n * QUARTER for n in range(600)]
    brought, result = visits(Gdelt(articles, fails_at=2), pages=9, most=1)
    assert (len(brought), result.behind) == (250, True)
    assert "too often" in result.warnings[0]
    brought, result = visits(Gdelt(articles, fails_at=2), pages=9, most=2)
    assert (len(brought), result.behind) == (600, False)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 600), st.integers(1, 300), st.integers(1, 20)), max_size=4))
def test_no_article_is_lost_however_they_bunch(bunches: list[tuple[int, int, int]]) -> None:
    # GDELT dates by the quarter of an hour; at most 60 share one, since more than it shows could not be told apart.
    quarters = [first + n // share for first, count, share in bunches for n in range(count)]
    articles = [NOON - quarter * QUARTER for quarter in quarters if quarter <= 7 * DAY // QUARTER]
    assert visits(Gdelt(articles), pages=2, most=12)[0] == set(range(len(articles)))
