"""Mentions with all that is known of them, in the order in which they were said."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, or_, select

from database.corrections import Key
from database.reading_mentions import Wanted, conditions
from database.searched import among
from database.tables import BrandMentionRow, MentionRow


@dataclass(frozen=True, slots=True)
class Exported:
    """A mention as it concerns one brand; fields as in :class:`database.tables.MentionRow` and ``BrandMentionRow``."""

    id: int
    key: str
    source: str
    title: str
    text: str
    url: str | None
    author: str | None
    handle: str | None
    language: str | None
    published_at: datetime
    dating: str
    seen_at: datetime
    likes: int | None
    replies: int | None
    reposts: int | None
    views: int | None
    followers: int | None
    rating: float | None
    rating_worst: float | None
    rating_best: float | None
    rating_scale: str | None
    story_id: int | None
    brand: str
    reason: str
    evidence: str
    compound: float | None
    label: str
    flags: str
    scorer: str


_OF_BRAND = {"brand", "published_at", "reason", "evidence", "compound", "label", "flags", "scorer"}


def oldest_first(
    connection: Connection, brand: str, wanted: Wanted, after: Exported | None, limit: int
) -> tuple[Exported, ...]:
    """The mentions of a brand that follow one, which may be None for the first; a part costs what it holds."""
    where = [BrandMentionRow.brand == brand, *conditions(wanted), *among(connection, wanted.text)]
    at, number = BrandMentionRow.published_at, BrandMentionRow.mention_id
    if after is not None:
        where.append(and_(at >= after.published_at, or_(at > after.published_at, number > after.id)))
    query = _query().where(*where).order_by(at, number).limit(limit)
    return tuple(Exported(*row) for row in connection.execute(query))


def some_of(connection: Connection, keys: Collection[Key]) -> tuple[Exported, ...]:
    """Mentions of brands, without those that are none, or none any more; no more than fit a statement (500)."""
    query = _query().where(BrandMentionRow.mention_id.in_({number for number, _ in keys}))
    found = (Exported(*row) for row in connection.execute(query))
    return tuple(one for one in found if (one.id, one.brand) in keys)


def _query() -> Select[Any]:
    columns = [getattr(BrandMentionRow if name in _OF_BRAND else MentionRow, name) for name in Exported.__slots__]
    return select(*columns).join_from(BrandMentionRow, MentionRow)
