"""Whether a query holds of what was found in a text, and what it holds for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from typing import NamedTuple, Protocol

from mentions.query.finding import Found, Leaf, Span
from mentions.query.terms import And, Field, Handle, Is, Near, Not, Or, Query, Tag, Term


class Seen(NamedTuple):
    """What made a part of a query hold.

    Attributes:
        start: where in the text, before everything for a fact about the whole mention, behind it for an absence.
        shorter_by: how long it is, negated.
        what: the parts of the query that were found, as people write them.
    """

    start: float
    shorter_by: int
    what: tuple[Query, ...]


class Check(Protocol):
    """A part of a query, ready to be asked of many texts."""

    def seen(self, found: Found) -> Seen | None:
        """What makes it hold, None where it does not."""


def check(query: Query, numbers: Mapping[Leaf, int]) -> Check:
    """A query, ready to be asked of texts in which its leaves were found under these numbers."""
    match query:
        case Near(left, right):
            return _Near(query, numbers[left], numbers[right])
        case And(parts):
            return _All(tuple(check(part, numbers) for part in parts))
        case Or(parts):
            return _Any(tuple(check(part, numbers) for part in parts))
        case Not(part):
            return _Absent(check(part, numbers))
        case Is():
            return _Fact(query, numbers[query])
        case Term() | Handle() | Tag():
            return _One(query, numbers[query])


def anchors(query: Query, *, wanted: bool = True) -> frozenset[Leaf] | None:
    """Leaves of which one is found wherever the query holds, as rare ones as possible; None where there are none.

    Where ``wanted`` is false: wherever the query does not hold.
    """
    match query:
        case Not(part):
            return anchors(part, wanted=not wanted)
        case Near(left, right):
            return _rarest((frozenset({left}), frozenset({right}))) if wanted else None
        case And(parts) | Or(parts):
            found = [anchors(part, wanted=wanted) for part in parts]
            known = tuple(some for some in found if some is not None)
            if isinstance(query, And) is wanted:
                return _rarest(known)
            return frozenset[Leaf]().union(*known) if len(known) == len(found) else None
        case Term() | Handle() | Tag() | Is():
            return frozenset({query}) if wanted else None


def _rarest(some: tuple[frozenset[Leaf], ...]) -> frozenset[Leaf] | None:
    return max(some, key=lambda leaves: min(map(_rarity, leaves), default=inf), default=None)


def _rarity(leaf: Leaf) -> int:
    """Long texts are rare; what is true of half of all mentions is not."""
    if isinstance(leaf, Is):
        return {Field.LANGUAGE: 0, Field.SOURCE: 1, Field.SITE: 2, Field.AUTHOR: 20}[leaf.field]
    return len(leaf.phrase if isinstance(leaf, Term) else leaf.name)


@dataclass(frozen=True, slots=True)
class _One:
    leaf: Leaf
    number: int

    def seen(self, found: Found) -> Seen | None:
        places = found.places.get(self.number)
        if not places:
            return None
        start, end = places[0]
        return Seen(start, start - end, (self.leaf,))


@dataclass(frozen=True, slots=True)
class _Fact:
    leaf: Is
    number: int

    def seen(self, found: Found) -> Seen | None:
        return Seen(-1, 0, (self.leaf,)) if self.number in found.fields else None


@dataclass(frozen=True, slots=True)
class _Near:
    near: Near
    left: int
    right: int

    def seen(self, found: Found) -> Seen | None:
        if self.left not in found.places or self.right not in found.places:
            return None
        left = found.words(self.left, exact=self.near.left.exact)
        right = found.words(self.right, exact=self.near.right.exact)
        if not (_follows(left, right, self.near.distance) or _follows(right, left, self.near.distance)):
            return None
        first = min(found.places[self.left][0], found.places[self.right][0])
        return Seen(first[0], first[0] - first[1], (self.near,))


@dataclass(frozen=True, slots=True)
class _All:
    parts: tuple[Check, ...]

    def seen(self, found: Found) -> Seen | None:
        seen: list[Seen] = []
        for part in self.parts:
            one = part.seen(found)
            if one is None:
                return None
            seen.append(one)
        first = min(seen, key=_order, default=_NOTHING)
        return Seen(first.start, first.shorter_by, tuple(what for one in seen for what in one.what))


@dataclass(frozen=True, slots=True)
class _Any:
    parts: tuple[Check, ...]

    def seen(self, found: Found) -> Seen | None:
        seen = [one for part in self.parts if (one := part.seen(found))]
        return min(seen, key=_order, default=None)


@dataclass(frozen=True, slots=True)
class _Absent:
    part: Check

    def seen(self, found: Found) -> Seen | None:
        return None if self.part.seen(found) else _NOTHING


def _order(seen: Seen) -> tuple[float, int]:
    """What stands further ahead comes first, and of two at one place the longer."""
    return seen.start, seen.shorter_by


_NOTHING = Seen(inf, 0, ())


def _follows(some: list[Span], others: list[Span], distance: int) -> bool:
    """Whether one of the others begins behind the end of one of these, with no more words between."""
    starts = [start for start, _ in others]
    for _, end in some:
        at = bisect_left(starts, end)
        if at < len(starts) and starts[at] - end <= distance:
            return True
    return False
