"""Stack Exchange: questions, oldest new one first, and its wish to be left alone in the body of an answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from mentions.mention import Engagement
from sources import stackexchange
from sources.contract import Fetched, HostBusyError, SourceError, Visit
from tests.sources.conftest import NOW

if TYPE_CHECKING:
    from tests.sources.conftest import Asked, Reply, Site

Visits = Callable[..., Visit]
PATH = "/2.3/search/advanced"
NOON = int(NOW.timestamp())
HOUR, DAY = 3600, 86_400


def question(number: int, created: int = NOON - 60, **changes: Any) -> dict[str, Any]:
    fields = {
        "question_id": number,
        "title": f"Question {number}",
        "body": "<p>Why?</p>",
        "link": f"https://stackoverflow.com/questions/{number}/why",
        "owner": {"user_id": 5, "display_name": "Ann &amp; Bob"},
        "creation_date": created,
        "score": 3,
        "answer_count": 2,
    }
    return {**fields, **changes}


def options(server: Site, **changes: Any) -> stackexchange.Options:
    return stackexchange.Options(**{"server": server.url, "query": "acme", **changes})


def found(site: Site, visit: Visit, *questions: Any, **wrapper: Any) -> Fetched:
    site.serve_json(PATH, {"items": list(questions), "has_more": False, **wrapper})
    return stackexchange.fetch(options(site), visit)


def test_a_question_becomes_a_mention(site: Site, visit: Visits) -> None:
    title = "Is a&lt;b&gt; &quot;right&quot;?"
    (mention,) = found(site, visit(), question(7, title=title, body="<p>See <code>x &lt; y</code>")).mentions
    assert mention.key == "stackexchange:stackoverflow:7"
    assert (mention.title, mention.text) == ('Is a<b> "right"?', "See x < y")
    assert mention.url == "https://stackoverflow.com/questions/7/why"
    assert mention.published.at == NOW - timedelta(seconds=60)
    assert (mention.author, mention.handle) == ("Ann & Bob", "5")
    assert mention.engagement == Engagement(likes=3, replies=2)


def test_the_search_is_asked_for_oldest_first_with_bodies_and_the_key(site: Site, visit: Visits) -> None:
    site.serve_json(PATH, {"items": []})
    stackexchange.fetch(options(site, site="superuser", key="s3cret"), visit())
    assert site.asked[0].query == {
        "site": "superuser",
        "q": "acme",
        "fromdate": str(NOON - 21 * DAY),
        "sort": "creation",
        "order": "asc",
        "page": "1",
        "pagesize": "100",
        "filter": "withbody",
        "key": "s3cret",
    }


def test_a_known_search_asks_for_the_last_hour_again(site: Site, visit: Visits) -> None:
    cursor = found(site, visit()).cursor
    found(site, visit(cursor))
    assert site.asked[-1].query["fromdate"] == str(NOON - HOUR)
    found(site, visit(cursor, fresh=True))
    assert site.asked[-1].query["fromdate"] == str(NOON - 21 * DAY)


class Service:
    """Two hundred and fifty questions, one a minute, shown as the service does."""

    def __init__(self, site: Site, **wrapper: Any) -> None:
        self.times = [NOON - 60 * number for number in range(250, 0, -1)]
        self.site, self.wrapper = site, wrapper
        site.answer(PATH, self._answer)

    def _answer(self, asked: Asked) -> Reply:
        since, size = int(asked.query["fromdate"]), int(asked.query["pagesize"])
        fitting = [(at, number) for number, at in enumerate(self.times) if at >= since]
        body = {"items": [question(n, at) for at, n in fitting[:size]], "has_more": len(fitting) > size, **self.wrapper}
        return self.site.reply(json.dumps(body).encode())


def numbers(result: Fetched) -> set[int]:
    return {int(mention.key.rpartition(":")[2]) for mention in result.mentions}


def test_what_one_visit_has_no_room_for_comes_with_the_next(site: Site, visit: Visits) -> None:
    Service(site)
    first = stackexchange.fetch(options(site, pages=2), visit())
    assert first.behind
    second = stackexchange.fetch(options(site, pages=2), visit(first.cursor))
    assert not second.behind
    assert numbers(first) | numbers(second) == set(range(250))


def test_a_backoff_in_the_body_is_obeyed_and_what_was_read_is_kept(site: Site, visit: Visits) -> None:
    Service(site, backoff=30)
    first = stackexchange.fetch(options(site), visit())
    assert (len(numbers(first)), first.behind, first.warnings) == (100, True, ())
    assert len(site.asked) == 1
    with pytest.raises(HostBusyError) as caught:
        stackexchange.fetch(options(site), visit(first.cursor))
    assert caught.value.retry_after == 30


def test_when_the_requests_of_today_are_used_up_it_is_left_alone_until_midnight(site: Site, visit: Visits) -> None:
    found(site, visit(), question(1), quota_remaining=0)
    with pytest.raises(HostBusyError) as caught:
        found(site, visit())
    assert caught.value.retry_after == 12 * HOUR


def test_nothing_to_search_for_is_an_error(site: Site, visit: Visits) -> None:
    with pytest.raises(SourceError, match="nothing to search for"):
        stackexchange.fetch(options(site, query=""), visit())


WRONG: list[Any] = [None, True, -1, 10**30, 1.5, "odd", "", [], {}, "javascript:x"]


@pytest.mark.parametrize("name", sorted(question(1)))
def test_an_odd_field_costs_at_most_its_own_question(name: str, site: Site, visit: Visits) -> None:
    odd = [question(number, **{name: wrong}) for number, wrong in enumerate(WRONG, start=10)]
    result = found(site, visit(), question(1), *odd)
    assert "stackexchange:stackoverflow:1" in {mention.key for mention in result.mentions}
    assert len(result.mentions) == len(odd) + 1 or name == "question_id"
    assert all(mention.url is None or mention.url.startswith("https://") for mention in result.mentions)
