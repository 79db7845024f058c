"""Any JSON API: posts taken out of its answers by expressions, for services that have no kind of their own.

What is read: https://www.rfc-editor.org/rfc/rfc8259 (JSON) at a configured address, by the expressions of
https://jmespath.org/specification.html. Pages are followed in one of three ways: a token that an expression finds goes
into ``{cursor}``, a counted number goes into ``{page}``, or an expression finds the next page's address.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Self
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit

from pydantic import AfterValidator, Field, SecretStr, model_validator

from mentions.mention import Engagement, Mention, Rating, RatingScale, date_mention
from sources.contract import Fetched, SourceError, SourceOptions, Visit, WebAddress, fingerprint
from sources.network.failures import name_of
from sources.network.fetching import Answer
from sources.reading.answers import read_json, skipped, unexpected
from sources.reading.expressions import Expression, extract
from sources.reading.json_posts import Fields, Post, read_posts
from sources.reading.text import html_to_text, one_line, plain_text
from sources.visiting.asking import searches_for
from sources.visiting.paging import Descent, Falling, Place, Stint, descend
from sources.visiting.searching import Dialect

_HORIZON = timedelta(days=21)
# Posts may be listed late: the last hour is asked for again, and storing keeps one mention of each key.
_OVERLAP = timedelta(hours=1)
# Below posts that were published so long before the last visit nothing is new.
_LATE = timedelta(days=1)
_PLACEHOLDER = re.compile(r"\{(\w*)\}")
_PLACEHOLDERS = ("query", "since", "page", "cursor")


def _template(url: str) -> str:
    unknown = [f"{{{name}}}" for name in _PLACEHOLDER.findall(url) if name not in _PLACEHOLDERS]
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in _PLACEHOLDERS)
        raise ValueError(f"must hold no other placeholders than {known}, and not {unknown[0]}")
    if "{" in url.partition("?")[0].partition("://")[2].partition("/")[0]:
        raise ValueError("must name its host without a placeholder")
    return url


class Times(StrEnum):
    """How a time is written in an address."""

    ISO = "iso"
    SECONDS = "seconds"
    MILLISECONDS = "milliseconds"


class Options(SourceOptions):
    """An address that answers with JSON, and where in it the posts are."""

    url: Annotated[WebAddress, AfterValidator(_template)] = Field(
        description="address; {query}, {since}, {page} and {cursor} in it are filled in",
        examples=["https://api.example.com/posts"],
    )
    fields: Fields = Field(
        description="where in a post each of its parts is (JMESPath)", examples=[{"id": "id", "text": "text"}]
    )
    items: Expression = Field(default="@", description="where the list of posts is, newest first (JMESPath)")
    params: dict[str, SecretStr] = Field(
        default_factory=dict, description="added to the address after ?, with the same placeholders"
    )
    headers: dict[str, SecretStr] = Field(default_factory=dict, description="sent with every request, such as tokens")
    next: Expression | None = Field(
        default=None,
        description="where the token for {cursor} is, or without {cursor} the next page's address (JMESPath)",
    )
    first_page: int = Field(default=1, ge=0, description="what {page} counts from")
    pages: int = Field(default=10, ge=1, le=1_000, description="the most pages to read in one visit")
    since_format: Times = Field(default=Times.ISO, description="how {since} is written: iso, seconds or milliseconds")
    query: str = Field(default="", max_length=500, description="for {query}; empty for the queries of the brands")
    quotes: bool = Field(default=False, description="the API finds words in double quotes as a phrase")
    html: bool = Field(default=False, description="titles and texts are HTML")
    rating_worst: float = Field(default=1, allow_inf_nan=False, description="the rating of who is least content")
    rating_best: float = Field(default=5, allow_inf_nan=False, description="the rating of who is most content")
    rating_scale: RatingScale = Field(default=RatingScale.STARS, description="what it was asked as")

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.asks("cursor") and self.next is None:
            raise ValueError("must say under next where the token for {cursor} is")
        if self.asks("page") and self.next is not None:
            raise ValueError("must find its pages either by {page} or by next")
        if self.query and not self.asks("query"):
            raise ValueError("must have {query} in its address or parameters, or no query")
        if self.rating_worst == self.rating_best:
            raise ValueError("must have two different figures as rating_worst and rating_best")
        return self

    @property
    def linked(self) -> bool:
        """The next page is found by its address."""
        return self.next is not None and not self.asks("cursor")

    def asks(self, placeholder: str) -> bool:
        """Whether a placeholder is in the address or its parameters."""
        return any(f"{{{placeholder}}}" in text for text in (self.url, *self.secrets().values()))

    def secrets(self) -> dict[str, str]:
        """The parameters, which may be secret."""
        return {name: value.get_secret_value() for name, value in self.params.items()}


@dataclass(frozen=True, slots=True)
class _Search:
    """One address, with one query in it."""

    options: Options
    visit: Visit
    query: str
    since: datetime

    def ask(self, place: Place) -> Falling[Post]:
        options, values = self.options, self._values(place)
        url = _filled(options.url, {name: quote(value, safe="") for name, value in values.items()})
        answer = self.visit.http.get(
            place.resume if place.resume and options.linked else url,
            params={name: _filled(value, values) for name, value in options.secrets().items()},
            headers={name: value.get_secret_value() for name, value in options.headers.items()},
        )
        body = read_json(answer)
        found = extract(options.items, body)
        posts, malformed = read_posts(answer, found, options.fields)
        following = _following(options, answer, body, place) if found else None
        marks = " ".join(fingerprint(post.id) for post in posts)
        return Falling(posts, malformed, marks, following, met=bool(posts) and self._is_known(posts[-1], place))

    def _values(self, place: Place) -> Mapping[str, str]:
        seconds = int(self.since.timestamp())
        since = {
            Times.ISO: self.since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            Times.SECONDS: f"{seconds}",
            Times.MILLISECONDS: f"{seconds}000",
        }
        page = place.resume or str(self.options.first_page)
        return {"query": self.query, "since": since[self.options.since_format], "page": page, "cursor": place.resume}

    def _is_known(self, last: Post, place: Place) -> bool:
        """The service lists what is old below a post: one that was read before, or one of long before."""
        if self.options.asks("since"):
            return False
        published = date_mention(last.published, self.visit.now).at
        return fingerprint(last.id) in (place.known or "").split() or published < self.since - _LATE


def fetch(options: Options, visit: Visit) -> Fetched:
    """The posts since the last visit; at the first, those of the newest pages.

    Pages are read until one ends with a post that is known; where the address holds ``{since}``, so that the service
    leaves out what is old, until they end. What one visit has no room for is read by the next. The cursor holds, for
    each query, which posts are known, from when on to ask, and where to go on.

    Raises:
        SourceError: the address could not be asked, or the expressions find no posts in its answer.
    """
    asked = fingerprint(repr((options.url, options.secrets(), options.items, options.fields.id, options.next)))
    known = {} if visit.fresh else visit.cursor_of(asked)
    cursor, behind, stint = {"asked": asked}, False, Stint()
    pages: list[Falling[Post]] = []
    warnings: list[str] = []
    for query in _queries(options, visit):
        name = f":{fingerprint(query)}"
        since = known.get(f"since{name}")
        search = _Search(options, visit, query, datetime.fromisoformat(since) if since else visit.now - _HORIZON)
        descent = descend(stint, search.ask, Place.of(known, name), options.pages)
        reached = search.since if descent.behind else visit.now - _OVERLAP
        cursor |= descent.place.cursor(name) | {f"since{name}": reached.isoformat()}
        pages += descent.pages
        warnings += [*descent.warnings, *_missed(options, since, descent)]
        behind = behind or descent.behind
    mentions, notes = _mentions(options, visit.now, pages)
    return Fetched(mentions, cursor, warnings=(*notes, *warnings, *stint.warnings), behind=behind)


def _missed(options: Options, since: str | None, descent: Descent[Post]) -> Iterator[str]:
    """A warning where only one page can be asked for and all of it is new: there may have been more."""
    only_page = not any(map(options.asks, ("page", "cursor", "since"))) and options.next is None
    if since and only_page and any(page.posts and not page.met for page in descent.pages):
        yield "All posts of the answer are new, so some may be missing: ask more often, or say how it pages."


def _queries(options: Options, visit: Visit) -> tuple[str, ...]:
    if not options.asks("query"):
        return ("",)
    dialect = Dialect(any_of=None, none_of=None, groups=False, quotes=options.quotes)
    return searches_for(options.query, visit, dialect, options.url)


def _filled(template: str, values: Mapping[str, str]) -> str:
    """A template with its placeholders replaced, in one pass: a value that looks like one is not filled again."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), template)


