"""The critical words that come with Groundswell; they stand in ``critical.yaml``, the gravest first."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from topics import categories
from topics.categories import Category, changed, shipped


@functools.cache  # the file is part of the installed package and does not change under a running process
def built_in() -> tuple[Category, ...]:
    """The groups of critical words that come with Groundswell, the gravest first."""
    queries = {category.id: category.query for category in categories.built_in()}
    return tuple(_group(group_id, fields, queries) for group_id, fields in shipped("critical.yaml").items())


def groups_of(changes: Mapping[str, str]) -> tuple[Category, ...]:
    """The groups of a team, the gravest first; ``changes`` are as in :func:`topics.categories.changed`."""
    return changed(built_in(), changes)


def _group(group_id: str, fields: Mapping[str, str], queries: Mapping[str, str]) -> Category:
    query = queries[fields["category"]] if "category" in fields else fields["query"]
    return Category(group_id, fields["name"], fields["about"], query)
