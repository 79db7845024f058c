"""YouTube: the videos that a search finds or that a channel publishes, and the comments below them.

What is read: https://developers.google.com/youtube/v3/docs, which needs a key, or the feed of a channel
(https://developers.google.com/youtube/v3/guides/push_notifications), which needs none. A search only names videos; text
and figures come with a second request. The newest videos that were found are watched, and where their number of
comments has changed, the comments are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar
from urllib.parse import quote

from pydantic import Field, SecretStr, TypeAdapter, ValidationError, model_validator

from mentions.mention import Engagement, Mention, date_mention
from sources.contract import Cursor, Fetched, MeteredOptions, SourceError, Visit, WebAddress, fingerprint
from sources.reading.answers import skipped
from sources.reading.articles import language_of, link_of
from sources.reading.entries import Entry
from sources.reading.feeds import read_feed
from sources.reading.text import html_to_text, one_line, plain_text
from sources.reading.youtube_api import VIDEOS, Api, Comment, Thread, Video
from sources.visiting.asking import searches_for
from sources.visiting.newest_first import Found, Page, Stretch, read_newest_first
from sources.visiting.paging import Stint
from sources.visiting.searching import Dialect

_HORIZON = timedelta(days=7)
# A search finds some videos hours after they were published.
_OVERLAP = timedelta(hours=6)
# https://developers.google.com/youtube/v3/docs/search/list: alternatives are separated by "|".
_DIALECT = Dialect(any_of="|", groups=False, longest=300)
_MANY = "Below {} there were more new comments than this visit had room for; the older ones of them are missing."


class Options(MeteredOptions):
    """A key to search with, or a channel to follow."""

    UNIT: ClassVar[str] = "units"

    per_day: int = Field(
        default=10_000, ge=0, description="the most units in one day (UTC); a search counts as 100, all else as 1"
    )
    key: SecretStr = Field(
        description="API key; not needed to follow a channel without its comments",
        examples=["AIzaSyA-0123456789-0123456789-0123456"],
    )
    query: str = Field(
        default="", max_length=300, description="what to search for; empty for the queries of the brands"
    )
    channel: str = Field(
        default="",
        pattern=r"^(UC[\w-]{22})?$",
        description="id of a channel to follow instead of searching",
        examples=["UC0123456789abcdefghijkl"],
    )
    comments: bool = Field(default=False, description="also the comments below the 50 newest videos that were found")
    pages: int = Field(
        default=3, ge=1, le=100, description="the most pages of a search, and of a video's comments, in one visit"
    )
    server: WebAddress = Field(default="https://www.googleapis.com", description="address of the API")
    site: WebAddress = Field(default="https://www.youtube.com", description="address of the feeds of channels")

    @model_validator(mode="before")
    @classmethod
    def _a_channel_needs_no_key(cls, written: Any) -> Any:
        if isinstance(written, dict) and written.get("channel") and not written.get("comments"):
            return {"key": "", **written}
        return written


@dataclass(frozen=True, slots=True)
class _Watched:
    """How far the comments below a video were read.

    Attributes:
        comments: how many there were.
        newest: when the newest of them was written, in seconds since 1970.
    """

    comments: int = 0
    newest: int = 0


_WATCHED = TypeAdapter(dict[str, _Watched])


class _Round:
    """What one visit brings."""

    def __init__(self, options: Options, visit: Visit, known: Cursor) -> None:
        self._options = options
        self._visit = visit
        self._known = known
        self._api = Api(options.server, options.key, visit)
        self._stint = Stint()
        self._videos: dict[str, Video] = {}
        self._entries: dict[str, Entry] = {}
        self._comments: list[Mention] = []
        self._malformed = 0
        self._warnings: list[str] = []
        self.behind = False

    @property
    def mentions(self) -> tuple[Mention, ...]:
        now = self._visit.now
        only_in_feed = (entry for name, entry in self._entries.items() if name not in self._videos)
        videos = [*(_of_entry(each, now) for each in only_in_feed), *(_of_video(v, now) for v in self._videos.values())]
        return tuple(mention for mention in (*videos, *self._comments) if mention.title or mention.text)

    @property
    def warnings(self) -> tuple[str, ...]:
        malformed = skipped([(self._malformed, "not as YouTube describes them")])
        return (*self._warnings, *self._stint.warnings, *malformed)

    def follow(self) -> None:
        """Read the channel's feed; its figures change all the time, so it is never asked whether it has changed."""
        address = f"{self._options.site.rstrip('/')}/feeds/videos.xml"
        params = {"channel_id": self._options.channel}
        feed = self._stint.turn(lambda: read_feed(self._visit.http.get(address, params=params)))
        if feed:
            self._entries = {_id_of(entry): entry for entry in feed.entries}
            self._warnings += feed.warnings

    def search(self) -> dict[str, str]:
        """Read what the searches find; gives the entries of the cursor."""
        queries = searches_for(self._options.query, self._visit, _DIALECT, self._options.server)
        found: Found[Video] = read_newest_first(
            queries,
            self._known,
            Stretch(int((self._visit.now - _HORIZON).timestamp())),
            lambda search, stretch: self._stint.turn(lambda: self._page(search, stretch)),
            pages=self._options.pages,
            overlap=int(_OVERLAP.total_seconds()),
        )
        self._videos |= {video.id: video for video in found.posts}
        self._malformed += found.malformed
        self.behind = bool(found.unread)
        return found.cursor

    def _page(self, search: str, stretch: Stretch) -> Page[Video]:
        """The newest videos of a stretch of time; its positions and places are seconds since 1970."""
        until = int(stretch.place or self._visit.now.timestamp())
        since = min(stretch.down_to, until)
        results = self._api.search(search, since, until)
        times = [time for time in results.times if since <= time <= until]
        more = results.more and times
        following = str(min(*times, until - 1)) if more else ""
        oldest = min(times) if more else since
        return Page(results.videos, results.malformed, max(times, default=None), oldest, following)

    def watch(self) -> dict[str, str]:
        """Read the new comments below the newest videos that were found; gives the entry of the cursor."""
        watched = _watched(self._known)
        unseen = [name for name in dict.fromkeys((*self._entries, *watched)) if name not in self._videos]
        asked = self._stint.turn(lambda: self._api.videos(unseen))
        if asked:
            self._videos |= {video.id: video for video in asked[0]}
            self._malformed += asked[1]
        newest = sorted(self._videos.values(), key=_published_at, reverse=True)[:VIDEOS]
        kept = {} if asked else {name: watched[name] for name in unseen if name in watched}
        read = {video.id: self._read_comments(video, watched.get(video.id, _Watched())) for video in newest}
        return {"watched": _WATCHED.dump_json({**kept, **read}).decode()}

    def _read_comments(self, video: Video, before: _Watched) -> _Watched:
        """Read the comments since the newest known one; those of threads that are older are not seen again."""
        count = video.statistics.commentCount if video.statistics else None
        if count is None or count == before.comments:  # None where nobody may comment
            return before
        token, newest = "", before.newest
        for _ in range(self._options.pages):
            try:
                page = self._stint.turn(partial(self._api.threads, video.id, token))
            except SourceError:  # of this video alone: its comments were switched off, or it is gone
                self._warnings.append(f"The comments below the video {one_line(video.id, 20)} cannot be read.")
                return replace(before, comments=count)
            if page is None:
                return before
            self._malformed += page.malformed
            self._comments += (each for thread in page.threads for each in _of_thread(thread, video, self._visit.now))
            times = [_seconds(thread.snippet.topLevelComment.snippet.publishedAt) for thread in page.threads]
            newest, token = max([newest, *times]), page.following
            if not token or min(times, default=newest) <= before.newest:
                return _Watched(count, newest)
        if before.newest:
            self._warnings.append(_MANY.format(one_line(video.id, 20)))
        return _Watched(count, newest)