def _following(options: Options, answer: Answer, body: object, place: Place) -> str | None:
    if options.asks("page"):
        return str(int(place.resume or options.first_page) + 1)
    found = extract(options.next, body)
    if isinstance(found, bool) or not isinstance(found, str | int) or found == "":
        return None
    following = _next_address(options, answer, str(found)) if options.linked else str(found)
    return following if following != place.resume else None


def _next_address(options: Options, answer: Answer, link: str) -> str:
    """The next page's address, without the parameters that are sent anyway and may be secret.

    Raises:
        SourceError: it is none, or secrets would go to another server.
    """
    try:
        there, here = urlsplit(urljoin(answer.url, link)), urlsplit(answer.url)
        same = there.hostname == here.hostname and there.port in {None, here.port}
    except ValueError:
        raise unexpected(answer, "what it gives as its next page is no address") from None
    if not same and (options.headers or options.params):
        raise SourceError(
            name_of(answer.url),
            "its next page is on another server, to which the headers and parameters of this source are not sent.",
            "Check the expression under next; leave out headers and params if that server needs none.",
            permanent=True,
        )
    if same:  # behind a proxy services often take themselves for http, to which no secret may go
        there = there._replace(scheme=here.scheme, netloc=here.netloc)
    kept = [pair for pair in parse_qsl(there.query, keep_blank_values=True) if pair[0] not in options.params]
    return there._replace(query=urlencode(kept), fragment="").geturl()


