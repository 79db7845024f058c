"""Lists of incidents for programs, the newest first, page by page."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from database import incidents
from database.response_tables import IncidentRow
from incidents.incident import Incident, Status
from playbooks.playbook import Severity


@dataclass(frozen=True, slots=True)
class Asked:
    """Which incidents are asked for; an empty field asks for all.

    Attributes:
        brand: its id; what is rehearsed about it counts, too.
        open: worked on, or ended.
    """

    brand: str = ""
    statuses: Collection[Status] = ()
    severities: Collection[Severity] = ()
    drill: bool | None = None
    open: bool | None = None
    owner: str = ""

    @property
    def where(self) -> list[ColumnElement[bool]]:
        """As conditions on the table."""
        found: list[ColumnElement[bool]] = []
        if self.brand:
            rehearsed = and_(IncidentRow.drill, IncidentRow.brand.endswith(f":{self.brand}", autoescape=True))
            found.append(or_(IncidentRow.brand == self.brand, rehearsed))
        if self.statuses:
            found.append(IncidentRow.status.in_(self.statuses))
        if self.severities:
            found.append(IncidentRow.severity.in_(self.severities))
        if self.drill is not None:
            found.append(IncidentRow.drill.is_(self.drill))
        if self.open is not None:
            found.append(IncidentRow.resolved_at.is_(None) if self.open else IncidentRow.resolved_at.is_not(None))
        if self.owner:
            found.append(IncidentRow.owner == self.owner)
        return found


def list_incidents(connection: Connection, asked: Asked, before: int | None, limit: int) -> tuple[Incident, ...]:
    """Incidents with numbers below ``before``, the newest first."""
    where = [*asked.where, *([IncidentRow.id < before] if before is not None else [])]
    query = select(IncidentRow.id).where(*where).order_by(IncidentRow.id.desc()).limit(limit)
    return tuple(incidents.find(connection, number) for number in connection.execute(query).scalars().all())
