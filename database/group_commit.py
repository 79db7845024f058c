"""Writers of one SQLite file that queue share a transaction: one commit, and one wait for the disk, for all of them.

Each block runs in a savepoint (https://www.sqlite.org/lang_savepoint.html) of its own, so that one that fails undoes
itself alone. Whoever finds others waiting leaves the transaction open for them; the last one commits, and until then
nobody's block counts as written.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event, Lock
from typing import Any

from sqlalchemy import Connection, Engine

# So many blocks at the most: the first one waits for all of them.
_MOST = 8


class QueueTimeoutError(Exception):
    """A thread's turn to write did not come."""


@dataclass(slots=True)
class _Group:
    """A transaction that several blocks share.

    Attributes:
        error: why nothing of it was kept, None where all was.
    """

    connection: Connection
    blocks: int = 0
    done: Event = field(default_factory=Event)
    error: BaseException | None = None

    @property
    def alive(self) -> bool:
        """Whether SQLite still has the transaction: a full disk, for one, makes it undo all of it by itself.

        See https://www.sqlite.org/lang_transaction.html#response_to_errors_within_a_transaction
        """
        driver: Any = self.connection.connection.driver_connection
        return bool(driver.in_transaction)

    def end(self) -> None:
        """Commit, unless it is lost already, and tell everybody how that went."""
        try:
            with self.connection:
                if self.error is None:
                    self._commit()
        except BaseException as error:  # noqa: BLE001  each of those who wait raises it
            self.error = error
        finally:
            self.done.set()

    def _commit(self) -> None:
        try:
            self.connection.commit()
        except BaseException:
            self.connection.invalidate()  # what could not be committed may still be open in it
            raise


class GroupCommit:
    """Lets the threads of this process write one after another.

    Args:
        engine: opens connections whose transactions hold the file's write lock from their start.
        patience: how long a thread waits for its turn.
    """

    def __init__(self, engine: Engine, patience: timedelta) -> None:
        self._engine = engine
        self._patience = patience.total_seconds()
        self._turn = Lock()
        self._counting = Lock()
        self._waiting = 0
        self._group: _Group | None = None

    @property
    def waiting(self) -> int:
        """Threads that wait for their turn to write."""
        return self._waiting

    def close(self) -> None:
        """Give the connection back; it is opened again when somebody writes."""
        self._engine.dispose()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A block that is written when the context has been left without an error; undone whole where it raises.

        Raises:
            QueueTimeoutError: others wrote for too long.
            sqlalchemy.exc.DBAPIError: the file cannot be written; nothing of the block was kept.
        """
        self._count(+1)
        try:
            self._take_turn()
        finally:
            self._count(-1)
        try:
            group = self._group = self._group or self._begun()
            try:
                with group.connection.begin_nested():
                    yield group.connection
            except BaseException as error:
                if not group.alive:
                    group.error = error
                raise
            finally:
                group.blocks += 1
                if group.error is not None or not self._waiting or group.blocks >= _MOST:
                    self._end()
        finally:
            self._turn.release()
        group.done.wait()
        if group.error is not None:
            raise group.error

    @contextmanager
    def alone(self) -> Iterator[None]:
        """A turn outside of any transaction."""
        self._take_turn()
        try:
            self._end()
            yield
        finally:
            self._turn.release()

    def _take_turn(self) -> None:
        if not self._turn.acquire(timeout=self._patience):
            raise QueueTimeoutError

    def _count(self, change: int) -> None:
        with self._counting:
            self._waiting += change

    def _begun(self) -> _Group:
        connection = self._engine.connect()
        try:
            connection.begin()
        except BaseException:
            connection.close()
            raise
        return _Group(connection)

    def _end(self) -> None:
        group, self._group = self._group, None
        if group is not None:
            group.end()
