from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, update

from database import incidents as store
from database.reading_events import MOST, brand_events
from database.response_tables import IncidentRow
from database.session import Database
from incidents.incident import EventKind, TimelineEvent
from tests.database.incident_rows import opening
from tests.installations import NOON

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
ALL = frozenset(EventKind)


def opened(connection: Connection, at: datetime, brand: str = "northwind", kind: str = "negative_wave") -> int:
    """An incident that was opened at a moment and has no other row."""
    made = opening(kind, brand)
    first = replace(made.events[0], at=at)
    return store.add(connection, replace(made, incident=replace(made.incident, opened_at=at), events=(first,)))


def note(at: datetime, kind: EventKind = EventKind.NOTE) -> TimelineEvent:
    return TimelineEvent(at, kind, "dana", "Noted.", {"a": "b"})


def test_what_happened_to_the_incidents_of_a_brand_in_a_time_is_told_in_its_order(database: Database) -> None:
    with database.writing() as connection:
        first, other = opened(connection, NOON - DAY), opened(connection, NOON, brand="southwind")
        store.record(connection, first, note(NOON - MINUTE))
        store.record(connection, first, note(NOON - 2 * MINUTE, EventKind.RESOLVED))
        store.record(connection, first, note(NOON + MINUTE))
        second = opened(connection, NOON - 3 * MINUTE, kind="volume_wave")
        found = brand_events(connection, "northwind", NOON - DAY / 2, NOON, ALL)
        chosen = brand_events(connection, "northwind", NOON - 2 * DAY, NOON, {EventKind.OPENED})
        assert [one.incident for one in brand_events(connection, "southwind", NOON - DAY, NOON, ALL)] == [other]
    assert [(one.incident, one.event.kind) for one in found] == [
        (second, EventKind.OPENED),
        (first, EventKind.RESOLVED),
        (first, EventKind.NOTE),
    ]
    assert found[-1].event == note(NOON - MINUTE)
    assert [one.incident for one in chosen] == [first, second]


def test_an_incident_that_is_over_says_so_and_one_that_ended_before_is_left_out(database: Database) -> None:
    with database.writing() as connection:
        opened(connection, NOON - DAY)
        connection.execute(update(IncidentRow).values(resolved_at=NOON - DAY / 2))
        since = NOON - 2 * DAY
        assert [one.over for one in brand_events(connection, "northwind", since, NOON, ALL)] == [True]
        assert brand_events(connection, "northwind", NOON - DAY / 4, NOON, ALL) == ()


def test_of_very_many_rows_the_newest_are_told(database: Database) -> None:
    with database.writing() as connection:
        number = opened(connection, NOON - DAY)
        for n in range(MOST + 5):
            store.record(connection, number, note(NOON - DAY + n * MINUTE))
        found = brand_events(connection, "northwind", NOON - DAY, NOON, {EventKind.NOTE})
    assert len(found) == MOST
    assert found[0].event.at == NOON - DAY + 5 * MINUTE
