"""Questions to the index of words, as SQLite and PostgreSQL understand them.

Which words a mention holds is kept by :mod:`database.words`; what people ask for is read by :mod:`mentions.search`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, cast, column, func, literal, select, table
from sqlalchemy.dialects.postgresql import TSQUERY

from database.word_tables import INDEX, MentionWordsRow
from database.words import EVERY, of_brand, of_period, of_source
from mentions.search import Search, Wording

_INDEX = table(INDEX, column("rowid"), column(INDEX))


@dataclass(frozen=True, slots=True)
class Terms:
    """What the words and marks of a mention must hold, or not.

    Attributes:
        search: None where any words will do.
        source: id of one, empty for any; those of another whose mark is the same are found, too.
        brand: id of one, empty for any; likewise, and some that were taken from it.
        periods: any of these; empty for all.
    """

    search: Search | None
    source: str = ""
    brand: str = ""
    periods: Sequence[int] = ()

    @property
    def wanted(self) -> Sequence[Wording]:
        """Words that must stand there."""
        return self.search.wanted if self.search else ()

    @property
    def unwanted(self) -> Sequence[Wording]:
        """Words that must not."""
        return self.search.unwanted if self.search else ()

    @property
    def marks(self) -> Sequence[str]:
        """Marks that must stand there."""
        source = [of_source(self.source)] if self.source else []
        return [*source, of_brand(self.brand)] if self.brand else source


def held(connection: Connection, search: Search) -> Iterator[ColumnElement[bool]]:
    """That a row of :class:`database.word_tables.MentionWordsRow` is found; without the index."""
    if connection.dialect.name != "sqlite":
        yield MentionWordsRow.words.op("@@")(_asked(Terms(search)))
        return
    for wording in search.wanted:
        yield func.instr(MentionWordsRow.words, wording.written) > 0
    for wording in search.unwanted:
        yield func.instr(MentionWordsRow.words, wording.written) == 0


def indexed(connection: Connection, terms: Terms) -> Select[tuple[int]]:
    """Ids of mentions, ``mention_id``, by the index; in any order."""
    if connection.dialect.name == "sqlite":
        return select(_INDEX.c.rowid.label("mention_id")).where(_INDEX.c[INDEX].op("MATCH")(match_of(terms)))
    return select(MentionWordsRow.mention_id).where(MentionWordsRow.words.op("@@")(_asked(terms)))


def _asked(terms: Terms) -> Any:
    return cast(literal(tsquery_of(terms)), TSQUERY)


def match_of(terms: Terms) -> str:
    """A question in the language of FTS5 (https://www.sqlite.org/fts5.html#full_text_query_syntax)."""
    groups = [_in_order(one) for one in terms.wanted] + [f'"{mark}"' for mark in terms.marks]
    if terms.periods:
        groups.append(f"({' OR '.join(_quoted(of_period(one)) for one in terms.periods)})")
    found = " AND ".join(groups) or f'"{EVERY}"*'
    return f"({found}) NOT ({' OR '.join(map(_in_order, terms.unwanted))})" if terms.unwanted else found


def _quoted(word: str) -> str:
    return f'"{word}"'


def _in_order(wording: Wording) -> str:
    return f'"{" ".join(wording.words)}"{"*" if wording.open_end else ""}'


def tsquery_of(terms: Terms) -> str:
    """A question in the language of PostgreSQL (https://www.postgresql.org/docs/current/datatype-textsearch.html)."""
    groups = [_one_after_another(one) for one in terms.wanted] + [f"'{mark}'" for mark in terms.marks]
    if terms.periods:
        groups.append(f"({' | '.join(_single(of_period(one)) for one in terms.periods)})")
    groups = groups or [f"'{EVERY}':*"]
    return " & ".join(groups + [f"!{_one_after_another(one)}" for one in terms.unwanted])


def _single(word: str) -> str:
    return f"'{word}'"


def _one_after_another(wording: Wording) -> str:
    return f"({' <-> '.join(map(_single, wording.words))}{':*' if wording.open_end else ''})"
