"""Storing incidents: compare-and-set changes, each with its timeline row."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, text, update

from database.columns import storable
from database.response_tables import IncidentRow, TimelineRow
from database.responses import save
from database.tables import SignalRow
from detection.signal import Reason, Signal, Verdict
from errors import GroundswellError
from incidents.incident import Change, Checklist, EventKind, Incident, Opening, Status, TimelineEvent
from playbooks.playbook import Severity

LARGEST = 2**63


class ConflictError(GroundswellError):
    """Somebody else changed the incident between being read and being changed; nothing was done."""

    def __init__(self, incident_id: int) -> None:
        super().__init__(
            f"incident {incident_id}",
            "somebody else changed it a moment ago.",
            "Look at it again; your change was not made.",
        )


class UnknownIncidentError(GroundswellError):
    """There is no such incident."""

    def __init__(self, incident_id: int | None) -> None:
        super().__init__(f"incident {incident_id}", "there is no such incident.", "Look at the list of incidents.")


def find(connection: Connection, incident_id: int) -> Incident:
    """The incident with a number.

    Raises:
        UnknownIncidentError: there is none.
    """
    known = 0 < incident_id < LARGEST  # beyond it no database counts
    row = connection.execute(_incidents().where(IncidentRow.id == incident_id)).one_or_none() if known else None
    if row is None:
        raise UnknownIncidentError(incident_id)
    return _incident(row)


def all_open(connection: Connection, brand: str) -> tuple[Incident, ...]:
    """The unresolved incidents of a brand, oldest first; at most one of each kind of signal."""
    where = (IncidentRow.brand == brand, IncidentRow.resolved_at.is_(None))
    rows = connection.execute(_incidents().where(*where).order_by(IncidentRow.opened_at, IncidentRow.id))
    return tuple(_incident(row) for row in rows)


def every_open(connection: Connection) -> tuple[Incident, ...]:
    """The unresolved incidents of all brands."""
    return tuple(_incident(row) for row in connection.execute(_EVERY_OPEN))


# Building a statement takes longer than running it.
_EVERY_OPEN = select(IncidentRow.__table__).where(IncidentRow.resolved_at.is_(None)).order_by(IncidentRow.id)


def all_opened(connection: Connection) -> tuple[Incident, ...]:
    """Every incident of every brand, in the order in which they were opened."""
    return tuple(_incident(row) for row in connection.execute(_incidents().order_by(IncidentRow.id)))


def of_brand(connection: Connection, brand: str) -> tuple[Incident, ...]:
    """Every incident of a brand, in the order in which they were opened."""
    query = _incidents().where(IncidentRow.brand == brand).order_by(IncidentRow.id)
    return tuple(_incident(row) for row in connection.execute(query))


def any_open(connection: Connection, brands: Collection[str]) -> bool:
    """Whether any of the brands has an unresolved incident."""
    where = (IncidentRow.resolved_at.is_(None), IncidentRow.brand.in_(brands))
    return connection.execute(select(IncidentRow.id).where(*where).limit(1)).first() is not None


def hold_opening(connection: Connection, brand: str) -> None:
    """Let no other transaction open an incident of a brand before this one ends: two would not see each other's.

    On SQLite there is one writer anyway.
    """
    if connection.dialect.name != "sqlite":
        name = hashlib.blake2b(f"groundswell:open:{brand}".encode(), digest_size=8).digest()
        key = int.from_bytes(name, signed=True)
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


def last_resolved(connection: Connection, brand: str, until: datetime) -> Incident | None:
    """The incident of a brand that was resolved or dismissed last, not later than a moment.

    What became a part of another incident is not: that one stands for it.
    """
    where = (IncidentRow.brand == brand, IncidentRow.resolved_at <= until, IncidentRow.merged_into.is_(None))
    row = connection.execute(_incidents().where(*where).order_by(IncidentRow.resolved_at.desc()).limit(1)).one_or_none()
    return _incident(row) if row else None


def saw_wave(connection: Connection, incident_id: int, at: datetime, peak: int) -> None:
    """Remember when the wave of an incident was last seen, and how big; no change that anybody made."""
    this = update(IncidentRow).where(IncidentRow.id == incident_id)
    connection.execute(this.where(IncidentRow.wave_at < at).values(wave_at=at))
    connection.execute(this.where(IncidentRow.peak < peak).values(peak=peak))


def is_first_of_kind(connection: Connection, incident_id: int, kind: str) -> bool:
    """Whether no signal of a kind has joined an incident yet."""
    where = (SignalRow.incident_id == incident_id, SignalRow.kind == kind)
    return connection.execute(select(SignalRow.id).where(*where).limit(1)).first() is None


def timeline(connection: Connection, incident_id: int) -> tuple[TimelineEvent, ...]:
    """What happened to an incident, oldest first."""
    query = select(TimelineRow.__table__).where(TimelineRow.incident_id == incident_id).order_by(TimelineRow.id)
    return tuple(_event(row) for row in connection.execute(query))


def add(connection: Connection, opening: Opening) -> int:
    """Store a new incident with its checklist and first timeline rows; its number is returned.

    Raises:
        sqlalchemy.exc.IntegrityError: another one of this brand and kind is open.
    """
    incident = opening.incident
    values = {**asdict(incident), "changed_at": incident.changed_at or incident.opened_at}
    del values["id"]
    key = connection.execute(insert(IncidentRow).values(values)).inserted_primary_key
    incident_id = int(key[0]) if key else 0
    save(connection, incident_id, Checklist(opening.steps))
    for event in opening.events:
        record(connection, incident_id, event)
    return incident_id


def change(connection: Connection, decided: Change) -> None:
    """Make a change to the version that its author saw, and record it.

    Raises:
        ConflictError: the incident has changed since.
        IntegrityError: it would be the second open one of its brand and kind.
    """
    after = decided.incident
    if after.id is None:
        raise UnknownIncidentError(None)
    where = (IncidentRow.id == after.id, IncidentRow.version == after.version - 1)
    if connection.execute(update(IncidentRow).where(*where).values(asdict(after))).rowcount != 1:
        raise ConflictError(after.id)
    for event in decided.events:
        record(connection, after.id, event)
    for one in decided.also:
        save(connection, after.id, one)


def record(connection: Connection, incident_id: int, event: TimelineEvent) -> None:
    """Add a row to the timeline."""
    facts = {name: storable(value) for name, value in event.facts.items()}
    values = {**asdict(event), "text": storable(event.text), "facts": facts, "incident_id": incident_id}
    del values["id"]
    connection.execute(insert(TimelineRow).values(values))


def record_signal(
    connection: Connection, signal: Signal, incident_id: int | None, *, opened: bool = False, told: bool = False
) -> None:
    """Keep a decision: a signal, the incident that it belongs to, whether it opened it and whether people were told."""
    values: dict[str, Any] = {**asdict(signal), "window_seconds": int(signal.window.total_seconds())}
    del values["window"]
    connection.execute(insert(SignalRow).values(incident_id=incident_id, opened=opened, told=told, **values))


def signal_of(connection: Connection, incident_id: int) -> Signal | None:
    """The newest signal of an incident that was kept, None where it has none."""
    query = select(SignalRow.__table__).where(SignalRow.incident_id == incident_id)
    row = connection.execute(query.order_by(SignalRow.id.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    values = {field.name: getattr(row, field.name) for field in fields(Signal) if field.name != "window"}
    exact = {"verdict": Verdict(row.verdict), "reason": Reason(row.reason)}
    return Signal(**{**values, **exact, "window": timedelta(seconds=row.window_seconds)})


def last_signal(connection: Connection, brand: str, kind: str) -> Row[Any] | None:
    """The newest signal of a brand and kind that was kept."""
    where = (SignalRow.brand == brand, SignalRow.kind == kind)
    return connection.execute(
        select(SignalRow.__table__).where(*where).order_by(SignalRow.at.desc(), SignalRow.id.desc()).limit(1)
    ).one_or_none()


def _incidents() -> Any:
    return select(IncidentRow.__table__)


def _incident(row: Row[Any]) -> Incident:
    values = dict(row._mapping)  # noqa: SLF001  # public API of Row
    return Incident(**{**values, "severity": Severity(row.severity), "status": Status(row.status)})


def _event(row: Row[Any]) -> TimelineEvent:
    return TimelineEvent(row.at, EventKind(row.kind), row.actor, row.text, dict(row.facts), row.id)
