"""What a brand query is made of.

A query is a tree of these. It is compared with texts in the form of :func:`mentions.folding.fold`, unless a term is
case-sensitive. :mod:`mentions.query.parsing` reads one from a text and writes it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Term:
    """One word or a phrase of several, found as whole words.

    Attributes:
        words: as written, at least one, none of them empty or with white space in it.
        prefix: the last word may go on (``delay*`` finds "delayed").
        exact: upper and lower case count.
    """

    words: tuple[str, ...]
    prefix: bool = False
    exact: bool = False

    @property
    def phrase(self) -> str:
        """The words with one space between them."""
        return " ".join(self.words)


@dataclass(frozen=True, slots=True)
class Handle:
    """An account that is spoken to or that speaks: ``@name``, found in the text as such and as the mention's handle."""

    name: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag: ``#name``."""

    name: str


class Field(StrEnum):
    """What of a mention, other than its text, a query may ask for."""

    AUTHOR = "author"
    SITE = "site"
    SOURCE = "source"
    LANGUAGE = "lang"


@dataclass(frozen=True, slots=True)
class Is:
    """A field of the mention has a value, whatever its case; a site is the host of its address or a parent of it."""

    field: Field
    value: str


@dataclass(frozen=True, slots=True)
class Near:
    """Two terms with at most ``distance`` words between them, in either order."""

    left: Term
    right: Term
    distance: int


@dataclass(frozen=True, slots=True)
class And:
    """Every part holds; at least two."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One of the parts holds; at least two."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Query


Query = Term | Handle | Tag | Is | Near | And | Or | Not


def of_phrases(phrases: Iterable[str]) -> Query:
    """The query of a brand that is described by phrases alone; at least one of them must hold a word."""
    terms = tuple(Term(tuple(words)) for words in (phrase.split() for phrase in phrases) if words)
    return terms[0] if len(terms) == 1 else Or(terms)


def leaves(query: Query) -> Iterator[Term | Handle | Tag | Is]:
    """Everything that is looked for in a query, from left to right, also below a NOT."""
    if isinstance(query, And | Or):
        for part in query.parts:
            yield from leaves(part)
    elif isinstance(query, Not):
        yield from leaves(query.part)
    elif isinstance(query, Near):
        yield from (query.left, query.right)
    else:
        yield query


def asked_for(query: Query, *, wanted: bool = True) -> Iterator[Term | Handle | Tag]:
    """What a query wants to stand in a text, from left to right; not what it excludes."""
    match query:
        case And(parts) | Or(parts):
            for part in parts:
                yield from asked_for(part, wanted=wanted)
        case Not(part):
            yield from asked_for(part, wanted=not wanted)
        case Near(left, right) if wanted:
            yield from (left, right)
        case Term() | Handle() | Tag() if wanted:
            yield query


def holds_of_nothing(query: Query) -> bool:
    """Whether a query matches where nothing that it names is found."""
    match query:
        case And(parts):
            return all(map(holds_of_nothing, parts))
        case Or(parts):
            return any(map(holds_of_nothing, parts))
        case Not(part):
            return not holds_of_nothing(part)
        case _:
            return False
