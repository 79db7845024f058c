"""Brand queries in the words that a service's search understands.

A search may find more than the query asks for, never less: every post is matched again when it arrives. So what a
service cannot say is left out: NEAR becomes "both", case is dropped, an exclusion stays only where the service excludes
nothing else, and a beginning of a word (``delay*``) is left to the other words of its query where the service finds
whole words only. An account is also searched for as an author where the service can do that.

What nothing at all can be searched for is told by :func:`missed`: a field the service does not know, alone; and a
beginning of a word, alone, for which at least the beginning as a word is searched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, product
from math import prod
from typing import NamedTuple

from mentions.folding import spell
from mentions.query.characters import is_word_character
from mentions.query.terms import And, Field, Handle, Is, Near, Not, Or, Query, Tag, Term
from mentions.query.writing import write

# Searches that one part of a query may grow into where a service knows no alternatives.
_MOST = 16
_COMPARED = 6


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a service's search understands.

    Attributes:
        any_of: what stands between alternatives (`` OR ``, ``|``); None where each needs a search of its own.
        all_of: what stands between parts that must all hold (a space, `` AND ``).
        none_of: what stands before a part that must not hold (``-``, ``NOT ``), None where that cannot be said.
        groups: parentheses are understood.
        quotes: several words in double quotes are found as a phrase.
        prefixes: a trailing ``*`` is understood.
        handle, tag: how an account and a tag are written, ``{}`` standing for the name.
        fields: how a field is asked for, ``{}`` standing for the value (``from:{}``); others are left out.
        longest: characters that one search may have.
    """

    any_of: str | None = " OR "
    all_of: str = " "
    none_of: str | None = "-"
    groups: bool = True
    quotes: bool = True
    prefixes: bool = False
    handle: str = "{}"
    tag: str = "{}"
    fields: Mapping[Field, str] = field(default_factory=dict)
    longest: int = 500


class _Search(NamedTuple):
    """What must be found: one of the words of each clause, and none of those without."""

    clauses: tuple[tuple[str, ...], ...]
    without: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """Its alternatives, where it is nothing else than alternatives; else empty."""
        return self.clauses[0] if len(self.clauses) == 1 and not self.without else ()


_Searches = list[_Search] | None  # None: everything would have to be searched for


def searches(queries: Iterable[Query], dialect: Dialect) -> tuple[str, ...]:
    """As few searches as the dialect allows that together find all that any of the queries matches; none twice.

    Alternatives that do not fit into one search are spread over several. See :func:`missed` for what none can find.
    """
    wanted = [search for query in queries for part in _alternatives(query) for search in _asked(part, dialect)[0]]
    return tuple(_packed(_without_narrower(_fitting(wanted, dialect)), dialect))


def missed(queries: Iterable[Query], dialect: Dialect) -> tuple[str, ...]:
    """The parts of queries that the service cannot be searched for, or only in part, as people write them."""
    parts = (part for query in queries for part in _alternatives(query) if not _asked(part, dialect)[1])
    return tuple(dict.fromkeys(map(write, parts)))


def _alternatives(query: Query) -> Iterator[Query]:
    if isinstance(query, Or):
        for part in query.parts:
            yield from _alternatives(part)
    else:
        yield query


def _asked(part: Query, dialect: Dialect) -> tuple[list[_Search], bool]:
    """The searches for a part of a query, and whether they find all of it."""
    wording = _Wording(dialect)
    found = _found(wording.ask(part))
    if found is not None:
        return found, True
    return _found(replace(wording, stems=True).ask(part)) or [], False


def _found(asked: _Searches) -> _Searches:
    """No service searches for exclusions alone."""
    return None if asked is None or any(not search.clauses for search in asked) else asked


