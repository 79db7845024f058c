"""A made-up post, where it is published, and the brand that much of the talk is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Place(StrEnum):
    """Where a post is published; ``FEEDS`` is a crowd of other people's feeds, which nobody here posts to."""

    FORUM = "forum"
    MASTODON = "mastodon"
    HACKERNEWS = "hackernews"
    FEEDS = "feeds"


@dataclass(frozen=True, slots=True)
class BrandStory:
    """What people call a brand; the hashtag with its ``#``, the handle with its ``@``."""

    name: str
    handle: str
    hashtag: str

    @property
    def phrases(self) -> tuple[str, str, str]:
        """The names to listen for."""
        return (self.name, self.handle, self.hashtag)

    def names_at(self, place: Place) -> tuple[str, ...]:
        """What people call it there, common names more often."""
        if place is Place.MASTODON:
            return (self.hashtag, self.hashtag, self.handle, self.name)
        return (self.name, self.name, self.name, self.handle) if place is Place.FORUM else (self.name,)


NORTHWIND_AIR = BrandStory("Northwind Air", "@northwindair", "#NorthwindAir")


@dataclass(frozen=True, slots=True)
class Post:
    """Something somebody publishes somewhere.

    Attributes:
        id: unique over all posts that one network shows.
        text: as the author typed it, an empty line between paragraphs; a place dresses it in its own HTML. May be
            empty where there is a title.
        title: of a thread or story; empty on Mastodon and for comments on Hacker News.
        published_at: timezone-aware.
        language: two letters; None where the author's program does not say.
    """

    id: str
    author: str
    followers: int
    text: str
    title: str
    published_at: datetime
    place: Place
    language: str | None = "en"
