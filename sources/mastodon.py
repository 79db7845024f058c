"""Mastodon: the posts that carry a tag, or that a search finds, as one server sees them.

What is read: https://docs.joinmastodon.org/methods/timelines/#tag, pages of 40 by the ids in the Link header, or
https://docs.joinmastodon.org/methods/search/#v2, pages of 40 by their offset. A server may ask for a token
(https://docs.joinmastodon.org/client/token/); for a search it always does, of a user and with the scope
``read:search``. Searches find phrases in double quotes and ``#tags``, and no alternatives: each is a search of its own.
The address of a post is the same on every server, so a post seen on two of them is one mention.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Self
from urllib.parse import parse_qs, quote, urlsplit

from pydantic import AwareDatetime, BaseModel, Field, SecretStr, model_validator
from requests.utils import parse_header_links

from mentions.mention import Engagement, Mention, date_mention
from sources.contract import Fetched, SourceError, SourceOptions, Visit, WebAddress, fingerprint
from sources.network.failures import name_of
from sources.network.fetching import Answer
from sources.reading.answers import Count, Identifier, Language, Link, Maybe, read_items, read_json, skipped, unexpected
from sources.reading.text import html_to_text, one_line
from sources.visiting.asking import searches_for
from sources.visiting.newest_first import Page, Stretch, milliseconds, read_newest_first
from sources.visiting.searching import Dialect

_PAGE = 40  # the most that a server gives at once
_OVERLAP = timedelta(minutes=30)
_HORIZON = timedelta(days=21)
_DIALECT = Dialect(any_of=None, none_of=None, groups=False, handle="@{}", tag="#{}", longest=300)
# Ids are milliseconds since 1970 above this many bits; so are the positions of posts whose ids are no numbers.
_BELOW_TIME = 16


class Options(SourceOptions):
    """A tag on a server; or a search, or the brands' own queries."""

    server: WebAddress = Field(description="address of the server", examples=["https://mastodon.example"])
    tag: str = Field(
        default="",
        pattern=r"^(?:#?\w+)?$",
        max_length=200,
        description="the tag, with or without #; left out, posts are searched",
        examples=["acme"],
    )
    query: str = Field(
        default="", max_length=300, description="what to search for; empty for the queries of the brands"
    )
    token: SecretStr | None = Field(
        default=None, description="access token, where the server asks for one; always for a search"
    )
    pages: int = Field(default=10, ge=1, le=100, description="the most pages of 40 posts to read in one visit")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.tag and self.query:
            raise ValueError("a source reads a tag or a query: make two sources of them")
        return self


class _Account(BaseModel):
    """https://docs.joinmastodon.org/entities/Account/."""

    acct: str
    display_name: Maybe[str] = None
    followers_count: Maybe[Count] = None


class _Status(BaseModel):
    """https://docs.joinmastodon.org/entities/Status/."""

    uri: Identifier
    content: str
    account: Maybe[_Account] = None
    created_at: Maybe[datetime] = None
    url: Maybe[Link] = None
    spoiler_text: Maybe[str] = None
    language: Maybe[Language] = None
    favourites_count: Maybe[Count] = None
    replies_count: Maybe[Count] = None
    reblogs_count: Maybe[Count] = None


class _Numbered(BaseModel):
    id: Identifier
    created_at: Maybe[AwareDatetime] = None


@dataclass(frozen=True, slots=True)
class _Brought:
    statuses: tuple[_Status, ...]
    malformed: int
    cursor: Mapping[str, str]
    behind: bool


@dataclass(frozen=True, slots=True)
class _Page:
    statuses: tuple[_Status, ...]
    malformed: int
    ids: tuple[str, ...]  # of malformed posts too, which must not be met again and again
    older_than: str | None


def fetch(options: Options, visit: Visit) -> Fetched:
    """The posts since the last visit, and those of the last half hour again.

    At the first visit, the newest pages of a tag, or the posts of the last 21 days that a search finds. The cursor
    holds, of a tag, the id up to which everything was read as ``newest``; for each search, up to where everything was
    read and what is left below.

    Raises:
        SourceError: the server could not be asked or answered something else than posts.
    """
    asked = fingerprint(f"{options.server} {options.tag}")
    brought = _read_tag(options, visit, asked) if options.tag else _read_searches(options, visit, asked)
    mentions = tuple(mention for status in brought.statuses if (mention := _mention(status, options, visit.now)))
    counts = [
        (brought.malformed, "not as Mastodon describes them"),
        (len(brought.statuses) - len(mentions), "no text"),
    ]
    return Fetched(mentions, {"asked": asked, **brought.cursor}, warnings=skipped(counts), behind=brought.behind)


def _read_searches(options: Options, visit: Visit, asked: str) -> _Brought:
    found = read_newest_first(
        searches_for(options.query, visit, _DIALECT, options.server),
        {} if visit.fresh else visit.cursor_of(asked),
        Stretch(milliseconds(visit.now - _HORIZON) << _BELOW_TIME),
        partial(_found, options, visit),
        pages=options.pages,
        overlap=int(_OVERLAP / timedelta(milliseconds=1)) << _BELOW_TIME,
    )
    return _Brought(found.posts, found.malformed, found.cursor, behind=bool(found.unread))


