"""GitHub: issues, and pull requests where wanted, that hold a phrase.

What is read: https://docs.github.com/en/rest/search/search#search-issues-and-pull-requests, the oldest new one first.
An address may search 10 times a minute, with a token 30 times. One search shows no more than 1,000 results, which is
never reached because time is read in slices. A search that takes GitHub too long leaves results out and says so
(``incomplete_results``); its time is then asked for again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, SecretStr, ValidationError
from requests.utils import parse_header_links

from mentions.mention import Engagement, Mention, date_mention
from sources.contract import Fetched, SourceOptions, Visit, WebAddress, fingerprint
from sources.reading.answers import Count, Identifier, Link, Maybe, read_items, read_json, skipped, unexpected
from sources.reading.text import one_line, plain_text
from sources.visiting.asking import searches_for
from sources.visiting.paging import Limits, Rising, ascend_all, latest
from sources.visiting.searching import Dialect

_PAGE = 100
# A query may have 256 characters, those for time and type included, and five AND, OR or NOT. So each alternative is
# a search of its own (https://docs.github.com/en/search-github/getting-started-with-searching-on-github).
_DIALECT = Dialect(any_of=None, none_of=None, groups=False, longest=200)
_TYPE = re.compile(r"\b(?:is|type):(?:issue|pr|pull-request)\b", re.IGNORECASE)


class Options(SourceOptions):
    """A search, or the brands' own queries."""

    query: str = Field(
        default="", max_length=200, description="what to search for; empty for the queries of the brands"
    )
    pull_requests: bool = Field(default=False, description="pull requests too, not only issues")
    token: SecretStr | None = Field(default=None, description="access token, for more searches a minute")
    server: WebAddress = Field(default="https://api.github.com", description="address of the API")
    pages: int = Field(
        default=5, ge=1, le=100, description="the most pages of 100 issues to read of each search in one visit"
    )


class _User(BaseModel):
    login: str


class _Reactions(BaseModel):
    total_count: Maybe[Count] = None


class _Issue(BaseModel):
    id: Identifier
    title: Maybe[str] = None
    body: Maybe[str] = None
    html_url: Maybe[Link] = None
    user: Maybe[_User] = None
    created_at: Maybe[datetime] = None
    comments: Maybe[Count] = None
    reactions: Maybe[_Reactions] = None


class _Found(BaseModel):
    items: list[Any]
    incomplete_results: Maybe[bool] = None


def fetch(options: Options, visit: Visit) -> Fetched:
    """The issues opened since the last visit; in the last 21 days for a search that was not made before.

    The cursor holds, for each search, the time up to which everything was read.

    Raises:
        SourceError: the service could not be asked, answered something else than issues, or there is nothing to ask
            for.
    """
    asked = fingerprint(options.server)
    known = {} if visit.fresh else visit.cursor_of(asked)
    searches = [
        typed
        for query in searches_for(options.query, visit, _DIALECT, options.server)
        for typed in _typed(query, pull_requests=options.pull_requests)
    ]
    now = int(visit.now.timestamp())
    found = ascend_all(searches, partial(_page, options, visit), known, now, Limits(options.pages))
    mentions = tuple(mention for issue in found.posts if (mention := _mention(options, issue, visit.now)))
    counts = [
        (found.malformed, "not as GitHub describes them"),
        (len(found.posts) - len(mentions), "neither title nor text"),
    ]
    warnings = (*skipped(counts), *found.warnings)
    return Fetched(mentions, {"asked": asked, **found.cursor}, warnings=warnings, behind=found.behind)


def _typed(query: str, *, pull_requests: bool) -> Iterator[str]:
    """A query for issues and one for pull requests, of which GitHub does not search both at once."""
    if _TYPE.search(query):
        yield query
        return
    yield f"{query} is:issue"
    if pull_requests:
        yield f"{query} is:pull-request"


def _page(options: Options, visit: Visit, query: str, since: int, number: int) -> Rising[_Issue]:
    token = {"Authorization": f"Bearer {options.token.get_secret_value()}"} if options.token else {}
    start = datetime.fromtimestamp(since, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    answer = visit.http.get(
        f"{options.server.rstrip('/')}/search/issues",
        params={
            "q": f"{query} created:>={start}",
            "sort": "created",
            "order": "asc",
            "per_page": str(_PAGE),
            "page": str(number),
        },
        headers={"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28", **token},
    )
    try:
        found = _Found.model_validate(read_json(answer))
    except ValidationError:
        raise unexpected(answer, "its answer holds no issues") from None
    issues, malformed = read_items(answer, _Issue, found.items)
    # Only that there is a next page is taken from the Link header, never its address, to which the token would go.
    more = any(link.get("rel") == "next" for link in parse_header_links(answer.headers.get("link", "")))
    until = latest((issue.created_at for issue in issues), visit.now)
    return Rising(issues, malformed, until, more, whole=not found.incomplete_results)


def _mention(options: Options, issue: _Issue, now: datetime) -> Mention | None:
    title, text = one_line(issue.title or ""), plain_text(_without_comments(issue.body or ""))
    if not title and not text:
        return None
    login = one_line(issue.user.login, 200) or None if issue.user else None
    return Mention(
        key=f"github:{urlsplit(options.server).netloc.rpartition('@')[2].lower()}:{issue.id}",
        title=title,
        text=text,
        published=date_mention(issue.created_at, now),
        url=issue.html_url,
        author=login,
        handle=login,
        engagement=Engagement(likes=issue.reactions.total_count if issue.reactions else None, replies=issue.comments),
    )


def _without_comments(markdown: str) -> str:
    """A text without the remarks that its form put there for whoever fills it in, and that nobody sees later."""
    shown, start = [], 0
    while (opened := markdown.find("<!--", start)) >= 0 and (closed := markdown.find("-->", opened)) >= 0:
        shown.append(markdown[start:opened])
        start = closed + 3
    return "".join((*shown, markdown[start:]))
