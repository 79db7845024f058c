"""Finding everything that any number of queries look for in one pass over a text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import TypeAlias

import ahocorasick  # type: ignore[import-not-found]  # it has no types

from mentions.folding import fold, spell
from mentions.mention import Mention
from mentions.query.characters import goes_on, is_word_character, stands_alone, word_pattern
from mentions.query.terms import Field, Handle, Is, Tag, Term

Leaf: TypeAlias = Term | Handle | Tag | Is
Span = tuple[int, int]
# An account that speaks is found at this place, before its text.
_NOWHERE: list[Span] = [(-1, -1)]
_LONGEST_HANDLE = 255
_HOST = re.compile(r"[A-Za-z]+://(?:[^/?#]*@)?([^:/?#\[\]]+)")  # RFC 3986, appendix B


@dataclass(frozen=True, slots=True, eq=False)
class _Sought:
    """A leaf as it is looked for.

    Attributes:
        number: of the leaf.
        key: what the folded text holds where the leaf is found.
        begins, ends: whether a word must begin and end there.
        spelled: what the text holds where upper and lower case count, else empty.
        every: all places matter, not only the first.
    """

    number: int
    key: str
    begins: bool
    ends: bool
    spelled: str
    leaf: Term | Handle | Tag
    every: bool

    def fits(self, text: str, start: int, end: int) -> bool:
        """Whether what stands there is no part of something longer."""
        if self.begins and start and goes_on(text[start - 1]):
            return False
        if not self.ends or end == len(text):
            return True
        match self.leaf:
            case Tag():
                return not is_word_character(text[end])
            case Handle():
                return _account_ends(text, end)
            case _:
                return not goes_on(text[end])


@dataclass(slots=True)
class Found:
    """What was found in one mention.

    Attributes:
        text, folded: as written, and folded with single spaces.
        places: by the number of a leaf, where it stands in its form of the text: all places for leaves of NEAR, else
            the first.
    """

    text: str
    folded: str
    places: dict[int, list[Span]]
    _look_at_fields: Callable[[], Iterable[int]]
    _fields: frozenset[int] | None = None
    _spelled: str | None = None
    _word_starts: dict[bool, list[int]] = field(default_factory=dict)

    @property
    def fields(self) -> frozenset[int]:
        """The numbers of the leaves that the mention's fields hold; looked for when somebody asks."""
        if self._fields is None:
            self._fields = frozenset(self._look_at_fields())
        return self._fields

    @property
    def spelled(self) -> str:
        """The text with its upper and lower case."""
        if self._spelled is None:
            self._spelled = " ".join(spell(self.text).split())
        return self._spelled

    def words(self, number: int, *, exact: bool) -> list[Span]:
        """Places of a leaf counted in words: how many begin before its start, and before its end."""
        if exact not in self._word_starts:
            form = self.spelled if exact else self.folded
            self._word_starts[exact] = [word.start() for word in word_pattern().finditer(form)]
        starts = self._word_starts[exact]
        return [(bisect_left(starts, start), bisect_left(starts, end)) for start, end in self.places.get(number, ())]


class Finder:
    """Finds leaves in texts and fields; built once (Aho and Corasick, 1975, https://doi.org/10.1145/360825.360855).

    Args:
        leaves: what to find; a leaf's number is its place.
        near: those of which every place matters.
    """

    def __init__(self, leaves: Iterable[Leaf], near: Collection[Leaf] = ()) -> None:
        self._facts: dict[tuple[Field, str], list[int]] = defaultdict(list)
        self._accounts: dict[str, list[int]] = defaultdict(list)
        by_key: dict[str, list[_Sought]] = defaultdict(list)
        for number, leaf in enumerate(leaves):
            if isinstance(leaf, Is):
                self._facts[leaf.field, _value(leaf)].append(number)
                continue
            if isinstance(leaf, Handle):
                self._accounts[fold(leaf.name)].append(number)
            if sought := _sought(number, leaf, every=leaf in near):
                by_key[sought.key].append(sought)
        self._fields = {name for name, _ in self._facts}
        self._automaton = ahocorasick.Automaton()
        for key, some in by_key.items():
            self._automaton.add_word(key, tuple(some))
        if by_key:
            self._automaton.make_automaton()

    def find(self, text: str, mention: Mention | None = None, source: str = "") -> Found:
        """What is in a text and, where it is of a mention, in the mention's fields."""
        found = Found(text, " ".join(fold(text).split()), {}, partial(self._in_fields, mention, source))
        if len(self._automaton):
            self._look(found)
        if self._accounts and mention is not None and mention.handle:
            for account in _accounts(_name(mention.handle)):
                for number in self._accounts.get(account, ()):
                    found.places.setdefault(number, _NOWHERE)
        return found

    def _in_fields(self, mention: Mention | None, source: str) -> Iterator[int]:
        if mention is not None and self._facts:
            for fact in _facts(mention, source, self._fields):
                yield from self._facts.get(fact, ())

    def _look(self, found: Found) -> None:
        folded, places = found.folded, found.places
        exact: set[_Sought] = set()
        for last, some in self._automaton.iter(folded):
            end = last + 1
            for sought in some:
                if sought.spelled:
                    exact.add(sought)
                elif sought.every or sought.number not in places:
                    start = end - len(sought.key)
                    if sought.fits(folded, start, end):
                        places.setdefault(sought.number, []).append((start, end))
        for sought in exact:
            if spans := list(_places(sought, found.spelled)):
                places[sought.number] = spans


