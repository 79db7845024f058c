"""Bringing a database to the tables of this version."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from database.session import Database, DatabaseError

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(database: Database) -> None:
    """Run the migrations that are missing; safe when several processes start at once.

    Raises:
        DatabaseError: the database was written by a newer Groundswell, or cannot be changed.
    """
    with database.exclusive("migrate", wait=True):
        config = _config()
        present, known = revision(database), ScriptDirectory.from_config(config)
        if present == known.get_current_head():
            return
        if present and present not in {script.revision for script in known.walk_revisions()}:
            raise DatabaseError(
                f"database {database.name}",
                f"it is at revision {present}, which this version does not know.",
                "Run the newer Groundswell that wrote it; nothing was changed.",
            )
        with database.writing() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def revision(database: Database) -> str | None:
    """The revision a database is at, None for an empty one."""
    with database.reading() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
