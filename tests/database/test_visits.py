"""What is remembered of visits, on each database."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from database import visits
from database.session import Database
from database.tables import SourceHourRow, UsageRow
from sources.network.pacing import Wait
from tests.installations import NOON

HOUR = timedelta(hours=1)


def test_posts_are_counted_in_the_hours_of_their_publication_and_forgotten_after_five_weeks(database: Database) -> None:
    with database.writing() as connection:
        old = NOON - timedelta(days=36)
        visits.add_posts(connection, "forum", [old, NOON - 2 * HOUR, NOON - 2.5 * HOUR, NOON], NOON)
        visits.add_posts(connection, "forum", [NOON - 2.9 * HOUR], NOON)
        visits.add_posts(connection, "news", [NOON], NOON)
        visits.add_posts(connection, "news", [], NOON)
        assert visits.posts_since(connection, "forum", NOON - 3 * HOUR) == 4
        assert visits.posts_since(connection, "forum", NOON - HOUR) == 1
        assert visits.posts_since(connection, "blog", NOON - HOUR) == 0
        visits.add_posts(connection, "forum", [NOON + visits.HOURS_KEPT + HOUR], NOON + visits.HOURS_KEPT + HOUR)
        visits.forget_old(connection, NOON + visits.HOURS_KEPT + HOUR)
        hours = connection.execute(select(SourceHourRow.hour).where(SourceHourRow.source == "forum")).scalars().all()
    assert hours == [NOON + visits.HOURS_KEPT + HOUR]


def test_what_a_source_used_is_counted_by_the_day_and_kept_for_a_year(database: Database) -> None:
    with database.writing() as connection:
        visits.add_usage(connection, "x", NOON - timedelta(days=500), 1, 100)
        visits.add_usage(connection, "x", NOON, 2, 100)
        visits.add_usage(connection, "x", NOON + 11 * HOUR, 1, 30)
        visits.add_usage(connection, "x", NOON + 12 * HOUR, 0, 7)
        assert visits.units_used(connection, "x", NOON) == 130
        assert visits.units_used(connection, "x", NOON + 13 * HOUR) == 7
        assert visits.units_used(connection, "news", NOON) == 0
        visits.forget_old(connection, NOON)
        days = connection.execute(select(UsageRow.day, UsageRow.requests).order_by(UsageRow.day)).all()
    assert [tuple(day) for day in days] == [("2026-03-04", 3), ("2026-03-05", 0)]


def test_waits_of_hosts_outlive_the_process_and_are_forgotten_when_over(database: Database) -> None:
    with database.writing() as connection:
        visits.save_waits(connection, [Wait("a", NOON + HOUR, "one"), Wait("b", NOON + 2 * HOUR, "two")])
        visits.save_waits(connection, [Wait("a", NOON + 3 * HOUR, "three")])
        visits.save_waits(connection, [])
        assert sorted(visits.host_waits(connection, NOON), key=lambda wait: wait.host) == [
            Wait("a", NOON + 3 * HOUR, "three"),
            Wait("b", NOON + 2 * HOUR, "two"),
        ]
        assert [wait.host for wait in visits.host_waits(connection, NOON + 2 * HOUR)] == ["a"]


def test_columns_of_a_source_that_are_not_named_keep_what_they_hold(database: Database) -> None:
    with database.writing() as connection:
        assert visits.source_row(connection, "forum") is None
        visits.save_source(connection, "forum", cursor={"etag": "x"}, asked_at=NOON)
        visits.save_source(connection, "forum", failures=2, problem="away")
        row = visits.source_rows(connection)["forum"]
        assert row == visits.source_row(connection, "forum")
    assert (row.cursor, row.asked_at, row.failures, row.problem) == ({"etag": "x"}, NOON, 2, "away")
