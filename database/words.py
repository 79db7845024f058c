"""Keeping the words of mentions by which people find them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from database.inserting import insert
from database.tables import BrandMentionRow, CorrectionRow, MentionRow
from database.word_tables import MentionWordsRow
from mentions.search import BREAK, joined

# No word of a text begins with the low line, nor does what people ask for: no beginning of a word finds a mark.
PERIOD = timedelta(weeks=4)
_FOREIGN = re.compile(r"[^a-z0-9-]")
_AT_ONCE = 500
_PAGES = 500


def of_brand(brand: str) -> str:
    """The mark of mentions of a brand; two may share one, and some keep that of a brand that they left."""
    return f"{BREAK}b{BREAK}{_FOREIGN.sub('-', brand)}"


def of_source(source: str) -> str:
    """The mark of what came from a source; two may share one."""
    return f"{BREAK}s{BREAK}{_FOREIGN.sub('-', source.lower())}"


def of_period(number: int) -> str:
    """The mark of four weeks, counted since 1970."""
    return f"{BREAK}p{BREAK}{number}"


def period(at: datetime) -> int:
    """In which four weeks a moment lies."""
    return int(at.timestamp() // PERIOD.total_seconds())


EVERY = f"{BREAK}s{BREAK}"  # all mentions have a mark that begins so


def words_of(row: Any, brands: Iterable[str]) -> str:
    """The words and marks of a mention.

    Args:
        row: with title, text, author, handle, source and published_at as in :class:`database.tables.MentionRow`.
    """
    said = joined(row["title"], row["author"], row["handle"], row["text"])
    marks = (of_period(period(row["published_at"])), of_source(row["source"]), *map(of_brand, brands))
    return f"{said}{BREAK} {' '.join(marks)} "


def insert_words(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Keep the words of mentions, each ``mention_id`` and ``words``; those that were kept of them before give way."""
    if rows:
        insert(connection, MentionWordsRow, rows, _newest)


def _newest(statement: Any) -> Any:
    return statement.on_conflict_do_update(index_elements=["mention_id"], set_={"words": statement.excluded.words})


def keep_words(connection: Connection, ids: Collection[int]) -> None:
    """Read mentions again and keep their words as they stand now."""
    numbers = sorted(ids)
    for at in range(0, len(numbers), _AT_ONCE):
        some = numbers[at : at + _AT_ONCE]
        columns = ("id", "title", "author", "handle", "text", "source", "published_at")
        query = select(*(getattr(MentionRow, name) for name in columns)).where(MentionRow.id.in_(some))
        brands = _brands(connection, some)
        rows = connection.execute(query).mappings().all()
        insert_words(
            connection, [{"mention_id": row["id"], "words": words_of(row, brands.get(row["id"], ()))} for row in rows]
        )


def _brands(connection: Connection, ids: Sequence[int]) -> dict[int, set[str]]:
    """Also brands from which somebody took it: it may come back to them."""
    found: dict[int, set[str]] = {}
    for table in (BrandMentionRow, CorrectionRow):
        for number, brand in connection.execute(select(table.mention_id, table.brand).where(table.mention_id.in_(ids))):
            found.setdefault(number, set()).add(brand)
    return found


def fade_words(connection: Connection) -> None:
    """Go on overwriting words that were erased in SQLite's index, which keeps them until it merges its parts.

    A little at each call: https://www.sqlite.org/fts5.html#the_merge_command.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO word_index(word_index, rank) VALUES ('merge', ?)", (-_PAGES,))
