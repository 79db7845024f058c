"""Posts that are shown to people, found again by their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from database.tables import MentionRow

_SHOWN = ("id", "author", "source", "title", "text", "url", "published_at", "followers")


def posts_of(connection: Connection, ids: Sequence[int]) -> tuple[Row[Any], ...]:
    """Mentions in the order of these ids, which are few.

    Rows have ``id, author, source, title, text, url, published_at, followers``.
    """
    query = select(*(getattr(MentionRow, name) for name in _SHOWN)).where(MentionRow.id.in_(ids))
    found = {row.id: row for row in connection.execute(query)}
    return tuple(found[one] for one in ids if one in found)
