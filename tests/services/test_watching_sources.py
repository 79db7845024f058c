from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from alerts.health_alert import HealthAlert
from database import visits
from database.source_health import source_facts
from database.tables import OutboxRow, SourceHourRow, TickRow, UsageRow
from detection.silence import HOUR
from detection.source_state import SourceFacts, SourceState
from services.delivery import deliver
from services.installation import Installation
from services.rounds import host_of, start_round
from services.watching_sources import SourceNews, UnknownSourceError, is_new_hour, wake_source, watch_sources
from settings.model import Routing
from sources.network.pacing import Wait
from tests.installations import NOON, HandClock, installation, source

DAY = timedelta(days=1)
REFUSED = {"problem": "forum.example: it refused the connection.", "remedy": "Wait.", "failures": 9}


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def inst(tmp_path: Path, clock: HandClock) -> Iterator[Installation]:
    """Three sources that were just heard."""
    names = ("forum", "news", "social")
    sources = tuple(source(name, url=f"https://{name}.example/feed") for name in names)
    made = installation(tmp_path, clock, sources=sources)
    with made.database:
        for name in names:
            remember(made, name, **fresh(clock.now))
        yield made


def fresh(now: datetime) -> dict[str, object]:
    return {"asked_at": now, "succeeded_at": now, "brought_at": now, "problem": None, "failing_since": None}


def remember(inst: Installation, name: str, **values: object) -> None:
    with inst.database.writing() as connection:
        visits.save_source(connection, name, **values)


def facts(inst: Installation, name: str) -> SourceFacts:
    with inst.database.reading() as connection:
        return source_facts(connection)[name]


def letters(inst: Installation) -> list[HealthAlert]:
    with inst.database.reading() as connection:
        rows = connection.execute(select(OutboxRow.content).order_by(OutboxRow.id)).scalars()
        return [HealthAlert.from_json(content) for content in rows]


def told(inst: Installation) -> list[tuple[list[str], list[str]]]:
    """The sources in each letter: those that went deaf, those that are heard again."""
    return [([one.source for one in each.deaf], [one.source for one in each.heard]) for each in letters(inst)]


def tick(inst: Installation) -> None:
    with inst.database.writing() as connection:
        connection.execute(insert(TickRow).values(started_at=inst.clock(), finished_at=inst.clock()))


def spoke_hourly(inst: Installation, name: str, until: datetime, *, silent_for: int) -> None:
    """Two posts an hour for three weeks, then hours that were listened to in vain."""
    hours = [
        {"source": name, "hour": until - n * HOUR, "posts": 0 if n <= silent_for else 2} for n in range(1, 22 * 24)
    ]
    with inst.database.writing() as connection:
        connection.execute(insert(SourceHourRow), hours)


def test_all_that_went_deaf_since_the_last_letter_is_in_one_letter_and_told_once(inst: Installation) -> None:
    remember(inst, "forum", failing_since=NOON - HOUR, **REFUSED)
    remember(inst, "social", stopped_at=NOON, problem="it is gone for good (410).")
    assert watch_sources(inst).deaf == ("social", "forum")
    assert watch_sources(inst).told == {}
    (letter,) = letters(inst)
    assert [(one.source, one.state) for one in letter.deaf] == [
        ("social", SourceState.STOPPED),
        ("forum", SourceState.FAILING),
    ]
    assert (letter.deaf_now, letter.sources, letter.link) == (2, 3, "http://127.0.0.1:8420/sources")


def test_a_short_failure_is_not_worth_a_letter(inst: Installation) -> None:
    remember(inst, "forum", failing_since=NOON - 0.9 * HOUR, **REFUSED)
    assert watch_sources(inst).deaf == ()
    assert letters(inst) == []


def test_there_is_one_letter_an_hour_at_most_and_it_holds_what_is_still_news(
    inst: Installation, clock: HandClock
) -> None:
    remember(inst, "forum", failing_since=NOON - HOUR, **REFUSED)
    watch_sources(inst)
    clock.advance(minutes=10)
    remember(inst, "news", failing_since=NOON - 2 * HOUR, **REFUSED)
    remember(inst, "social", failing_since=NOON - 2 * HOUR, **REFUSED)
    assert watch_sources(inst).told == {}
    clock.advance(minutes=49)
    remember(inst, "social", **fresh(clock.now))
    assert watch_sources(inst).told == {}
    clock.advance(minutes=1)
    remember(inst, "forum", **fresh(clock.now))
    assert watch_sources(inst).told == {"news": SourceNews.DEAF, "forum": SourceNews.HEARD_AGAIN}
    assert told(inst) == [(["forum"], []), (["news"], ["forum"])]


def test_it_is_heard_again_only_once_it_answered(inst: Installation, clock: HandClock) -> None:
    remember(inst, "forum", stopped_at=NOON, problem="it is gone.")
    watch_sources(inst)
    clock.advance(hours=2)
    remember(inst, "forum", stopped_at=None, problem=None)
    assert watch_sources(inst).told == {}
    remember(inst, "forum", **fresh(clock.now))
    assert watch_sources(inst).told == {"forum": SourceNews.HEARD_AGAIN}
    clock.advance(hours=2)
    assert watch_sources(inst).told == {}


