"""The table of words by which mentions are found, and the index over it. A change here needs a migration beside it.

SQLite indexes it by FTS5 (https://www.sqlite.org/fts5.html#external_content_tables), which triggers keep right;
PostgreSQL by GIN over a ``tsvector``. Both are made by the migration.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from database.columns import Count, Table
from mentions.search import BREAK

INDEX = "word_index"
# SQLite takes words as they are: it would part some letters of other scripts, and fold what is folded. Only ASCII
# parts words for this tokenizer, and of ASCII nothing is left but these, letters and digits.
TOKENS = "ascii tokenchars '_-'"


class Words(TypeDecorator[str]):
    """Words as of :func:`mentions.search.joined`; PostgreSQL gets each with its places."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Text, or what PostgreSQL searches."""
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Words as PostgreSQL reads them: letters and digits need no escape."""
        return value if value is None or dialect.name == "sqlite" else vector(value)


class MentionWordsRow(Table):
    """The words of a mention, and marks that narrow a search: brands, source and weeks (:mod:`database.words`)."""

    __tablename__ = "mention_words"

    mention_id: Mapped[int] = mapped_column(Count, ForeignKey("mentions.id", ondelete="CASCADE"), primary_key=True)
    words: Mapped[str] = mapped_column(Words)


def vector(words: str) -> str:
    """Words as the text of a ``tsvector``; where texts meet a place is left out.

    https://www.postgresql.org/docs/current/datatype-textsearch.html: places end at 16,383.
    """
    places: dict[str, list[str]] = {}
    for place, word in enumerate(words.split(), 1):
        if word != BREAK:
            places.setdefault(word, []).append(str(place))
    return " ".join(f"'{word}':{','.join(some)}" for word, some in places.items())


def is_index(name: str | None) -> bool:
    """Whether a table or an index is a part of the index over the words, which the migration makes by hand."""
    return name is not None and name.startswith(INDEX)
