"""What a team was in the middle of when it moved to the Groundswell that keeps all of a response."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from database import incidents as store
from database import responses
from database.migrating import migrate
from database.session import Database
from incidents.incident import Change, Status
from incidents.statements import Draft, draft
from incidents.steps import complete_step
from playbooks.playbook import StatementKind
from tests.database.incident_rows import opening
from tests.database.test_incidents import DANA
from tests.database.test_migrating import at_revision
from tests.databases import differences
from tests.installations import NOON

AT = {"at": NOON.strftime("%Y-%m-%d %H:%M:%S")}
INCIDENT = """INSERT INTO incidents (brand, kind, title, severity, status, owner, why, playbook, playbook_version,
    opened_at, changed_at, acknowledge_by, resolved_at, version, observed, severity_by, wave_at, peak)
    VALUES ('northwind', '{kind}', 'Northwind Air', 'SEV2', '{status}', 'dana', 'Many.', 'communication-crisis',
    'abc', :at, :at, :at, {resolved}, 3, 40, 'groundswell', :at, 40)"""
STEP = """INSERT INTO steps (incident_id, position, key, title, why, how, role, you_may, due_at, done_at, done_by)
    VALUES (1, {position}, '{key}', 'Do it', 'Because.', 'Thus.', 'comms lead', '', :at, {done})"""
ROW = """INSERT INTO timeline (incident_id, at, kind, actor, text, facts)
    VALUES (1, :at, 'opened', 'groundswell', 'Many.', '{}')"""
FILLED = (
    INCIDENT.format(kind="negative_wave", status="acknowledged", resolved="NULL"),
    INCIDENT.format(kind="negative_wave", status="resolved", resolved=":at"),
    INCIDENT.format(kind="reported", status="open", resolved="NULL"),
    STEP.format(position=1, key="verify", done=":at, 'lee'"),
    STEP.format(position=2, key="pause", done="NULL, NULL"),
    ROW,
)


def test_incidents_that_run_go_on_after_the_upgrade_with_all_they_had(database_address: str) -> None:
    with at_revision(database_address, "0004") as database:
        with database.writing() as connection:
            for statement in FILLED:
                connection.execute(text(statement.replace(":at", f"'{AT['at']}'")))
        migrate(database)
        with database.reading() as connection:
            assert differences(connection) == []
            running, over, told = (store.find(connection, number) for number in (1, 2, 3))
            done, still_open = responses.steps(connection, 1)
            assert [row.text for row in store.timeline(connection, 1)] == ["Many."]
        assert (running.status, running.owner, running.version) == (Status.ACKNOWLEDGED, "dana", 3)
        assert [one.ended for one in (running, over, told)] == [False, True, False]
        assert (running.category, running.offered_to, running.merged_into, running.drill) == (None, None, None, False)
        assert (done.done_by, done.skipped, done.approval, still_open.done_at) == ("lee", "", "", None)
        _work_on(database)
        _open_another(database)


def _work_on(database: Database) -> None:
    later = NOON + timedelta(hours=1)
    with database.writing() as connection:
        ticked = complete_step(store.find(connection, 1), responses.steps(connection, 1), 2, DANA, later)
        assert isinstance(ticked, Change)
        store.change(connection, ticked)
        said = draft(store.find(connection, 1), (), Draft(StatementKind.HOLDING, "", "We are sorry."), DANA, later)
        assert isinstance(said, Change)
        store.change(connection, said)
    with database.reading() as connection:
        assert store.find(connection, 1).version == 5
        assert [step.done_by for step in responses.steps(connection, 1)] == ["lee", "dana"]


def _open_another(database: Database) -> None:
    """There is still one open one of a kind at most, and any number that people reported."""
    with database.writing() as connection:
        store.add(connection, opening(kind="reported"))
    with pytest.raises(IntegrityError), database.writing() as connection:
        store.add(connection, opening())
