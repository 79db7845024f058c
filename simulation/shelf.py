"""Everything that was ever published, each post under its number, for many readers and writers at once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from threading import Lock

from simulation.post import Place, Post

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHARED_BITS = 6


@dataclass(frozen=True, slots=True)
class Numbered:
    """A post and its number, which grows with the time of publication.

    As on Mastodon the number is 48 bits of milliseconds since 1970 and 16 bits that tell apart what falls into one
    (https://github.com/mastodon/mastodon/blob/main/lib/mastodon/snowflake.rb); here these are the microseconds and
    six bits of the post's id.
    """

    number: int
    post: Post


class Shelf:
    """Posts by place, oldest first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._places: dict[Place, tuple[Numbered, ...]] = dict.fromkeys(Place, ())
        self._ids: set[str] = set()
        self._taken: set[int] = set()

    def add(self, posts: Iterable[Post]) -> None:
        """Put posts on the shelf; one whose id is there already stays as it was."""
        with self._lock:
            fresh = {post.id: post for post in posts if post.id not in self._ids}
            self._ids.update(fresh)
            # The order of publication, so that numbers do not depend on how a batch happened to be sorted.
            ordered = sorted(fresh.values(), key=lambda post: (post.published_at, post.id))
            numbered = [Numbered(self._number(post), post) for post in ordered]
            for place in Place:
                added = [item for item in numbered if item.post.place is place]
                # A new tuple each time: readers keep the old one and need no lock.
                self._places[place] = tuple(sorted((*self._places[place], *added), key=lambda item: item.number))

    def visible(self, place: Place, now: datetime) -> Sequence[Numbered]:
        """What was published there up to and including now, oldest first."""
        posts = self._places[place]
        return posts[: bisect_right(posts, now, key=lambda item: item.post.published_at)]

    def _number(self, post: Post) -> int:
        milliseconds, microseconds = divmod((post.published_at - _EPOCH) // timedelta(microseconds=1), 1000)
        salt = blake2b(post.id.encode(), digest_size=1).digest()[0] >> (8 - _SHARED_BITS)
        number = milliseconds << 16 | microseconds << _SHARED_BITS | salt
        while number in self._taken:
            number += 1
        self._taken.add(number)
        return number