def _found(options: Options, visit: Visit, search: str, stretch: Stretch) -> Page[_Status]:
    offset = int(stretch.place or "0")
    where = {"q": search, "type": "statuses", "limit": str(_PAGE), **({"offset": str(offset)} if offset else {})}
    answer = _ask(options, visit, "/api/v2/search", where)
    found = read_json(answer)
    if not isinstance(found, dict):
        raise unexpected(answer, "its answer holds no posts")
    statuses, malformed = read_items(answer, _Status, found.get("statuses"))
    if not statuses and options.token is None:
        raise SourceError(
            name_of(answer.url),
            "it shows posts only to a search with a token.",
            "Give the source the token of a user, with the scope read:search.",
            permanent=True,
        )
    numbered, _ = read_items(answer, _Numbered, found["statuses"])
    places = [place for post in numbered if (place := _position(post, visit.now)) is not None]
    # Posts that the account may not see are taken out of a page, so that only an empty one is the last.
    following = str(offset + _PAGE) if numbered else ""
    return Page(statuses, malformed, max(places, default=None), places[-1] if places else None, following)


def _position(post: _Numbered, now: datetime) -> int | None:
    """A post's place among those that a search finds, which come by their ids."""
    latest = milliseconds(now) << _BELOW_TIME
    if post.id.isdecimal():
        return min(int(post.id), latest)
    return milliseconds(min(post.created_at, now)) << _BELOW_TIME if post.created_at else None


def _read_tag(options: Options, visit: Visit, asked: str) -> _Brought:
    """A tag's timeline.

    Servers number a post by when it was written. One that comes late from another server takes its place among older
    ones, behind the last that was read here; reading the last half hour again finds it. Where more is new than
    ``pages`` pages hold, later visits go on from where this one ended, so that nothing is passed over.
    """
    known = visit.cursor_of(asked).get("newest", "")
    latest = list(_latest(options, visit, known))
    missed = list(_newer(options, visit, known, _oldest(latest))) if known else []
    closed = not known or not latest or _rank(_newest(known, missed)) >= _rank(_oldest(latest))
    reached = _newest(known, latest if closed else missed)
    pages = missed + latest
    statuses = tuple(status for page in pages for status in page.statuses)
    malformed = sum(page.malformed for page in pages)
    return _Brought(statuses, malformed, {"newest": reached} if reached else {}, behind=not closed)


def _latest(options: Options, visit: Visit, known: str) -> Iterator[_Page]:
    """The newest page, and backwards from there to what was read half an hour ago; all the way on a fresh visit."""
    where: dict[str, str] = {}
    for _ in range(options.pages):
        page = _page(options, visit, where)
        yield page
        dates = (date_mention(status.created_at, visit.now).at for status in page.statuses)
        overlaps = min(dates, default=visit.now - _OVERLAP) <= visit.now - _OVERLAP
        met = known and page.ids and _rank(_oldest([page])) <= _rank(known)
        if not page.older_than or (met and overlaps and not visit.fresh):
            return
        where = {"max_id": page.older_than}


def _newer(options: Options, visit: Visit, known: str, end: str) -> Iterator[_Page]:
    """The pages just after a known id, upwards to another id."""
    for _ in range(options.pages):
        if _rank(known) >= _rank(end):
            return
        page = _page(options, visit, {"min_id": known})
        yield page
        reached = _newest(known, [page])
        if reached == known:
            return
        known = reached


def _rank(post: str) -> tuple[int, str]:
    """Ids in their order: digits of any length, or letters of one length on other software than Mastodon."""
    return len(post), post


def _newest(known: str, pages: Sequence[_Page]) -> str:
    return max([known, *(each for page in pages for each in page.ids)], key=_rank)


def _oldest(pages: Sequence[_Page]) -> str:
    return min((each for page in pages for each in page.ids), key=_rank, default="")


def _page(options: Options, visit: Visit, where: dict[str, str]) -> _Page:
    path = f"/api/v1/timelines/tag/{quote(options.tag.lstrip('#'), safe='')}"
    answer = _ask(options, visit, path, {"limit": str(_PAGE), **where})
    found = read_json(answer)
    numbered, _ = read_items(answer, _Numbered, found)
    statuses, malformed = read_items(answer, _Status, found)
    return _Page(statuses, malformed, tuple(post.id for post in numbered), _older_than(answer))


def _ask(options: Options, visit: Visit, path: str, params: Mapping[str, str]) -> Answer:
    headers = {"Authorization": f"Bearer {options.token.get_secret_value()}"} if options.token else None
    return visit.http.get(f"{options.server.rstrip('/')}{path}", params=params, headers=headers)


def _older_than(answer: Answer) -> str | None:
    """The id that the next page ends before.

    Only the id is taken from the Link header, never the address, to which the token would go.
    """
    links = parse_header_links(answer.headers.get("link", ""))
    following = [link["url"] for link in links if link.get("rel") == "next" and "url" in link]
    return next((found for url in following for found in _parameter(url, "max_id")), None)


def _parameter(url: str, name: str) -> Sequence[str]:
    try:
        return parse_qs(urlsplit(url).query).get(name, [])
    except ValueError:
        return []


def _mention(status: _Status, options: Options, now: datetime) -> Mention | None:
    title, text = one_line(status.spoiler_text or ""), html_to_text(status.content)
    if not title and not text:
        return None
    handle = _handle(status.account, options) if status.account else None
    shown = one_line(status.account.display_name or "", 200) if status.account else ""
    return Mention(
        key=f"mastodon:{status.uri}",
        title=title,
        text=text,
        published=date_mention(status.created_at, now),
        url=status.url,
        author=shown or handle,
        handle=handle,
        language=status.language,
        engagement=Engagement(status.favourites_count, status.replies_count, status.reblogs_count),
        followers=status.account.followers_count if status.account else None,
    )


def _handle(account: _Account, options: Options) -> str:
    """The full handle; a server leaves its own name out of those of its own members."""
    name = one_line(account.acct, 200)
    return name if "@" in name else f"{name}@{urlsplit(options.server).hostname}"
