"""What tags are called for people; settings, addresses and files have their ids."""

from __future__ import annotations

from collections.abc import Mapping

from settings.model import Settings
from topics import critical
from topics.categories import built_in, categories_of
from topics.tag import CATEGORY, CRITICAL


def category_names(settings: Settings) -> Mapping[str, str]:
    """Names by id, also of categories that the settings took away: what they tagged before still has them."""
    return {one.id: one.name for one in (*built_in(), *categories_of(settings.topics.categories))}


def tag_name(categories: Mapping[str, str], kind: str, name: str) -> str:
    """``Outage`` for a category, ``Critical: recall`` for critical words, ``product: app`` for a tag of the team."""
    plain = name.replace("-", " ")
    if kind == CRITICAL:
        brought = {group.id: group.name for group in critical.built_in()}
        return f"Critical: {brought.get(name, plain).lower()}"
    if kind == CATEGORY:
        return categories.get(name, plain[:1].upper() + plain[1:])
    return f"{kind.replace('-', ' ')}: {plain}"