def _mentions(
    options: Options, now: datetime, pages: list[Falling[Post]]
) -> tuple[tuple[Mention, ...], tuple[str, ...]]:
    posts = [post for page in pages for post in page.posts]
    mentions = tuple(mention for post in posts if (mention := _mention(options, post, now)))
    counts = [
        (sum(page.malformed for page in pages), "they have no id where the settings say"),
        (len(posts) - len(mentions), "neither title nor text"),
    ]
    return mentions, skipped(counts)


def _mention(options: Options, post: Post, now: datetime) -> Mention | None:
    read = html_to_text if options.html else plain_text
    title, text = one_line(read(post.title or "")), read(post.text or "")
    if not title and not text:
        return None
    handle = one_line(post.handle or "", 200) or None
    return Mention(
        key=_key(options, post.id),
        title=title,
        text=text,
        published=date_mention(post.published, now),
        url=post.url,
        author=one_line(post.author or "", 200) or handle,
        handle=handle,
        language=post.language,
        engagement=Engagement(post.likes, post.replies, post.reposts),
        followers=post.followers,
        rating=_rating(options, post.rating),
    )


def _key(options: Options, post: str) -> str:
    """Addresses are the same wherever they stand; other ids only mean something within their API."""
    universal = re.match(r"https?://\S", post, re.IGNORECASE)
    return f"jsonapi:{post}" if universal else f"jsonapi:{fingerprint(options.url)}:{post}"


def _rating(options: Options, value: float | None) -> Rating | None:
    worst, best = options.rating_worst, options.rating_best
    if value is None or not math.isfinite(value) or not min(worst, best) <= value <= max(worst, best):
        return None
    return Rating(value, worst, best, options.rating_scale)
