"""What pages ask of the decisions: every signal that fired or was held, with its reason and what people said of it.

What was decided in drills is no part of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from database.drill_tables import real
from database.marks import LARGEST, marks_of
from database.response_tables import IncidentRow
from database.tables import SignalRow
from detection.marks import Mark
from detection.signal import Verdict
from incidents.outcome import Outcome, outcome_of


@dataclass(frozen=True, slots=True)
class Decision:
    """A signal that was kept and what came of it; figures as in :class:`detection.signal.Signal`.

    Attributes:
        incident_id, incident_title, incident_severity: the incident that it opened or joined.
        mark: what somebody said of it, None where nobody did.
    """

    id: int
    brand: str
    kind: str
    reason: str
    observed: int
    expected: float
    threshold: float
    at: datetime
    since: datetime | None
    authors: int
    loudest_share: float
    sentence: str
    learning: bool
    stories: int
    beyond: float
    negative_share: float | None
    reach: int | None
    category: str | None
    incident_id: int | None
    incident_title: str | None
    incident_severity: str | None
    window: timedelta
    outcome: Outcome
    mark: Mark | None


_MADE = {"incident_title", "incident_severity", "window", "outcome", "mark"}
_STORED = tuple(field.name for field in fields(Decision) if field.name not in _MADE)


class Shown(StrEnum):
    """Which decisions are asked for."""

    ALL = ""
    ALARMS = "alarms"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which decisions are asked for; an empty field asks for all."""

    brand: str = ""
    shown: Shown = Shown.ALL
    since: datetime | None = None

    @property
    def where(self) -> list[ColumnElement[bool]]:
        """As conditions on the table."""
        found: list[ColumnElement[bool]] = [real(SignalRow.brand)]
        if self.brand:
            found.append(SignalRow.brand == self.brand)
        if self.since:
            found.append(SignalRow.at >= self.since)
        if self.shown is Shown.ALARMS:
            found.append(SignalRow.verdict == Verdict.FIRED)
        if self.shown is Shown.HELD:
            found.append(SignalRow.verdict == Verdict.HELD)
        return found


@dataclass(frozen=True, slots=True)
class Tally:
    """How many decisions there were by what came of them, and of those held by why."""

    outcomes: Mapping[Outcome, int]
    held: Mapping[str, int]


def list_decisions(connection: Connection, asked: Asked, before: int | None, limit: int) -> tuple[Decision, ...]:
    """Decisions with numbers below ``before``, the last one made first."""
    where = [*asked.where, *([SignalRow.id < before] if before is not None else [])]
    query = _query().where(*where).order_by(SignalRow.id.desc()).limit(limit)
    rows = connection.execute(query).all()
    marks = marks_of(connection, [row.id for row in rows])
    return tuple(_decision(row, marks.get(row.id)) for row in rows)


def hold_decision(connection: Connection, signal_id: int) -> Decision | None:
    """One decision, None where there is none; what is said of it stays so until the transaction ends."""
    if not 0 < signal_id < LARGEST:
        return None
    where = (SignalRow.id == signal_id, real(SignalRow.brand))
    connection.execute(select(SignalRow.id).where(*where).with_for_update())
    row = connection.execute(_query().where(*where)).one_or_none()
    return _decision(row, marks_of(connection, [signal_id]).get(signal_id)) if row else None


def tally(connection: Connection, asked: Asked) -> Tally:
    """Count what was decided."""
    by = (SignalRow.kind, SignalRow.verdict, SignalRow.reason, SignalRow.told)
    query = select(*by, func.count().label("times")).where(*asked.where).group_by(*by)
    outcomes: Counter[Outcome] = Counter()
    held: Counter[str] = Counter()
    for row in connection.execute(query):
        outcome = outcome_of(row.kind, row.verdict, told=row.told)
        outcomes[outcome] += row.times
        if outcome is Outcome.HELD:
            held[row.reason] += row.times
    return Tally(dict(outcomes), dict(held.most_common()))


def _query() -> Select[Any]:
    stored = (getattr(SignalRow, name) for name in (*_STORED, "verdict", "window_seconds"))
    incident = (IncidentRow.title.label("incident_title"), IncidentRow.severity.label("incident_severity"))
    query = select(*stored, *incident, SignalRow.told)
    return query.outerjoin_from(SignalRow, IncidentRow, IncidentRow.id == SignalRow.incident_id)


def _decision(row: Row[Any], mark: Mark | None) -> Decision:
    return Decision(
        **{name: getattr(row, name) for name in _STORED},
        incident_title=row.incident_title,
        incident_severity=row.incident_severity,
        window=timedelta(seconds=row.window_seconds),
        outcome=outcome_of(row.kind, row.verdict, told=row.told),
        mark=mark,
    )


def alarms_of(connection: Connection, incident_id: int) -> tuple[int, ...]:
    """Numbers of the signals of an incident that people were told of."""
    where = (SignalRow.incident_id == incident_id, SignalRow.told)
    return tuple(connection.execute(select(SignalRow.id).where(*where).order_by(SignalRow.id)).scalars())
