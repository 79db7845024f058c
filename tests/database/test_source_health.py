from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert

from database import source_health, visits
from database.session import Database
from database.source_health import Usage
from database.tables import UsageRow
from detection.silence import HOUR, HeardHour
from detection.source_state import SourceFacts
from sources.network.pacing import Wait
from tests.installations import NOON

DAY = timedelta(days=1)


def test_the_facts_of_a_source_are_what_was_remembered_of_it(database: Database) -> None:
    with database.writing() as connection:
        visits.save_source(connection, "forum", failures=2, problem="it is away.", failing_since=NOON)
        facts = source_health.source_facts(connection)
    assert facts == {"forum": SourceFacts(failures=2, problem="it is away.", failing_since=NOON)}


def test_posts_are_counted_by_days_of_which_the_last_is_today(database: Database) -> None:
    with database.writing() as connection:
        published = [NOON, NOON - HOUR, NOON - 12 * HOUR, NOON - 13 * HOUR, NOON - 27 * DAY, NOON - 28 * DAY]
        visits.add_posts(connection, "forum", published, NOON)
        source_health.mark_heard(connection, ["quiet"], NOON)
        days = source_health.posts_by_day(connection, NOON)
    assert set(days) == {"forum"}
    assert (len(days["forum"]), days["forum"][0], days["forum"][-2:]) == (28, 1, (1, 3))


def test_an_hour_is_heard_once_and_keeps_what_was_said_in_it(database: Database) -> None:
    with database.writing() as connection:
        visits.add_posts(connection, "forum", [NOON, NOON], NOON)
        for minutes in (5, 50, 65):
            source_health.mark_heard(connection, ["forum", "quiet"], NOON + timedelta(minutes=minutes))
        later = HeardHour(NOON + HOUR, 0)
        assert source_health.heard_hours(connection, "forum", None) == [HeardHour(NOON, 2), later]
        assert source_health.heard_hours(connection, "forum", NOON + timedelta(minutes=5)) == [later]
        assert source_health.spoke_since(connection, "forum", NOON)
        assert not source_health.spoke_since(connection, "forum", NOON + HOUR)
        assert not source_health.spoke_since(connection, "quiet", NOON)


def test_usage_is_that_of_the_day_in_utc(database: Database) -> None:
    with database.writing() as connection:
        for day, requests in (("2026-03-03", 9), ("2026-03-04", 4)):
            connection.execute(insert(UsageRow).values(source="x", day=day, requests=requests, units=40))
        assert source_health.usage_today(connection, NOON) == {"x": Usage(4, 40)}


def test_a_source_that_is_woken_is_due_at_once_and_its_host_may_be_asked(database: Database) -> None:
    with database.writing() as connection:
        waits = [Wait(host, NOON + HOUR, "it asked for that") for host in ("a.example", "b.example")]
        visits.save_waits(connection, waits)
        visits.save_source(connection, "forum", stopped_at=NOON, next_at=NOON + DAY, problem="it is gone.")
        assert source_health.wake(connection, "forum", ["a.example"])
        assert not source_health.wake(connection, "nowhere", [])
        facts = source_health.source_facts(connection)["forum"]
        assert [wait.host for wait in visits.host_waits(connection, NOON)] == ["b.example"]
    assert (facts.stopped_at, facts.next_at, facts.problem) == (None, None, "it is gone.")
