"""Storing what people said of alarms; what was decided is read by :mod:`database.reading_signals`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select

from database.columns import storable
from database.detection_tables import MarkRow
from database.tables import SignalRow
from detection.marks import Mark, MarkVerdict

LARGEST = 2**63


def all_marks(connection: Connection, brand: str | None, since: datetime | None) -> tuple[Mark, ...]:
    """What was said of a brand (of all where none is named) about moments from ``since`` on, in their order."""
    where: list[ColumnElement[bool]] = []
    if brand is not None:
        where.append(MarkRow.brand == brand)
    if since is not None:
        where.append(MarkRow.moment >= since)
    return _marks(connection, *where)


def marks_of(connection: Connection, signals: Collection[int]) -> Mapping[int, Mark]:
    """What was said of signals, by their numbers; those of which nobody said anything are left out."""
    return {one.signal_id: one for one in _marks(connection, MarkRow.signal_id.in_(signals)) if one.signal_id}


def mark_with(connection: Connection, mark_id: int) -> Mark | None:
    """The mark with a number."""
    found = _marks(connection, MarkRow.id == mark_id) if 0 < mark_id < LARGEST else ()
    return found[0] if found else None


def missed_at(connection: Connection, brand: str, moment: datetime) -> Mark | None:
    """Who said that an alarm about a brand was missed at exactly a moment, None where nobody did."""
    where = (MarkRow.brand == brand, MarkRow.moment == moment, MarkRow.verdict == MarkVerdict.MISSED)
    found = _marks(connection, *where)
    return found[0] if found else None


def unnoticed(connection: Connection, brand: str, limit: int) -> tuple[Mark, ...]:
    """Alarms that were missed and of which there is no signal, the last moment first; of all brands where empty."""
    where = (MarkRow.signal_id.is_(None), *((MarkRow.brand == brand,) if brand else ()))
    query = _query().where(*where).order_by(MarkRow.moment.desc(), MarkRow.id.desc()).limit(limit)
    return tuple(_mark(row) for row in connection.execute(query))


def add_mark(connection: Connection, mark: Mark) -> Mark:
    """Keep a mark; it comes back with its number."""
    values = {name: value for name, value in asdict(mark).items() if name not in {"id", "kind"}}
    key = connection.execute(insert(MarkRow).values({**values, "note": storable(mark.note)})).inserted_primary_key
    return replace(mark, id=int(key[0]) if key else 0)


def remove_mark(connection: Connection, mark_id: int) -> bool:
    """Take a mark back; whether it was still there."""
    return connection.execute(delete(MarkRow).where(MarkRow.id == mark_id)).rowcount == 1


def _marks(connection: Connection, *where: ColumnElement[bool]) -> tuple[Mark, ...]:
    return tuple(_mark(row) for row in connection.execute(_query().where(*where).order_by(MarkRow.moment, MarkRow.id)))


def _query() -> Any:
    return select(MarkRow.__table__, SignalRow.kind).outerjoin_from(
        MarkRow, SignalRow, SignalRow.id == MarkRow.signal_id
    )


def _mark(row: Row[Any]) -> Mark:
    return Mark(**{**row._mapping, "verdict": MarkVerdict(row.verdict)})  # noqa: SLF001  # public API of Row
