"""Storing what is written down of who came in, who may do what, and who took something away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select

from access.audit import AuditKind, AuditRow, Noted
from access.roles import Role
from database.access_tables import AuditingRow, KnownAccessRow
from database.columns import storable


def add(connection: Connection, noted: Noted, now: datetime) -> None:
    """Write something down."""
    values = {
        "at": now,
        "kind": noted.kind,
        "person": noted.person,
        "subject": storable(noted.subject),
        "facts": {storable(name): storable(value) for name, value in noted.facts.items()},
        "address": storable(noted.address),
    }
    connection.execute(insert(AuditingRow).values(values))


def rows(
    connection: Connection,
    limit: int,
    *,
    before: int | None = None,
    kind: AuditKind | None = None,
    person: str = "",
) -> tuple[AuditRow, ...]:
    """What was written down, the last first; ``before`` is the number of a row to go on from."""
    where: list[ColumnElement[bool]] = []
    if before is not None:
        where.append(AuditingRow.id < before)
    if kind is not None:
        where.append(AuditingRow.kind == kind)
    if person:
        where.append((AuditingRow.person == person) | (AuditingRow.subject == person))
    query = select(AuditingRow.__table__).where(*where).order_by(AuditingRow.id.desc()).limit(limit)
    return tuple(_row(row) for row in connection.execute(query))


def known_access(connection: Connection) -> Mapping[str, Role]:
    """What people might do when it was last looked at."""
    return {row.person: Role(row.access) for row in connection.execute(select(KnownAccessRow.__table__))}


def keep_access(connection: Connection, known: Mapping[str, Role]) -> None:
    """Remember what people may do."""
    connection.execute(delete(KnownAccessRow))
    if known:
        values = [{"person": person, "access": role} for person, role in sorted(known.items())]
        connection.execute(insert(KnownAccessRow), values)


def _row(row: Row[Any]) -> AuditRow:
    return AuditRow(row.id, row.at, Noted(AuditKind(row.kind), row.person, row.subject, row.facts, row.address))
