"""The outbox: letters written with their cause and sent later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from database.tables import OutboxRow

NEVER_SO_LATE = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Pending:
    """A letter that waits.

    Attributes:
        incident_id: None for a letter about Groundswell itself.
        content: the alert as JSON; the letter is written from it when it is sent.
        attempts: how often it was tried, this time not included.
    """

    id: int
    incident_id: int | None
    message_id: str
    thread_id: str
    person: str
    address: str
    content: str
    created_at: datetime
    attempts: int


def post(connection: Connection, letter: Pending) -> bool:
    """Put a letter into the outbox, due at once; False where one of this Message-ID is there already."""
    values = {name: getattr(letter, name) for name in Pending.__slots__ if name not in {"id", "attempts"}}
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(OutboxRow).values(due_at=letter.created_at, attempts=0, **values)
    done = connection.execute(statement.on_conflict_do_nothing(index_elements=["message_id"]).returning(OutboxRow.id))
    return done.scalar() is not None


def due(connection: Connection, now: datetime, limit: int) -> tuple[Pending, ...]:
    """Letters to send now, oldest first."""
    columns = [getattr(OutboxRow, name) for name in Pending.__slots__]
    # Nothing waits for longer than the longest pause, unless a clock was ahead when it was written.
    ripe = or_(OutboxRow.due_at <= now, OutboxRow.due_at > now + NEVER_SO_LATE)
    query = select(*columns).where(ripe).order_by(OutboxRow.id).limit(limit)
    return tuple(Pending(*row) for row in connection.execute(query))


def claim(connection: Connection, letter: Pending, again_at: datetime) -> bool:
    """Take a letter for one attempt; False where another process was faster or it is sent already.

    The next attempt is set before this one is made: whoever dies in between delays the letter and loses nothing, and
    where nothing can be stored (a full disk) nothing is sent over and over.
    """
    where = (OutboxRow.id == letter.id, OutboxRow.attempts == letter.attempts, OutboxRow.due_at.is_not(None))
    taken = update(OutboxRow).where(*where).values(attempts=letter.attempts + 1, due_at=again_at)
    return connection.execute(taken).rowcount == 1


def mark_sent(connection: Connection, letter_id: int, now: datetime) -> None:
    """The letter was accepted."""
    _update(connection, letter_id, sent_at=now, due_at=None, problem=None)


def mark_failed(connection: Connection, letter_id: int, problem: str, *, permanent: bool) -> None:
    """The letter was not accepted; it keeps the next attempt that was set, or gets none where that is of no use."""
    _update(connection, letter_id, problem=problem, **({"due_at": None} if permanent else {}))


def withdraw(connection: Connection, person: str, mark: str, left: str) -> None:
    """Send a person no letter that holds ``mark`` and still waits; ``left`` is what is kept of each."""
    where = (OutboxRow.person == person, OutboxRow.due_at.is_not(None), OutboxRow.content.contains(mark))
    connection.execute(
        update(OutboxRow).where(*where).values(content=left, due_at=None, problem="Not sent: no longer of use.")
    )


def empty(connection: Connection, letter_id: int, left: str) -> None:
    """Keep no more of a letter than what is ``left``."""
    _update(connection, letter_id, content=left)


def waiting(connection: Connection) -> int:
    """How many letters wait, due or not."""
    return connection.execute(select(func.count()).where(OutboxRow.due_at.is_not(None))).scalar() or 0


def _update(connection: Connection, letter_id: int, **values: object) -> None:
    connection.execute(update(OutboxRow).where(OutboxRow.id == letter_id).values(**values))