def _sought(number: int, leaf: Term | Handle | Tag, *, every: bool) -> _Sought | None:
    """None where nothing visible is left to look for."""
    match leaf:
        case Handle(name):
            written = f"@{name}"
        case Tag(name):
            written = f"#{name}"
        case Term():
            written = leaf.phrase
    key = " ".join(fold(written).split())
    exact = isinstance(leaf, Term) and leaf.exact
    if not key:
        return None
    return _Sought(
        number,
        key,
        begins=not stands_alone(key[0]),
        ends=isinstance(leaf, Tag) or not (stands_alone(key[-1]) or (isinstance(leaf, Term) and leaf.prefix)),
        spelled=" ".join(spell(written).split()) if exact else "",
        leaf=leaf,
        every=every,
    )


def _places(sought: _Sought, text: str) -> Iterator[Span]:
    start = text.find(sought.spelled)
    while start >= 0:
        end = start + len(sought.spelled)
        if sought.fits(text, start, end):
            yield start, end
            if not sought.every:
                return
        start = text.find(sought.spelled, start + 1)


def _value(leaf: Is) -> str:
    """The value as facts hold it."""
    if leaf.field is Field.SITE:
        return _ascii_host(leaf.value).removeprefix("www.")
    return _name(leaf.value)


def _facts(mention: Mention, source: str, wanted: Collection[Field]) -> Iterator[tuple[Field, str]]:
    """What is true of the mention as a whole, in the fields that anybody asks for."""
    if Field.SOURCE in wanted:
        yield Field.SOURCE, _name(source)
    if Field.LANGUAGE in wanted and mention.language:
        yield Field.LANGUAGE, _name(mention.language).partition("-")[0]
    if Field.SITE in wanted and mention.url:
        for site in _sites(mention.url):
            yield Field.SITE, site
    if Field.AUTHOR in wanted:
        handle = _name(mention.handle or "")
        for name in {_name(mention.author or ""), handle, handle.partition("@")[0]}:
            yield Field.AUTHOR, name


@lru_cache(maxsize=4_096)
def _name(text: str) -> str:
    return " ".join(fold(text).split()).removeprefix("@")


def _accounts(handle: str) -> Iterator[str]:
    """What finds an account where it is written in a text: all of its name, and its parts up to a point or an @."""
    for end in range(1, min(len(handle), _LONGEST_HANDLE) + 1):
        if _account_ends(handle, end):
            yield handle[:end]


def _account_ends(text: str, end: int) -> bool:
    after = text[end : end + 2]
    if after[:1] == "-":
        return not goes_on(after[1:] or " ")
    return not goes_on(after[:1] or " ")


def _sites(address: str) -> tuple[str, ...]:
    """The host of an address and every domain above it."""
    found = _HOST.match(address)
    return _with_parents(found[1]) if found else ()


@lru_cache(maxsize=4_096)
def _with_parents(host: str) -> tuple[str, ...]:
    labels = _ascii_host(host).split(".")
    return tuple(".".join(labels[first:]) for first in range(len(labels)))


def _ascii_host(host: str) -> str:
    """A host name as it stands in addresses (RFC 5890), in lower case."""
    host = host.rstrip(".").lower()
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host