@dataclass(frozen=True, slots=True)
class _Wording:
    """Puts queries into a dialect.

    Attributes:
        stems: where the dialect has no prefixes, take the beginning of a word for the word.
    """

    dialect: Dialect
    stems: bool = False

    def ask(self, query: Query) -> _Searches:
        """What finds at least all that the query matches."""
        match query:
            case And(parts):
                return self._all(parts)
            case Or(parts):
                return self._any(parts)
            case Near(left, right):
                return self._all((left, right))
            case Not(part):
                return self._not(part)
            case Handle(name) if Field.AUTHOR in self.dialect.fields:
                spoken_to, speaks = self._leaf(query), self._leaf(Is(Field.AUTHOR, name))
                return spoken_to and speaks and [*spoken_to, *speaks]
            case _:
                return self._leaf(query)

    def _any(self, parts: Iterable[Query]) -> _Searches:
        found: list[_Search] = []
        for part in parts:
            asked = _found(self.ask(part))
            if asked is None:
                return None
            found += asked
        return found

    def _all(self, parts: Iterable[Query]) -> _Searches:
        asked = [some for part in parts if (some := self.ask(part)) is not None]
        combined = [_Search(())]
        for some in asked:
            few = [_merged(some)] if all(one.words for one in some) else some
            if len(combined) * len(few) > _MOST:
                few = [_merged(few)]
            combined = [_both(one, other) for one, other in product(combined, few)]
        return combined if asked else None

    def _not(self, part: Query) -> _Searches:
        match part:
            case Not(inner):
                return self.ask(inner)
            case Or(parts):
                return self._all(tuple(map(Not, parts)))
            case And() | Near():
                return None
            case _:
                text = _text(part, self.dialect) if self.dialect.none_of and _is_said_whole(part, self.dialect) else ""
                return [_Search((), (f"{self.dialect.none_of}{text}",))] if text else None

    def _leaf(self, leaf: Term | Handle | Tag | Is) -> _Searches:
        if isinstance(leaf, Term) and leaf.prefix and self.stems:
            leaf = replace(leaf, prefix=False)
        text = _text(leaf, self.dialect)
        if len(text) > self.dialect.longest:
            return None
        if isinstance(leaf, Is) or self.dialect.quotes or not text:
            return [_Search(((text,),))] if text else None
        return [_Search(tuple((word,) for word in text.split()))]


def _both(one: _Search, other: _Search) -> _Search:
    clauses, without = (*one.clauses, *other.clauses), (*one.without, *other.without)
    return _Search(tuple(dict.fromkeys(clauses)), tuple(dict.fromkeys(without)))


def _merged(some: Sequence[_Search]) -> _Search:
    """One clause that holds wherever one of these does: of each that must hold whole, its longest words."""
    rarest = [max(one.clauses, key=lambda clause: min(map(len, clause)), default=()) for one in some]
    return _Search((tuple(dict.fromkeys(word for clause in rarest for word in clause)),) if all(rarest) else ())


def _text(leaf: Term | Handle | Tag | Is, dialect: Dialect) -> str:
    """How a service is asked for a leaf; empty where it cannot be."""
    match leaf:
        case Term():
            return _phrase(leaf, dialect)
        case Handle(name):
            bare = name.partition("@")[0]
            return _quoted(bare, dialect) if dialect.handle == "{}" else dialect.handle.replace("{}", name)
        case Tag(name):
            return _quoted(name, dialect) if dialect.tag == "{}" else dialect.tag.replace("{}", name)
        case Is(about, value):
            clean = _clean(value)
            spaced = " " in clean
            if about not in dialect.fields or not clean or (spaced and not dialect.quotes):
                return ""
            return dialect.fields[about].replace("{}", f'"{clean}"' if spaced else clean)


def _phrase(term: Term, dialect: Dialect) -> str:
    words = term.words
    if term.prefix and dialect.prefixes and len(words) == 1:
        stem = _clean(words[0])
        return f"{stem}*" if stem.isalnum() else ""
    if term.prefix:
        words = words[:-1]  # what stands before the beginning of a word is found wherever the whole is
    while len(" ".join(words)) + 2 > dialect.longest:
        words = words[:-1]
    return _quoted(" ".join(words), dialect)


def _quoted(words: str, dialect: Dialect) -> str:
    clean = _clean(words)
    if dialect.quotes:
        return f'"{clean}"' if clean else ""
    # Without quotes a sign or a word in capitals may be an operator.
    return " ".join("".join(c if is_word_character(c) else " " for c in clean.lower()).split())


