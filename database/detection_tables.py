"""The tables of what detection remembers beside its buckets and signals. A change here needs a migration beside it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from database.columns import Count, Table


class PastRow(Table):
    """What of a brand's past its present is judged by; made again from the buckets where ``settings`` changed."""

    __tablename__ = "pasts"

    brand: Mapped[str] = mapped_column(String(63), primary_key=True)
    series: Mapped[str] = mapped_column(String(16), primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    settings: Mapped[str] = mapped_column(String(32))
    content: Mapped[bytes]


class JudgedRow(Table):
    """Until when a brand was judged, and on which counts: where they change afterwards, it is judged again."""

    __tablename__ = "judged"

    brand: Mapped[str] = mapped_column(String(63), primary_key=True)
    at: Mapped[datetime]
    counts: Mapped[dict[str, Any]]


class MarkRow(Table):
    """What somebody said of an alarm afterwards: that it was noise, or that one was missed at a moment."""

    __tablename__ = "marks"
    __table_args__ = (Index(None, "brand", "moment"),)

    id: Mapped[int] = mapped_column(Count, primary_key=True)
    brand: Mapped[str] = mapped_column(String(63))
    verdict: Mapped[str] = mapped_column(String(16))
    moment: Mapped[datetime]
    signal_id: Mapped[int | None] = mapped_column(Count, ForeignKey("signals.id"))
    by: Mapped[str] = mapped_column(String(63))
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text)
