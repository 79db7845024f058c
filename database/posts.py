"""Posts that show what a wave is about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from database.tables import BrandMentionRow, MentionRow
from sentiment.score import Label

# Enough to find a few voices that differ, few enough to read in a transaction.
_CANDIDATES = 60
_STORY = func.coalesce(MentionRow.story_id, MentionRow.id).label("story")


def representative_posts(  # a brand's window and what to take of it
    connection: Connection, brand: str, since: datetime, until: datetime, *, label: Label | None, limit: int = 3
) -> tuple[Row[Any], ...]:
    """The clearest posts of a window, each by another author and of another story.

    Rows have ``author, source, title, text, url, published_at, compound, followers``. Strongest tone first, then
    the widest reach.
    """
    where = [BrandMentionRow.brand == brand, BrandMentionRow.published_at.between(since, until)]
    where.append(MentionRow.erased_at.is_(None))
    if label:
        where.append(BrandMentionRow.label == label)
    query = (
        select(
            MentionRow.author,
            MentionRow.source,
            MentionRow.title,
            MentionRow.text,
            MentionRow.url,
            MentionRow.published_at,
            MentionRow.followers,
            BrandMentionRow.compound,
            _STORY,
        )
        .join(MentionRow, MentionRow.id == BrandMentionRow.mention_id)
        .where(*where)
        .order_by(BrandMentionRow.compound.asc().nulls_last(), MentionRow.followers.desc().nulls_last(), MentionRow.id)
        .limit(_CANDIDATES)
    )
    return _distinct(connection.execute(query).all(), limit)


def _distinct(rows: Any, limit: int) -> tuple[Row[Any], ...]:
    chosen: list[Row[Any]] = []
    seen: set[str] = set()
    for row in rows:
        marks = {f"author {row.author}" if row.author else f"story {row.story}", f"story {row.story}"}
        if not marks & seen:
            chosen.append(row)
            seen |= marks
    return tuple(chosen[:limit])
