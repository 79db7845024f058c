"""Mastodon: the posts that carry a tag, as one server sees them.

What is read: https://docs.joinmastodon.org/methods/timelines/#tag, pages of 40 by the ids in the Link header. A server
may ask for a token (https://docs.joinmastodon.org/client/token/). The address of a post is the same on every server,
so a post seen on two of them is one mention.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qs, quote, urlsplit

from pydantic import BaseModel, Field, SecretStr
from requests.utils import parse_header_links

from mentions.mention import Engagement, Mention, date_mention
from sources.answers import Count, Identifier, Language, Link, Maybe, read_items, read_json, skipped
from sources.contract import Fetched, SourceOptions, Visit, WebAddress, fingerprint
from sources.fetching import Answer
from sources.text import html_to_text, one_line

_PAGE = 40  # the most that a server gives at once
_OVERLAP = timedelta(minutes=30)


class Options(SourceOptions):
    """A tag on a server."""

    server: WebAddress = Field(description="address of the server", examples=["https://mastodon.example"])
    tag: str = Field(description="the tag, with or without #", pattern=r"^#?\w+$", max_length=200, examples=["acme"])
    token: SecretStr | None = Field(default=None, description="access token, where the server asks for one")
    pages: int = Field(default=10, ge=1, le=100, description="the most pages of 40 posts to read in one visit")


class _Account(BaseModel):
    """https://docs.joinmastodon.org/entities/Account/."""

    acct: str
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


@dataclass(frozen=True, slots=True)
class _Page:
    statuses: tuple[_Status, ...]
    malformed: int
    ids: tuple[str, ...]  # of malformed posts too, which must not be met again and again
    older_than: str | None


def fetch(options: Options, visit: Visit) -> Fetched:
    """The posts since the last visit, and those of the last half hour again; at the first visit, the newest pages.

    Servers number a post by when it was written. One that comes late from another server takes its place among older
    ones, behind the last that was read here; reading the last half hour again finds it. Where more is new than
    ``pages`` pages hold, later visits go on from where this one ended, so that nothing is passed over. The cursor
    holds the id up to which everything was read, as ``newest``.

    Raises:
        SourceError: the server could not be asked or answered something else than posts.
    """
    asked = fingerprint(f"{options.server} {options.tag}")
    known = visit.cursor_of(asked).get("newest", "")
    latest = list(_latest(options, visit, known))
    missed = list(_newer(options, visit, known, _oldest(latest))) if known else []
    closed = not known or not latest or _rank(_newest(known, missed)) >= _rank(_oldest(latest))
    reached = _newest(known, latest if closed else missed)
    pages = missed + latest
    statuses = [status for page in pages for status in page.statuses]
    mentions = tuple(mention for status in statuses if (mention := _mention(status, options, visit.now)))
    counts = [
        (sum(page.malformed for page in pages), "not as Mastodon describes them"),
        (len(statuses) - len(mentions), "no text"),
    ]
    return Fetched(mentions, {"asked": asked, **({"newest": reached} if reached else {})}, warnings=skipped(counts))


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
    answer = visit.http.get(
        f"{options.server.rstrip('/')}/api/v1/timelines/tag/{quote(options.tag.lstrip('#'), safe='')}",
        params={"limit": str(_PAGE), **where},
        headers={"Authorization": f"Bearer {options.token.get_secret_value()}"} if options.token else None,
    )
    found = read_json(answer)
    numbered, _ = read_items(answer, _Numbered, found)
    statuses, malformed = read_items(answer, _Status, found)
    return _Page(statuses, malformed, tuple(post.id for post in numbered), _older_than(answer))


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
    return Mention(
        key=f"mastodon:{status.uri}",
        title=title,
        text=text,
        published=date_mention(status.created_at, now),
        url=status.url,
        author=_handle(status.account, options) if status.account else None,
        language=status.language,
        engagement=Engagement(status.favourites_count, status.replies_count, status.reblogs_count),
        followers=status.account.followers_count if status.account else None,
    )


def _handle(account: _Account, options: Options) -> str:
    """The full handle; a server leaves its own name out of those of its own members."""
    name = one_line(account.acct, 200)
    return name if "@" in name else f"{name}@{urlsplit(options.server).hostname}"
