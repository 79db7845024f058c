from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from database import source_health, visits
from database.tables import MentionRow, SourceRow
from mentions.query.parsing import parse
from services.installation import Installation
from services.looking import Wish
from services.previewing import AT_ONCE, MOST_SEEN, BusyError, Previews, Seen
from settings.model import Source
from sources.contract import BudgetError, SourceError, SourceOptions, load
from tests.installations import NOON, HandClock, installation, source
from tests.sources.conftest import Asked, Reply, Site

ITEM = (
    "<item><guid>{0}</guid><title>Post {0}</title><description>{1}</description>"
    "<pubDate>Wed, 04 Mar 2026 {2:02}:{3:02}:00 GMT</pubDate></item>"
)


def feed(*texts: str) -> str:
    items = (ITEM.format(n, text, 8 + n // 60, n % 60) for n, text in enumerate(texts))
    return f'<rss version="2.0"><channel><title>Forum</title>{"".join(items)}</channel></rss>'


FEED = feed("My bag is lost, this is terrible, Northwind Air", "I like trains")


@pytest.fixture
def site() -> Iterator[Site]:
    server = Site()
    server.serve("/feed", FEED)
    yield server
    server.close()


@pytest.fixture
def inst(tmp_path: Path, site: Site) -> Iterator[Installation]:
    made = installation(tmp_path, HandClock(), sources=(source("forum", url=f"{site.url}/feed"), paid(site)))
    with made.database:
        yield made


def paid(site: Site, per_day: int = 40) -> Source:
    return source("paid", kind="newsapi", key="k", query="northwind", server=site.url, per_day=per_day)


def wish(kind: str = "rss", **given: object) -> Wish:
    options = load(kind).Options.model_validate(given)
    assert isinstance(options, SourceOptions)
    return Wish(kind, options)


def told(one: Seen) -> list[tuple[str, str, str]]:
    return [(about.match.brand, about.match.evidence, about.score.label) for about in one.about]


def test_a_source_is_read_once_and_judged_as_listening_would_and_nothing_is_stored(
    inst: Installation, site: Site
) -> None:
    found = Previews(inst, allow_private=True).of_wish("dana", wish(url=f"{site.url}/feed"))
    newest, oldest = found.seen
    assert (newest.mention.title, told(newest)) == ("Post 1", [])
    assert (oldest.mention.title, told(oldest)) == ("Post 0", [("northwind", "Northwind Air", "negative")])
    assert (found.shown, found.matched, found.requests, found.spent, len(site.asked)) == (2, 1, 1, None, 1)
    with inst.database.reading() as connection:
        for table in (MentionRow, SourceRow):
            assert connection.execute(select(func.count()).select_from(table)).scalar() == 0
        assert source_health.usage_today(connection, NOON) == {}


def test_a_query_that_is_tried_stands_in_for_the_brands(inst: Installation, site: Site) -> None:
    found = Previews(inst, allow_private=True).of_wish("dana", wish(url=f"{site.url}/feed"), parse("like train*"))
    assert [told(one) for one in found.seen] == [[("tried", "like AND train*", "positive")], []]


def test_an_address_within_the_own_network_is_refused(inst: Installation, site: Site) -> None:
    with pytest.raises(SourceError, match="leads to a private address"):
        Previews(inst).of_wish("dana", wish(url=f"{site.url}/feed"))
    assert site.asked == []


def test_a_source_that_the_settings_call_internal_may_be_tried_all_the_same(inst: Installation) -> None:
    assert Previews(inst).of_source("dana", inst.settings.sources[0]).matched == 1
    with inst.database.reading() as connection:
        assert source_health.source_facts(connection) == {}, "where it was left off stays as it was"
        assert source_health.usage_today(connection, NOON)["forum"].requests == 1


def test_a_server_that_hangs_is_answered_for_in_time_and_the_next_look_is_free(inst: Installation, site: Site) -> None:
    over = threading.Event()
    previews = Previews(inst, longest=0.2, allow_private=True)
    slow = site.answer("/slow", lambda _: (over.wait(20), Reply())[1])
    with pytest.raises(SourceError, match="did not answer in time"):
        previews.of_wish("dana", wish(url=slow))
    over.set()
    assert Previews(inst, allow_private=True).of_wish("dana", wish(url=f"{site.url}/feed")).shown == 2


def test_a_server_that_leads_on_and_on_is_left_when_the_time_is_over(inst: Installation, site: Site) -> None:
    def lead_on(asked: Asked) -> Reply:
        threading.Event().wait(0.15)
        step = int(asked.path.strip("/"))
        return Reply(status=302, headers={"Location": f"/{step - 1}" if step else "/feed"})

    site.answer("*", lead_on)
    with pytest.raises(SourceError, match="did not answer in time"):
        Previews(inst, longest=0.4, allow_private=True).of_wish("dana", wish(url=f"{site.url}/4"))


def test_a_person_looks_at_one_source_at_a_time(inst: Installation, site: Site) -> None:
    previews = Previews(inst, allow_private=True)
    refused: list[BusyError] = []

    def again(_: Asked) -> Reply:
        with pytest.raises(BusyError) as caught:
            previews.of_wish("dana", wish(url=f"{site.url}/feed"))
        refused.append(caught.value)
        assert previews.of_wish("lee", wish(url=f"{site.url}/feed")).shown == 2, "others may"
        return Reply(FEED.encode())

    assert previews.of_wish("dana", wish(url=site.answer("/busy", again))).shown == 2
    assert [str(one) for one in refused] == [
        "your last look: is still under way. Wait until it has answered, then look again."
    ]
    assert previews.of_wish("dana", wish(url=f"{site.url}/feed")).shown == 2


def test_many_people_leave_threads_to_the_pages(inst: Installation, site: Site) -> None:
    previews = Previews(inst, allow_private=True)
    looking = iter(range(1, AT_ONCE + 1))

    def nested(_: Asked) -> Reply:
        person = next(looking)
        if person == AT_ONCE:
            with pytest.raises(BusyError, match="several people"):
                previews.of_wish("one-more", wish(url=f"{site.url}/feed"))
        else:
            previews.of_wish(f"person-{person}", wish(url=f"{site.url}/nested"))
        return Reply(FEED.encode())

    assert previews.of_wish("person-0", wish(url=site.answer("/nested", nested))).shown == 2


def test_what_a_service_charges_for_is_counted_and_never_beyond_the_day(inst: Installation, site: Site) -> None:
    site.serve_json("/v2/everything", {"status": "ok", "totalResults": 0, "articles": []})
    metered = inst.settings.sources[1]
    found = Previews(inst).of_source("dana", metered)
    assert (found.spent, found.unit) == (1, "requests")
    with inst.database.writing() as connection:
        assert visits.units_used(connection, "paid", NOON) == 1
        visits.add_usage(connection, "paid", NOON, requests=39, units=39)
    with pytest.raises(BudgetError, match="used up"):
        Previews(inst).of_source("dana", metered)
    assert len(site.asked) == 1


def test_of_very_many_posts_the_newest_are_shown(inst: Installation, site: Site) -> None:
    address = site.serve("/many", feed(*(f"Number {n}" for n in range(MOST_SEEN + 20))))
    found = Previews(inst, allow_private=True).of_wish("dana", wish(url=address))
    assert (len(found.seen), found.shown) == (MOST_SEEN, MOST_SEEN + 20)
    assert found.seen[0].mention.text == f"Number {MOST_SEEN + 19}"
