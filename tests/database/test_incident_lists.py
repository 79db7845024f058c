from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from database import incidents as store
from database.incident_lists import Asked, list_incidents
from database.session import Database
from incidents.drills import drill_brand
from incidents.incident import Opening, Status
from playbooks.playbook import Severity
from tests.database.incident_rows import opening
from tests.installations import NOON


def kept(database: Database) -> None:
    """Six: open and ended, real and rehearsed, of two brands."""
    rows = [
        {},
        {"status": Status.RESOLVED, "resolved_at": NOON},
        {"brand": "north_wind", "severity": Severity.SEV4, "kind": "reported"},
        {"brand": drill_brand(3, "northwind"), "drill": True},
        {"owner": "lee", "kind": "reported"},
        {"status": Status.DISMISSED, "resolved_at": NOON, "severity": Severity.SEV4},
    ]
    with database.writing() as connection:
        for changed in rows:
            made = opening()
            incident = replace(made.incident, **changed)  # type: ignore[arg-type]  # by name
            store.add(connection, Opening(incident, made.steps, made.events))


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        (Asked(), [6, 5, 4, 3, 2, 1]),
        (Asked(brand="northwind"), [6, 5, 4, 2, 1]),
        (Asked(brand="north_wind"), [3]),
        (Asked(brand="northwin%"), []),
        (Asked(open=True), [5, 4, 3, 1]),
        (Asked(open=False), [6, 2]),
        (Asked(drill=True), [4]),
        (Asked(drill=False, open=True), [5, 3, 1]),
        (Asked(owner="lee"), [5]),
        (Asked(severities=(Severity.SEV4,)), [6, 3]),
        (Asked(statuses=(Status.RESOLVED, Status.DISMISSED)), [6, 2]),
    ],
)
def test_incidents_are_listed_as_asked_for(database: Database, asked: Asked, numbers: list[int]) -> None:
    kept(database)
    with database.reading() as connection:
        assert [one.id for one in list_incidents(connection, asked, None, 10)] == numbers


def test_pages_together_are_the_whole_list(database: Database) -> None:
    kept(database)
    found, before = [], None
    with database.reading() as connection:
        for _ in itertools.repeat(None, 3):
            part = list_incidents(connection, Asked(), before, 2)
            found += [one.id for one in part]
            before = part[-1].id
        assert list_incidents(connection, Asked(), before, 2) == ()
    assert found == [6, 5, 4, 3, 2, 1]
