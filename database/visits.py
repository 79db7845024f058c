"""What is remembered of visiting sources: where they were left off, how they fare, what they used, whom to spare."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select

from database.inserting import insert
from database.tables import HostRow, SourceHourRow, SourceRow, UsageRow
from sources.network.pacing import Wait

# Longer than any rhythm that is learned of a source.
HOURS_KEPT = timedelta(days=35)
USAGE_KEPT = timedelta(days=400)


def source_row(connection: Connection, source: str) -> Row[Any] | None:
    """What is remembered of a source, None before it was first asked."""
    return connection.execute(select(SourceRow.__table__).where(SourceRow.id == source)).one_or_none()


def source_rows(connection: Connection) -> Mapping[str, Row[Any]]:
    """What is remembered of every source, by id; of those too that have left the settings."""
    return {row.id: row for row in connection.execute(select(SourceRow.__table__))}


def save_source(connection: Connection, source: str, **values: Any) -> None:
    """Remember something of a source; columns that are not named keep what they hold."""
    row = {"id": source, **_UNKNOWN, **values}
    insert(connection, SourceRow, [row], _replacing(tuple(sorted(values))))


# What holds of a source of which nothing else is known yet.
_UNKNOWN: dict[str, Any] = {"cursor": {}, "listening_for": "", "failures": 0}


@cache
def _replacing(names: tuple[str, ...]) -> Callable[[Any], Any]:
    def complete(statement: Any) -> Any:
        newer = {name: statement.excluded[name] for name in names}
        return statement.on_conflict_do_update(index_elements=["id"], set_=newer)

    return complete


def add_posts(connection: Connection, source: str, published: Iterable[datetime], now: datetime) -> None:
    """Count new posts of a source in the hours they were published in; those of long ago are not kept."""
    counts: dict[datetime, int] = {}
    for at in published:
        if at > now - HOURS_KEPT:
            hour = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
            counts[hour] = counts.get(hour, 0) + 1
    if not counts:
        return
    rows = [{"source": source, "hour": hour, "posts": counts[hour]} for hour in sorted(counts)]
    insert(connection, SourceHourRow, rows, _adding_posts)


def _adding_posts(statement: Any) -> Any:
    sums = {"posts": SourceHourRow.posts + statement.excluded.posts}
    return statement.on_conflict_do_update(index_elements=["source", "hour"], set_=sums)


def posts_since(connection: Connection, source: str, since: datetime) -> int:
    """New posts that a source showed in the hours from a moment on."""
    total = select(func.sum(SourceHourRow.posts)).where(SourceHourRow.source == source, SourceHourRow.hour >= since)
    return connection.execute(total).scalar() or 0


def add_usage(connection: Connection, source: str, now: datetime, requests: int, units: int) -> None:
    """Count what a visit used to the day (UTC) it was made in."""
    day = _day(now)
    used = {"source": source, "day": day, "requests": requests, "units": units}
    insert(connection, UsageRow, [used], _adding_usage)


def _adding_usage(statement: Any) -> Any:
    grown = {name: getattr(UsageRow, name) + getattr(statement.excluded, name) for name in ("requests", "units")}
    return statement.on_conflict_do_update(index_elements=["source", "day"], set_=grown)


def forget_old(connection: Connection, now: datetime) -> None:
    """Forget hours and days of long ago, of sources too that have left the settings."""
    connection.execute(delete(SourceHourRow).where(SourceHourRow.hour < now - HOURS_KEPT))
    connection.execute(delete(UsageRow).where(UsageRow.day < _day(now - USAGE_KEPT)))
    connection.execute(delete(HostRow).where(HostRow.until <= now))


def units_used(connection: Connection, source: str, now: datetime) -> int:
    """Metered units that a source has used today (UTC)."""
    where = (UsageRow.source == source, UsageRow.day == _day(now))
    return connection.execute(select(UsageRow.units).where(*where)).scalar() or 0


def host_waits(connection: Connection, now: datetime) -> Sequence[Wait]:
    """The hosts that are to be left alone now."""
    rows = connection.execute(select(HostRow.host, HostRow.until, HostRow.reason).where(HostRow.until > now))
    return [Wait(*row) for row in rows]


def save_waits(connection: Connection, waits: Iterable[Wait]) -> None:
    """Remember which hosts are to be left alone."""
    # In one order, so that two writers wait for each other instead of deadlocking.
    rows = [
        {"host": wait.host, "until": wait.until, "reason": wait.reason}
        for wait in sorted(waits, key=lambda wait: wait.host)
    ]
    if rows:
        insert(connection, HostRow, rows, _newer_wait)


def _newer_wait(statement: Any) -> Any:
    newer = {"until": statement.excluded.until, "reason": statement.excluded.reason}
    return statement.on_conflict_do_update(index_elements=["host"], set_=newer)


def _day(now: datetime) -> str:
    return now.astimezone(UTC).date().isoformat()
