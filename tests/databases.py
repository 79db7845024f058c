"""Databases with all tables, copied from one that the migrations made: running them anew for each test takes longer."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, make_url

from database.columns import Table
from database.migrating import migrate
from database.session import Database
from database.word_tables import is_index


def differences(connection: Connection) -> list[Any]:
    """Between the tables of a database and those of the code; the index over words is no table of the code."""
    options = {"include_object": lambda _thing, name, *_more: not is_index(name)}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), Table.metadata))


def lay_tables(address: str) -> str:
    """Give a SQLite file that is not there yet all tables; the address is returned. Other databases are left alone."""
    url = make_url(address)
    if url.get_backend_name() == "sqlite" and not (file := Path(url.database or "")).exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_bytes(_migrated())
    return address


@cache
def _migrated() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "groundswell.db"
        with Database(f"sqlite:///{file}") as database:
            migrate(database)
        return file.read_bytes()
