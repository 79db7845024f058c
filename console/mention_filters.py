"""The filters of the mentions as they stand in an address, and as people read them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import Depends, Request

from console.context import console_of
from console.languages import language_name
from console.reader_zone import readers_zone
from console.wording import followers
from database.reading_mentions import RATINGS, UNKNOWN, Wanted
from sentiment.score import Label
from services.tag_names import category_names, tag_name
from settings.model import Settings

RANGES = {
    "1h": ("last hour", timedelta(hours=1)),
    "24h": ("last 24 hours", timedelta(days=1)),
    "7d": ("last 7 days", timedelta(days=7)),
    "30d": ("last 30 days", timedelta(days=30)),
}
# At least so many followers; an address may have any number.
REACHES = (100, 1_000, 10_000, 100_000)
RATED = {
    "any": "with a rating",
    "low": "low, like 1 or 2 of 5 stars",
    "middle": "middle, like 3 of 5 stars",
    "high": "high, like 4 or 5 of 5 stars",
}
LONGEST = 200
# A number of a row has 64 bits.
_MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Filters:
    """What an address asks for; an empty field asks for all.

    Attributes:
        tone: a :class:`sentiment.score.Label`.
        range: a key of ``RANGES``, which moves on with the time; a ``start`` counts in its place.
        start, end: moments in ISO 8601, with their offset; without one they are the readers' local time.
        tag: kind and name, ``category:outage``.
        language: a primary subtag, or ``unknown``.
        reach: the fewest followers, in digits; ``story`` is a number, too.
        rating: a key of :data:`database.reading_mentions.RATINGS`.
        corrected: ``yes`` for those that somebody corrected.
    """

    brand: str = ""
    source: str = ""
    tone: str = ""
    range: str = ""
    start: str = ""
    end: str = ""
    text: str = ""
    tag: str = ""
    language: str = ""
    reach: str = ""
    rating: str = ""
    author: str = ""
    story: str = ""
    corrected: str = ""

    @property
    def query(self) -> str:
        """The filters as they stand in an address."""
        return urlencode({_IN_ADDRESS[name]: value for name, value in self.set})

    @property
    def set(self) -> tuple[tuple[str, str], ...]:
        """Names and values of the filters that leave something out."""
        every = ((field.name, getattr(self, field.name)) for field in fields(self))
        return tuple((name, value) for name, value in every if value)

    def tagged(self, tag: str) -> Filters:
        """The same filters, of another tag."""
        return replace(self, tag=tag)

    def by(self, author: str, source: str) -> Filters:
        """The same filters, of one voice."""
        return replace(self, author=author, source=source)

    def telling(self, story: int) -> Filters:
        """The same brand, and all that tell one story."""
        return Filters(brand=self.brand, story=str(story))

    def without(self, name: str) -> Filters:
        """The same filters but one."""
        return replace(self, **{name: ""})


_IN_ADDRESS = {**{field.name: field.name for field in fields(Filters)}, "start": "from", "end": "to", "text": "q"}


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is set, in words, and the address without it."""

    words: str
    without: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """What an address asks for, and what of it could not be understood or counts for nothing, in sentences."""

    filters: Filters
    notes: tuple[str, ...] = ()


def chosen(request: Request) -> Chosen:
    """The filters of the address of a request."""
    return read(request.query_params, console_of(request).zone)


def read(given: Mapping[str, str], zone: ZoneInfo) -> Chosen:
    """The filters of the parameters of an address; what makes no sense is left out, and told."""
    # PostgreSQL knows no NUL in a text.
    said = {name: given.get(key, "").replace("\0", "").strip()[:LONGEST] for name, key in _IN_ADDRESS.items()}
    understood = {name: _understood(name, value, zone) for name, value in said.items()}
    odd = tuple(_odd(name, said[name]) for name in said if said[name] and not understood[name])
    if understood["start"] and understood["range"]:
        odd += ("“From” counts in place of the time range.",)
        understood["range"] = ""
    if understood["start"] and understood["end"] and _at(understood["end"], zone) <= _at(understood["start"], zone):
        odd += ("“To” is not after “From”, so nothing can match.",)
    return Chosen(Filters(**understood), odd)


Asked = Annotated[Chosen, Depends(chosen)]

