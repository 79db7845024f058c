"""What the picture of a brand asks of the past: what happened to its incidents, and when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, or_, select

from database.response_tables import IncidentRow, TimelineRow
from incidents.incident import EventKind, TimelineEvent

# A picture has no room for more; the newest are kept.
MOST = 300


@dataclass(frozen=True, slots=True)
class IncidentEvent:
    """A timeline row, and the incident that it belongs to.

    Attributes:
        over: whether that incident has ended.
    """

    incident: int
    over: bool
    event: TimelineEvent


def brand_events(
    connection: Connection, brand: str, since: datetime, until: datetime, kinds: Collection[EventKind]
) -> tuple[IncidentEvent, ...]:
    """What happened to the incidents of a brand from ``since`` on and not after ``until``, in order of time."""
    rows = (
        select(
            TimelineRow.incident_id,
            IncidentRow.resolved_at,
            *(getattr(TimelineRow, name) for name in ("at", "kind", "actor", "text", "facts")),
        )
        .join(IncidentRow, IncidentRow.id == TimelineRow.incident_id)
        .where(IncidentRow.brand == brand, IncidentRow.opened_at <= until)
        .where(or_(IncidentRow.resolved_at.is_(None), IncidentRow.resolved_at >= since))
        .where(TimelineRow.kind.in_(kinds), TimelineRow.at.between(since, until))
        .order_by(TimelineRow.at.desc(), TimelineRow.id.desc())
        .limit(MOST)
    )
    found = [
        IncidentEvent(number, ended is not None, TimelineEvent(at, EventKind(kind), actor, text, facts))
        for number, ended, at, kind, actor, text, facts in connection.execute(rows)
    ]
    return tuple(reversed(found))
