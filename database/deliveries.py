"""Deliveries that programs pushed, by the keys they gave them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from database.tables import ReceivedRow


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came under a key before (SHA-256 of it), and what was answered."""

    body_digest: str
    answer: Mapping[str, object]


def find(connection: Connection, sender: str, key: str) -> Delivery | None:
    """The delivery of a key, None where none came."""
    query = select(ReceivedRow.body_digest, ReceivedRow.answer).where(*_is(sender, key))
    row = connection.execute(query).one_or_none()
    return Delivery(row.body_digest, row.answer) if row else None


def claim(connection: Connection, sender: str, key: str, body_digest: str, now: datetime) -> bool:
    """Take a key for this transaction; False where another one had it."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    values = {"sender": sender, "key": key, "body_digest": body_digest, "answer": {}, "at": now}
    statement = dialect.insert(ReceivedRow).values(values).on_conflict_do_nothing(index_elements=["sender", "key"])
    return connection.execute(statement.returning(ReceivedRow.key)).scalar() is not None


def answer(connection: Connection, sender: str, key: str, told: Mapping[str, object]) -> None:
    """Remember what was answered."""
    connection.execute(update(ReceivedRow).where(*_is(sender, key)).values(answer=dict(told)))


def forget(connection: Connection, sender: str, before: datetime) -> None:
    """Let go of what is too old to come again."""
    connection.execute(delete(ReceivedRow).where(ReceivedRow.sender == sender, ReceivedRow.at < before))


def _is(sender: str, key: str) -> tuple[ColumnElement[bool], ...]:
    return ReceivedRow.sender == sender, ReceivedRow.key == key