_CHOICES: Mapping[str, Sequence[str]] = {
    "tone": tuple(Label),
    "range": tuple(RANGES),
    "rating": tuple(RATINGS),
    "corrected": ("yes",),
}
_CALLED = {"start": "From", "end": "To", "reach": "Reach"}


def _understood(name: str, value: str, zone: ZoneInfo) -> str:
    if name in _CHOICES:
        return value if value in _CHOICES[name] else ""
    if name in {"reach", "story"}:
        number = value.isascii() and value.isdecimal() and len(value) <= _MOST_DIGITS
        return str(int(value) or "") if number else ""
    if name in {"start", "end"}:
        at = _moment(value, zone)
        return at.astimezone(zone).isoformat(timespec="minutes") if at else ""
    return value


def _odd(name: str, value: str) -> str:
    return f"{_CALLED.get(name, name.capitalize())} cannot be “{value}”; it is left out."


def wanted_by(filters: Filters, brands: tuple[str, ...], now: datetime, zone: ZoneInfo) -> Wanted:
    """What the filters ask for; a brand that is not in the settings has no mentions to show."""
    since, until = _moment(filters.start, zone), _moment(filters.end, zone)
    if filters.range in RANGES and since is None:
        since = now - RANGES[filters.range][1]
    return Wanted(
        tuple(brand for brand in brands if filters.brand in {"", brand}),
        filters.source,
        filters.tone,
        since,
        until,
        filters.text,
        filters.tag,
        filters.language,
        int(filters.reach or 0),
        filters.rating,
        filters.author,
        int(filters.story or 0),
        bool(filters.corrected),
    )


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    # A plus that was not escaped arrives as a space.
    text = re.sub(r" (\d\d:\d\d)$", r"+\1", text)
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC).astimezone(zone).astimezone(UTC)
    except (ValueError, OverflowError):  # the latter near the years 1 and 9999
        return None


def _at(text: str, zone: ZoneInfo) -> datetime:
    return _moment(text, zone) or datetime.min.replace(tzinfo=UTC)


def typed(text: str, zone: ZoneInfo) -> str:
    """A moment as browsers want it in a field, ``2026-05-12T14:30``."""
    at = _moment(text, zone)
    return f"{at.astimezone(zone):%Y-%m-%dT%H:%M}" if at else ""


def chips(filters: Filters, settings: Settings) -> tuple[Chip, ...]:
    """The filters that are set, in words."""
    return tuple(Chip(words, filters.without(name).query) for name, words in _in_words(filters, settings))


def summary(filters: Filters, settings: Settings) -> str:
    """The filters in one line."""
    return ", ".join(words for _, words in _in_words(filters, settings)) or "everything"


def _in_words(filters: Filters, settings: Settings) -> Iterator[tuple[str, str]]:
    for name, value in filters.set:
        yield name, _words(name, value, settings)


def _words(name: str, value: str, settings: Settings) -> str:
    brands = {brand.id: brand.name for brand in settings.brands}
    kind, _, tag = value.partition(":")
    words: Mapping[str, Callable[[], str]] = {
        "brand": lambda: brands.get(value, f"brand “{value}”, which is not in the settings"),
        "source": lambda: f"from {value}",
        "tone": lambda: "not scored" if value == Label.UNSCORED else value,
        "range": lambda: RANGES[value][0],
        "start": lambda: f"from {_told(value, readers_zone(settings.time_zone))}",
        "end": lambda: f"to {_told(value, readers_zone(settings.time_zone))}",
        "text": lambda: f"“{value}”",
        "tag": lambda: f"about {tag_name(category_names(settings), kind, tag)}",
        "language": lambda: "language not known" if value == UNKNOWN else language_name(value),
        "reach": lambda: f"at least {followers(int(value))}",
        "rating": lambda: "with a rating" if value == "any" else f"rated {RATED[value]}",
        "author": lambda: f"by {value}",
        "story": lambda: "tells the same story",
        "corrected": lambda: "corrected",
    }
    return words[name]()


def _told(text: str, zone: ZoneInfo) -> str:
    at = _at(text, zone).astimezone(zone)
    return f"{at.day} {at:%b %Y, %H:%M %Z}"
