from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, inspect, select

from database import incidents
from database.columns import Table
from database.copying import clear_judged, copy_past, count_past
from database.detection_tables import JudgedRow, MarkRow, PastRow
from database.listening import About, Heard, store
from database.response_tables import IncidentRow
from database.session import Database
from database.tables import BrandMentionRow, BucketRow, CoverageRow, MentionRow, SignalRow, TagRow
from mentions.matching import about
from sentiment.score import Label, Score
from tests.database.incident_rows import opening, signal
from tests.databases import lay_tables
from tests.installations import NOON, said
from topics.tag import Tag

HOUR = timedelta(hours=1)
COUNT = 7
COPIED = (MentionRow, BrandMentionRow, TagRow)


@pytest.fixture
def team(database: Database) -> Database:
    """Seven mentions an hour apart, each about two brands, with a tag."""
    heard = [
        Heard(
            said(f"Words {n}.", NOON + n * HOUR, number=n),
            tuple(
                About(match, Score(-0.5, Label.NEGATIVE, "test"), (Tag("category", "outage", "words"),))
                for match in about(["northwind", "southwind"], "forum")
            ),
        )
        for n in range(COUNT)
    ]
    with database.writing() as connection:
        store(connection, "forum", heard, NOON + COUNT * HOUR)
    return database


@pytest.fixture
def rehearsed(tmp_path: Path) -> Iterator[Database]:
    with Database(lay_tables(f"sqlite:///{tmp_path / 'rehearsal' / 'replay.db'}")) as opened:
        yield opened


def rows(database: Database, table: type[Table]) -> list[Any]:
    columns = [*inspect(table).primary_key]
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(select(table.__table__).order_by(*columns))]


def copied(team: Database, rehearsed: Database, brands: list[str], since: datetime, until: datetime) -> int:
    return sum(copy_past(team, rehearsed, brands, since, until))


@pytest.mark.parametrize("at_once", [1, 2, 1000])
def test_everything_of_some_brands_comes_as_it_is(team: Database, rehearsed: Database, at_once: int) -> None:
    until = NOON + COUNT * HOUR
    assert count_past(team, ["northwind", "southwind"], NOON, until) == 2 * COUNT
    batches = [*copy_past(team, rehearsed, ["northwind", "southwind"], NOON, until, at_once)]
    assert (sum(batches), max(batches)) == (2 * COUNT, min(at_once, COUNT))
    for table in (*COPIED, BucketRow, CoverageRow):
        assert rows(rehearsed, table) == rows(team, table)


def test_only_what_was_published_in_the_span_about_the_brands_comes(team: Database, rehearsed: Database) -> None:
    assert copied(team, rehearsed, ["southwind"], NOON + HOUR, NOON + 3 * HOUR) == 2
    with rehearsed.reading() as connection:
        assert {*connection.execute(select(BrandMentionRow.brand)).scalars()} == {"southwind"}
        assert [*connection.execute(select(BucketRow.start).order_by(BucketRow.start)).scalars()] == [
            NOON + HOUR,
            NOON + 2 * HOUR,
        ]
    assert len(rows(rehearsed, MentionRow)) == 2


def test_what_was_decided_stays_behind(team: Database, rehearsed: Database) -> None:
    with team.writing() as connection:
        incidents.record_signal(connection, signal(), incidents.add(connection, opening()), opened=True, told=True)
    copied(team, rehearsed, ["northwind"], NOON, NOON + COUNT * HOUR)
    assert [rows(rehearsed, table) for table in (IncidentRow, SignalRow)] == [[], []]


def test_what_judging_wrote_can_be_forgotten_and_what_was_heard_stays(team: Database) -> None:
    before = [rows(team, table) for table in (*COPIED, BucketRow, CoverageRow)]
    with team.writing() as connection:
        incidents.record_signal(connection, signal(), incidents.add(connection, opening()), opened=True, told=True)
        connection.execute(insert(JudgedRow).values(brand="northwind", at=NOON, counts={}))
    with team.writing() as connection:
        clear_judged(connection)
    assert [rows(team, table) for table in (IncidentRow, SignalRow, JudgedRow, PastRow, MarkRow)] == [[]] * 5
    assert [rows(team, table) for table in (*COPIED, BucketRow, CoverageRow)] == before
