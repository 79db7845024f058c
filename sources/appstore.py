"""Apple's App Store: what customers write about an app, with their stars.

What is read: https://itunes.apple.com/us/rss/customerreviews/page=1/id=ID/sortby=mostrecent/json, the feed of reviews
that Apple keeps for each country. It holds ten pages of 50 and needs no key; Apple does not describe it any more. Older
answers in JSON leave out when a review was written and put the app itself in front; the same page in XML has the time.
At times the feed is empty although there are reviews.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field, TypeAdapter, ValidationError

from mentions.mention import Engagement, Mention, Rating, date_mention
from sources.contract import Fetched, SourceOptions, Visit, WebAddress, fingerprint
from sources.network.fetching import Answer
from sources.reading.answers import Count, Identifier, Link, Maybe, read_items, read_json, skipped, unexpected
from sources.reading.feeds import read_feed
from sources.reading.text import one_line, plain_text
from sources.visiting.paging import Stint

_PAGES = 10  # all that the feed holds
# Reviews show up late and in no strict order: so much of what was read is read again.
_OVERLAP = timedelta(days=1)
_ACCOUNT = re.compile(r"/reviews/(id\d{1,30})\b")
_LINK: TypeAdapter[str | None] = TypeAdapter(Maybe[Link])
_STARS: TypeAdapter[int | None] = TypeAdapter(Maybe[Annotated[int, Field(ge=1, le=5)]])


def _country_code(written: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}", written):
        raise ValueError("must be a country in two letters, as us or de")
    return written.lower()


def _some(countries: tuple[str, ...]) -> tuple[str, ...]:
    if not countries:
        raise ValueError("must name at least one country")
    return countries


_Countries = Annotated[tuple[Annotated[str, AfterValidator(_country_code)], ...], AfterValidator(_some)]


class Options(SourceOptions):
    """An app, and the countries to listen to."""

    app: str = Field(
        description="the number after id in the app's address in the store",
        pattern=r"^\d{1,20}$",
        examples=["284882215"],
    )
    countries: _Countries = Field(default=("us",), description="countries whose reviews are read, in two letters")
    server: WebAddress = Field(default="https://itunes.apple.com", description="address of the store")
    pages: int = Field(default=_PAGES, ge=1, le=_PAGES, description="the most pages of 50 reviews to read per country")


class _Text(BaseModel):
    label: str


class _Number(BaseModel):
    label: Count


class _Time(BaseModel):
    label: datetime


class _Id(BaseModel):
    label: Identifier


class _Author(BaseModel):
    name: Maybe[_Text] = None
    uri: Maybe[_Text] = None


class _Entry(BaseModel):
    """A review, or the app itself, which has no stars."""

    id: _Id
    title: Maybe[_Text] = None
    content: Maybe[_Text] = None
    author: Maybe[_Author] = None
    updated: Maybe[_Time] = None
    rating: Maybe[_Text] = Field(default=None, alias="im:rating")
    helpful: Maybe[_Number] = Field(default=None, alias="im:voteSum")


class _Feed(BaseModel):
    entry: Any = Field(default_factory=list)


class _Found(BaseModel):
    feed: _Feed


@dataclass(frozen=True, slots=True)
class _Review:
    """A review of either form of the feed."""

    id: str
    title: str
    text: str
    author: str
    stars: str
    published: datetime | None
    author_link: str = ""
    helpful: int | None = None


@dataclass(frozen=True, slots=True)
class _Page:
    reviews: tuple[_Review, ...]
    malformed: int


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read of one country; ``until`` is the time up to which all is known, empty before the first visit."""

    pages: tuple[_Page, ...]
    until: str
    warning: str = ""


def fetch(options: Options, visit: Visit) -> Fetched:
    """The reviews since the last visit, and those of the day before again; at the first visit all that the feed holds.

    The cursor holds, for each country, the time of the newest review up to which everything was read. It stays where
    it is when the feed is empty or ends before that time, which happens though there are reviews.

    Raises:
        SourceError: the store could not be asked or answered something else than reviews.
    """
    asked = fingerprint(f"{options.server} {options.app}")
    known = {} if visit.fresh else visit.cursor_of(asked)
    cursor, stint = {"asked": asked}, Stint()
    read = [_country(options, visit, stint, country, known.get(country, "")) for country in options.countries]
    cursor |= {country: found.until for country, found in zip(options.countries, read, strict=True) if found.until}
    pages = [page for found in read for page in found.pages]
    reviews = [review for page in pages for review in page.reviews]
    mentions = tuple(mention for review in reviews if (mention := _mention(review, visit.now)))
    counts = [
        (sum(page.malformed for page in pages), "not as the App Store gives them"),
        (len(reviews) - len(mentions), "neither title nor text"),
    ]
    warnings = (*skipped(counts), *(found.warning for found in read if found.warning), *stint.warnings)
    return Fetched(mentions, cursor, warnings=warnings, behind=stint.ended is not None)


