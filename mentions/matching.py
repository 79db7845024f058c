"""Which brands a mention is about, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from mentions.mention import Mention
from mentions.query.evaluating import Check, Seen, anchors, check
from mentions.query.finding import Finder, Found, Leaf
from mentions.query.terms import And, Is, Near, Not, Or, Query, Term, leaves
from mentions.query.writing import write

LONGEST_EVIDENCE = 200


class MatchReason(StrEnum):
    """What made a mention count for a brand."""

    PHRASE = "phrase"
    QUERY = "query"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Match:
    """A mention is about a brand.

    Attributes:
        reason: a phrase was found, a query holds, or the source is about this brand alone.
        evidence: what was found, as configured; or the source's id.
    """

    brand: str
    reason: MatchReason
    evidence: str


@dataclass(frozen=True, slots=True)
class _Wanted:
    brand: str
    reason: MatchReason
    check: Check


class BrandMatcher:
    """Finds brands by their queries, all of them in one pass over a text; built once, used for every batch.

    Args:
        wanted: by brand id, what a mention of the brand holds.
    """

    def __init__(self, wanted: Mapping[str, Query]) -> None:
        numbers: dict[Leaf, int] = {}
        for query in wanted.values():
            for leaf in leaves(query):
                numbers.setdefault(leaf, len(numbers))
        self._finder = Finder(numbers, {term for query in wanted.values() for term in _near(query)})
        self._wanted = [
            _Wanted(brand, MatchReason.PHRASE if _is_phrases(query) else MatchReason.QUERY, check(query, numbers))
            for brand, query in wanted.items()
        ]
        self._always: list[int] = []
        self._wakes_by_field = False
        self._woken_by: dict[int, list[int]] = defaultdict(list)
        for place, query in enumerate(wanted.values()):
            needed = anchors(query)
            if needed is None:
                self._always.append(place)
            for leaf in needed or ():
                self._wakes_by_field |= isinstance(leaf, Is)
                self._woken_by[numbers[leaf]].append(place)

    def match(self, mention: Mention, source: str = "") -> tuple[Match, ...]:
        """All brands that a mention from a source is about, each once, in the order they were configured."""
        return self._matches(self._finder.find(mention.content, mention, source))

    def match_text(self, text: str) -> tuple[Match, ...]:
        """All brands that a text is about where nothing is known but the text."""
        return self._matches(self._finder.find(text))

    def _matches(self, found: Found) -> tuple[Match, ...]:
        numbers = (*found.places, *found.fields) if self._wakes_by_field else found.places
        if not numbers and not self._always:
            return ()
        woken = {place for number in numbers for place in self._woken_by.get(number, ())}
        matches = []
        for place in sorted(woken.union(self._always)):
            wanted = self._wanted[place]
            if seen := wanted.check.seen(found):
                matches.append(Match(wanted.brand, wanted.reason, _evidence(seen)))
        return tuple(matches)


def about(brands: Iterable[str], source: str) -> tuple[Match, ...]:
    """The matches of everything that comes from a source which is about these brands."""
    return tuple(Match(brand, MatchReason.SOURCE, source) for brand in brands)


def _is_phrases(query: Query) -> bool:
    """Whether a query is nothing but phrases, of which one must be found."""
    if isinstance(query, Or):
        return all(map(_is_phrases, query.parts))
    return isinstance(query, Term) and not query.prefix and not query.exact


def _near(query: Query) -> Iterable[Term]:
    match query:
        case Near(left, right):
            yield from (left, right)
        case And(parts) | Or(parts):
            for part in parts:
                yield from _near(part)
        case Not(part):
            yield from _near(part)


def _evidence(seen: Seen) -> str:
    match seen.what:
        case (Term(prefix=False, exact=False) as term,):
            text = term.phrase
        case what:
            text = write(And(tuple(dict.fromkeys(what)))) if what else "nothing that it excludes"
    return text if len(text) <= LONGEST_EVIDENCE else f"{text[: LONGEST_EVIDENCE - 1]}…"
