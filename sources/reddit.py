"""Reddit: posts that a search finds, and the comments of a subreddit, newest first.

What is read: https://www.reddit.com/dev/api/#GET_search, for which an application is registered
(https://www.reddit.com/prefs/apps) and lets itself in without a user
(https://github.com/reddit-archive/reddit/wiki/OAuth2#application-only-oauth); a page holds 100 posts, and no more than
about 1,000 of one search are shown. Without an application the same search is read as a feed
(https://www.reddit.com/wiki/rss), which may be asked about once a minute and knows nothing of votes. Both give a post
the same name, so that it is one mention however it was found. Reddit's search does not look into comments.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Self
from urllib.parse import quote, urlsplit

from pydantic import AwareDatetime, BaseModel, Field, SecretStr, ValidationError, model_validator

from mentions.mention import Engagement, Mention, date_mention
from sources.contract import Cursor, Fetched, SourceOptions, Visit, WebAddress, fingerprint
from sources.network.fetching import Answer
from sources.network.tokens import Token, with_token
from sources.reading.answers import Count, Identifier, Maybe, read_items, read_json, skipped, unexpected
from sources.reading.entries import Entry
from sources.reading.feeds import read_feed
from sources.reading.text import one_line, plain_text
from sources.visiting.asking import searches_for
from sources.visiting.newest_first import Found, Page, ReadPage, Stretch, read_newest_first
from sources.visiting.searching import Dialect

_PAGE = 100
_FEED_SPACING = 60.0
_HORIZON = timedelta(days=21)
_OVERLAP = int(timedelta(minutes=10).total_seconds())
# https://support.reddithelp.com/hc/en-us/articles/19696541895316-Available-search-features
_DIALECT = Dialect(none_of="NOT ", longest=500)
# Stands for the comments of the subreddit among the searches; no search is empty.
_COMMENTS = ""
_TAKEN_BACK = {"[deleted]", "[removed]", "[deleted by user]", "[ removed by reddit ]"}
# What the feed writes below every post.
_FOOTER = re.compile(r"\s*submitted by\s+/?u/\S+(?:\s+to\s+/?r/\S+)?\s*\[link\]\s*\[(?:\d+ )?comments?\]\s*$")


class Options(SourceOptions):
    """A search, or the brands' own queries; with an application's id and secret, or without."""

    query: str = Field(
        default="", max_length=500, description="what to search for; empty for the queries of the brands"
    )
    subreddit: str = Field(
        default="", pattern=r"^\w{0,50}$", description="only in this subreddit; empty for all", examples=["travel"]
    )
    comments: bool = Field(default=False, description="every comment of the subreddit too, not only posts found")
    client_id: str = Field(default="", max_length=200, description="id of the application; empty to read the feed")
    client_secret: SecretStr | None = Field(default=None, description="secret of the application")
    pages: int = Field(default=10, ge=1, le=10, description="the most pages of 100 posts of a search in one visit")
    site: WebAddress = Field(default="https://www.reddit.com", description="address of the site")
    api: WebAddress = Field(default="https://oauth.reddit.com", description="address for applications that are let in")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if bool(self.client_id) != bool(self.client_secret):
            raise ValueError("client_id and client_secret are given together or not at all")
        if self.comments and not self.subreddit:
            raise ValueError("comments are read of one subreddit: name it")
        return self


class _Grant(BaseModel):
    access_token: str = Field(min_length=1, max_length=10_000)
    expires_in: int = Field(ge=0, le=10_000_000)


class _Item(BaseModel):
    """A post (t3) or a comment (t1)."""

    name: Identifier = Field(pattern=r"^t[13]_[0-9a-z]{1,20}$")
    title: Maybe[str] = None
    selftext: Maybe[str] = None
    body: Maybe[str] = None
    author: Maybe[str] = None
    permalink: Maybe[str] = None
    created_utc: Maybe[AwareDatetime] = None
    score: Maybe[Count] = None
    num_comments: Maybe[Count] = None
    num_crossposts: Maybe[Count] = None


class _Thing(BaseModel):
    data: _Item


class _Listing(BaseModel):
    children: list[Any]
    after: Maybe[str] = None


class _Answer(BaseModel):
    data: _Listing


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a visit reads: searches, from what is known of them on."""

    options: Options
    visit: Visit
    searches: tuple[str, ...]
    known: Cursor

    def read(self, page: ReadPage[_Item], pages: int) -> Found[_Item]:
        start = Stretch(int((self.visit.now - _HORIZON).timestamp()))
        return read_newest_first(self.searches, self.known, start, page, pages=pages, overlap=_OVERLAP)

    def ask(self, server: str, suffix: str, search: str, place: str, **how: Any) -> Answer:
        subreddit = f"/r/{self.options.subreddit}" if self.options.subreddit else ""
        params = {"limit": str(_PAGE), "raw_json": "1", "after": place.partition(" ")[0]}
        if search != _COMMENTS:
            params |= {"q": search, "sort": "new", "type": "link", "restrict_sr": "1" if subreddit else ""}
        return self.visit.http.get(
            f"{server.rstrip('/')}{subreddit}/{'search' if search != _COMMENTS else 'comments'}{suffix}",
            params={name: value for name, value in params.items() if value},
            **how,
        )


