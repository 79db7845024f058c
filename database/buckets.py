"""Counts of brands in pieces of five minutes, kept with the mentions that they count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from database.inserting import insert
from database.pasts import forget_pasts
from database.tables import BucketRow
from detection.buckets import Bucket
from sentiment.score import Label

_COUNTS = ("mentions", "scored", "negative", "positive", "critical")
# SQLite takes at most 32,766 values in a statement, PostgreSQL 65,535.
_AT_ONCE = 500


def counted(label: str, *, critical: bool) -> dict[str, int]:
    """What one mention with a label adds to its bucket, and whether it holds critical words near the brand."""
    return {
        "mentions": 1,
        "scored": int(label != Label.UNSCORED),
        "negative": int(label == Label.NEGATIVE),
        "positive": int(label == Label.POSITIVE),
        "critical": int(critical),
    }


def add_to_buckets(connection: Connection, counts: Mapping[tuple[str, datetime], Counter[str]]) -> None:
    """Add to (or, where a count is negative, take from) the buckets of brands that start at moments.

    What was made of these buckets is forgotten.
    """
    values: list[dict[str, Any]] = [
        {"brand": brand, "start": start, **{name: counts[brand, start][name] for name in _COUNTS}}
        for brand, start in sorted(counts)
    ]
    for at in range(0, len(values), _AT_ONCE):
        insert(connection, BucketRow, values[at : at + _AT_ONCE], _adding)
    forget_pasts(connection, counts)


def _adding(statement: Any) -> Any:
    sums = {name: getattr(BucketRow, name) + getattr(statement.excluded, name) for name in _COUNTS}
    return statement.on_conflict_do_update(index_elements=["brand", "start"], set_=sums)


def buckets_between(connection: Connection, brand: str, since: datetime, until: datetime) -> list[Bucket]:
    """Buckets of a brand that start from ``since`` on and not after ``until``, in order; empty ones are not stored."""
    rows = connection.execute(_BETWEEN, {"of": brand, "since": since, "until": until}).all()
    return [Bucket(*row) for row in rows]


# Building a statement takes longer than running it.
_BETWEEN = (
    select(BucketRow.start, *(getattr(BucketRow, name) for name in _COUNTS))
    .where(BucketRow.brand == bindparam("of"))
    .where(BucketRow.start >= bindparam("since"), BucketRow.start <= bindparam("until"))
    .order_by(BucketRow.start)
)


def mentions_between(
    connection: Connection, brand: str, since: datetime, until: datetime
) -> list[tuple[datetime, int]]:
    """Starts and mentions of the same buckets: half the cost where weeks of them say what is usual."""
    rows = connection.execute(_MENTIONS_BETWEEN, {"of": brand, "since": since, "until": until})
    return [(start, mentions) for start, mentions in rows]


_MENTIONS_BETWEEN = _BETWEEN.with_only_columns(BucketRow.start, BucketRow.mentions)


def listening_since(connection: Connection, brand: str) -> datetime | None:
    """Start of the oldest bucket of a brand, None before its first mention."""
    return connection.execute(select(func.min(BucketRow.start)).where(BucketRow.brand == brand)).scalar()
