"""App Store reviews: two forms of one feed, stars, countries, and a feed that is empty at times."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from mentions.mention import Dating, Engagement, Rating
from sources import appstore
from sources.contract import Fetched, SourceError, Visit

if TYPE_CHECKING:
    from tests.sources.conftest import Site

Visits = Callable[..., Visit]


def options(site: Site, **changes: Any) -> appstore.Options:
    return appstore.Options(**{"server": site.url, "app": "77", **changes})


def address(form: str, page: int = 1, country: str = "us") -> str:
    return f"/{country}/rss/customerreviews/page={page}/id=77/sortby=mostrecent/{form}"


def entry(number: int, updated: str | None = "2026-03-10T03:00:00-07:00", **changes: Any) -> dict[str, Any]:
    fields = {
        "author": {"name": {"label": "Ann"}, "uri": {"label": f"https://itunes.apple.com/us/reviews/id{number}5"}},
        "im:rating": {"label": "2"},
        "id": {"label": str(number)},
        "title": {"label": f"Review {number}"},
        "content": {"label": "It <b>is\nslow", "attributes": {"type": "text"}},
        "link": {"attributes": {"rel": "related", "href": "https://itunes.apple.com/us/review?id=77"}},
        "im:voteSum": {"label": "3"},
    }
    return {**fields, **({"updated": {"label": updated}} if updated else {}), **changes}


THE_APP = {"id": {"label": "https://apps.apple.com/us/app/id77"}, "title": {"label": "Acme"}, "im:name": {"label": "A"}}


def serve(site: Site, *entries: Any, page: int = 1, country: str = "us") -> None:
    site.serve_json(address("json", page, country), {"feed": {"entry": list(entries)} if entries else {}})


def in_xml(*entries: tuple[int, str]) -> str:
    reviews = "".join(
        f"<entry><id>{number}</id><updated>{updated}</updated><title>Review {number}</title>"
        f'<content type="text">It &lt;b&gt;is slow</content><im:rating>2</im:rating>'
        f"<author><name>Ann</name><uri>https://itunes.apple.com/us/reviews/id{number}5</uri></author>"
        f'<content type="html">&lt;table&gt;unwanted</content></entry>'
        for number, updated in entries
    )
    app = "<entry><id>https://apps.apple.com/us/app/id77</id><title>Acme</title></entry>"
    return f'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:im="http://itunes.apple.com/rss">{app}{reviews}</feed>'


def empty_from(site: Site, page: int, country: str = "us") -> None:
    serve(site, page=page, country=country)
    site.serve(address("xml", page, country), in_xml())


def keys(result: Fetched) -> list[str]:
    return [mention.key for mention in result.mentions]


def test_a_review_becomes_a_mention_with_its_stars(site: Site, visit: Visits) -> None:
    serve(site, THE_APP, entry(1))
    empty_from(site, 2)
    (mention,) = appstore.fetch(options(site), visit()).mentions
    assert mention.key == "appstore:1"
    assert (mention.title, mention.text) == ("Review 1", "It <b>is\nslow")
    assert mention.rating == Rating(2, worst=1, best=5)
    assert mention.published.at.isoformat() == "2026-03-10T10:00:00+00:00"
    assert (mention.author, mention.handle) == ("Ann", "id15")
    assert mention.url == "https://itunes.apple.com/us/reviews/id15"
    assert mention.engagement == Engagement(likes=3)


def test_where_the_json_leaves_out_the_times_they_come_from_the_xml(site: Site, visit: Visits) -> None:
    serve(site, entry(1, None), entry(2, None))
    site.serve(address("xml"), in_xml((1, "2026-03-09T12:00:00Z")))
    empty_from(site, 2)
    one, two = appstore.fetch(options(site), visit()).mentions
    assert one.published.at.isoformat() == "2026-03-09T12:00:00+00:00"
    assert two.published.dating is Dating.MISSING


def test_reviews_without_times_are_not_taken_for_new_when_the_xml_fails(site: Site, visit: Visits) -> None:
    serve(site, entry(1, None))
    with pytest.raises(SourceError):
        appstore.fetch(options(site), visit())


def test_where_the_json_is_empty_the_xml_is_read_and_gives_the_same_mention(site: Site, visit: Visits) -> None:
    serve(site, entry(1, "2026-03-09T12:00:00Z", **{"im:voteSum": None, "content": {"label": "It <b>is slow"}}))
    empty_from(site, 2)
    expected = appstore.fetch(options(site), visit()).mentions
    serve(site)
    site.serve(address("xml"), in_xml((1, "2026-03-09T12:00:00Z")))
    assert appstore.fetch(options(site), visit()).mentions == expected


def test_a_single_entry_stands_without_a_list(site: Site, visit: Visits) -> None:
    site.serve_json(address("json"), {"feed": {"entry": entry(1)}})
    empty_from(site, 2)
    assert keys(appstore.fetch(options(site), visit())) == ["appstore:1"]


def test_pages_are_read_to_their_end_and_later_to_what_is_known(site: Site, visit: Visits) -> None:
    serve(site, entry(3))
    serve(site, entry(2, "2026-03-08T10:00:00Z"), page=2)
    serve(site, entry(1, "2026-03-07T10:00:00Z"), page=3)
    empty_from(site, 4)
    first = appstore.fetch(options(site), visit())
    assert keys(first) == ["appstore:3", "appstore:2", "appstore:1"]
    assert keys(appstore.fetch(options(site), visit(first.cursor))) == ["appstore:3", "appstore:2"]
    assert len(keys(appstore.fetch(options(site), visit(first.cursor, fresh=True)))) == 3


def test_more_new_reviews_than_the_feed_holds_are_told(site: Site, visit: Visits) -> None:
    serve(site, entry(1, "2026-03-01T10:00:00Z"))
    cursor = appstore.fetch(options(site, pages=1), visit()).cursor
    serve(site, entry(9))
    result = appstore.fetch(options(site, pages=1), visit(cursor))
    assert result.warnings == ("There were more new reviews in us than the pages read; older ones are missing.",)


def test_an_empty_feed_moves_nothing_and_is_told_where_there_were_reviews(site: Site, visit: Visits) -> None:
    empty_from(site, 1)
    never = appstore.fetch(options(site), visit())
    assert (never.mentions, never.warnings) == ((), ())
    serve(site, entry(1, "2026-03-01T10:00:00Z"))
    empty_from(site, 2)
    known = appstore.fetch(options(site), visit(never.cursor)).cursor
    empty_from(site, 1)
    result = appstore.fetch(options(site), visit(known))
    assert result.cursor == known
    assert "no reviews in us just now" in result.warnings[0]


def test_a_feed_that_ends_before_what_is_known_moves_nothing(site: Site, visit: Visits) -> None:
    serve(site, entry(1, "2026-03-01T10:00:00Z"))
    empty_from(site, 2)
    known = appstore.fetch(options(site), visit()).cursor
    serve(site, entry(2))
    result = appstore.fetch(options(site), visit(known))
    assert keys(result) == ["appstore:2"]
    assert result.cursor == known


def test_each_country_is_read_and_a_refusal_keeps_what_came_before(site: Site, visit: Visits) -> None:
    serve(site, entry(1))
    empty_from(site, 2)
    site.serve(address("json", country="de"), "", status=429, headers={"Retry-After": "60"})
    result = appstore.fetch(options(site, countries=["US", "de"]), visit())
    assert keys(result) == ["appstore:1"]
    assert result.behind
    assert result.cursor.keys() == {"asked", "us"}


WRONG: list[Any] = [None, 1, "x", [], {}, {"label": None}, {"label": [1]}, {"label": "9" * 400}]


@pytest.mark.parametrize("name", ["author", "im:rating", "id", "title", "content", "im:voteSum"])
def test_an_odd_field_costs_at_most_its_own_review(name: str, site: Site, visit: Visits) -> None:
    odd = [entry(number, **{name: wrong}) for number, wrong in enumerate(WRONG, start=10)]
    serve(site, entry(1), *odd)
    empty_from(site, 2)
    result = appstore.fetch(options(site), visit())
    assert "appstore:1" in keys(result)
    assert len(result.mentions) == len(odd) + 1 or name in {"id", "im:rating"}


@pytest.mark.parametrize("changes", [{"app": "acme"}, {"countries": ["usa"]}, {"countries": []}, {"pages": 11}])
def test_settings_that_cannot_work_are_refused(changes: dict[str, Any], site: Site) -> None:
    with pytest.raises(ValidationError):
        options(site, **changes)
