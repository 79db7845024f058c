"""Connections: SQLite by default, PostgreSQL by address."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, OperationalError
from sqlalchemy.pool import QueuePool

from database.group_commit import GroupCommit, QueueTimeoutError, UndoneError
from database.locking import hold_file
from errors import GroundswellError

# A writer waits this long for another one; a tick's longest transaction takes well under a second.
BUSY_TIMEOUT = timedelta(seconds=30)
_WRITES = "groundswell_writes"
_OUTSIDE = "groundswell_outside"  # of any transaction
# Ours are many queries of some milliseconds. Compiling one takes longer than it runs, and so does starting helpers for
# it, which then take the processors from the other readers
# (https://www.postgresql.org/docs/current/jit-decision.html, .../parallel-query.html).
_SHORT_QUERIES = "-c jit=off -c max_parallel_workers_per_gather=0"


class DatabaseError(GroundswellError):
    """The database could not be opened, read or written; nothing half-done was kept."""


class Database:
    """One database, opened lazily and closed by ``close`` or ``with``.

    Args:
        address: an SQLAlchemy address, ``sqlite:////path/file.db`` or ``postgresql+psycopg://...``.
    """

    def __init__(self, address: str) -> None:
        try:
            url = make_url(address)
        except ArgumentError:
            raise DatabaseError(
                "database",
                "the address is not one.",
                "Write sqlite:////path/file.db or postgresql+psycopg://user@host/name.",
            ) from None
        self.name = url.render_as_string(hide_password=True)
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self._file = Path(url.database or "groundswell.db") if self.is_sqlite else None
        self._engine = _sqlite_engine(address, self._file) if self._file else _server_engine(address)
        # With one connection for all writers its cache of pages stays good: once another connection has written, SQLite
        # throws away what a connection holds.
        self._writers = GroupCommit(_sqlite_writer(address, self._file), BUSY_TIMEOUT) if self._file else None

    @property
    def engine(self) -> Engine:
        """The engine, for migrations."""
        return self._engine

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one consistent state.

        Raises:
            DatabaseError: the database cannot be reached or read.
        """
        # SQLite's transactions see one state by themselves; PostgreSQL's must be asked to.
        options = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        with self._explained(), self._engine.connect().execution_options(**options) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: committed when the block ends, undone whole when it raises.

        On SQLite the write lock is taken at the start, so that two writers queue instead of failing half-way; threads
        of this process that queue are written together (:mod:`database.group_commit`).

        Raises:
            DatabaseError: the database cannot be reached or written (a full disk, say).
        """
        with (
            self._explained(),
            self._writers.transaction() if self._writers else self._engine.begin() as connection,
        ):
            yield connection

    @contextmanager
    def exclusive(self, name: str, *, wait: bool) -> Iterator[bool]:
        """Hold a lock that every process on this database respects and that dies with its holder.

        SQLite: an advisory lock on a file beside the database. PostgreSQL: a session-level advisory lock
        (https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS).

        Yields:
            whether the lock is held; always True where ``wait``.
        """
        if self._file:
            with hold_file(self._file.with_name(f"{self._file.name}.{name}.lock"), wait=wait) as held:
                yield held
            return
        with self._explained(), self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            key = int.from_bytes(hashlib.blake2b(f"groundswell:{name}".encode(), digest_size=8).digest(), signed=True)
            function = "pg_advisory_lock" if wait else "pg_try_advisory_lock"
            answer = connection.execute(text(f"SELECT {function}(:key)"), {"key": key}).scalar()
            held = wait or bool(answer)
            try:
                yield held
            finally:
                if held:
                    connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": key})

    def rewrite(self) -> bool:
        """Write all of it anew, so that no file of it holds anything that was deleted; that takes its size twice.

        SQLite: https://www.sqlite.org/lang_vacuum.html, and the write-ahead log is emptied. PostgreSQL: VACUUM FULL
        (https://www.postgresql.org/docs/current/sql-vacuum.html), during which nobody else reads or writes; its own
        write-ahead log and backups keep what they have.

        Returns:
            whether the log could be emptied, too; it cannot while another program reads.

        Raises:
            DatabaseError: the disk is full, or another program holds it.
        """
        options = {_OUTSIDE: True} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        with (
            self._explained(),
            self._writers.alone() if self._writers else nullcontext(),
            self._engine.connect().execution_options(**options) as connection,
        ):
            if not self.is_sqlite:
                tables = inspect(connection).get_table_names()
                quoted = ", ".join(map(connection.dialect.identifier_preparer.quote, sorted(tables)))
                # What the planner knows of columns holds their commonest values; old statistics go with the rest.
                connection.exec_driver_sql(f"ANALYZE {quoted}")
                connection.exec_driver_sql(f"VACUUM FULL {quoted}, pg_catalog.pg_statistic")
                return True
            # Its index of words keeps those of what was deleted until its parts are merged.
            connection.exec_driver_sql("INSERT INTO word_index(word_index) VALUES ('optimize')")
            connection.exec_driver_sql("VACUUM")
            return not connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (OperationalError, DataError) as error:
            raise DatabaseError(f"database {self.name}", _problem(error), _remedy(error)) from error
        except UndoneError as error:
            told = "what was being written was undone with what others wrote at the same moment."
            raise DatabaseError(f"database {self.name}", told, "Try again; nothing was written.") from error
        except QueueTimeoutError:
            told = f"Others have been writing for {BUSY_TIMEOUT.total_seconds():g} s without a pause."
            raise DatabaseError(f"database {self.name}", told, "Try again; nothing was written.") from None

    def close(self) -> None:
        """Give all connections back."""
        self._engine.dispose()
        if self._writers:
            self._writers.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _server_engine(address: str) -> Engine:
    told = make_url(address).query.get("options", "")
    own = told if isinstance(told, str) else " ".join(told)
    return create_engine(
        address,
        connect_args={"options": f"{_SHORT_QUERIES} {own}".strip()},  # of two that say the same, the last one counts
        pool_pre_ping=True,
        pool_size=5,
        max_overflow=15,
        hide_parameters=True,
    )


def _sqlite_engine(address: str, file: Path) -> Engine:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)  # what people wrote and who works here is nobody else's on this machine
    except OSError as error:
        raise DatabaseError(f"database folder {file.parent}", f"{error.strerror}.", "Make it writable.") from error
    # Connections are kept: the last one to close writes the whole log back into the file, which costs milliseconds.
    # Errors do not quote what was to be stored: they end up in logs, where nobody erases it.
    engine = create_engine(address, poolclass=QueuePool, pool_size=5, max_overflow=40, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _sqlite_writer(address: str, file: Path) -> Engine:
    return _sqlite_engine(address, file).execution_options(**{_WRITES: True})


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions on its own
    for pragma in (
        f"busy_timeout={int(BUSY_TIMEOUT.total_seconds() * 1000)}",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        # 16 MB of log before it is written back to the file, which waits for the disk; as much of the file in memory.
        "wal_autocheckpoint=4000",
        "cache_size=-16000",
        # Readers keep what they have read of the file although a tick writes all the time, without copying it anew:
        # https://www.sqlite.org/mmap.html.
        "mmap_size=2147483648",
        "foreign_keys=ON",
        # What is deleted or replaced is overwritten at once: https://www.sqlite.org/pragma.html#pragma_secure_delete
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get(_OUTSIDE):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(_WRITES) else "BEGIN")


def _problem(error: DBAPIError) -> str:
    return f"{str(error.orig).strip().splitlines()[0].rstrip('.')}."


def _remedy(error: DBAPIError) -> str:
    told = str(error.orig)
    if "full" in told or "No space" in told:
        return "Free space on its disk; what was being written is undone and will be done again."
    if "no such column" in told or "no such table" in told:
        return "Groundswell was updated while this ran: restart it."
    if "locked" in told:
        return "Another program holds it; stop that program or wait."
    return "Check that it is there, reachable and writable; what was being written is undone and will be done again."
