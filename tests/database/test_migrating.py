from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import select, text

from database import incidents, responses
from database.migrating import MIGRATIONS, migrate, revision
from database.session import Database
from database.tables import MentionRow, SourceRow
from tests.databases import differences


def test_migrations_lead_to_exactly_the_tables_of_the_code(database: Database) -> None:
    with database.reading() as connection:
        assert differences(connection) == []


def test_migrating_again_changes_nothing(database: Database) -> None:
    before = revision(database)
    migrate(database)
    assert revision(database) == before


def at_revision(address: str, wanted: str) -> Database:
    """A database as an older Groundswell left it."""
    database = Database(address)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, wanted)
    return database


def test_what_an_older_version_stored_is_there_after_the_upgrade(empty_database_address: str) -> None:
    with at_revision(empty_database_address, "0001") as database:
        with database.writing() as connection:
            connection.execute(
                text(
                    "INSERT INTO mentions (id, digest, key, source, title, text, published_at, dating, seen_at)"
                    " VALUES (7, 'd', 'k', 'forum', '', 'late again', :at, 'stated', :at)"
                ),
                {"at": "2026-03-04 12:00:00"},
            )
            connection.execute(
                text("INSERT INTO sources (id, cursor, listening_for, failures) VALUES ('forum', '{}', 'x', 3)")
            )
        migrate(database)
        with database.reading() as connection:
            assert differences(connection) == []
            mention = connection.execute(select(MentionRow.text, MentionRow.handle, MentionRow.story_id)).one()
            source = connection.execute(select(SourceRow.failures, SourceRow.stopped_at)).one()
    assert (tuple(mention), tuple(source)) == (("late again", None, None), (3, None))


def test_incidents_of_an_older_version_go_on_with_their_steps_and_rows(database_address: str) -> None:
    at = {"at": "2026-03-04 12:00:00"}
    with at_revision(database_address, "0004") as database:
        with database.writing() as connection:
            for written in (
                (
                    "INSERT INTO incidents (brand, kind, title, severity, status, owner, why, playbook,"
                    " playbook_version, opened_at, changed_at, acknowledge_by, version, observed, severity_by, wave_at)"
                    " VALUES ('northwind', 'negative_wave', 'Many complain', 'SEV3', 'open', 'dana', 'Why.',"
                    " 'communication-crisis', 'old', :at, :at, :at, 1, 5, 'groundswell', :at)"
                ),
                (
                    "INSERT INTO steps (incident_id, position, key, title, why, how, role, you_may, due_at)"
                    " VALUES (1, 1, 'verify', 'Verify', 'w', 'h', 'comms lead', '', :at)"
                ),
                (
                    "INSERT INTO timeline (incident_id, at, kind, actor, text, facts)"
                    " VALUES (1, :at, 'opened', 'groundswell', 'Many complain.', '{}')"
                ),
            ):
                connection.execute(text(written), at)
        migrate(database)
        with database.reading() as connection:
            assert differences(connection) == []
            incident = incidents.find(connection, 1)
            steps, timeline = responses.steps(connection, 1), incidents.timeline(connection, 1)
    assert (incident.title, incident.merged_into, incident.drill) == ("Many complain", None, False)
    assert [(step.title, step.evidence, step.approved_at) for step in steps] == [("Verify", "", None)]
    assert [row.text for row in timeline] == ["Many complain."]
