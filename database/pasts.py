"""What of the past the present is judged by, kept so that a tick need not read a fortnight; and what was judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, literal, select

from database.detection_tables import JudgedRow, PastRow
from database.inserting import insert
from database.tables import BucketRow
from detection.history import NEWEST

# For so long a past says of an hour that it is usual.
KEPT = timedelta(hours=24)
# Different ones, so that a mention that is corrected from one tone to the other shows.
WEIGHTS = {"mentions": 1, "scored": 2, "negative": 3, "positive": 5, "critical": 7}


@dataclass(frozen=True, slots=True)
class KeptPast:
    """A past that was made from buckets.

    Attributes:
        made_from: what else went into it; with other settings it is another past.
        total: of the buckets from ``since`` on that it was made of, by :data:`WEIGHTS`; where they have become others
            meanwhile it is not to be kept.
    """

    brand: str
    series: str
    hour: datetime
    made_from: str
    content: bytes
    since: datetime
    total: int


def kept_past(connection: Connection, brand: str, series: str, hour: datetime, made_from: str) -> bytes | None:
    """The content of a past, None where it is still to be made."""
    given = {"of": brand, "named": series, "at": hour, "made_from": made_from}
    content: bytes | None = connection.execute(_KEPT_PAST, given).scalar()
    return content


# Building a statement takes longer than running it.
_KEPT_PAST = select(PastRow.content).where(
    PastRow.brand == bindparam("of"),
    PastRow.series == bindparam("named"),
    PastRow.hour == bindparam("at"),
    PastRow.settings == bindparam("made_from"),
)


def newest_past(
    connection: Connection, brand: str, series: str, since: datetime, until: datetime, made_from: str
) -> tuple[datetime, bytes] | None:
    """The newest past of full hours between two, both included: its hour and its content; None where there is none."""
    given = {"of": brand, "named": series, "since": since, "until": until, "made_from": made_from}
    row = connection.execute(_NEWEST_PAST, given).first()
    return (row.hour, row.content) if row else None


_NEWEST_PAST = (
    select(PastRow.hour, PastRow.content)
    .where(PastRow.brand == bindparam("of"), PastRow.series == bindparam("named"))
    .where(PastRow.hour >= bindparam("since"), PastRow.hour <= bindparam("until"))
    .where(PastRow.settings == bindparam("made_from"))
    .order_by(PastRow.hour.desc())
    .limit(1)
)


def keep_pasts(connection: Connection, made: Sequence[KeptPast]) -> None:
    """Keep pasts whose buckets are still those that they were made from, and forget old ones of the same brands."""
    rows = [_values(one) for one in made if _total(connection, one) == one.total]
    if not rows:
        return
    old = (PastRow.brand == bindparam("of"), PastRow.hour < bindparam("before"))
    before = min(row["hour"] for row in rows) - KEPT - NEWEST
    connection.execute(
        delete(PastRow).where(*old),
        [{"of": brand, "before": before} for brand in sorted({row["brand"] for row in rows})],
    )
    insert(connection, PastRow, rows, _replacing)


def _values(one: KeptPast) -> dict[str, Any]:
    kept = {"brand": one.brand, "series": one.series, "hour": one.hour}
    return {**kept, "settings": one.made_from, "content": one.content}


def _total(connection: Connection, one: KeptPast) -> int:
    where = (BucketRow.brand == one.brand, BucketRow.start >= one.since, BucketRow.start < one.hour)
    weight = sum((getattr(BucketRow, name) * weight for name, weight in WEIGHTS.items()), literal(0))
    return int(connection.execute(select(func.coalesce(func.sum(weight), 0)).where(*where)).scalar_one())


def _replacing(statement: Any) -> Any:
    new = {"settings": statement.excluded.settings, "content": statement.excluded.content}
    return statement.on_conflict_do_update(index_elements=["brand", "series", "hour"], set_=new)


def forget_pasts(connection: Connection, changed: Iterable[tuple[str, datetime]]) -> None:
    """Forget the pasts that buckets are part of, by brand and start: they are no longer what they were."""
    oldest: dict[str, datetime] = {}
    for brand, start in changed:
        oldest[brand] = min(start, oldest.get(brand, start))
    if oldest:
        stale = (PastRow.brand == bindparam("of"), PastRow.hour > bindparam("after"))
        given = [{"of": brand, "after": start + NEWEST} for brand, start in sorted(oldest.items())]
        connection.execute(delete(PastRow).where(*stale), given)


@dataclass(frozen=True, slots=True)
class Judged:
    """Until when a brand was judged.

    Attributes:
        counts: of its newest buckets, by their start, as they were then.
    """

    at: datetime
    counts: Mapping[datetime, Sequence[int]]


def judged(connection: Connection, brand: str) -> Judged | None:
    """When and on what a brand was judged last."""
    row = connection.execute(_JUDGED, {"of": brand}).one_or_none()
    if row is None:
        return None
    return Judged(row.at, {datetime.fromisoformat(start): counts for start, counts in row.counts.items()})


_JUDGED = select(JudgedRow.at, JudgedRow.counts).where(JudgedRow.brand == bindparam("of"))


def judged_between(connection: Connection, since: datetime, until: datetime) -> set[str]:
    """The brands that were judged last from one moment on and before another."""
    where = (JudgedRow.at >= since, JudgedRow.at < until)
    return {*connection.execute(select(JudgedRow.brand).where(*where)).scalars()}


def remember_judged(connection: Connection, brand: str, one: Judged) -> None:
    """Remember it for the next time."""
    counts = {start.isoformat(): list(counts) for start, counts in one.counts.items()}
    insert(connection, JudgedRow, [{"brand": brand, "at": one.at, "counts": counts}], _later)


def _later(statement: Any) -> Any:
    new = {"at": statement.excluded.at, "counts": statement.excluded.counts}
    return statement.on_conflict_do_update(index_elements=["brand"], set_=new)
