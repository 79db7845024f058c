"""A brand at a glance: are people angry, about what, and is it many people or one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection
from starlette.exceptions import HTTPException

from access.roles import Permission
from console.access import needing
from console.brand_words import (
    against_before,
    day,
    headline,
    in_points,
    in_weeks,
    not_compared,
    subject,
    tells_enough,
    unscored,
)
from console.context import Console, console_of
from console.listening import Awake, awake
from console.meanings import meanings
from console.mention_filters import RANGES, Filters
from console.mention_items import Item, items
from console.recent import Window
from console.rendering import page
from console.signal_pages import newest_decisions
from database import reading
from database.buckets import listening_since
from database.corrections import corrected
from database.reading import OpenIncident
from database.reading_mentions import find_mention
from database.reading_signals import Decision
from database.stories import Story
from reports.wave import tally
from services.installation import Installation
from services.marked import brand_picture
from services.source_reports import source_reports
from services.summing_up import Sum, sum_on
from services.tag_names import category_names, tag_name
from services.topics import Topics
from services.voices import VoicesReport, voices_on
from settings.model import Brand, Source
from topics.drivers import Driver
from topics.leading import TagCount, plainly
from topics.overview import Overview
from topics.tag import CATEGORY
from topics.terms import Kind

router = APIRouter(route_class=needing(Permission.READ))
WINDOWS = {
    "6h": timedelta(hours=6),
    "24h": timedelta(days=1),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
}
USUALLY = "24h"
_DAY = timedelta(days=1)
MOST_TERMS, MOST_OTHERS, MOST_VOICES, MOST_DECISIONS = 8, 4, 3, 3
MOST_SOURCES, MOST_LANGUAGES = 8, 6
# Of a month with many alarms nobody reads all; the list of decisions has them.
MOST_MARKED = 40
_OTHERS = {Kind.TAG: "Tags", Kind.LINK: "Links", Kind.SITE: "Sites", Kind.SOURCE: "Sources"}


@dataclass(frozen=True, slots=True)
class Category:
    """A crisis category in a window.

    Attributes:
        name: for people.
        tag: as it stands in the address of a list of mentions.
        words: what led to it most often.
    """

    name: str
    tag: str
    count: TagCount
    words: Sequence[str]


@dataclass(frozen=True, slots=True)
class BrandDesk:
    """All that is on the page of one brand.

    Attributes:
        retold: stories that several voices told.
        headline: the answer in one sentence.
        subject: what most speak of, a sentence; empty where no term stands out.
        speaking: posts that stand for many, each with why it was chosen.
        disputed: mentions whose tone and rating disagree.
        filters: those of the list of mentions that show the same window.
        deaf: sources of the brand that are not heard.
        decisions: the newest ones about what stood out.
        has_past: whether anything before the window is known; where nothing is, everybody is new.
    """

    brand: Brand
    voices: VoicesReport
    topics: Overview
    retold: Sequence[Story]
    headline: str
    subject: str
    categories: Sequence[Category]
    speaking: Sequence[tuple[Item, str]]
    disputed: Sequence[Item]
    filters: Filters
    incidents: Sequence[OpenIncident]
    deaf: Sequence[Source]
    has_past: bool
    decisions: Sequence[Decision]

    @property
    def terms(self) -> Sequence[Driver]:
        """The words and phrases that stand out most, the most frequent first."""
        return sorted(self.topics.drivers.of(Kind.WORDS)[:MOST_TERMS], key=lambda one: -one.count)

    @property
    def others(self) -> Iterable[tuple[str, Kind, Sequence[Driver]]]:
        """What else stands out, by what it is; kinds without any are left out."""
        found = ((name, kind, self.topics.drivers.of(kind)[:MOST_OTHERS]) for kind, name in _OTHERS.items())
        return [one for one in found if one[2]]


@router.get("/brands/{brand_id}")
def brand(request: Request, brand_id: str, range: str = USUALLY) -> Response:  # noqa: A002  # its name in the address
    """The page that answers in ten seconds, and below it what the answer stands on."""
    console = console_of(request)
    found = next((one for one in console.installation.settings.brands if one.id == brand_id), None)
    if found is None or range not in WINDOWS:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    until = console.now()
    since = until - WINDOWS[range]
    with console.installation.database.reading() as connection:
        stamp = corrected(connection)
    window = Window(brand_id, until - since)
    topics = console.remembered.topics.of(window, until)
    standing = console.remembered.standing.of(window, until, stamp)
    # What a day amounts to is always that of the present.
    summed = console.remembered.sums.of(window, until, stamp) if window.length > _DAY else None
    busiest = console.remembered.busiest.of(brand_id, until)
    with console.installation.database.reading() as connection:
        pulse = reading.pulse(connection)
        if summed is None:
            voices = voices_on(connection, console.installation, brand_id, since, until, busiest)
            summed = sum_on(connection, console.installation, voices)
        desk = _desk(connection, console, found, topics, summed, range)
        picture = brand_picture(connection, console.installation, brand_id, since, until)
        rounds = _awake(connection, console)
    return page(
        request,
        "brand.html",
        pulse=pulse,
        desk=desk,
        picture=picture,
        marked=picture.marks[: -MOST_MARKED - 1 : -1],
        marked_in_all=tally(picture.marks),
        standing=standing,
        earlier=against_before(standing.now, standing.before, WINDOWS[range]),
        young=not_compared(standing.shares, WINDOWS[range]),
        points=in_points,
        awake=rounds,
        range=range,
        windows=tuple(WINDOWS),
        most_voices=MOST_VOICES,
        most_sources=MOST_SOURCES,
        most_languages=MOST_LANGUAGES,
        meanings=meanings(desk.voices.silent),
        weeks=in_weeks,
        day=lambda at: day(at, console.zone),
        unscored=unscored,
    )


def _desk(connection: Connection, console: Console, brand: Brand, topics: Topics, summed: Sum, key: str) -> BrandDesk:
    inst, since, voices = console.installation, topics.since, summed.voices
    names = category_names(inst.settings)
    opened = [one for one in reading.open_incidents(connection) if one.incident.brand == brand.id]
    reasons = {one.said.id: one.reason for one in topics.overview.representatives}
    speaking = _items(connection, inst, brand, reasons)
    return BrandDesk(
        brand=brand,
        voices=voices,
        topics=topics.overview,
        retold=[one for one in topics.retold if tells_enough(one)],
        headline=headline(voices.answer, incidents=bool(opened)),
        subject=subject(topics.overview.drivers, summed.leading, voices, names),
        categories=_categories(names, summed.categories),
        speaking=[(one, reasons[one.mention.id]) for one in speaking],
        disputed=_items(connection, inst, brand, [one.mention_id for one in voices.disagreements]),
        filters=_filters(brand, key, since, console.zone),
        incidents=opened,
        deaf=_deaf(connection, inst, brand),
        has_past=_has_past(connection, brand, since),
        decisions=newest_decisions(connection, brand.id, MOST_DECISIONS),
    )


def _categories(names: Mapping[str, str], counts: Iterable[TagCount]) -> Sequence[Category]:
    """Crisis categories, the most frequent first."""
    return [
        Category(tag_name(names, CATEGORY, one.name), f"{CATEGORY}:{one.name}", one, tuple(map(plainly, one.evidence)))
        for one in counts
    ]


def _items(connection: Connection, inst: Installation, brand: Brand, ids: Iterable[int]) -> Sequence[Item]:
    found = (find_mention(connection, (number, brand.id)) for number in ids)
    return items(connection, inst, [one for one in found if one])


def _filters(brand: Brand, key: str, since: datetime, zone: ZoneInfo) -> Filters:
    if key in RANGES:
        return Filters(brand.id, range=key)
    return Filters(brand.id, start=f"{since.astimezone(zone):%Y-%m-%dT%H:%M}")


def _deaf(connection: Connection, inst: Installation, brand: Brand) -> Sequence[Source]:
    reports = (one for one in source_reports(connection, inst) if one.health.deaf)
    return [one.source for one in reports if not one.source.about or brand.id in one.source.about]


def _has_past(connection: Connection, brand: Brand, since: datetime) -> bool:
    first = listening_since(connection, brand.id)
    return first is not None and first < since


def _awake(connection: Connection, console: Console) -> Awake:
    return awake(reading.last_tick(connection), console.now(), console.installation.settings.tick)
