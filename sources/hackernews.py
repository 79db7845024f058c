"""Hacker News: stories and comments that hold a phrase, by the search service of Algolia.

What is read: https://hn.algolia.com/api, ``search_by_date``, which needs no key, allows 10,000 requests an hour and
shows no more than 1,000 hits of one search. So time is read in slices, oldest first, each small enough to be shown
whole; what one visit has no room for is read by the next. Phrases in double quotes are understood, alternatives are
not (https://www.algolia.com/doc/api-reference/api-parameters/advancedSyntax/): each is a search of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel, Field, ValidationError

from mentions.mention import Engagement, Mention, date_mention
from sources.contract import Fetched, HostBusyError, SourceOptions, Visit, WebAddress, fingerprint
from sources.reading.answers import Count, Identifier, Link, Maybe, read_items, read_json, skipped, unexpected
from sources.reading.text import html_to_text, one_line
from sources.visiting.asking import searches_for
from sources.visiting.searching import Dialect

_PAGE = 100
_SHOWN = 1_000
_HORIZON = int(timedelta(days=21).total_seconds())
# Hits are indexed late: the last hour is asked for again, and storing keeps one mention of each key.
_OVERLAP = int(timedelta(hours=1).total_seconds())
_DIALECT = Dialect(any_of=None, none_of=None, groups=False)


class Options(SourceOptions):
    """A search, or the brands' own queries."""

    query: str = Field(
        default="", max_length=500, description="what to search for; empty for the queries of the brands"
    )
    server: WebAddress = Field(default="https://hn.algolia.com", description="address of the search service")
    comments: bool = Field(default=True, description="comments too, not only stories")
    pages: int = Field(default=30, ge=1, le=1_000, description="about how many pages of 100 hits to read in one visit")


class _Hit(BaseModel):
    objectID: Identifier  # noqa: N815  the service's name
    author: Maybe[str] = None
    title: Maybe[str] = None
    story_text: Maybe[str] = None
    comment_text: Maybe[str] = None
    url: Maybe[Link] = None
    created_at: Maybe[datetime] = None
    created_at_i: Maybe[datetime] = None
    points: Maybe[Count] = None
    num_comments: Maybe[Count] = None


class _Found(BaseModel):
    hits: list[Any]
    nbHits: int = Field(ge=0)  # noqa: N815  the service's name


@dataclass(frozen=True, slots=True)
class _Search:
    """One search, repeated over slices of time; times are seconds since 1970."""

    options: Options
    visit: Visit
    query: str

    @property
    def cursor_name(self) -> str:
        return f"until:{fingerprint(self.query)}"


@dataclass(frozen=True, slots=True)
class _Page:
    hits: tuple[_Hit, ...]
    malformed: int
    total: int


@dataclass(frozen=True, slots=True)
class _Slice:
    pages: tuple[_Page, ...]
    until: int


def fetch(options: Options, visit: Visit) -> Fetched:
    """The hits since the last visit; of the last 21 days for a search that was not made before.

    The cursor holds, for each search, the time up to which everything was read; the one that is furthest behind comes
    first. Where the service is asked too often in the middle, what was read before is kept.

    Raises:
        SourceError: the service could not be asked, answered something else than hits, or there is nothing to ask for.
    """
    asked = fingerprint(f"{options.server} {options.comments}")
    known = {} if visit.fresh else visit.cursor_of(asked)
    cursor = {"asked": asked}
    pages: list[_Page] = []
    now, behind = int(visit.now.timestamp()), False
    wanted = [_Search(options, visit, query) for query in searches_for(options.query, visit, _DIALECT, options.server)]
    begins = {search.cursor_name: int(known.get(search.cursor_name, now - _HORIZON)) for search in wanted}
    for search in sorted(wanted, key=lambda each: begins[each.cursor_name]):
        since = begins[search.cursor_name]
        try:
            for part in _slices(search, since, now):
                pages += part.pages
                since = part.until
        except HostBusyError:
            if not pages:
                raise
        behind = behind or since < now
        cursor[search.cursor_name] = str(min(since, now - _OVERLAP))
    hits = [hit for page in pages for hit in page.hits]
    mentions = tuple(mention for hit in hits if (mention := _mention(hit, visit.now)))
    counts = [
        (sum(page.malformed for page in pages), "not as the search service describes them"),
        (len(hits) - len(mentions), "neither title nor text"),
    ]
    return Fetched(mentions, cursor, warnings=skipped(counts), behind=behind)


def _slices(search: _Search, since: int, now: int) -> Iterator[_Slice]:
    """Slices of time read whole, oldest first, until all is read or enough pages were."""
    left, width = search.options.pages, now - since
    while left > 0 and since < now:
        until = min(now, since + width)
        page = _page(search, since, until, 0)
        if page.total > _SHOWN and until - since > 1:
            width = (until - since) // 2
            continue
        pages = (page, *_following(search, since, until, page))
        yield _Slice(pages, until)
        left, since, width = left - len(pages), until, 2 * (until - since)


def _following(search: _Search, since: int, until: int, page: _Page) -> Iterator[_Page]:
    for number in range(1, -(-min(page.total, _SHOWN) // _PAGE)):
        yield _page(search, since, until, number)


def _page(search: _Search, since: int, until: int, number: int) -> _Page:
    answer = search.visit.http.get(
        f"{search.options.server.rstrip('/')}/api/v1/search_by_date",
        params={
            "query": search.query,
            "tags": "(story,comment)" if search.options.comments else "story",
            "numericFilters": f"created_at_i>{since},created_at_i<={until}",
            "hitsPerPage": str(_PAGE),
            "page": str(number),
        },
    )
    try:
        found = _Found.model_validate(read_json(answer))
    except ValidationError:
        raise unexpected(answer, "its answer holds no hits") from None
    hits, malformed = read_items(answer, _Hit, found.hits)
    return _Page(hits, malformed, found.nbHits)


def _mention(hit: _Hit, now: datetime) -> Mention | None:
    title = one_line(html_to_text(hit.title or ""))
    text = html_to_text(hit.comment_text or hit.story_text or "")
    if not title and not text:
        return None
    author = one_line(hit.author or "", 200) or None
    return Mention(
        key=f"hackernews:{hit.objectID}",
        title=title,
        text=text,
        published=date_mention(hit.created_at or hit.created_at_i, now),
        url=hit.url or f"https://news.ycombinator.com/item?id={quote(hit.objectID, safe='')}",
        author=author,
        handle=author,
        engagement=Engagement(likes=hit.points, replies=hit.num_comments),
    )
