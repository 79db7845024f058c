from __future__ import annotations

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import select, text

from database.columns import Table
from database.migrating import MIGRATIONS, migrate, revision
from database.session import Database
from database.tables import MentionRow, SourceRow


def test_migrations_lead_to_exactly_the_tables_of_the_code(database: Database) -> None:
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []


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
            assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []
            mention = connection.execute(select(MentionRow.text, MentionRow.handle, MentionRow.story_id)).one()
            source = connection.execute(select(SourceRow.failures, SourceRow.stopped_at)).one()
    assert (tuple(mention), tuple(source)) == (("late again", None, None), (3, None))