def test_one_that_failed_and_is_then_gone_for_good_is_news_again(inst: Installation, clock: HandClock) -> None:
    remember(inst, "forum", failing_since=NOON - HOUR, **REFUSED)
    watch_sources(inst)
    clock.advance(hours=3)
    remember(inst, "forum", stopped_at=clock.now)
    assert watch_sources(inst).told == {"forum": SourceNews.DEAF}


def test_a_source_that_usually_speaks_is_silent_until_it_speaks(inst: Installation, clock: HandClock) -> None:
    spoke_hourly(inst, "forum", NOON, silent_for=12)
    remember(inst, "forum", brought_at=NOON - 12 * HOUR)
    tick(inst)
    clock.advance(minutes=30)
    assert watch_sources(inst).deaf == (), "the clock has not struck"
    clock.advance(minutes=30)
    assert watch_sources(inst).deaf == ("forum",)
    assert facts(inst, "forum").silent_since == NOON - 12 * HOUR
    (letter,) = letters(inst)
    assert letter.deaf[0].sentence.startswith("Nothing new in 13 h of listening; about 26 posts")
    clock.advance(hours=2)
    remember(inst, "forum", **fresh(clock.now))
    assert watch_sources(inst).told == {}
    with inst.database.writing() as connection:
        visits.add_posts(connection, "forum", [clock.now], clock.now)
    assert watch_sources(inst).told == {"forum": SourceNews.HEARD_AGAIN}


def test_what_a_source_showed_of_the_weeks_before_it_was_added_makes_no_night_a_silence(
    inst: Installation, clock: HandClock
) -> None:
    remember(inst, "forum", added_at=NOON, brought_at=NOON - 12 * HOUR)
    with inst.database.writing() as connection:
        nights = [NOON - 21 * DAY + n * HOUR for n in range(21 * 24) if n % 24 < 12]
        visits.add_posts(connection, "forum", nights, clock.now)
    for _ in range(12):
        tick(inst)
        clock.advance(hours=1)
        remember(inst, "forum", asked_at=clock.now, succeeded_at=clock.now)
        assert watch_sources(inst).deaf == ()


def test_while_nobody_listens_no_source_falls_silent(inst: Installation, clock: HandClock) -> None:
    spoke_hourly(inst, "forum", NOON, silent_for=1)
    tick(inst)
    clock.advance(days=3)
    remember(inst, "forum", asked_at=clock.now, succeeded_at=clock.now)
    assert watch_sources(inst).deaf == ()
    with inst.database.reading() as connection:
        hours = select(SourceHourRow.hour, SourceHourRow.posts).where(SourceHourRow.hour > NOON)
        assert [tuple(row) for row in connection.execute(hours.where(SourceHourRow.source == "forum"))] == [
            (clock.now, 0)
        ]


def test_a_budget_that_ends_early_every_day_is_told_of_once_a_week(tmp_path: Path, clock: HandClock) -> None:
    metered = source("x", kind="newsapi", key="k", query="northwind", per_day=100)
    inst = installation(tmp_path, clock, sources=(metered,))
    for day in range(8):
        clock.now = NOON + day * DAY
        remember(inst, "x", **fresh(clock.now))
        assert watch_sources(inst).deaf == ()
        with inst.database.writing() as connection:
            values = {"source": "x", "day": clock.now.date().isoformat(), "requests": 100, "units": 100}
            connection.execute(insert(UsageRow).values(**values))
        assert watch_sources(inst).deaf == ("x",)
    assert [letter.happened_at for letter in letters(inst)] == [NOON, NOON + 7 * DAY]


@pytest.mark.parametrize(("operator", "reader"), [(None, "dana@example.com"), ("lee", "lee@example.com")])
def test_the_letter_goes_to_the_operator_else_to_the_owner_and_belongs_to_no_incident(
    tmp_path: Path, clock: HandClock, operator: str | None, reader: str
) -> None:
    routing = Routing(owner="dana", notify=("lee",), operator=operator)
    inst = installation(tmp_path, clock, sources=(source(url="https://forum.example/feed"),), routing=routing)
    remember(inst, "forum", failing_since=NOON - HOUR, **REFUSED)
    watch_sources(inst)
    assert deliver(inst).sent == 1
    (file,) = (tmp_path / "outbox").glob("*.eml")
    mail = message_from_bytes(file.read_bytes(), policy=default)
    assert reader in mail["To"]
    assert mail["Subject"] == "Groundswell: forum cannot be read"
    assert mail["List-Id"] == "<health.groundswell.example.com>"


def test_a_source_that_is_woken_is_asked_in_the_next_round(inst: Installation) -> None:
    remember(inst, "forum", stopped_at=NOON, next_at=NOON + DAY, listening_for="x")
    host = host_of(inst.settings.sources[0])
    with inst.database.writing() as connection:
        visits.save_waits(connection, [Wait(host, NOON + HOUR, "it asked for that")])
    assert wake_source(inst, "forum")
    assert inst.settings.sources[0] in start_round(inst)
    with inst.database.reading() as connection:
        assert visits.host_waits(connection, NOON) == []
    with pytest.raises(UnknownSourceError, match="forum, news, social"):
        wake_source(inst, "nowhere")


def test_the_clock_has_struck_where_an_hour_ended_in_between() -> None:
    assert is_new_hour(None, NOON)
    assert is_new_hour(NOON - timedelta(seconds=1), NOON)
    assert not is_new_hour(NOON, NOON + timedelta(minutes=59))
    assert is_new_hour(NOON + DAY, NOON), "the clock was ahead"
