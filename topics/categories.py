"""The crisis categories that come with Groundswell; they stand in ``categories.yaml``, the gravest first."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources

import yaml


@dataclass(frozen=True, slots=True)
class Category:
    """What sort of crisis a text may tell of.

    Attributes:
        id: as a tag and settings have it.
        name: for people.
        about: what belongs to it, a sentence; empty for a team's own.
        query: what a text of it holds (docs/queries.md).
    """

    id: str
    name: str
    about: str
    query: str


@functools.cache  # the file is part of the installed package and does not change under a running process
def built_in() -> tuple[Category, ...]:
    """The categories that come with Groundswell, the gravest first."""
    return tuple(Category(category_id, **fields) for category_id, fields in shipped("categories.yaml").items())


def shipped(name: str) -> Mapping[str, Mapping[str, str]]:
    """What a file of rules holds that comes with Groundswell: by id, the fields of each."""
    written: Mapping[str, Mapping[str, str]] = yaml.safe_load(
        resources.files("topics").joinpath(name).read_text(encoding="utf-8")
    )
    return written


def categories_of(changes: Mapping[str, str]) -> tuple[Category, ...]:
    """The categories of a team, the gravest first; ``changes`` are as in :func:`changed`."""
    return changed(built_in(), changes)


def changed(brought: Iterable[Category], changes: Mapping[str, str]) -> tuple[Category, ...]:
    """What comes with Groundswell as a team changed it.

    Args:
        changes: queries by id. That of a built-in category takes its place, an empty one removes it; what is new comes
            first, since whoever added it waits for it.
    """
    known = {category.id: category for category in brought}
    own = [_own(category_id, query) for category_id, query in changes.items() if query and category_id not in known]
    kept = [
        Category(one.id, one.name, one.about, changes.get(one.id, one.query))
        for one in known.values()
        if changes.get(one.id, one.query)
    ]
    return (*own, *kept)


def _own(category_id: str, query: str) -> Category:
    return Category(category_id, category_id.replace("-", " ").capitalize(), "", query)
