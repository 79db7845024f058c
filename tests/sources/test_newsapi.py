"""NewsAPI as mentions, from a fake that shows the newest 100 articles and never a second page, as the free plan."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import product
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from mentions.query.terms import of_phrases
from sources import newsapi
from sources.contract import Budget, BudgetError, Fetched, SourceError, Visit
from sources.network.fetching import Answer, Client

if TYPE_CHECKING:
    from tests.sources.conftest import Site

Visits = Callable[..., Visit]
NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
NOON = int(NOW.timestamp())
HOUR, DAY = 3_600, 86_400
PATH = "/v2/everything"


def article(number: int, at: int = NOON - 60, **changes: Any) -> dict[str, Any]:
    return {
        "source": {"id": None, "name": "The Daily"},
        "author": "Ann Ames",
        "title": f"Story {number}",
        "description": "Acme is late.",
        "url": f"https://www.daily.example/story/{number}",
        "publishedAt": datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "content": "Acme is late. Nobody knows why… [+1234 chars]",
        **changes,
    }


def options(url: str = "https://newsapi.example", **changes: Any) -> newsapi.Options:
    return newsapi.Options(**{"key": SecretStr("k3y"), "server": url, "query": "acme", **changes})


def found(site: Site, visit: Visit, *articles: Any, **changes: Any) -> Fetched:
    site.serve_json(PATH, {"status": "ok", "totalResults": len(articles), "articles": articles})
    return newsapi.fetch(options(site.url, **changes), visit)


def test_an_article_becomes_a_mention(site: Site, visit: Visits) -> None:
    (mention,) = found(site, visit(), article(7, title="Q&amp;A <i>now</i>")).mentions
    assert mention.key.startswith("newsapi:")
    assert (mention.title, mention.text) == ("Q&A now", "Acme is late. Nobody knows why…")
    assert (mention.author, mention.handle) == ("Ann Ames", "daily.example")
    assert mention.url == "https://www.daily.example/story/7"
    assert mention.published.at.isoformat() == "2026-03-10T11:59:00+00:00"


@pytest.mark.parametrize(
    ("description", "content", "text"),
    [
        ("Short.", "Other words… [+12 chars]", "Short.\nOther words…"),
        ("Short…", "Short and longer [+12 chars]", "Short and longer"),
        ("Short and <b>longer</b>.", "Short and… [+9 chars]", "Short and longer."),
        ("Said [+12 chars] once", None, "Said [+12 chars] once"),
        (None, "Only this", "Only this"),
        (None, None, ""),
    ],
)
def test_summary_and_beginning_are_the_text_without_what_was_cut(
    description: str | None, content: str | None, text: str, site: Site, visit: Visits
) -> None:
    (mention,) = found(site, visit(), article(1, description=description, content=content)).mentions
    assert mention.text == text


def test_the_outlet_speaks_where_no_author_is_named_and_removed_articles_are_left_out(
    site: Site, visit: Visits
) -> None:
    removed = article(2, title="[Removed]", url="https://removed.example", description="[Removed]")
    result = found(site, visit(), article(1, author=None), removed)
    assert [mention.author for mention in result.mentions] == ["The Daily"]
    assert result.warnings == ("1 post skipped: no text, or taken back by the publisher.",)


def test_it_asks_with_the_key_in_a_header_for_the_brands_queries_or_its_own(site: Site, visit: Visits) -> None:
    found(site, visit(queries=(of_phrases(["Acme Air"]),)), query="", language="en")
    found(site, visit())
    first, second = site.asked
    assert (first.query["q"], first.query["language"], first.headers["x-api-key"]) == ('"Acme Air"', "en", "k3y")
    assert (second.query["q"], "language" in second.query) == ("acme", False)
    assert first.query["from"] == "2026-03-03T12:00:00"
    assert first.query["to"] == "2026-03-10T12:00:00"
    with pytest.raises(SourceError, match="nothing to search for"):
        found(site, visit(), query="")


def test_the_next_visit_begins_an_hour_before_the_newest_article(site: Site, visit: Visits) -> None:
    cursor = found(site, visit(), article(1, NOON - DAY), article(2, NOON - 2 * DAY)).cursor
    found(site, visit(cursor))
    assert site.asked[-1].query["from"] == "2026-03-09T11:00:00"
    found(site, visit(cursor, fresh=True))
    found(site, visit(cursor), language="de")
    assert [asked.query["from"] for asked in site.asked[-2:]] == ["2026-03-03T12:00:00"] * 2


@pytest.mark.parametrize(
    ("code", "status", "problem", "permanent", "wait"),
    [
        ("apiKeyInvalid", 401, "does not accept the key", True, None),
        ("rateLimited", 429, "no more requests for now", False, 3_600),
        ("apiKeyExhausted", 200, "no more requests for now", False, 3_600),
        ("parameterInvalid", 426, "cannot make this search", True, None),
        ("unexpectedError", 500, "problem of its own", False, None),
        ([], 200, "holds no articles", True, None),
    ],
)
def test_refusals_are_explained_by_their_code(
    code: Any,
    status: int,
    problem: str,
    permanent: bool,  # noqa: FBT001  a column of the table
    wait: float | None,
    site: Site,
    visit: Visits,
) -> None:
    site.serve(PATH, json.dumps({"status": "error", "code": code, "message": "k3y"}), status=status)
    with pytest.raises(SourceError, match=problem) as caught:
        newsapi.fetch(options(site.url), visit())
    assert (caught.value.permanent, caught.value.retry_after) == (permanent, wait)
    assert "k3y" not in str(caught.value)


WRONG: list[Any] = [None, True, -1, 10**30, 1.5, "odd", "", [], {}, "javascript:x"]


@pytest.mark.parametrize(("name", "value"), list(product(article(1), WRONG)), ids=str)
def test_an_odd_field_costs_at_most_its_own_article(name: str, value: Any, site: Site, visit: Visits) -> None:
    result = found(site, visit(), article(1, **{name: value}), article(2))
    assert "Story 2" in {mention.title for mention in result.mentions}
    assert len(result.mentions) == 2 or name == "url"


class NewsApi:
    """A fake client: articles are seconds since 1970."""

    def __init__(self, articles: list[int], fails_at: int = 0) -> None:
        self.articles = articles
        self.fails_at = fails_at
        self.asked = 0

    def get(self, url: str, *, params: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        assert headers
        self.asked += 1
        if self.asked == self.fails_at:
            raise SourceError("newsapi", "it has a problem of its own (500).", "Wait.")
        since, until = (datetime.fromisoformat(params[name] + "Z").timestamp() for name in ("from", "to"))
        fitting = sorted(
            ((at, number) for number, at in enumerate(self.articles) if since <= at <= until), reverse=True
        )
        shown = [article(number, at) for at, number in fitting[: int(params["pageSize"])]]
        return Answer(200, url, {}, json.dumps({"totalResults": len(fitting), "articles": shown}).encode())


def visits(service: NewsApi, pages: int, most: int, budget: int | None = None) -> tuple[set[int], Fetched]:
    """The articles that so many visits bring, and what the last of them gave."""
    brought: set[int] = set()
    result = Fetched((), {})
    for _ in range(most):
        left = Budget(budget)
        result = newsapi.fetch(options(pages=pages), Visit(cast("Client", service), result.cursor, NOW, budget=left))
        brought |= {int(mention.title.removeprefix("Story ")) for mention in result.mentions}
    return brought, result


def test_what_one_visit_has_no_room_for_comes_with_the_next() -> None:
    articles = [NOON - n * 400 for n in range(1_000)]
    first, result = visits(NewsApi(articles), pages=4, most=1)
    assert len(first) < 1_000
    assert result.behind
    last, result = visits(NewsApi(articles), pages=4, most=5)
    assert last == set(range(1_000))
    assert not result.behind


def test_a_request_that_fails_after_others_ends_the_visit_and_keeps_what_they_brought() -> None:
    articles = [NOON - n * 400 for n in range(300)]
    brought, result = visits(NewsApi(articles, fails_at=2), pages=9, most=1)
    assert len(brought) == 100
    assert result.behind
    assert "problem of its own" in result.warnings[0]
    assert visits(NewsApi(articles, fails_at=2), pages=9, most=2)[0] == set(range(300))


def test_the_budget_of_the_day_is_kept_to() -> None:
    service = NewsApi([NOON - n * 400 for n in range(1_000)])
    brought, result = visits(service, pages=9, most=1, budget=2)
    assert (service.asked, len(brought), result.behind) == (2, 199, True)
    with pytest.raises(BudgetError, match="used up"):
        visits(service, pages=9, most=1, budget=0)
    assert service.asked == 2


def test_an_hour_too_busy_to_be_read_again_whole_leaves_nothing_behind() -> None:
    service = NewsApi([NOON - n for n in range(1_000)])
    brought, result = visits(service, pages=3, most=9)
    assert (len(brought), result.behind) == (1_000, False)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6 * DAY), st.integers(1, 300), st.integers(1, 900)), max_size=4))
def test_no_article_is_lost_however_they_bunch(bunches: list[tuple[int, int, int]]) -> None:
    times = [NOON - age - n * gap for age, count, gap in bunches for n in range(count)]
    articles = [at for at in times if at >= NOON - 7 * DAY]
    assert visits(NewsApi(articles), pages=3, most=10)[0] == set(range(len(articles)))
