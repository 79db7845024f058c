"""Stack Exchange: questions on Stack Overflow and its sister sites that hold a phrase.

What is read: https://api.stackexchange.com/docs/advanced-search, the oldest new question first, with the body of each
(the built-in filter ``withbody``). Without a key an address has 300 requests a day, with one 10,000. An answer may ask
to be left alone for some seconds (``backoff``, https://api.stackexchange.com/docs/throttle); what a visit could not
read then, the next one does.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Any

from pydantic import BaseModel, Field, SecretStr, ValidationError

from mentions.mention import Engagement, Mention, date_mention
from sources.contract import Fetched, SourceOptions, Visit, WebAddress, fingerprint
from sources.network.fetching import Answer
from sources.reading.answers import Count, Identifier, Link, Maybe, read_items, read_json, skipped, unexpected
from sources.reading.text import html_to_text, one_line
from sources.visiting.asking import searches_for
from sources.visiting.paging import Limits, Rising, ascend_all, latest
from sources.visiting.searching import Dialect

_PAGE = 100
# How its search works is not described; words and phrases in double quotes do what they say.
_DIALECT = Dialect(any_of=None, none_of=None, groups=False)


class Options(SourceOptions):
    """A search on one site, or the brands' own queries."""

    site: str = Field(
        default="stackoverflow",
        pattern=r"^[a-z0-9.-]{1,100}$",
        description="the site, as superuser or meta.askubuntu",
        examples=["superuser"],
    )
    query: str = Field(
        default="", max_length=500, description="what to search for; empty for the queries of the brands"
    )
    key: SecretStr | None = Field(
        default=None, description="key of an app registered with Stack Apps, for more requests"
    )
    server: WebAddress = Field(default="https://api.stackexchange.com", description="address of the API")
    pages: int = Field(
        default=5, ge=1, le=100, description="the most pages of 100 questions to read of each search in one visit"
    )


class _Owner(BaseModel):
    user_id: Maybe[Identifier] = None
    display_name: Maybe[str] = None


class _Question(BaseModel):
    """https://api.stackexchange.com/docs/types/question."""

    question_id: Identifier
    title: Maybe[str] = None
    body: Maybe[str] = None
    link: Maybe[Link] = None
    owner: Maybe[_Owner] = None
    creation_date: Maybe[datetime] = None
    score: Maybe[Count] = None
    answer_count: Maybe[Count] = None


class _Found(BaseModel):
    """https://api.stackexchange.com/docs/wrapper."""

    items: list[Any]
    has_more: Maybe[bool] = None
    backoff: Maybe[Count] = None
    quota_remaining: Maybe[int] = None


def fetch(options: Options, visit: Visit) -> Fetched:
    """The questions since the last visit; of the last 21 days for a search that was not made before.

    The cursor holds, for each search, the time up to which everything was read.

    Raises:
        SourceError: the service could not be asked, answered something else than questions, or there is nothing to ask
            for.
    """
    asked = fingerprint(f"{options.server} {options.site}")
    known = {} if visit.fresh else visit.cursor_of(asked)
    queries = searches_for(options.query, visit, _DIALECT, options.server)
    found = ascend_all(
        queries, partial(_page, options, visit), known, int(visit.now.timestamp()), Limits(options.pages)
    )
    mentions = tuple(mention for post in found.posts if (mention := _mention(options, post, visit.now)))
    counts = [
        (found.malformed, "not as Stack Exchange describes them"),
        (len(found.posts) - len(mentions), "neither title nor text"),
    ]
    warnings = (*skipped(counts), *found.warnings)
    return Fetched(mentions, {"asked": asked, **found.cursor}, warnings=warnings, behind=found.behind)


def _page(options: Options, visit: Visit, query: str, since: int, number: int) -> Rising[_Question]:
    answer = visit.http.get(
        f"{options.server.rstrip('/')}/2.3/search/advanced", params=_asking(options, query, since, number)
    )
    try:
        found = _Found.model_validate(read_json(answer))
    except ValidationError:
        raise unexpected(answer, "its answer holds no questions") from None
    _keep_away(visit, answer, found)
    questions, malformed = read_items(answer, _Question, found.items)
    until = latest((question.creation_date for question in questions), visit.now)
    return Rising(questions, malformed, until, more=bool(found.has_more))


def _asking(options: Options, query: str, since: int, number: int) -> Mapping[str, str]:
    return {
        "site": options.site,
        "q": query,
        "fromdate": str(since),
        "sort": "creation",
        "order": "asc",
        "page": str(number),
        "pagesize": str(_PAGE),
        "filter": "withbody",
        **({"key": options.key.get_secret_value()} if options.key else {}),
    }


def _keep_away(visit: Visit, answer: Answer, found: _Found) -> None:
    if found.backoff:
        visit.http.leave_alone(answer.url, found.backoff, "it asked for that")
    if found.quota_remaining is not None and found.quota_remaining <= 0:
        today = visit.now.astimezone(UTC).date()
        tomorrow = datetime.combine(today + timedelta(days=1), time(), UTC)
        visit.http.leave_alone(answer.url, (tomorrow - visit.now).total_seconds(), "its requests of today are used up")


def _mention(options: Options, question: _Question, now: datetime) -> Mention | None:
    title, text = one_line(html.unescape(question.title or "")), html_to_text(question.body or "")
    if not title and not text:
        return None
    owner = question.owner or _Owner()
    return Mention(
        key=f"stackexchange:{options.site}:{question.question_id}",
        title=title,
        text=text,
        published=date_mention(question.creation_date, now),
        url=question.link,
        author=one_line(html.unescape(owner.display_name or ""), 200) or owner.user_id,
        handle=owner.user_id,
        engagement=Engagement(likes=question.score, replies=question.answer_count),
    )
