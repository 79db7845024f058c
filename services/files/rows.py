"""From a row of a file, or an entry that a program pushed, to a mention; nothing is fetched and nothing stored."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from alerts.wording import host
from mentions.mention import Dating, Engagement, Mention, Published, Rating, RatingScale, date_mention
from services.files.row_dates import read_date
from services.files.row_errors import RowError, WordlessError
from settings.model import Brand
from sources.reading.text import one_line, plain_text

LONGEST_KEY = 2_000
LARGEST = 2**63  # beyond it no database counts


class Field(StrEnum):
    """What a row can tell; the same names in files that are exported, imported and pushed."""

    KEY = "key"
    SOURCE = "source"
    BRAND = "brand"
    ID = "id"
    TITLE = "title"
    TEXT = "text"
    PUBLISHED = "published"
    DATING = "dating"
    URL = "url"
    AUTHOR = "author"
    HANDLE = "handle"
    LANGUAGE = "language"
    LIKES = "likes"
    REPLIES = "replies"
    REPOSTS = "reposts"
    VIEWS = "views"
    FOLLOWERS = "followers"
    RATING = "rating"
    RATING_WORST = "rating_worst"
    RATING_BEST = "rating_best"
    RATING_SCALE = "rating_scale"


_UNDATED = {Dating.FUTURE: "Its time is still to come.", Dating.ABSURD: "Its time is before the web."}
_ENGAGEMENT = (Field.LIKES, Field.REPLIES, Field.REPOSTS, Field.VIEWS)


@dataclass(frozen=True, slots=True)
class Scale:
    """What a rating is measured on; ``best`` may be the smaller number."""

    name: RatingScale
    worst: float
    best: float


# Net Promoter Score asks from 0 to 10; the other two as their inventors and most tools ask them.
USUAL_SCALES = {
    RatingScale.STARS: Scale(RatingScale.STARS, 1, 5),
    RatingScale.NPS: Scale(RatingScale.NPS, 0, 10),
    RatingScale.CSAT: Scale(RatingScale.CSAT, 1, 5),
    RatingScale.CES: Scale(RatingScale.CES, 1, 7),
}


@dataclass(frozen=True, slots=True)
class HowToRead:
    """What holds for all rows.

    Attributes:
        zone: of times that name none.
        date_format: as in ``strptime``, empty for the usual ones.
        scale: of ratings whose row names none.
        undated_age: as of how long ago a row counts that has no date, or one that cannot be. Old rows that counted as
            of now would make a wave of a backlog. None refuses such rows.
    """

    zone: ZoneInfo
    date_format: str = ""
    scale: Scale = USUAL_SCALES[RatingScale.STARS]
    undated_age: timedelta | None = timedelta(0)


def read_row(values: Mapping[Field, object], source: str, how: HowToRead, now: datetime) -> Mention:
    """The mention that a row holds.

    A row that brings no id is known again by what it says, when, by whom and where it is kept. Where an address, a
    language or a count is odd, the mention goes without; an odd date or rating refuses the row, since it would mislead.

    Args:
        source: id under which it is kept.

    Raises:
        WordlessError: it has neither text nor title.
        RowError: it cannot be read; the text says why.
    """
    title, text = one_line(_text(values, Field.TITLE)), plain_text(_text(values, Field.TEXT))
    if not title and not text:
        raise WordlessError
    author, handle = one_line(_text(values, Field.AUTHOR)), one_line(_text(values, Field.HANDLE))
    published = _published(values, how, now)
    stated = published.at.isoformat() if published.dating is Dating.STATED else ""
    url = one_line(_text(values, Field.URL), LONGEST_KEY)
    return Mention(
        key=_key(values, source) or _content_key(source, title, text, handle or author, stated),
        title=title,
        text=text,
        published=published,
        url=url if host(url) else None,
        author=author or None,
        language=_language(_text(values, Field.LANGUAGE)),
        engagement=Engagement(*(_count(values, field) for field in _ENGAGEMENT)),
        followers=_count(values, Field.FOLLOWERS),
        handle=handle or None,
        rating=_rating(values, how.scale),
    )


def has_id(values: Mapping[Field, object]) -> bool:
    """Whether a row says itself which one it is."""
    return any(_text(values, field).strip() for field in (Field.KEY, Field.ID))


def brand_called(brands: Iterable[Brand], name: object) -> str | None:
    """The id of the brand that is called so, by its id or its name without regard to case; None where none is."""
    wanted = " ".join(str(name or "").split()).casefold()
    return next((brand.id for brand in brands if wanted in {brand.id, brand.name.casefold()}), None)


def _text(values: Mapping[Field, object], field: Field) -> str:
    value = values.get(field)
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise RowError(f"What stands under {field} is not a text.")


def _key(values: Mapping[Field, object], source: str) -> str:
    key, identity = (one_line(_text(values, field), LONGEST_KEY) for field in (Field.KEY, Field.ID))
    return key or (f"{source}:{identity}" if identity else "")


def _content_key(source: str, *said: str) -> str:
    facts = "\n".join(f"{len(part)} {part}" for part in said)
    return f"{source}:{hashlib.blake2b(facts.encode(), digest_size=16).hexdigest()}"


def _published(values: Mapping[Field, object], how: HowToRead, now: datetime) -> Published:
    published = date_mention(read_date(values.get(Field.PUBLISHED), how.zone, how.date_format), now)
    if published.dating is not Dating.STATED:
        if how.undated_age is None:
            raise RowError(_UNDATED.get(published.dating, "It has no time."))
        return Published(now - how.undated_age, published.dating)
    known = _text(values, Field.DATING)
    return Published(published.at, Dating(known)) if known in set(Dating) else published


def _language(tag: str) -> str | None:
    found = re.fullmatch(r"\s*([A-Za-z]{2,3})(?:[-_].*)?", tag, re.DOTALL)
    return found[1].lower() if found else None


def _count(values: Mapping[Field, object], field: Field) -> int | None:
    digits = _text(values, field).strip().removesuffix(".0")
    return int(digits) if re.fullmatch(r"\d{1,19}", digits, re.ASCII) and int(digits) < LARGEST else None


def _rating(values: Mapping[Field, object], scale: Scale) -> Rating | None:
    written = _text(values, Field.RATING).strip()
    if not written:
        return None
    name = _text(values, Field.RATING_SCALE).strip().lower() or scale.name
    if name not in set(RatingScale):
        raise RowError(f'"{name[:20]}" is not a scale: {", ".join(RatingScale)}.')
    usual = scale if name == scale.name else USUAL_SCALES[RatingScale(name)]
    worst = _number(values, Field.RATING_WORST, usual.worst)
    best = _number(values, Field.RATING_BEST, usual.best)
    value = _number(values, Field.RATING, math.nan)
    if worst == best or not min(worst, best) <= value <= max(worst, best):
        raise RowError(f'The rating "{written[:20]}" is not between {worst:g} and {best:g}.')
    return Rating(value, worst, best, RatingScale(name))


def _number(values: Mapping[Field, object], field: Field, otherwise: float) -> float:
    """The number at the beginning: surveys write ``9 - very likely``, and some write ``4,5``."""
    written = _text(values, field).strip()
    if not written:
        return otherwise
    found = re.match(r"[+-]?\d{1,15}(?:[.,]\d{1,15})?(?:e-?\d{1,2})?(?![\w.,])", written, re.ASCII)
    if not found:
        raise RowError(f'The {field.replace("_", " ")} "{written[:20]}" does not begin with a number.')
    return float(found[0].replace(",", "."))
