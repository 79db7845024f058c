from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from database import incidents as store
from database import responses
from database.session import Database
from incidents import lifecycle, ownership, remarks, steps
from incidents.incident import Actor, Change, Status
from tests.database.incident_rows import opening, signal
from tests.installations import NOON

DANA = Actor("dana", "Dana Reyes")
LATER = NOON + timedelta(minutes=3)


def test_an_incident_comes_back_as_it_was_stored(database: Database) -> None:
    wanted = opening()
    with database.writing() as connection:
        number = store.add(connection, wanted)
        found = store.find(connection, number)
        assert found == replace(wanted.incident, id=number, changed_at=NOON)
        assert responses.steps(connection, number) == wanted.steps
        assert tuple(replace(row, id=None) for row in store.timeline(connection, number)) == wanted.events


def test_a_second_open_incident_of_the_same_brand_and_kind_is_impossible(database: Database) -> None:
    with database.writing() as connection:
        store.add(connection, opening())
        store.add(connection, opening(kind="volume_wave"))
        store.add(connection, opening(brand="other"))
    with pytest.raises(IntegrityError), database.writing() as connection:
        store.add(connection, opening())


def test_after_one_is_resolved_another_may_open(database: Database) -> None:
    with database.writing() as connection:
        number = store.add(connection, opening())
        resolved = lifecycle.resolve(store.find(connection, number), (), DANA, LATER)
        assert isinstance(resolved, Change)
        store.change(connection, resolved)
        assert store.all_open(connection, "northwind") == ()
        last = store.last_resolved(connection, "northwind", LATER)
        assert last
        assert (last.id, last.resolved_at) == (number, LATER)
        assert store.last_resolved(connection, "northwind", NOON) is None
        store.add(connection, opening())
        assert len(store.all_open(connection, "northwind")) == 1


def test_a_change_decided_on_an_older_version_is_refused_and_leaves_no_row(database: Database) -> None:
    with database.writing() as connection:
        number = store.add(connection, opening())
        seen = store.find(connection, number)
        first, second = ownership.acknowledge(seen, DANA, LATER), remarks.add_note(seen, DANA, "late", LATER)
        assert isinstance(first, Change)
        store.change(connection, first)
    assert isinstance(second, Change)
    with pytest.raises(store.ConflictError, match="somebody else"), database.writing() as connection:
        store.change(connection, second)
    with database.reading() as connection:
        assert store.find(connection, number).status is Status.ACKNOWLEDGED
        assert "late" not in [event.text for event in store.timeline(connection, number)]


def test_ticking_a_step_stores_the_step_its_rows_and_a_new_version_together(database: Database) -> None:
    with database.writing() as connection:
        number = store.add(connection, opening())
        ticked = steps.complete_step(
            store.find(connection, number), responses.steps(connection, number), 1, DANA, LATER
        )
        assert isinstance(ticked, Change)
        store.change(connection, ticked)
        step = responses.steps(connection, number)[0]
        assert (step.done_at, step.done_by) == (LATER, "dana")
        assert store.find(connection, number).version == 2
        assert [event.kind for event in store.timeline(connection, number)][-2:] == ["acknowledged", "step_done"]


def test_an_incident_that_is_not_there_is_named(database: Database) -> None:
    with pytest.raises(store.UnknownIncidentError, match="incident 404"), database.reading() as connection:
        store.find(connection, 404)


def test_the_newest_signal_of_a_brand_and_kind_is_found(database: Database) -> None:
    with database.writing() as connection:
        store.record_signal(connection, signal(observed=9), None)
        store.record_signal(connection, replace(signal(observed=11), at=LATER), None)
        last = store.last_signal(connection, "northwind", "negative_wave")
        assert last
        assert (last.observed, last.window_seconds) == (11, 3600)
        assert store.last_signal(connection, "northwind", "volume_wave") is None
