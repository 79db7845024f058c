"""What mentions are about, by rules: each rule is a brand query and gives one tag."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from mentions.matching import BrandMatcher
from mentions.mention import Mention
from mentions.nearby import Nearby
from mentions.query.parsing import parse
from mentions.query.terms import Or, Query
from topics.categories import Category, categories_of
from topics.critical import groups_of
from topics.tag import CATEGORY, CRITICAL, Tag

# The kind and the name of a tag.
Label = tuple[str, str]


class Rules:
    """Tags mentions by queries, all of them in one pass over a text; built once, used for every batch.

    Args:
        rules: by kind and name of a tag, what a mention with it holds.
        categories: the crisis categories among them, the gravest first.
        nearby: tells what stands near a brand; critical words count for a brand only there.
    """

    def __init__(
        self, rules: Mapping[Label, Query], categories: tuple[Category, ...] = (), nearby: Nearby | None = None
    ) -> None:
        self.categories = categories
        self._nearby = nearby or Nearby({})
        self._labels = tuple(rules)
        # What finds many brands finds many rules, too. Each alternative stands there by itself, so that only those are
        # looked at of which a word was found: a rule has hundreds.
        parts = [(place, part) for place, query in enumerate(rules.values()) for part in _alternatives(query)]
        self._rules = [place for place, _ in parts]
        self._matcher = _matcher(tuple(part for _, part in parts))

    @property
    def names(self) -> Mapping[str, tuple[str, ...]]:
        """The names that tags can have, by kind, in the order of the rules."""
        names: dict[str, tuple[str, ...]] = {}
        for kind, name in self._labels:
            names[kind] = (*names.get(kind, ()), name)
        return names

    def tags_of(self, mention: Mention, source: str, brands: Collection[str]) -> Mapping[str, tuple[Tag, ...]]:
        """What a mention from a source is about, by brand: the same for each, but for critical words far from it."""
        tags = self.tags(mention, source)
        critical = {tag.label for tag in tags if tag.kind == CRITICAL}
        if not critical:
            return dict.fromkeys(brands, tags)
        # Few texts come here, so they may cost more: what stands near a brand is read as a text of its own.
        others = tuple(tag for tag in tags if tag.kind != CRITICAL)
        parts = self._nearby.parts(mention, brands)
        near = {brand: self._tags_in(parts[brand], mention, source) for brand in brands if parts[brand] is not None}
        return {
            brand: (*others, *(tag for tag in near[brand] if tag.label in critical)) if brand in near else tags
            for brand in brands
        }

    def _tags_in(self, pieces: Sequence[str] | None, mention: Mention, source: str) -> Collection[Tag]:
        """The critical tags of any piece of a mention, each once."""
        found: dict[Label, Tag] = {}
        for piece in pieces or ():
            for tag in self.tags(replace(mention, title="", text=piece, word_marks=None), source):
                if tag.kind == CRITICAL:
                    found.setdefault(tag.label, tag)
        return found.values()

    def tags(self, mention: Mention, source: str = "") -> tuple[Tag, ...]:
        """What a mention from a source is about, whichever brand it speaks of, each once, in the order of the rules.

        Where several alternatives of a rule hold, the one that stands first in it is the evidence.
        """
        first: dict[int, str] = {}
        for match in self._matcher.match(mention, source):
            first.setdefault(self._rules[int(match.brand)], match.evidence)
        return tuple(Tag(*self._labels[place], evidence) for place, evidence in first.items())


@lru_cache(maxsize=4)
def _matcher(parts: tuple[Query, ...]) -> BrandMatcher:
    """Finds each by its place. Settings mostly leave the rules as they come, and to build them takes a while."""
    return BrandMatcher({str(number): part for number, part in enumerate(parts)})


def _alternatives(query: Query) -> Iterator[Query]:
    if isinstance(query, Or):
        for part in query.parts:
            yield from _alternatives(part)
    else:
        yield query


def rules_of(
    categories: Mapping[str, str],
    tags: Mapping[str, Mapping[str, str]],
    critical: Mapping[str, str] | None = None,
    nearby: Nearby | None = None,
) -> Rules:
    """The rules of a team: the crisis categories and the critical words as it changed them, then its own tags.

    Args:
        categories, critical: as :func:`topics.categories.changed` takes them.
        tags: queries by kind and name.
        nearby: knows the brands.

    Raises:
        QueryError: a query cannot be read.
    """
    crises = categories_of(categories)
    rules = {(CATEGORY, one.id): parse(one.query) for one in crises}
    rules |= {(CRITICAL, one.id): parse(one.query) for one in groups_of(critical or {})}
    rules |= {(kind, name): parse(query) for kind, named in tags.items() for name, query in named.items()}
    return Rules(rules, crises, nearby)