def _country(options: Options, visit: Visit, stint: Stint, country: str, known: str) -> _Read:
    """The newest pages, down to what is known or to the last that the feed holds."""
    pages: list[_Page] = []
    limit = datetime.fromisoformat(known) - _OVERLAP if known else None
    for number in range(1, options.pages + 1):
        page = stint.turn(partial(_page, options, visit, country, number))
        if page is None or not page.reviews:
            return _cut_short(pages, country, known, visit.now, refused=page is None)
        pages.append(page)
        if limit and min(_times([page], visit.now)) <= limit:
            break
    else:
        if known:
            lost = f"There were more new reviews in {country} than the pages read; older ones are missing."
            return _Read(tuple(pages), _newest(pages, visit.now), lost)
    return _Read(tuple(pages), _newest(pages, visit.now))


def _cut_short(pages: Sequence[_Page], country: str, known: str, now: datetime, *, refused: bool) -> _Read:
    """What to make of a feed that ended before what is known, or before the last of its pages."""
    if not known and pages and not refused:
        return _Read(tuple(pages), _newest(pages, now))
    missing = bool(known) and not pages and not refused
    warning = f"The store shows no reviews in {country} just now, though it did before." if missing else ""
    return _Read(tuple(pages), known, warning)


def _times(pages: Sequence[_Page], now: datetime) -> list[datetime]:
    return [date_mention(review.published, now).at for page in pages for review in page.reviews]


def _newest(pages: Sequence[_Page], now: datetime) -> str:
    return max(_times(pages, now)).isoformat()


def _page(options: Options, visit: Visit, country: str, number: int) -> _Page:
    """A page of reviews; asked for in XML too where the JSON is empty or leaves out when they were written."""
    address = (
        f"{options.server.rstrip('/')}/{country}/rss/customerreviews/page={number}/id={options.app}/sortby=mostrecent"
    )
    page = _in_json(visit.http.get(f"{address}/json"))
    if page.reviews and all(review.published for review in page.reviews):
        return page
    in_xml = _in_xml(visit.http.get(f"{address}/xml"))
    if not page.reviews:
        return _Page(in_xml, page.malformed)
    times = {review.id: review.published for review in in_xml}
    dated = (replace(review, published=review.published or times.get(review.id)) for review in page.reviews)
    return _Page(tuple(dated), page.malformed)


def _in_json(answer: Answer) -> _Page:
    try:
        found = _Found.model_validate(read_json(answer)).feed.entry
    except ValidationError:
        raise unexpected(answer, "its answer is no feed of reviews") from None
    # One entry alone stands there without a list around it, and none leaves the list out.
    entries, malformed = read_items(answer, _Entry, [found] if isinstance(found, dict) else found)
    return _Page(tuple(_review(entry) for entry in entries if entry.rating), malformed)


def _review(entry: _Entry) -> _Review:
    author = entry.author or _Author()
    return _Review(
        id=entry.id.label,
        title=_label(entry.title),
        text=_label(entry.content),
        author=_label(author.name),
        stars=_label(entry.rating),
        published=entry.updated.label if entry.updated else None,
        author_link=_label(author.uri),
        helpful=entry.helpful.label if entry.helpful else None,
    )


def _label(labelled: _Text | None) -> str:
    return labelled.label if labelled else ""


def _in_xml(answer: Answer) -> tuple[_Review, ...]:
    return tuple(
        _Review(
            id=entry.id,
            title=entry.title,
            text=entry.text,
            author=entry.author,
            stars=entry.rating,
            published=entry.moment,
            author_link=entry.author_link,
        )
        for entry in read_feed(answer).entries
        if entry.id and entry.rating
    )


def _mention(review: _Review, now: datetime) -> Mention | None:
    title, text = one_line(review.title), plain_text(review.text)
    if not title and not text:
        return None
    stars = _STARS.validate_python(review.stars)
    account = _ACCOUNT.search(review.author_link)
    return Mention(
        key=f"appstore:{review.id}",
        title=title,
        text=text,
        published=date_mention(review.published, now),
        # The feed's own link is the same for all reviews of an app; this one leads to those of the customer.
        url=_LINK.validate_python(review.author_link),
        author=one_line(review.author, 200) or None,
        handle=account[1] if account else None,
        engagement=Engagement(likes=review.helpful),
        rating=None if stars is None else Rating(stars, worst=1, best=5),
    )
