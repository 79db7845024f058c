"""Trustpilot: reviews with their stars, newest first."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from mentions.mention import Engagement, Rating
from sources import trustpilot
from sources.contract import Fetched, Visit
from tests.sources.conftest import NOW

if TYPE_CHECKING:
    from tests.sources.conftest import Asked, Reply, Site

Visits = Callable[..., Visit]
PATH = "/v1/business-units/abc123/reviews"


def review(number: int, **changes: Any) -> dict[str, Any]:
    fields = {
        "id": f"r{number}",
        "title": f"Review {number}",
        "text": "Never\nagain <3",
        "stars": 1,
        "language": "en",
        "consumer": {"id": "c9", "displayName": "Ann B."},
        "createdAt": "2026-03-10T11:00:00Z",
        "numberOfLikes": 4,
    }
    return {**fields, **changes}


def options(site: Site, **changes: Any) -> trustpilot.Options:
    return trustpilot.Options(**{"server": site.url, "business_unit": "abc123", "key": "s3cret", **changes})


def found(site: Site, visit: Visit, *reviews: Any) -> Fetched:
    site.serve_json(PATH, {"reviews": list(reviews)})
    return trustpilot.fetch(options(site), visit)


def test_a_review_becomes_a_mention_with_its_stars(site: Site, visit: Visits) -> None:
    (mention,) = found(site, visit(), review(1)).mentions
    assert mention.key == "trustpilot:r1"
    assert (mention.title, mention.text) == ("Review 1", "Never\nagain <3")
    assert mention.rating == Rating(1, worst=1, best=5)
    assert mention.url == "https://www.trustpilot.com/reviews/r1"
    assert (mention.author, mention.handle, mention.language) == ("Ann B.", "c9", "en")
    assert mention.published.at == NOW - timedelta(hours=1)
    assert mention.engagement == Engagement(likes=4)


def test_the_newest_are_asked_for_with_the_key_in_a_header(site: Site, visit: Visits) -> None:
    found(site, visit())
    assert site.asked[0].query == {"page": "1", "perPage": "100", "orderBy": "createdat.desc"}
    assert site.asked[0].headers["apikey"] == "s3cret"
    assert "s3cret" not in repr(options(site))


class Company:
    """A company that gets a review every 12 hours; the newest has the highest number."""

    def __init__(self, site: Site, newest: int) -> None:
        self.site, self.newest = site, newest
        site.answer(PATH, self._answer)

    def _answer(self, asked: Asked) -> Reply:
        start = (int(asked.query["page"]) - 1) * 100
        numbers = range(self.newest - start, max(self.newest - start - 100, 0), -1)
        times = {number: NOW - timedelta(hours=12 * (1_000 - number)) for number in numbers}
        reviews = [review(number, createdAt=at.isoformat()) for number, at in times.items()]
        return self.site.reply(json.dumps({"reviews": reviews}).encode())


def numbers(result: Fetched) -> set[int]:
    return {int(mention.key.removeprefix("trustpilot:r")) for mention in result.mentions}


def test_pages_are_read_to_the_day_before_what_is_known_and_what_has_no_room_comes_later(
    site: Site, visit: Visits
) -> None:
    company = Company(site, 250)
    first = trustpilot.fetch(options(site), visit())
    assert (numbers(first), first.behind) == (set(range(1, 251)), False)
    trustpilot.fetch(options(site), visit(first.cursor))
    assert len(site.asked) == 4
    company.newest = 700
    brought: set[int] = set()
    cursor = first.cursor
    for _ in range(4):
        result = trustpilot.fetch(options(site, pages=2), visit(cursor))
        brought |= numbers(result)
        cursor = result.cursor
    assert not result.behind
    assert brought >= set(range(249, 701))
    assert 1 not in brought
    assert len(numbers(trustpilot.fetch(options(site), visit(cursor, fresh=True)))) == 700


WRONG: list[Any] = [None, True, -1, 10**30, 1.5, "odd", "", [], {}, "javascript:x"]


@pytest.mark.parametrize("name", sorted(review(1)))
def test_an_odd_field_costs_at_most_its_own_review(name: str, site: Site, visit: Visits) -> None:
    odd = [review(number, **{name: wrong}) for number, wrong in enumerate(WRONG, start=10)]
    result = found(site, visit(), review(1), *odd)
    assert "trustpilot:r1" in {mention.key for mention in result.mentions}
    assert len(result.mentions) == len(odd) + 1 or name == "id"
    assert all(mention.rating is None or 1 <= mention.rating.value <= 5 for mention in result.mentions)