def fetch(options: Options, visit: Visit) -> Fetched:
    """The videos since the last visit, of the last seven days at first, or those in the channel's feed; and comments.

    The cursor holds, for each search, the time up to which everything was read and what is left before it; and, as
    ``watched``, how far the comments below each video were read.

    Raises:
        SourceError: the service could not be asked, answered something else, or there is nothing to ask for.
        BudgetError: no unit is left for today.
    """
    asked = fingerprint(f"{options.server} {options.site} {options.channel}")
    visited = _Round(options, visit, {} if visit.fresh else visit.cursor_of(asked))
    cursor = {"asked": asked}
    if options.channel:
        visited.follow()
    else:
        cursor |= visited.search()
    if options.comments:
        cursor |= visited.watch()
    return Fetched(visited.mentions, cursor, warnings=visited.warnings, behind=visited.behind)


def _watched(known: Cursor) -> dict[str, _Watched]:
    try:
        return _WATCHED.validate_json(known.get("watched", "{}"))
    except ValidationError:
        return {}


def _seconds(stated: datetime | None) -> int:
    return int(stated.timestamp()) if stated else 0


def _published_at(video: Video) -> int:
    return _seconds(video.snippet.publishedAt)


def _page_of(video: str) -> str:
    return f"https://www.youtube.com/watch?v={quote(video, safe='')}"


def _of_video(video: Video, now: datetime) -> Mention:
    about, figures = video.snippet, video.statistics
    return Mention(
        key=f"youtube:{video.id}",
        title=one_line(about.title or ""),
        text=plain_text(about.description or ""),
        published=date_mention(about.publishedAt, now),
        url=_page_of(video.id),
        author=one_line(about.channelTitle or "", 200) or None,
        handle=one_line(about.channelId or "", 200) or None,
        language=about.defaultAudioLanguage or about.defaultLanguage,
        engagement=Engagement(likes=figures.likeCount, replies=figures.commentCount, views=figures.viewCount)
        if figures
        else Engagement(),
    )


def _of_thread(thread: Thread, video: Video, now: datetime) -> Iterator[Mention]:
    opening = thread.snippet.topLevelComment
    yield _of_comment(opening, video, now, thread.snippet.totalReplyCount)
    replies = (thread.replies.comments or ()) if thread.replies else ()
    yield from (_of_comment(reply, video, now, None) for reply in replies if reply)


def _of_comment(comment: Comment, video: Video, now: datetime, replies: int | None) -> Mention:
    said = comment.snippet
    channel = said.authorChannelId.value if said.authorChannelId else None
    return Mention(
        key=f"youtube:{comment.id}",
        title="",
        text=plain_text(said.textOriginal or "") or html_to_text(said.textDisplay or ""),
        published=date_mention(said.publishedAt, now),
        url=f"{_page_of(video.id)}&lc={quote(comment.id, safe='')}",
        author=one_line(said.authorDisplayName or "", 200) or None,
        handle=one_line(channel or "", 200) or None,
        engagement=Engagement(likes=said.likeCount, replies=replies),
    )


def _id_of(entry: Entry) -> str:
    return entry.id.removeprefix("yt:video:") or fingerprint(entry.link)


def _of_entry(entry: Entry, now: datetime) -> Mention:
    return Mention(
        key=f"youtube:{_id_of(entry)}",
        title=entry.title,
        text=entry.text,
        published=date_mention(entry.moment, now),
        url=link_of(entry.link),
        author=entry.author or None,
        handle=entry.author_link.partition("/channel/")[2] or None,
        language=language_of(entry.language),
        engagement=Engagement(likes=entry.likes, views=entry.views),
    )
