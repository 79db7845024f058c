"""NewsAPI: the articles of news sites and blogs that a search finds.

What is read: https://newsapi.org/docs/endpoints/everything, 100 articles at a time, newest first. It needs a key and
counts requests; its free plan allows 100 a day, shows articles a day late and never the second page of a search. So
the next request asks for what was published before the last article of the one before, and not for a second page.
Articles have no id and their text is cut off after 200 characters.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import BaseModel, Field, SecretStr, ValidationError

from mentions.mention import Mention, date_mention
from sources.contract import Fetched, MeteredOptions, SourceError, Visit, WebAddress, fingerprint
from sources.network.fetching import Answer
from sources.reading.answers import Link, Maybe, read_items, read_json, skipped, unexpected
from sources.reading.articles import article_key, outlet_of
from sources.reading.text import html_to_text, one_line
from sources.visiting.asking import searches_for
from sources.visiting.newest_first import Page, Stretch, read_newest_first
from sources.visiting.paging import Stint
from sources.visiting.searching import Dialect

_PAGE = 100
_HORIZON = timedelta(days=7)
# Sites are read by NewsAPI at their own pace: so far back is asked again, and storing keeps one mention of each key.
_OVERLAP = timedelta(hours=1)
_DIALECT = Dialect(all_of=" AND ", none_of="NOT ", longest=500)
_CUT = re.compile(r"\s*\[\+\d+ chars\]\s*$")
# What NewsAPI leaves of an article that its publisher took back.
_REMOVED = "[Removed]"
# https://newsapi.org/docs/errors: what the codes mean, what to do about them, and seconds to wait where that helps.
_REFUSALS: tuple[tuple[frozenset[str], str, str, float | None], ...] = (
    (
        frozenset({"apiKeyInvalid", "apiKeyMissing", "apiKeyDisabled"}),
        "it does not accept the key",
        "Check the key at https://newsapi.org/account.",
        None,
    ),
    (
        frozenset({"apiKeyExhausted", "rateLimited"}),
        "the plan of the key allows no more requests for now",
        "It is asked again in an hour; lower per_day if this lasts.",
        3_600.0,
    ),
    (
        frozenset({"parameterInvalid", "parametersMissing", "sourcesTooMany", "sourceDoesNotExist"}),
        "it cannot make this search",
        "Check the query: https://newsapi.org/docs/endpoints/everything says what it may hold.",
        None,
    ),
)


class Options(MeteredOptions):
    """A key, and a search or the brands' own queries."""

    per_day: int = Field(default=90, ge=0, description="the most requests in one day (UTC); the free plan allows 100")
    key: SecretStr = Field(description="API key", examples=["0123456789abcdef0123456789abcdef"])
    query: str = Field(
        default="", max_length=500, description="what to search for; empty for the queries of the brands"
    )
    language: str = Field(
        default="", pattern=r"^([a-z]{2})?$", description="only articles in this language", examples=["en"]
    )
    pages: int = Field(default=3, ge=1, le=100, description="the most requests for one search in one visit")
    server: WebAddress = Field(default="https://newsapi.org", description="address of the service")


class _Source(BaseModel):
    name: Maybe[str] = None


class _Article(BaseModel):
    url: Link
    source: Maybe[_Source] = None
    author: Maybe[str] = None
    title: Maybe[str] = None
    description: Maybe[str] = None
    content: Maybe[str] = None
    publishedAt: Maybe[datetime] = None  # noqa: N815  the service's name


class _Found(BaseModel):
    articles: list[Any]
    totalResults: int = Field(ge=0)  # noqa: N815  the service's name


@dataclass(frozen=True, slots=True)
class _Reader:
    options: Options
    visit: Visit

    def page(self, search: str, stretch: Stretch) -> Page[_Article]:
        """The newest articles of a stretch of time; its positions and places are seconds since 1970."""
        now = int(self.visit.now.timestamp())
        until = int(stretch.place) if stretch.place else now
        since = min(until, max(stretch.down_to, now - int(_HORIZON.total_seconds())))
        answer = _ask(self.options, self.visit, search, since, until)
        found = _read(answer)
        articles, malformed = read_items(answer, _Article, found.articles)
        times = [int(at.timestamp()) for article in articles if (at := _in_time(article.publishedAt, since, until))]
        more = found.totalResults > len(found.articles) and times
        # The second of the last article may hold others: it is asked for again, as long as that leads on.
        following = str(min(*times, until - 1)) if more else ""
        return Page(articles, malformed, max(times, default=None), min(times) if more else since, following)


