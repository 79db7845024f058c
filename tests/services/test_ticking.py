"""A whole tick against real local servers, on a good day and on bad ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from alerts.contract import load
from database import incidents as store
from database import outbox
from database.response_tables import IncidentRow
from database.session import Database
from database.tables import BrandMentionRow, BucketRow, MentionRow, TickRow
from database.visits import source_row
from detection.signal import Verdict
from services.collecting import collect, listening_for
from services.installation import Installation
from services.rounds import start_round
from services.ticking import BUSY, holding_tick, tick
from settings.model import Brand, Mail, Routing, Source
from simulation import misbehaviour
from simulation.mailbox import Mailbox
from simulation.misbehaviour import Misbehaviour
from simulation.network import SimulatedNetwork
from simulation.post import NORTHWIND_AIR, Place
from simulation.traffic import crisis, flood, ordinary
from tests.installations import NOON, HandClock, installed, settings, source
from tests.sources.conftest import Site

WEEKS = timedelta(weeks=3)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def network(clock: HandClock) -> Iterator[SimulatedNetwork]:
    posts = ordinary(7, start=NOON - WEEKS, end=NOON, per_hour=2)
    with SimulatedNetwork(posts, clock=clock, feed_length=len(posts)) as opened:
        yield opened


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as opened:
        yield opened


@pytest.fixture
def inst(tmp_path: Path, network: SimulatedNetwork, mailbox: Mailbox, clock: HandClock) -> Installation:
    options = {"host": "127.0.0.1", "port": mailbox.port, "security": "none", "timeout": 2}
    return installed(
        settings(
            tmp_path,
            brands=(Brand(id="northwind", name=NORTHWIND_AIR.name, phrases=NORTHWIND_AIR.phrases),),
            sources=sources(network),
            routing=Routing(owner="dana"),
            mail=Mail(
                transport="smtp", sender="alerts@example.com", options=load("smtp").Options.model_validate(options)
            ),
        ),
        clock,
    )


def sources(network: SimulatedNetwork) -> tuple[Source, ...]:
    return (
        source("forum", "rss", url=network.forum_feed),
        source("mastodon", "mastodon", server=network.base, tag="NorthwindAir", pages=50),
        source("hackernews", "hackernews", server=network.base),
    )


def count(database: Database, table: type) -> int:
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar() or 0


def break_out(network: SimulatedNetwork, clock: HandClock) -> None:
    """A crisis over the last ten minutes, a quarter of an hour after the last look."""
    network.publish(crisis(7, start=clock.now + timedelta(minutes=5), minutes=10, per_minute=14))
    clock.advance(minutes=15)


def test_a_first_run_over_three_weeks_of_history_opens_nothing(inst: Installation, mailbox: Mailbox) -> None:
    report = tick(inst)
    assert sum(one.new for one in report.collected) > 400
    assert report.fired == ()
    assert (count(inst.database, IncidentRow), mailbox.received) == (0, ())


def test_a_crisis_becomes_one_incident_and_one_mail(
    inst: Installation, network: SimulatedNetwork, mailbox: Mailbox, clock: HandClock
) -> None:
    tick(inst)
    break_out(network, clock)
    report = tick(inst)
    assert [one.signal.kind for one in report.evaluated if one.opened] == ["negative_wave"]
    assert len(mailbox.received) == 1
    clock.advance(minutes=5)
    tick(inst)
    assert (count(inst.database, IncidentRow), len(mailbox.received)) == (1, 1)


def test_a_second_tick_stores_nothing_twice(inst: Installation) -> None:
    tick(inst)
    mentions, buckets = count(inst.database, MentionRow), count(inst.database, BucketRow)
    report = tick(inst, everything=True)
    assert [one.new for one in report.collected] == [0, 0, 0]
    assert (count(inst.database, MentionRow), count(inst.database, BucketRow)) == (mentions, buckets)


def test_buckets_hold_exactly_the_mentions(inst: Installation) -> None:
    tick(inst)
    with inst.database.reading() as connection:
        assert connection.execute(select(func.sum(BucketRow.mentions))).scalar() == count(
            inst.database, BrandMentionRow
        )


FAULTS = [
    (misbehaviour.not_found, "404"),
    (misbehaviour.server_error, "500"),
    (misbehaviour.html_instead, "feed"),
    (misbehaviour.truncated, None),
    (misbehaviour.closed, "connection"),
]  # A refusal of one spares the others of its host, too: tests/services/test_collecting.py.


@pytest.mark.parametrize(("fault", "says"), FAULTS, ids=[fault.fault.value for fault, _ in FAULTS])
def test_a_source_that_fails_is_named_with_a_remedy_and_harms_no_other(
    inst: Installation,
    network: SimulatedNetwork,
    mailbox: Mailbox,
    clock: HandClock,
    fault: Misbehaviour,
    says: str | None,
) -> None:
    tick(inst)
    break_out(network, clock)
    network.misbehave(Place.FORUM, fault)
    report = tick(inst)
    forum, *others = report.collected
    assert all(one.problem is None and one.new for one in others)
    assert len(mailbox.received) == 1, "two sources are enough to see the crisis"
    if says:
        assert forum.problem is not None
        assert says in forum.problem.lower()
        assert forum.remedy
    else:
        assert forum.warnings or forum.problem
    network.misbehave(Place.FORUM, None)
    clock.advance(minutes=20)
    assert tick(inst).collected[0].problem is None
    with inst.database.reading() as connection:
        healthy = source_row(connection, "forum")
        assert healthy
        assert (healthy.failures, healthy.problem) == (0, None)


def test_what_a_source_was_prevented_from_bringing_comes_when_it_is_back(
    inst: Installation, network: SimulatedNetwork, clock: HandClock
) -> None:
    network.misbehave(Place.MASTODON, misbehaviour.server_error)
    tick(inst)
    network.misbehave(Place.MASTODON, None)
    clock.advance(minutes=10)
    brought = {one.source: one.new for one in tick(inst).collected}
    assert brought["mastodon"] > 100
    assert count(inst.database, IncidentRow) == 0


def test_a_source_that_cannot_be_reached_at_all_is_named(tmp_path: Path, clock: HandClock) -> None:
    away = source("away", "rss", url="http://127.0.0.1:9/feed.xml")
    report = tick(installed(settings(tmp_path, sources=(away,)), clock))
    assert report.collected[0].problem is not None
    assert "127.0.0.1:9" in report.collected[0].problem


def test_private_addresses_are_refused_unless_the_source_is_internal(
    tmp_path: Path, network: SimulatedNetwork, clock: HandClock
) -> None:
    open_to_all = source("forum", "rss", url=network.forum_feed, internal=False)
    report = tick(installed(settings(tmp_path, sources=(open_to_all,)), clock))
    assert "internal" in (report.collected[0].remedy or "")
    assert network.requests(Place.FORUM) == 0


def test_a_second_tick_at_the_same_time_does_nothing_and_says_why(inst: Installation) -> None:
    with holding_tick(inst) as held:
        assert held
        report = tick(inst)
    assert (report.skipped, report.collected) == (BUSY, ())
    assert tick(inst).skipped is None


def test_letters_go_out_even_when_evaluating_fails(
    inst: Installation, network: SimulatedNetwork, mailbox: Mailbox, clock: HandClock
) -> None:
    tick(inst)
    mailbox.refuse_with("451 later")
    break_out(network, clock)
    tick(inst)
    mailbox.behave()
    clock.advance(minutes=2)
    with inst.database.writing() as connection:
        connection.execute(text("ALTER TABLE buckets RENAME TO hidden"))
    with pytest.raises(Exception, match="buckets"):
        tick(inst)
    assert len(mailbox.received) == 1


def test_a_tick_is_remembered(inst: Installation) -> None:
    report = tick(inst)
    with inst.database.reading() as connection:
        row = connection.execute(select(TickRow.__table__)).one()
    assert (row.started_at, row.collected) == (NOON, sum(one.new for one in report.collected))


def test_sources_are_asked_when_they_are_due_and_not_before(inst: Installation, clock: HandClock) -> None:
    assert len(start_round(inst)) == 3, "never asked"
    tick(inst)
    assert start_round(inst) == ()
    assert len(start_round(inst, everything=True)) == 3
    clock.advance(minutes=4, seconds=29)
    assert start_round(inst) == ()
    clock.advance(seconds=1)
    assert len(start_round(inst)) == 3, "half a tick early is on time"


def test_a_clock_that_was_ahead_silences_no_source(inst: Installation, clock: HandClock) -> None:
    clock.advance(days=400)
    tick(inst)
    clock.now = NOON
    assert len(start_round(inst)) == 3


def test_when_a_phrase_is_added_what_was_passed_over_is_heard(
    inst: Installation, network: SimulatedNetwork, clock: HandClock
) -> None:
    """The feed itself has not changed, and would answer that there is nothing new."""
    forum = sources(network)[0]
    collect(inst, forum)
    brands = (*inst.settings.brands, Brand(id="travel", name="Travel", phrases=("train", "hotel", "airport", "the")))
    wider = installed(inst.settings.model_copy(update={"brands": brands}), clock)
    assert listening_for(wider, forum) != listening_for(inst, forum)
    collect(wider, forum)
    with wider.database.reading() as connection:
        heard = connection.execute(select(BrandMentionRow.brand).distinct()).scalars().all()
    assert sorted(heard) == ["northwind", "travel"]


def test_a_source_that_asks_for_two_hours_of_peace_gets_them(
    inst: Installation, network: SimulatedNetwork, clock: HandClock
) -> None:
    network.misbehave(Place.FORUM, misbehaviour.rate_limited(7200))
    tick(inst)
    asked = network.requests(Place.FORUM)
    for _ in range(11):
        clock.advance(minutes=10)
        tick(inst)
    assert network.requests(Place.FORUM) == asked
    clock.advance(minutes=16)
    tick(inst)
    assert network.requests(Place.FORUM) == asked + 1


def test_attempts_within_a_tick_are_one_failure_and_a_call_for_peace_is_none(
    inst: Installation, network: SimulatedNetwork, clock: HandClock
) -> None:
    network.misbehave(Place.FORUM, misbehaviour.server_error)
    forum = sources(network)[0]
    for _ in range(3):
        assert collect(inst, forum).transient
        clock.advance(seconds=2)
    with inst.database.reading() as connection:
        row = source_row(connection, "forum")
        assert row
        assert row.failures == 1
    network.misbehave(Place.FORUM, misbehaviour.rate_limited(60))
    assert not collect(inst, forum).transient


def test_a_feed_without_dates_brings_its_backlog_as_no_wave_and_news_as_news(tmp_path: Path, clock: HandClock) -> None:
    items = [f"<item><title>Awful delay, Northwind Air {n}</title><guid>{n}</guid></item>" for n in range(40)]
    with closing(Site()) as site:
        feed = source(
            "news", "rss", url=site.serve("/feed", f"<rss version='2.0'><channel>{''.join(items)}</channel></rss>")
        )
        inst = installed(settings(tmp_path, sources=(feed,)), clock)
        assert tick(inst).fired == ()
        clock.advance(minutes=5)
        items.append("<item><title>Awful delay, Northwind Air, today</title><guid>x</guid></item>")
        site.serve("/feed", f"<rss version='2.0'><channel>{''.join(items)}</channel></rss>")
        tick(inst)
    with inst.database.reading() as connection:
        dates = connection.execute(select(MentionRow.published_at).distinct()).scalars().all()
    assert sorted(dates) == [NOON - timedelta(days=1), clock.now]


def test_one_loud_author_is_held_with_that_reason(
    inst: Installation, network: SimulatedNetwork, clock: HandClock
) -> None:
    tick(inst)
    network.publish(flood(7, start=NOON + timedelta(minutes=1), minutes=14))
    clock.advance(minutes=15)
    report = tick(inst)
    negative = next(one.signal for one in report.evaluated if one.signal.kind == "negative_wave")
    assert (negative.verdict, negative.reason) == (Verdict.HELD, "one_loud_author")
    with inst.database.reading() as connection:
        assert store.all_open(connection, "northwind") == ()
        assert outbox.waiting(connection) == 0