def _clean(words: str) -> str:
    r"""Words as they are seen, without what would end a quotation."""
    return " ".join(re.sub(r'["\\]', " ", spell(words)).split())


def _is_said_whole(leaf: Term | Handle | Tag | Is, dialect: Dialect) -> bool:
    """Whether what a service is asked for a leaf is found nowhere else, so that it may be excluded."""
    match leaf:
        case Term(words, prefix, exact):
            plain = all(map(str.isalnum, words)) and (dialect.quotes or len(words) == 1)
            fits = len(leaf.phrase) + 2 <= dialect.longest
            return plain and fits and not exact and (not prefix or (dialect.prefixes and len(words) == 1))
        case Handle():
            return dialect.handle != "{}"
        case Tag():
            return dialect.tag != "{}"
        case Is():
            return True


def _fitting(wanted: Iterable[_Search], dialect: Dialect) -> Iterator[_Search]:
    """The searches, each split until it can be made on its own."""
    for search in wanted:
        if search.words:
            yield from (_Search(((word,),)) for word in search.words)
        elif dialect.any_of and dialect.groups:
            yield from _short(search, dialect)
        else:
            for one in _expanded(search):
                yield from _short(one, dialect)


def _expanded(search: _Search) -> Iterator[_Search]:
    """Without alternatives; where that would be too many searches, with less that must hold."""
    clauses = list(search.clauses)
    while len(clauses) > 1 and prod(map(len, clauses)) > _MOST:
        clauses.remove(max(clauses, key=len))
    for words in product(*clauses):
        yield _Search(tuple((word,) for word in words), search.without)


def _short(search: _Search, dialect: Dialect) -> Iterator[_Search]:
    """Not longer than the service takes: first with fewer exclusions, then with alternatives spread over several."""
    waiting = [search]
    while waiting:
        clauses, without = waiting.pop()
        while without and len(_written(_Search(clauses, without), dialect)) > dialect.longest:
            without = without[:-1]
        at = max(range(len(clauses)), key=lambda place: len(clauses[place]))
        widest, others = clauses[at], (clauses[:at], clauses[at + 1 :])
        if len(_written(_Search(clauses, without), dialect)) <= dialect.longest:
            yield _Search(clauses, without)
        elif len(widest) > 1:
            halves = (widest[: len(widest) // 2], widest[len(widest) // 2 :])
            waiting += [_Search((*others[0], half, *others[1])) for half in reversed(halves)]
        else:
            waiting.append(_Search(clauses[:-1]))


def _without_narrower(wanted: Iterable[_Search]) -> list[_Search]:
    """Each once, and none that finds nothing which another does not find as well."""
    distinct = list(dict.fromkeys(wanted))
    asked = {frozenset((*search.clauses, *search.without)) for search in distinct}
    return [search for search in distinct if not any(part in asked for part in _broader(search))]


def _broader(search: _Search) -> Iterator[frozenset[tuple[str, ...] | str]]:
    """Searches for less of what must hold; those of long ones are too many to look at and seldom made."""
    pieces = (*search.clauses, *search.without)
    for size in range(1, len(pieces) if len(pieces) <= _COMPARED else 2):
        yield from map(frozenset, combinations(pieces, size))


def _packed(wanted: Iterable[_Search], dialect: Dialect) -> Iterator[str]:
    """As many alternatives in one search as it takes."""
    packs: list[list[str]] = []
    for search in wanted:
        text = _written(search, dialect)
        if not dialect.any_of or not (dialect.groups or search.words):
            yield text
            continue
        part = text if search.words else f"({text})"
        for pack in packs:
            if len(dialect.any_of.join((*pack, part))) <= dialect.longest:
                pack.append(part)
                break
        else:
            packs.append([part])
    for pack in packs:
        alone = len(pack) == 1 and pack[0].startswith("(")
        yield pack[0][1:-1] if alone else (dialect.any_of or "").join(pack)


def _written(search: _Search, dialect: Dialect) -> str:
    alternatives = (dialect.any_of or " ").join
    clauses = (f"({alternatives(words)})" if len(words) > 1 else words[0] for words in search.clauses)
    return dialect.all_of.join((*clauses, *search.without))
