from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from database.migrating import migrate, revision
from database.session import Database
from database.tables import Table


def test_migrations_lead_to_exactly_the_tables_of_the_code(database: Database) -> None:
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []


def test_migrating_again_changes_nothing(database: Database) -> None:
    before = revision(database)
    migrate(database)
    assert revision(database) == before
