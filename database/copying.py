"""The past of some brands from one database into another; the one it comes from is only read, and never for long."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select

from database.columns import Table
from database.detection_tables import JudgedRow, PastRow
from database.inserting import insert as insert_with
from database.response_tables import IncidentRow, StepRow, TimelineRow
from database.session import Database
from database.tables import BrandMentionRow, BucketRow, CoverageRow, MentionRow, OutboxRow, SignalRow, TagRow

AT_ONCE = 1_000
_About = BrandMentionRow


def count_past(source: Database, brands: Collection[str], since: datetime, until: datetime) -> int:
    """How many mentions of brands :func:`copy_past` has to copy."""
    with source.reading() as connection:
        where = (_About.brand.in_(brands), _About.published_at >= since, _About.published_at < until)
        return connection.execute(select(func.count()).select_from(_About).where(*where)).scalar() or 0


def copy_past(
    source: Database,
    target: Database,
    brands: Collection[str],
    since: datetime,
    until: datetime,
    at_once: int = AT_ONCE,
) -> Iterator[int]:
    """Copy what was published of brands from ``since`` on and before ``until``; yields how many with each batch.

    Mentions come as they were understood, with their tags; counts and since when each source is heard, too. What was
    decided of them is left behind. Each batch is a transaction of its own on both sides.
    """
    for brand in brands:
        _copy_whole(
            source, target, BucketRow, BucketRow.brand == brand, BucketRow.start >= since, BucketRow.start < until
        )
        _copy_whole(source, target, CoverageRow, CoverageRow.brand == brand)
        after: tuple[datetime, int] | None = None
        while True:
            with source.reading() as connection:
                batch = _read(connection, brand, (since, until), after, at_once)
            if not batch.about:
                break
            with target.writing() as connection:
                _write(connection, batch)
            yield len(batch.about)
            after = (batch.about[-1]["published_at"], batch.about[-1]["mention_id"])


@dataclass(frozen=True, slots=True)
class _Batch:
    about: Sequence[dict[str, Any]]
    mentions: Sequence[dict[str, Any]]
    tags: Sequence[dict[str, Any]]


def _read(
    connection: Connection,
    brand: str,
    span: tuple[datetime, datetime],
    after: tuple[datetime, int] | None,
    at_once: int,
) -> _Batch:
    where = [_About.brand == brand, _About.published_at >= span[0], _About.published_at < span[1]]
    if after:
        at, number = after
        later = and_(_About.published_at == at, _About.mention_id > number)
        where += [_About.published_at >= at, or_(_About.published_at > at, later)]
    in_order = select(_About.__table__).where(*where).order_by(_About.published_at, _About.mention_id)
    about = [dict(row._mapping) for row in connection.execute(in_order.limit(at_once))]  # noqa: SLF001  # public API
    ids = [row["mention_id"] for row in about]
    mentions = _rows(connection, MentionRow, MentionRow.id.in_(ids))
    return _Batch(about, mentions, _rows(connection, TagRow, TagRow.brand == brand, TagRow.mention_id.in_(ids)))


def _write(connection: Connection, batch: _Batch) -> None:
    # A mention of two brands comes twice.
    insert_with(connection, MentionRow, batch.mentions, _unless_known)
    connection.execute(insert(BrandMentionRow), batch.about)
    if batch.tags:
        connection.execute(insert(TagRow), batch.tags)


def _unless_known(statement: Any) -> Any:
    return statement.on_conflict_do_nothing(index_elements=["id"])


def _copy_whole(source: Database, target: Database, table: type[Table], *where: ColumnElement[bool]) -> None:
    with source.reading() as connection:
        rows = _rows(connection, table, *where)
    with target.writing() as connection:
        for at in range(0, len(rows), AT_ONCE):
            connection.execute(insert(table), rows[at : at + AT_ONCE])


def _rows(connection: Connection, table: type[Table], *where: ColumnElement[bool]) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in connection.execute(select(table.__table__).where(*where))]  # noqa: SLF001


def clear_judged(connection: Connection) -> None:
    """Forget what judging wrote, so that the same past can be judged again; mentions and counts stay."""
    for table in (OutboxRow, TimelineRow, StepRow, SignalRow, IncidentRow, JudgedRow, PastRow):
        connection.execute(delete(table))
