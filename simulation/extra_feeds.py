"""Feeds by the hundred, for measuring a listener that has many to read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from simulation import forum, writing
from simulation.authors import stranger
from simulation.post import NORTHWIND_AIR, Place, Post
from simulation.shelf import Shelf

ENTRIES = 40
# Fixed, so that a feed is the same bytes every day.
_NEWEST = datetime(2026, 3, 2, 12, tzinfo=UTC)


def extra_feed(number: int, base: str) -> forum.Feed:
    """The feed of that number: 40 entries of ordinary talk, the same whenever it is asked for."""
    rng = Random(f"extra feed {number}")  # noqa: S311 - a rehearsal needs repeatable numbers, not secret ones
    shelf = Shelf()
    shelf.add(_entry(rng, number, entry) for entry in range(ENTRIES))
    return forum.feed(f"Feed {number}", base, shelf.visible(Place.FORUM, _NEWEST))


def _entry(rng: Random, number: int, entry: int) -> Post:
    author = stranger(rng)
    written = writing.write(rng, writing.ORDINARY, Place.FORUM, NORTHWIND_AIR)
    at = _NEWEST - timedelta(minutes=41 * entry, milliseconds=number)
    name = f"extra-{number}-{entry}"
    return Post(name, author.handle, author.followers, written.text, written.title, at, Place.FORUM, written.language)
