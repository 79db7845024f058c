"""How the sources fare, as pages, the command line and the watch over them read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, String, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from database.tables import HostRow, SourceHourRow, SourceRow, UsageRow
from detection.silence import HeardHour
from detection.source_state import SourceFacts

DAYS = 28
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Usage:
    """What a source used today (UTC): requests, and the units its service counts."""

    requests: int = 0
    units: int = 0


def source_facts(connection: Connection) -> dict[str, SourceFacts]:
    """What is remembered of the sources, by id; those never asked are not in it."""
    columns = [getattr(SourceRow, name) for name in SourceFacts.__slots__]
    return {row[0]: SourceFacts(*row[1:]) for row in connection.execute(select(SourceRow.id, *columns))}


def posts_by_day(connection: Connection, now: datetime) -> dict[str, tuple[int, ...]]:
    """New posts of each of the last 28 days (UTC), today last, by source; sources without any are not in it."""
    today = now.astimezone(UTC).date()
    first = datetime.combine(today - (DAYS - 1) * _DAY, datetime.min.time(), UTC)
    day = _day(connection)
    query = select(SourceHourRow.source, day, func.sum(SourceHourRow.posts))
    counts: dict[str, list[int]] = {}
    for source, on, posts in connection.execute(query.where(SourceHourRow.hour >= first).group_by("source", day)):
        back = (today - datetime.fromisoformat(on).date()).days
        if back >= 0 and posts:
            counts.setdefault(source, [0] * DAYS)[-1 - back] = posts
    return {source: tuple(days) for source, days in counts.items()}


def heard_hours(connection: Connection, source: str, added_at: datetime | None) -> list[HeardHour]:
    """The hours in which a source was heard, as far back as they are kept.

    Of the time before it was first visited only hours with posts are known, which would say that it never pauses.
    """
    where = [SourceHourRow.source == source]
    if added_at is not None:
        where.append(SourceHourRow.hour >= added_at)
    rows = select(SourceHourRow.hour, SourceHourRow.posts).where(*where).order_by(SourceHourRow.hour)
    return [HeardHour(*row) for row in connection.execute(rows)]


def mark_heard(connection: Connection, sources: Iterable[str], now: datetime) -> None:
    """Remember that sources were heard in this hour, whether they said something or not."""
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    rows = [{"source": source, "hour": hour, "posts": 0} for source in sorted(sources)]
    if rows:
        insert = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert
        connection.execute(insert(SourceHourRow).on_conflict_do_nothing(index_elements=["source", "hour"]), rows)


def spoke_since(connection: Connection, source: str, since: datetime) -> bool:
    """Whether a source showed a post that was published at a moment or later."""
    where = (SourceHourRow.source == source, SourceHourRow.hour >= since, SourceHourRow.posts > 0)
    return connection.execute(select(SourceHourRow.hour).where(*where).limit(1)).first() is not None


def usage_today(connection: Connection, now: datetime) -> Mapping[str, Usage]:
    """What the sources used today (UTC), by source; those that used nothing are not in it."""
    query = select(UsageRow.source, UsageRow.requests, UsageRow.units)
    rows = connection.execute(query.where(UsageRow.day == now.astimezone(UTC).date().isoformat()))
    return {row.source: Usage(row.requests, row.units) for row in rows}


def wake(connection: Connection, source: str, hosts: Sequence[str]) -> bool:
    """Have a source asked in the next round, whatever its service or host said; False where it was never asked yet."""
    connection.execute(delete(HostRow).where(HostRow.host.in_(hosts)))
    woken = update(SourceRow).where(SourceRow.id == source).values(stopped_at=None, next_at=None)
    return connection.execute(woken).rowcount == 1


def last_told(connection: Connection) -> datetime | None:
    """When people were last told of any source."""
    return connection.execute(select(func.max(SourceRow.told_at))).scalar()


def _day(connection: Connection) -> ColumnElement[str]:
    """The day (UTC) of an hour, as ``2026-03-04``."""
    if connection.dialect.name == "sqlite":
        return func.substr(SourceHourRow.hour, 1, 10, type_=String)  # as text it begins with its day
    return func.to_char(func.timezone("UTC", SourceHourRow.hour), "YYYY-MM-DD", type_=String)
