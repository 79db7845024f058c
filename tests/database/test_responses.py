"""What belongs to an incident is read as it was stored, whatever people wrote."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from database import incidents as store
from database import responses
from database.columns import storable
from database.session import Database
from incidents.incident import Change, Checklist, Follower, Record, Refusal, Review, Statement, Task
from incidents.remarks import add_note
from playbooks.playbook import ChecklistStep, StatementKind
from tests.database.incident_rows import opening
from tests.database.test_incidents import DANA
from tests.installations import NOON

HOSTILE = "'; DROP TABLE steps; --\x00 \ud800 \U0001f6eb <b>{{ 7*7 }}</b> \u202e\r\n%s %(at)s :at"
DUE = NOON + timedelta(hours=1)
words = st.text(st.characters(exclude_categories=()), max_size=40)
people = st.sampled_from(["dana", "lee"])
moments = st.timedeltas(timedelta(0), timedelta(days=400)).map(NOON.__add__)
maybe = st.none() | moments
statements = st.builds(
    Statement, st.just(1), st.just("holding"), st.sampled_from(StatementKind), words, words, st.integers(1, 3), people,
    moments, st.none() | people, maybe, st.none() | people, maybe, st.none() | words,
)  # fmt: skip
tasks = st.builds(Task, st.just(1), words, st.none() | people, maybe, people, moments, maybe, st.none() | people)
reviews = st.builds(
    Review, st.dictionaries(st.sampled_from(["people", "changes"]), words), st.integers(1, 9), people, moments, maybe
)
readers = st.builds(Follower, people, people, moments, maybe)
checklists = st.builds(
    ChecklistStep, st.integers(1, 9), st.just("verify"), words, words, words, words, words, moments, maybe,
    st.none() | people, words, st.just(""), words, words, words, st.none() | people, maybe, st.just("holding"), words,
)  # fmt: skip


def clean(value: Any) -> Any:
    """As it comes back: without what no database takes."""
    if isinstance(value, dict):
        return {name: clean(one) for name, one in value.items()}
    return storable(value) if type(value) is str else value


def cleaned(record: Record) -> Record:
    return replace(record, **{name: clean(getattr(record, name)) for name in record.__slots__})


def stored(connection: Connection, record: Record) -> object:
    number = store.add(connection, replace(opening(kind="reported"), steps=()))
    responses.save(connection, number, record)
    read: dict[type, Callable[[Connection, int], Any]] = {
        Statement: responses.statements,
        Task: responses.tasks,
        Follower: responses.followers,
        ChecklistStep: responses.steps,
        Review: lambda connection, number: (responses.review(connection, number),),
    }
    (found,) = read[type(record)](connection, number)
    return found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(record=st.one_of(statements, tasks, reviews, readers, checklists))
def test_what_is_stored_comes_back_as_it_was(database: Database, record: Record) -> None:
    with database.writing() as connection:
        assert stored(connection, record) == cleaned(record)


def test_hostile_words_survive_in_every_place(database: Database) -> None:
    wanted = opening(kind="reported")
    with database.writing() as connection:
        number = store.add(connection, wanted)
        noted = add_note(store.find(connection, number), DANA, HOSTILE, NOON)
        assert isinstance(noted, Change)
        noted = replace(noted, event=replace(noted.event, facts={"reason": HOSTILE}))
        store.change(connection, noted)
        row = store.timeline(connection, number)[-1]
    assert (row.text, row.facts) == (storable(HOSTILE.strip()), {"reason": storable(HOSTILE)})
    assert "DROP TABLE" in row.text


def test_every_version_of_a_statement_is_kept(database: Database) -> None:
    first = Statement(1, "", StatementKind.UPDATE, "Update", "One.", 1, "dana", NOON)
    second = replace(first, text="Two.", version=2, author="lee", written_at=DUE)
    with database.writing() as connection:
        number = store.add(connection, opening())
        for one in (first, replace(first, approved_by="lee", approved_at=NOON), second):
            responses.save(connection, number, one)
        assert responses.statements(connection, number) == (second,)
        kept = [tuple(row)[2:] for row in responses.versions(connection, number, 1)]
    assert kept == [(1, "One.", "dana", NOON), (2, "Two.", "lee", DUE)]


def test_a_checklist_takes_the_place_of_the_one_before_and_of_no_other(database: Database) -> None:
    steps, reported = opening().steps, replace(opening(kind="reported"), steps=opening().steps)
    with database.writing() as connection:
        first, other = store.add(connection, opening()), store.add(connection, reported)
        responses.save(connection, first, Checklist(steps[2:4]))
        assert responses.steps(connection, first) == steps[2:4]
        assert responses.steps(connection, other) == steps


def test_a_change_to_a_version_that_is_gone_does_nothing_at_all(database: Database) -> None:
    with database.writing() as connection:
        number = store.add(connection, opening())
        seen = store.find(connection, number)
        for text in ("first", "second"):
            noted: Change | Refusal = add_note(store.find(connection, number), DANA, text, NOON)
            assert isinstance(noted, Change)
            store.change(connection, noted)
    late = add_note(seen, DANA, "late", NOON)
    assert isinstance(late, Change)
    also = (
        Checklist(()),
        Task(1, "Late", None, None, "dana", NOON),
        Statement(1, "", StatementKind.UPDATE, "Late", "Late.", 1, "dana", NOON),
        Follower("lee", "dana", NOON),
        Review({"people": "Late."}, 1, "dana", NOON),
    )
    before = everything(database, number)
    with pytest.raises(store.ConflictError), database.writing() as connection:
        store.change(connection, replace(late, also=also))
    assert everything(database, number) == before


def everything(database: Database, number: int) -> object:
    with database.reading() as connection:
        return (
            store.find(connection, number),
            store.timeline(connection, number),
            responses.steps(connection, number),
            responses.tasks(connection, number),
            responses.statements(connection, number),
            responses.versions(connection, number, 1),
            responses.followers(connection, number),
            responses.review(connection, number),
        )