def fetch(options: Options, visit: Visit) -> Fetched:
    """The posts since the last visit, of the last 21 days for a search that was not made before.

    The cursor holds, for each search, up to when everything was read and what is left below; for an application its
    access with the time it ends; for the feed, of which a visit reads one page, which search has its turn next.

    Raises:
        SourceError: Reddit could not be asked, let us not in, or answered something else than posts.
    """
    asked = fingerprint(f"{options.site} {options.api} {options.client_id} {options.subreddit}")
    cursor = visit.cursor_of(asked)
    searches = searches_for(options.query, visit, _DIALECT, options.site)
    searches += (_COMMENTS,) if options.comments else ()
    reading = _Reading(options, visit, searches, {} if visit.fresh else cursor)
    if options.client_secret:
        log_in = partial(_log_in, options, visit)
        found, kept = with_token(cursor, visit.now, log_in, partial(_read_listings, reading))
        behind = bool(found.unread)
    else:
        found, turn, behind = _read_one_feed(reading, int(cursor.get("turn", "0")) % len(searches))
        kept = {"turn": str(turn)}
    mentions = tuple(mention for item in found.posts if (mention := _mention(item, visit.now)))
    counts = [(found.malformed, "not as Reddit describes them"), (len(found.posts) - len(mentions), "no text")]
    return Fetched(mentions, {"asked": asked, **kept, **found.cursor}, warnings=skipped(counts), behind=behind)


def _log_in(options: Options, visit: Visit) -> Token:
    secret = options.client_secret or SecretStr("")
    answer = visit.http.post(
        f"{options.site.rstrip('/')}/api/v1/access_token",
        data={"grant_type": "client_credentials"},
        auth=(options.client_id, secret.get_secret_value()),
    )
    try:
        grant = _Grant.model_validate(read_json(answer))
    except ValidationError:
        raise unexpected(answer, "its answer grants no access") from None
    return Token(grant.access_token, visit.now + timedelta(seconds=grant.expires_in))


def _read_listings(reading: _Reading, token: str) -> Found[_Item]:
    def page(search: str, stretch: Stretch) -> Page[_Item]:
        headers = {"Authorization": f"Bearer {token}"}
        answer = reading.ask(reading.options.api, "", search, stretch.place, headers=headers)
        try:
            listing = _Answer.model_validate(read_json(answer)).data
        except ValidationError:
            raise unexpected(answer, "its answer holds no posts") from None
        things, malformed = read_items(answer, _Thing, listing.children)
        items = tuple(thing.data for thing in things)
        return _page(items, malformed, stretch, reading.visit.now, more=bool(listing.after))

    return reading.read(page, reading.options.pages)


def _read_one_feed(reading: _Reading, turn: int) -> tuple[Found[_Item], int, bool]:
    """One page of the search that has its turn, whose turn it is next, and whether that is to be soon."""

    def page(search: str, stretch: Stretch) -> Page[_Item] | None:
        if search != reading.searches[turn]:
            return None
        suffix = "/.rss" if search == _COMMENTS else ".rss"
        feed = read_feed(reading.ask(reading.options.site, suffix, search, stretch.place, spacing=_FEED_SPACING))
        items = tuple(item for entry in feed.entries if (item := _of_entry(entry)))
        malformed = len(feed.entries) - len(items)
        return _page(items, malformed, stretch, reading.visit.now, more=bool(feed.entries))

    found = reading.read(page, pages=1)
    unfinished = reading.searches[turn] in found.unread
    following = turn if unfinished else (turn + 1) % len(reading.searches)
    return found, following, unfinished or following > 0


def _page(items: tuple[_Item, ...], malformed: int, stretch: Stretch, now: datetime, *, more: bool) -> Page[_Item]:
    """A page whose following place names several posts to go on after, for the first may be deleted meanwhile.

    After a post that is gone Reddit shows nothing; then the next of them is tried.
    """
    times = [int(min(item.created_utc, now).timestamp()) for item in items if item.created_utc]
    after = " ".join(item.name for item in items[:-4:-1]) if items else stretch.place.partition(" ")[2]
    following = after if more or not items else ""
    return Page(items, malformed, max(times, default=None), times[-1] if times else None, following)


def _of_entry(entry: Entry) -> _Item | None:
    """An entry of the feed in the shape of the API, None where it is neither post nor comment."""
    name = entry.id.rpartition("/")[2]  # parsers take it for a relative address and complete it
    try:
        return _Item.model_validate(
            {
                "name": name,
                "title": "" if name.startswith("t1_") else entry.title,
                "selftext": _FOOTER.sub("", entry.text),
                "author": entry.author.removeprefix("/u/"),
                "permalink": urlsplit(entry.link).path,
                "created_utc": entry.published,
            }
        )
    except ValueError:  # pydantic's, or a link that is none
        return None


def _mention(item: _Item, now: datetime) -> Mention | None:
    written = item.body or item.selftext or ""
    title = one_line(item.title or "")
    text = "" if written.strip().casefold() in _TAKEN_BACK else plain_text(written)
    if not title and not text:
        return None
    name = one_line(item.author or "", 200)
    author = None if not name or name.casefold() in _TAKEN_BACK else name
    path = item.permalink or ""
    return Mention(
        key=f"reddit:{item.name}",
        title=title,
        text=text,
        published=date_mention(item.created_utc, now),
        url=f"https://www.reddit.com{quote(path, safe='/%')}" if path.startswith("/") else None,
        author=author,
        handle=author,
        # Of a comment, num_comments counts the whole thread.
        engagement=Engagement(
            item.score, None if item.name.startswith("t1_") else item.num_comments, item.num_crossposts
        ),
    )
