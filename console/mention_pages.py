"""The mentions: a list to read fast, with its filters in the address."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy import Connection

from access.roles import Permission
from console.access import allowed, needing
from console.auditing import note_export
from console.context import console_of
from console.mention_items import items, with_kept
from console.rendering import page
from database import reading
from database.corrections import WrongMatches, wrong_matches
from database.reading_mentions import Place, Wanted, count_mentions, heard_from, list_mentions, names_present
from sentiment.score import Label
from services.files.exporting import Format, export
from topics.tag import CATEGORY, CRITICAL

router = APIRouter(route_class=needing(Permission.READ))
AT_ONCE = 50
COUNTED = 1_000
# So many posts that were none, found by the same words, are no accident.
ADVISED_FROM = 3
ADVISED_OVER = timedelta(days=30)
RANGES = {
    "1h": ("last hour", timedelta(hours=1)),
    "24h": ("last 24 hours", timedelta(days=1)),
    "7d": ("last 7 days", timedelta(days=7)),
}


# The kinds of tags that the page offers, by what they are called there.
_CHOSEN_BY = {"Kind of trouble": CATEGORY, "Critical words": CRITICAL}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address says; unknown values count as none.

    Attributes:
        range: a key of ``RANGES``; a ``start`` counts in its place.
        start, end: local times as browsers send them, ``2026-05-12T14:30``.
        tag: kind and name, ``category:outage``.
    """

    brand: str = ""
    source: str = ""
    tone: str = ""
    range: str = ""
    start: str = ""
    end: str = ""
    text: str = ""
    tag: str = ""

    @property
    def query(self) -> str:
        """The filters as they stand in an address."""
        return urlencode({_IN_ADDRESS[name]: value for name, value in self._values() if value})

    def tagged(self, tag: str) -> Filters:
        """The same filters, of another tag."""
        return replace(self, tag=tag)

    def _values(self) -> list[tuple[str, str]]:
        return [(field.name, getattr(self, field.name)) for field in fields(self)]


_IN_ADDRESS = {**{field.name: field.name for field in fields(Filters)}, "start": "from", "end": "to", "text": "q"}


def chosen(request: Request) -> Filters:
    """The filters of an address; PostgreSQL knows no NUL in a text."""
    given = {name: request.query_params.get(said, "").replace("\0", "") for name, said in _IN_ADDRESS.items()}
    tone = given["tone"] if given["tone"] in set(Label) else ""
    return Filters(**{**given, "tone": tone, "text": given["text"].strip()})


Chosen = Annotated[Filters, Depends(chosen)]


@router.get("/mentions.csv")
@allowed(Permission.EXPORT)
def mentions_csv(request: Request, filters: Chosen) -> Response:
    """All that the filters leave, as a file for spreadsheets."""
    console = console_of(request)
    brands = tuple(one.id for one in console.installation.settings.brands)
    parts = export(console.installation, wanted_by(filters, brands, console.now(), console.zone), Format.CSV)
    note_export(request, "mentions.csv", filters=filters.query)
    headers = {"Content-Disposition": 'attachment; filename="mentions.csv"', "Cache-Control": "no-store"}
    return StreamingResponse(parts, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/mentions")
def mentions(request: Request, filters: Chosen, after: str = "", kept: str = "") -> Response:
    """One page of the list, newest first, and the mention that was just corrected."""
    console = console_of(request)
    inst, settings = console.installation, console.installation.settings
    wanted = wanted_by(filters, tuple(one.id for one in settings.brands), console.now(), console.zone)
    with inst.database.reading() as connection:
        found = list_mentions(connection, wanted, Place.read(after), AT_ONCE + 1)
        listed: dict[str, Any] = {
            "pulse": reading.pulse(connection),
            "total": count_mentions(connection, wanted, COUNTED + 1),
            "items": items(connection, inst, with_kept(connection, found[:AT_ONCE], kept, wanted.brands)),
            "sources": sorted({*heard_from(connection), *(one.id for one in settings.sources)}),
            "tags": {
                title: (kind, names)
                for title, kind in _CHOSEN_BY.items()
                if (names := names_present(connection, wanted.brands, kind))
            },
            "advice": () if after else _advice(connection, filters.brand, console.now()),
        }
    return page(
        request,
        "mentions.html",
        filters=filters,
        brands=settings.brands,
        labels=tuple(Label),
        ranges=RANGES,
        counted=COUNTED,
        older=str(found[AT_ONCE - 1].place) if len(found) > AT_ONCE else None,
        further=bool(after),
        **listed,
    )


def _advice(connection: Connection, brand: str, now: datetime) -> tuple[WrongMatches, ...]:
    """What of a brand's query finds posts that people took out again."""
    found = wrong_matches(connection, brand, now - ADVISED_OVER) if brand else ()
    return tuple(one for one in found if one.wrong >= ADVISED_FROM)


def wanted_by(filters: Filters, brands: tuple[str, ...], now: datetime, zone: ZoneInfo) -> Wanted:
    """What the filters ask for; a brand that is not in the settings has no mentions to show."""
    chosen = tuple(brand for brand in brands if filters.brand in {"", brand})
    since, until = _moment(filters.start, zone), _moment(filters.end, zone)
    if filters.range in RANGES and since is None:
        since = now - RANGES[filters.range][1]
    return Wanted(chosen, filters.source, filters.tone, since, until, filters.text, filters.tag)


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):  # the latter near the years 1 and 9999
        return None
