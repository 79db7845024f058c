"""GitHub: issues, oldest new one first, and searches that it did not finish."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from mentions.mention import Engagement
from sources import github
from sources.contract import Fetched, SourceError, Visit
from tests.sources.conftest import NOW

if TYPE_CHECKING:
    from tests.sources.conftest import Asked, Reply, Site

Visits = Callable[..., Visit]
PATH = "/search/issues"


def issue(number: int, **changes: Any) -> dict[str, Any]:
    fields = {
        "id": number,
        "title": f"Issue {number}",
        "body": "It fails",
        "html_url": f"https://github.com/acme/air/issues/{number}",
        "user": {"login": "ann"},
        "created_at": "2026-03-10T11:00:00Z",
        "comments": 4,
        "reactions": {"total_count": 9, "+1": 7},
    }
    return {**fields, **changes}


def options(site: Site, **changes: Any) -> github.Options:
    return github.Options(**{"server": site.url, "query": "acme", **changes})


def found(site: Site, visit: Visit, *issues: Any, **changes: Any) -> Fetched:
    site.serve_json(PATH, {"items": list(issues), "incomplete_results": False})
    return github.fetch(options(site, **changes), visit)


def test_an_issue_becomes_a_mention(site: Site, visit: Visits) -> None:
    body = "<!-- what went\nwrong? -->\r\nIt `Map<K>` fails\r\n<!-- more? --> badly <!-- open"
    (mention,) = found(site, visit(), issue(7, body=body)).mentions
    assert mention.key == f"github:{site.url.removeprefix('http://')}:7"
    assert (mention.title, mention.text) == ("Issue 7", "It `Map<K>` fails\nbadly <!-- open")
    assert mention.url == "https://github.com/acme/air/issues/7"
    assert (mention.author, mention.handle) == ("ann", "ann")
    assert mention.published.at == NOW - timedelta(hours=1)
    assert mention.engagement == Engagement(likes=9, replies=4)


def test_issues_are_searched_and_pull_requests_by_themselves_where_wanted(site: Site, visit: Visits) -> None:
    found(site, visit())
    found(site, visit(), pull_requests=True, token="t0ken")  # noqa: S106  made up
    found(site, visit(), query="acme is:pr")
    since = "created:>=2026-02-17T12:00:00Z"
    assert [asked.query["q"] for asked in site.asked] == [
        f"acme is:issue {since}",
        f"acme is:issue {since}",
        f"acme is:pull-request {since}",
        f"acme is:pr {since}",
    ]
    assert "authorization" not in site.asked[0].headers
    assert site.asked[1].headers["authorization"] == "Bearer t0ken"
    asked = {name: value for name, value in site.asked[0].query.items() if name != "q"}
    assert asked == {"sort": "created", "order": "asc", "per_page": "100", "page": "1"}


class Service:
    """As many issues as are said, one a minute; what is asked again is answered in the same way."""

    def __init__(self, site: Site, count: int, *, unfinished_from: int | None = None) -> None:
        self.times = [NOW - timedelta(minutes=count - number) for number in range(count)]
        self.site, self.unfinished_from = site, unfinished_from
        site.answer(PATH, self._answer)

    def _answer(self, asked: Asked) -> Reply:
        since = datetime.fromisoformat(asked.query["q"].partition(">=")[2]).astimezone(UTC)
        fitting = [(at, number) for number, at in enumerate(self.times) if at >= since]
        shown = fitting[:100]
        unfinished = self.unfinished_from is not None and any(number >= self.unfinished_from for _, number in shown)
        issues = [issue(number, created_at=at.isoformat()) for at, number in shown[:: 2 if unfinished else 1]]
        links = '<https://elsewhere.example/?page=2>; rel="next", <https://elsewhere.example/?page=9>; rel="last"'
        body = json.dumps({"items": issues, "incomplete_results": unfinished}).encode()
        return self.site.reply(body, headers={"Link": links} if len(fitting) > len(shown) else {})


def numbers(result: Fetched) -> set[int]:
    return {int(mention.key.rpartition(":")[2]) for mention in result.mentions}


def test_more_than_a_search_shows_is_read_in_slices_over_several_visits(site: Site, visit: Visits) -> None:
    Service(site, 1_450)
    first = github.fetch(options(site, pages=12), visit())
    assert first.behind
    second = github.fetch(options(site, pages=12), visit(first.cursor))
    assert not second.behind
    assert numbers(first) | numbers(second) == set(range(1_450))
    assert {asked.query["page"] for asked in site.asked} == {"1"}


def test_a_search_that_was_not_finished_is_told_and_asked_again_from_there(site: Site, visit: Visits) -> None:
    service = Service(site, 180, unfinished_from=100)
    first = github.fetch(options(site), visit())
    assert numbers(first) >= set(range(100))
    assert numbers(first) < set(range(180))
    assert "left something out" in first.warnings[0]
    service.unfinished_from = None
    second = github.fetch(options(site), visit(first.cursor))
    assert numbers(first) | numbers(second) == set(range(180))
    assert second.warnings == ()


def test_when_no_searches_are_left_this_minute_what_was_read_is_kept(site: Site, visit: Visits) -> None:
    service = Service(site, 150)
    answer = service._answer
    spent = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(NOW.timestamp()) + 40)}
    site.answer(PATH, lambda asked: site.reply(answer(asked).body, headers={**answer(asked).headers, **spent}))
    result = github.fetch(options(site), visit())
    assert (numbers(result), result.behind, len(site.asked)) == (set(range(100)), True, 1)


def test_nothing_to_search_for_is_an_error(site: Site, visit: Visits) -> None:
    with pytest.raises(SourceError, match="nothing to search for"):
        github.fetch(options(site, query=""), visit())


WRONG: list[Any] = [None, True, -1, 10**30, 1.5, "odd", "", [], {}, "javascript:x"]


@pytest.mark.parametrize("name", sorted(issue(1)))
def test_an_odd_field_costs_at_most_its_own_issue(name: str, site: Site, visit: Visits) -> None:
    odd = [issue(number, **{name: wrong}) for number, wrong in enumerate(WRONG, start=10)]
    result = found(site, visit(), issue(1), *odd)
    assert 1 in {int(key) for mention in result.mentions if (key := mention.key.rpartition(":")[2]).isdigit()}
    assert len(result.mentions) == len(odd) + 1 or name == "id"
    assert all(mention.url is None or mention.url.startswith("https://") for mention in result.mentions)
