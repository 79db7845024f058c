"""In which hours a brand was spoken of, and in which it was listened for."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from sqlalchemy import Connection, select

from database.tables import BucketRow, SourceHourRow
from detection.silence import HOUR, HeardHour


def brand_hours(connection: Connection, brand: str, since: datetime, until: datetime) -> list[HeardHour]:
    """Mentions of a brand by the hour, from the first in which it was spoken of on.

    Hours in which no source was heard are left out; where nothing is known of sources, as with what was imported, all
    count.
    """
    query = select(BucketRow.start, BucketRow.mentions).where(BucketRow.brand == brand)
    counts = Counter[datetime]()
    for row in connection.execute(query.where(BucketRow.start >= since, BucketRow.start < until)):
        counts[_hour(row.start)] += row.mentions
    spoken = [hour for hour, count in counts.items() if count]
    if not spoken:
        return []
    listened = select(SourceHourRow.hour).where(SourceHourRow.hour >= since, SourceHourRow.hour < until).distinct()
    known = {*connection.execute(listened).scalars()}
    first = min(spoken)
    hours = (first + number * HOUR for number in range(int((until - first) / HOUR)))
    return [HeardHour(hour, counts[hour]) for hour in hours if not known or hour in known or counts[hour]]


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
