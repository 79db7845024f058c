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
from threading import Event, Lock, get_ident
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

# So many blocks at the most: the first one waits for all of them.
_MOST = 8
_LOOK_AGAIN = 0.05  # seconds


class QueueTimeoutError(Exception):
    """A thread's turn to write did not come."""


class NestedError(Exception):
    """A thread wants to write inside of its own block: it would wait for itself."""


class UndoneError(Exception):
    """The transaction was ended by somebody else than its group; nothing of it was kept."""


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

    @contextmanager
    def block(self) -> Iterator[Connection]:
        """A block in a savepoint of its own."""
        savepoint = self.connection.begin_nested()
        try:
            yield self.connection
            if not self.alive:
                raise UndoneError  # noqa: TRY301  it is handled as every error of the block is
            savepoint.commit()
        except BaseException as error:
            if self.alive and savepoint.is_active:
                savepoint.rollback()
            elif not self.alive:  # all of it is undone, and there is no savepoint any more
                self.error = error if isinstance(error, DBAPIError) else UndoneError()
            raise

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
        self._owner: int | None = None  # the thread whose turn it is

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
            NestedError: the thread is in such a block already.
            UndoneError: another block ended the transaction.
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
                with group.block() as connection:
                    yield connection
            finally:
                group.blocks += 1
                if group.error is not None or not self._waiting or group.blocks >= _MOST:
                    self._end()
        finally:
            self._owner = None
            self._turn.release()
        while not group.done.wait(_LOOK_AGAIN):
            self._end_if_left_open(group)
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
            self._owner = None
            self._turn.release()

    def _take_turn(self) -> None:
        if self._owner == get_ident():
            raise NestedError
        if not self._turn.acquire(timeout=self._patience):
            raise QueueTimeoutError
        self._owner = get_ident()

    def _end_if_left_open(self, group: _Group) -> None:
        """End a group for which nobody is coming any more: whoever was waited for may have lost patience just then."""
        if not self._waiting and self._turn.acquire(blocking=False):
            try:
                if self._group is group:
                    self._end()
            finally:
                self._turn.release()

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
