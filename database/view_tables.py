"""The tables of saved views. A change here needs a migration beside it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from database.columns import Count, Table


class ViewRow(Table):
    """Filters of the mentions that somebody gave a name; ``folded`` is the name as it must not come twice."""

    __tablename__ = "views"
    __table_args__ = (UniqueConstraint("person", "folded"),)

    id: Mapped[int] = mapped_column(Count, primary_key=True)
    person: Mapped[str] = mapped_column(String(63))
    name: Mapped[str] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(Text)
    query: Mapped[str] = mapped_column(Text)
    shared: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime]


class ViewLookRow(Table):
    """When somebody last looked at a view, and the id of the newest mention that was stored then."""

    __tablename__ = "view_looks"

    view_id: Mapped[int] = mapped_column(Count, ForeignKey("views.id", ondelete="CASCADE"), primary_key=True)
    person: Mapped[str] = mapped_column(String(63), primary_key=True)
    newest: Mapped[int] = mapped_column(Count)
    at: Mapped[datetime]
