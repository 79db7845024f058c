"""The table of drills, and what keeps them out of other tables' answers. A change here needs a migration beside it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, String, Text
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from database.columns import Count, Table
from incidents.drills import BEGINNING


class DrillRow(Table):
    """A drill; what was said and opened for it stands under the brand of :func:`incidents.drills.drill_brand`.

    ``brand`` is the real one, ``problem`` says why no incident came of it.
    """

    __tablename__ = "drills"

    number: Mapped[int] = mapped_column(Count, primary_key=True)
    brand: Mapped[str] = mapped_column(String(63))
    scenario: Mapped[str] = mapped_column(String(63))
    started_by: Mapped[str] = mapped_column(String(63))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(Text, default="", server_default="")


def real(column: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """That a brand or a source is not that of a drill."""
    return column.not_like(f"{BEGINNING}%")