def fetch(options: Options, visit: Visit) -> Fetched:
    """The articles since the last visit; of the last seven days for a search that was not made before.

    The cursor holds, for each search, the time up to which everything was read, and what is left before it.

    Raises:
        SourceError: the service could not be asked, answered something else than articles, or there is nothing to ask
            for.
        BudgetError: no request is left for today.
    """
    asked = fingerprint(f"{options.server} {options.language}")
    wanted = searches_for(options.query, visit, _DIALECT, options.server)
    reader, stint = _Reader(options, visit), Stint()
    found = read_newest_first(
        wanted,
        {} if visit.fresh else visit.cursor_of(asked),
        Stretch(int((visit.now - _HORIZON).timestamp())),
        lambda search, stretch: stint.turn(lambda: reader.page(search, stretch)),
        pages=options.pages,
        overlap=int(_OVERLAP.total_seconds()),
    )
    mentions = tuple(mention for article in found.posts if (mention := _mention(article, visit.now)))
    counts = [
        (found.malformed, "not as NewsAPI describes them"),
        (len(found.posts) - len(mentions), "no text, or taken back by the publisher"),
    ]
    cursor = {"asked": asked, **found.cursor}
    return Fetched(mentions, cursor, warnings=(*stint.warnings, *skipped(counts)), behind=bool(found.unread))


def _ask(options: Options, visit: Visit, search: str, since: int, until: int) -> Answer:
    params = {
        "q": search,
        "from": _written(since),
        "to": _written(until),
        "sortBy": "publishedAt",
        "pageSize": str(_PAGE),
        **({"language": options.language} if options.language else {}),
    }
    headers = {"X-Api-Key": options.key.get_secret_value()}
    visit.budget.spend()
    try:
        return visit.http.get(f"{options.server.rstrip('/')}/v2/everything", params=params, headers=headers)
    except SourceError as error:
        raise _refusal(error, _code(error.said)) from None


def _written(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _read(answer: Answer) -> _Found:
    try:
        return _Found.model_validate(read_json(answer))
    except ValidationError:
        problem = unexpected(answer, "its answer holds no articles")
    raise _refusal(problem, _code(answer.body))


def _code(said: bytes) -> str:
    """The code of a refusal, empty where what was said is none."""
    try:
        found = json.loads(said)
    except (ValueError, RecursionError):
        return ""
    code = found.get("code") if isinstance(found, dict) else None
    return code if isinstance(code, str) else ""


def _refusal(error: SourceError, code: str) -> SourceError:
    for codes, problem, remedy, wait in _REFUSALS:
        if code in codes:
            text = f"{problem} ({code})."
            return SourceError(error.subject, text, remedy, permanent=wait is None, retry_after=wait)
    return error


def _in_time(stated: datetime | None, since: int, until: int) -> datetime | None:
    """A time that can tell how far was read: an odd one must neither end the reading nor move it into the future."""
    if stated is None:
        return None
    stated = stated if stated.tzinfo else stated.replace(tzinfo=UTC)
    return stated if since <= stated.timestamp() <= until else None


def _mention(article: _Article, now: datetime) -> Mention | None:
    title = one_line(html_to_text(article.title or ""))
    text = _text(html_to_text(article.description or ""), _CUT.sub("", html_to_text(article.content or "")))
    if title == _REMOVED or not (title or text):
        return None
    outlet = one_line(article.source.name or "", 200) if article.source else ""
    return Mention(
        key=article_key("newsapi", article.url),
        title=title,
        text=text,
        published=date_mention(article.publishedAt, now),
        url=article.url,
        author=one_line(article.author or "", 200) or outlet or None,
        handle=outlet_of(article.url),
    )


def _text(description: str, content: str) -> str:
    """The summary and the beginning of the article, once where one only repeats the other."""
    if content.startswith(description.rstrip(" .…")):
        return content
    return description if description.startswith(content.rstrip(" .…")) else f"{description}\n{content}"
