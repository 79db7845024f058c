"""Storing drills, and forgetting what was made up for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update

from database.detection_tables import JudgedRow, PastRow
from database.drill_tables import DrillRow
from database.incidents import of_brand
from database.stories import hold_stories
from database.tables import CoverageRow, MentionRow
from incidents.drills import drill_brand
from incidents.incident import Incident

LARGEST = 2**63


@dataclass(frozen=True, slots=True)
class Drill:
    """A drill.

    Attributes:
        brand: the real one.
        scenario: key of one in :mod:`simulation.scenarios`.
        started_by: id of a person, or ``groundswell``.
        finished_at: None while it goes on.
        problem: why no incident came of it, empty where one did or it is still being made.
    """

    number: int
    brand: str
    scenario: str
    started_by: str
    started_at: datetime
    finished_at: datetime | None = None
    problem: str = ""

    @property
    def about(self) -> str:
        """The brand that everything made up for it is about, and the source that told it."""
        return drill_brand(self.number, self.brand)


def add_drill(connection: Connection, brand: str, scenario: str, by: str, now: datetime) -> Drill:
    """Begin one; it gets its number."""
    values = {"brand": brand, "scenario": scenario, "started_by": by, "started_at": now}
    key = connection.execute(insert(DrillRow).values(values)).inserted_primary_key
    return Drill(int(key[0]) if key else 0, brand, scenario, by, now)


def find_drill(connection: Connection, number: int) -> Drill | None:
    """The drill with a number, None where there is none."""
    found = _drills(connection, DrillRow.number == number) if 0 < number < LARGEST else ()
    return found[0] if found else None


def all_drills(connection: Connection) -> tuple[Drill, ...]:
    """Every drill, the last one first."""
    return _drills(connection)


def running_drills(connection: Connection) -> tuple[Drill, ...]:
    """Drills that are not finished, the last one first."""
    return _drills(connection, DrillRow.finished_at.is_(None))


def incident_of_drill(connection: Connection, drill: Drill) -> Incident | None:
    """The incident that it opened, None where it opened none."""
    return next(iter(of_brand(connection, drill.about)), None)


def finish_drill(connection: Connection, drill: Drill, at: datetime, problem: str = "") -> None:
    """End it and delete what was made up to be said; counts, decisions, incident and letters stay."""
    hold_stories(connection)
    connection.execute(delete(MentionRow).where(MentionRow.source == drill.about))  # the rest of it goes with it
    for table in (CoverageRow, PastRow, JudgedRow):
        connection.execute(delete(table).where(table.brand == drill.about))
    ended = update(DrillRow).where(DrillRow.number == drill.number, DrillRow.finished_at.is_(None))
    connection.execute(ended.values(finished_at=at, problem=problem))


def _drills(connection: Connection, *where: ColumnElement[bool]) -> tuple[Drill, ...]:
    query = select(DrillRow.__table__).where(*where).order_by(DrillRow.number.desc())
    return tuple(_drill(row) for row in connection.execute(query))


def _drill(row: Row[Any]) -> Drill:
    return Drill(**row._mapping)  # noqa: SLF001  # public API of Row
