"""What mentions are about, by rules: each rule is a brand query and gives one tag."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mentions.matching import BrandMatcher
from mentions.mention import Mention
from mentions.query.parsing import parse
from mentions.query.terms import Or, Query
from topics.categories import Category, categories_of
from topics.tag import CATEGORY, Tag

# The kind and the name of a tag.
Label = tuple[str, str]


class Rules:
    """Tags mentions by queries, all of them in one pass over a text; built once, used for every batch.

    Args:
        rules: by kind and name of a tag, what a mention with it holds.
        categories: the crisis categories among them, the gravest first.
    """

    def __init__(self, rules: Mapping[Label, Query], categories: tuple[Category, ...] = ()) -> None:
        self.categories = categories
        self._labels = tuple(rules)
        # What finds many brands finds many rules, too. Each alternative stands there by itself, so that only those are
        # looked at of which a word was found: a rule has hundreds.
        parts = [(place, part) for place, query in enumerate(rules.values()) for part in _alternatives(query)]
        self._rules = [place for place, _ in parts]
        self._matcher = BrandMatcher({str(number): part for number, (_, part) in enumerate(parts)})

    @property
    def names(self) -> Mapping[str, tuple[str, ...]]:
        """The names that tags can have, by kind, in the order of the rules."""
        names: dict[str, tuple[str, ...]] = {}
        for kind, name in self._labels:
            names[kind] = (*names.get(kind, ()), name)
        return names

    def tags(self, mention: Mention, source: str = "") -> tuple[Tag, ...]:
        """What a mention from a source is about, each once, in the order of the rules.

        Where several alternatives of a rule hold, the one that stands first in it is the evidence.
        """
        first: dict[int, str] = {}
        for match in self._matcher.match(mention, source):
            first.setdefault(self._rules[int(match.brand)], match.evidence)
        return tuple(Tag(*self._labels[place], evidence) for place, evidence in first.items())


def _alternatives(query: Query) -> Iterator[Query]:
    if isinstance(query, Or):
        for part in query.parts:
            yield from _alternatives(part)
    else:
        yield query


def rules_of(categories: Mapping[str, str], tags: Mapping[str, Mapping[str, str]]) -> Rules:
    """The rules of a team: the crisis categories as it changed them, then its own tags.

    Args:
        categories: as :func:`topics.categories.categories_of` takes them.
        tags: queries by kind and name.

    Raises:
        QueryError: a query cannot be read.
    """
    crises = categories_of(categories)
    rules = {(CATEGORY, one.id): parse(one.query) for one in crises}
    rules |= {(kind, name): parse(query) for kind, named in tags.items() for name, query in named.items()}
    return Rules(rules, crises)
