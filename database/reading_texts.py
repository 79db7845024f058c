"""What is read to see what people talk about: the texts of a brand in a time, or an even sample of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select

from database.tables import BrandMentionRow, MentionRow
from mentions.mention import content_of
from sentiment.score import Label
from topics.said import RING, STRIDE, Said, Texts, piece
from topics.terms import MOST_CHARACTERS


def texts_between(  # a brand's window and how much of it to read
    connection: Connection, brand: str, since: datetime, until: datetime, most: int, *, label: Label | None = None
) -> Texts:
    """Mentions of a brand from ``since`` on and before ``until``; about ``most`` of them where there are more.

    Only the beginnings of long texts are read. What was erased is left out.

    Args:
        label: the tone of the mentions to read; None for any.
    """
    during = [
        BrandMentionRow.brand == brand,
        BrandMentionRow.published_at >= since,
        BrandMentionRow.published_at < until,
    ]
    if label:
        during.append(BrandMentionRow.label == label)
    total = connection.execute(select(func.count()).select_from(BrandMentionRow).where(*during)).scalar_one()
    limit = piece(most, total)
    where = [*during, MentionRow.erased_at.is_(None)]
    if limit < RING:
        where.append((BrandMentionRow.mention_id * STRIDE) % RING < limit)
    said = tuple(_said(row) for row in connection.execute(_query(where)))
    return Texts(said, total if limit < RING else len(said))


def _query(where: list[ColumnElement[bool]]) -> Any:
    return (
        select(
            MentionRow.id,
            func.substr(MentionRow.title, 1, MOST_CHARACTERS).label("title"),
            func.substr(MentionRow.text, 1, MOST_CHARACTERS).label("text"),
            MentionRow.url,
            func.coalesce(MentionRow.story_id, MentionRow.id).label("story_id"),
            BrandMentionRow.author,
            BrandMentionRow.source,
            BrandMentionRow.published_at,
            BrandMentionRow.label,
        )
        .join_from(BrandMentionRow, MentionRow)
        .where(*where)
    )


def _said(row: Row[Any]) -> Said:
    # Accounts of one name on two sources need not be one person.
    return Said(
        id=row.id,
        content=content_of(row.title, row.text),
        story_id=row.story_id,
        voice=f"{row.source} @{row.author}" if row.author else f"#{row.id}",
        source=row.source,
        published_at=row.published_at,
        label=Label(row.label),
        url=row.url,
    )
