"""What is said about a brand in ordinary weeks, in a crisis, in a flood and in a wave of reposts.

Everything is drawn from the seed alone: the same arguments give the same posts on every machine and every day. The
brand, the airline Northwind Air, does not exist; its people, flights and troubles are made up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from simulation import writing
from simulation.authors import Author, Regulars, stranger
from simulation.post import NORTHWIND_AIR, BrandStory, Place, Post
from simulation.rhythm import arrivals, daily_rhythm, outbreak

_ORDINARY_PLACES = {Place.FORUM: 45, Place.MASTODON: 45, Place.HACKERNEWS: 10}
_CRISIS_PLACES = {Place.FORUM: 34, Place.MASTODON: 58, Place.HACKERNEWS: 8}
_REGULARS = {Place.FORUM: 700, Place.MASTODON: 900, Place.HACKERNEWS: 250}
# In a crisis a few speak again ("still nothing"), and a few pass on what somebody else wrote.
_SPEAKS_AGAIN = 0.07
_REPOSTS = 0.05


def ordinary(
    seed: int,
    *,
    brand: BrandStory = NORTHWIND_AIR,
    start: datetime,
    end: datetime,
    per_hour: float = 12.0,
    mix: writing.Mix = writing.ORDINARY,
) -> tuple[Post, ...]:
    """Ordinary talk from start up to end, oldest first; on average ``per_hour`` posts, two thirds about the brand.

    Both times are UTC. A longer window begins with the posts of a shorter one.
    """
    rng = _dice(seed, "ordinary")
    regulars = {place: Regulars(rng, size) for place, size in _REGULARS.items()}
    times = arrivals(_dice(seed, "ordinary times"), start, end, daily_rhythm(seed, per_hour))
    posts = []
    for number, at in enumerate(times):
        place = _place(rng, _ORDINARY_PLACES)
        written = writing.write(rng, mix, place, brand)
        posts.append(_post(_id("ordinary", seed, start, number), regulars[place].somebody(rng), at, place, written))
    return tuple(posts)


def crisis(
    seed: int,
    *,
    brand: BrandStory = NORTHWIND_AIR,
    start: datetime,
    minutes: float = 60.0,
    per_minute: float = 8.0,
    mix: writing.Mix = writing.CRISIS,
) -> tuple[Post, ...]:
    """Cancelled flights, hours on hold, stranded families, nobody answers, or what ``mix`` has; oldest first.

    Many people, nearly all new; a few speak again and a few repost. The rate climbs for a third of the time, then
    stays at ``per_minute``.
    """
    rng = _dice(seed, "crisis")
    end = start + timedelta(minutes=minutes)
    posts: list[Post] = []
    for number, at in enumerate(
        arrivals(_dice(seed, "crisis times"), start, end, outbreak(start, minutes, per_minute))
    ):
        earlier = rng.choice(posts) if posts else None
        name = _id("crisis", seed, start, number)
        if earlier and rng.random() < _REPOSTS:
            posts.append(_reposted(earlier, name, stranger(rng), at))
            continue
        place = _place(rng, _CRISIS_PLACES)
        author = stranger(rng)
        if earlier and rng.random() < _SPEAKS_AGAIN:
            place, author = earlier.place, Author(earlier.author, earlier.followers)
        posts.append(_post(name, author, at, place, writing.write(rng, mix, place, brand)))
    return tuple(posts)


def flood(
    seed: int,
    *,
    brand: BrandStory = NORTHWIND_AIR,
    start: datetime,
    minutes: float = 30.0,
    per_minute: float = 4.0,
    place: Place = Place.MASTODON,
) -> tuple[Post, ...]:
    """One person's anger at an even rate: as loud as a crisis, and still a single voice."""
    rng = _dice(seed, "flood")
    author = stranger(rng)
    steady = (lambda _: per_minute / 60), per_minute / 60
    times = arrivals(_dice(seed, "flood times"), start, start + timedelta(minutes=minutes), steady)
    return tuple(
        _post(_id("flood", seed, start, number), author, at, place, writing.write(rng, writing.CRISIS, place, brand))
        for number, at in enumerate(times)
    )


def repost_wave(
    seed: int, *, brand: BrandStory = NORTHWIND_AIR, start: datetime, minutes: float = 30.0, count: int = 200
) -> tuple[Post, ...]:
    """One text on Mastodon and its copies, ``count`` posts in all by as many people: one story, many voices."""
    rng = _dice(seed, "repost wave")
    author, *others = _distinct_strangers(rng, count)
    written = writing.write(rng, writing.CRISIS, Place.MASTODON, brand)
    first = _post(_id("wave", seed, start, 0), author, start, Place.MASTODON, written)
    delays = sorted(rng.randrange(1, max(2, round(minutes * 60_000))) for _ in others)
    copies = (
        _reposted(first, _id("wave", seed, start, number), other, start + timedelta(milliseconds=delay))
        for number, (other, delay) in enumerate(zip(others, delays, strict=True), 1)
    )
    return (first, *copies)


def _dice(seed: int, purpose: str) -> Random:
    # Seeding by text goes through SHA-512, which no hash randomisation touches.
    return Random(f"{purpose} {seed}")  # noqa: S311 - a rehearsal needs repeatable numbers, not secret ones


def _place(rng: Random, weights: Mapping[Place, int]) -> Place:
    return rng.choices(list(weights), list(weights.values()))[0]


def _id(batch: str, seed: int, start: datetime, number: int) -> str:
    return f"{batch}-{seed}-{start:%Y%m%dT%H%M%S}-{number}"


def _post(name: str, author: Author, at: datetime, place: Place, written: writing.Written) -> Post:
    return Post(name, author.handle, author.followers, written.text, written.title, at, place, written.language)


def _reposted(post: Post, name: str, author: Author, at: datetime) -> Post:
    return replace(post, id=name, author=author.handle, followers=author.followers, published_at=at)


def _distinct_strangers(rng: Random, count: int) -> tuple[Author, ...]:
    found: dict[str, Author] = {}
    while len(found) < count:
        author = stranger(rng)
        found.setdefault(author.handle, author)
    return tuple(found.values())
