"""Trustpilot: the reviews of a company, with their stars.

What is read: https://developers.trustpilot.com/business-units-api#get-a-business-units-reviews, newest first, pages of
100. It needs the API key of a Trustpilot account; how often it may be asked is not published.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Any
from urllib.parse import quote

from pydantic import BaseModel, Field, SecretStr, ValidationError

from mentions.mention import Engagement, Mention, Rating, date_mention
from sources.contract import Fetched, SourceOptions, Visit, WebAddress, fingerprint
from sources.reading.answers import Count, Identifier, Language, Maybe, read_items, read_json, skipped, unexpected
from sources.reading.text import one_line, plain_text
from sources.visiting.paging import Falling, Place, Stint, descend

_PAGE = 100
# Reviews are held back while they are checked: so much of what was read is read again.
_OVERLAP = timedelta(days=1)


class Options(SourceOptions):
    """A company on Trustpilot."""

    business_unit: str = Field(
        description="the company's id (https://developers.trustpilot.com/business-units-api-overview)",
        pattern=r"^[0-9a-zA-Z]{1,64}$",
        examples=["46d6a890000064000500e0c3"],
    )
    key: SecretStr = Field(description="API key", examples=["${TRUSTPILOT_KEY}"])
    server: WebAddress = Field(default="https://api.trustpilot.com", description="address of the API")
    pages: int = Field(default=10, ge=1, le=1_000, description="the most pages of 100 reviews to read in one visit")


class _Consumer(BaseModel):
    id: Maybe[Identifier] = None
    displayName: Maybe[str] = None  # noqa: N815  the service's name


class _Review(BaseModel):
    id: Identifier
    title: Maybe[str] = None
    text: Maybe[str] = None
    stars: Maybe[Annotated[int, Field(ge=1, le=5)]] = None
    language: Maybe[Language] = None
    consumer: Maybe[_Consumer] = None
    createdAt: Maybe[datetime] = None  # noqa: N815  the service's name
    numberOfLikes: Maybe[Count] = None  # noqa: N815  the service's name


class _Found(BaseModel):
    reviews: list[Any]


def fetch(options: Options, visit: Visit) -> Fetched:
    """The reviews since the last visit, and those of the day before again; at the first visit, the newest pages.

    What one visit has no room for is read by the next. The cursor holds the time of the newest review that is known,
    and where to go on.

    Raises:
        SourceError: the service could not be asked or answered something else than reviews.
    """
    asked = fingerprint(f"{options.server} {options.business_unit}")
    known = {} if visit.fresh else visit.cursor_of(asked)
    stint = Stint()
    descent = descend(stint, partial(_page, options, visit), Place.of(known), options.pages)
    reviews = [review for page in descent.pages for review in page.posts]
    mentions = tuple(mention for review in reviews if (mention := _mention(review, visit.now)))
    counts = [
        (sum(page.malformed for page in descent.pages), "not as Trustpilot describes them"),
        (len(reviews) - len(mentions), "neither title nor text"),
    ]
    warnings = (*skipped(counts), *descent.warnings, *stint.warnings)
    return Fetched(mentions, {"asked": asked, **descent.place.cursor()}, warnings=warnings, behind=descent.behind)


def _page(options: Options, visit: Visit, place: Place) -> Falling[_Review]:
    number = int(place.resume or 1)
    answer = visit.http.get(
        f"{options.server.rstrip('/')}/v1/business-units/{options.business_unit}/reviews",
        params={"page": str(number), "perPage": str(_PAGE), "orderBy": "createdat.desc"},
        headers={"apikey": options.key.get_secret_value()},
    )
    try:
        found = _Found.model_validate(read_json(answer)).reviews
    except ValidationError:
        raise unexpected(answer, "its answer holds no reviews") from None
    reviews, malformed = read_items(answer, _Review, found)
    times = [date_mention(review.createdAt, visit.now).at for review in reviews if review.createdAt]
    until = datetime.fromisoformat(place.known) - _OVERLAP if place.known else None
    return Falling(
        reviews,
        malformed,
        newest=max(times).isoformat() if times else "",
        following=str(number + 1) if len(found) >= _PAGE else None,
        met=until is not None and bool(times) and min(times) <= until,
    )


def _mention(review: _Review, now: datetime) -> Mention | None:
    title, text = one_line(review.title or ""), plain_text(review.text or "")
    if not title and not text:
        return None
    consumer = review.consumer or _Consumer()
    return Mention(
        key=f"trustpilot:{review.id}",
        title=title,
        text=text,
        published=date_mention(review.createdAt, now),
        url=f"https://www.trustpilot.com/reviews/{quote(review.id, safe='')}",
        author=one_line(consumer.displayName or "", 200) or None,
        handle=consumer.id,
        language=review.language,
        engagement=Engagement(likes=review.numberOfLikes),
        rating=None if review.stars is None else Rating(review.stars, worst=1, best=5),
    )
