"""A social network on this machine: a forum, a Mastodon server and Hacker News behind one local HTTP server."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from threading import Event, Lock
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, unquote, urlsplit

from simulation import dress, forum, hackernews, mastodon
from simulation.exchange import NOT_FOUND, Answer, Request, as_html
from simulation.extra_feeds import extra_feed
from simulation.misbehaviour import Fault, Misbehaviour, spoil
from simulation.post import Place, Post
from simulation.server import LocalServer
from simulation.shelf import Shelf

_FORUM = "/forum/feed.xml"
_HACKERNEWS = "/api/v1/search_by_date"
_TIMELINE = re.compile(r"/api/v1/timelines/tag/([^/]+)")
_EXTRA = re.compile(r"/feeds/(\d{1,6})\.xml")
_PERMALINKS = {
    Place.FORUM: re.compile(r"/forum/t/(\d{1,20})"),
    Place.MASTODON: re.compile(r"/@[^/]+/(\d{1,20})"),
}


class SimulatedNetwork:
    """Serves posts as their places would, each from the moment the clock reaches its time of publication.

    A context manager that listens at a free port of 127.0.0.1 while it is entered; all methods may be called from
    any thread. Everything is asked for without a key:

    - ``/forum/feed.xml``: RSS 2.0 of the newest ``feed_length`` posts, with ETag, Last-Modified and 304;
    - ``/api/v1/timelines/tag/<tag>``: Mastodon;
    - ``/api/v1/search_by_date``: Hacker News;
    - ``/feeds/<n>.xml`` for n from 0 up to ``extra_feeds``: forty entries each that never change;
    - the address of a post, as its feed or timeline states it: a page for people.
    """

    def __init__(
        self,
        posts: Iterable[Post] = (),
        *,
        clock: Callable[[], datetime],
        feed_length: int = 50,
        extra_feeds: int = 0,
    ) -> None:
        self._clock = clock
        self._feed_length = feed_length
        self._shelf = Shelf()
        self._shelf.add(posts)
        self._server = LocalServer(self._respond)
        self._extra = [extra_feed(number, self.base) for number in range(extra_feeds)]
        self._lock = Lock()
        self._faults: dict[Place, Misbehaviour] = {}
        self._requests: Counter[Place] = Counter()
        self._mastodon_windows: Counter[int] = Counter()
        self._leaving = Event()

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leaving.set()
        self._server.stop()

    @property
    def base(self) -> str:
        """Scheme, host and port: the Mastodon instance, and where the other addresses begin."""
        return self._server.base

    @property
    def forum_feed(self) -> str:
        """Address of the forum's feed."""
        return self.base + _FORUM

    @property
    def hackernews_search(self) -> str:
        """Address of the Hacker News search."""
        return self.base + _HACKERNEWS

    def publish(self, posts: Iterable[Post]) -> None:
        """Add posts; one that is known by its id already stays as it is."""
        self._shelf.add(posts)

    def misbehave(self, place: Place, misbehaviour: Misbehaviour | None) -> None:
        """Let a place answer wrongly from now on; None sets it right again."""
        with self._lock:
            if misbehaviour is None:
                self._faults.pop(place, None)
            else:
                self._faults[place] = misbehaviour

    def requests(self, place: Place) -> int:
        """How many requests a place has had, those it answered wrongly included, visits of people left out."""
        with self._lock:
            return self._requests[place]

    def _respond(self, target: str, headers: Mapping[str, str]) -> Answer | None:
        parts = urlsplit(target)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        request = Request(self.base, unquote(parts.path), query, headers, self._clock())
        place = _place(request.path)
        if place is None:
            return self._page(request)
        with self._lock:
            self._requests[place] += 1
            fault = self._faults.get(place)
        answer = self._answer(place, request)
        if fault is None:
            return answer
        if fault.fault is Fault.SLOW:
            self._leaving.wait(fault.seconds)
        return spoil(answer, fault)

    def _answer(self, place: Place, request: Request) -> Answer:
        posts = self._shelf.visible(place, request.now)
        match place:
            case Place.FORUM:
                newest = posts[max(0, len(posts) - self._feed_length) :]
                return forum.answer(request, forum.feed("Travellers' forum", self.base, newest))
            case Place.MASTODON:
                tag = request.path.rsplit("/", 1)[-1]
                return mastodon.tag_timeline(request, tag, posts, self._used_of_window(request.now))
            case Place.HACKERNEWS:
                return hackernews.search_by_date(request, posts)
            case Place.FEEDS:
                number = int(request.path.removeprefix("/feeds/").removesuffix(".xml"))
                return forum.answer(request, self._extra[number]) if number < len(self._extra) else NOT_FOUND

    def _used_of_window(self, now: datetime) -> int:
        with self._lock:
            window = mastodon.rate_window(now)
            self._mastodon_windows[window] += 1
            return self._mastodon_windows[window] - 1

    def _page(self, request: Request) -> Answer:
        for place, address in _PERMALINKS.items():
            found = address.fullmatch(request.path)
            for item in self._shelf.visible(place, request.now) if found else ():
                if found and item.number == int(found[1]):
                    return as_html(dress.page(item.post))
        return NOT_FOUND


def _place(path: str) -> Place | None:
    if path == _FORUM:
        return Place.FORUM
    if path == _HACKERNEWS:
        return Place.HACKERNEWS
    if _TIMELINE.fullmatch(path):
        return Place.MASTODON
    return Place.FEEDS if _EXTRA.fullmatch(path) else None
