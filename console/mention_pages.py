"""The mentions: a list to read fast, with its filters in the address."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from console.context import console_of
from console.rendering import page
from database import reading
from database.reading_mentions import Place, Wanted, count_mentions, heard_from, list_mentions, told_alike
from sentiment.score import Label
from services.files.exporting import Format, export

router = APIRouter()
AT_ONCE = 50
COUNTED = 1_000
RANGES = {
    "1h": ("last hour", timedelta(hours=1)),
    "24h": ("last 24 hours", timedelta(days=1)),
    "7d": ("last 7 days", timedelta(days=7)),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address says; unknown values count as none.

    Attributes:
        range: a key of ``RANGES``; a ``start`` counts in its place.
        start, end: local times as browsers send them, ``2026-05-12T14:30``.
    """

    brand: str = ""
    source: str = ""
    tone: str = ""
    range: str = ""
    start: str = ""
    end: str = ""
    text: str = ""

    @property
    def query(self) -> str:
        """The filters as they stand in an address."""
        return urlencode({_IN_ADDRESS[name]: value for name, value in self._values() if value})

    def _values(self) -> list[tuple[str, str]]:
        return [(field.name, getattr(self, field.name)) for field in fields(self)]


_IN_ADDRESS = {**{field.name: field.name for field in fields(Filters)}, "start": "from", "end": "to", "text": "q"}


def chosen(  # each is a filter in the address
    brand: str = "",
    source: str = "",
    tone: str = "",
    range: str = "",  # noqa: A002  # its name in the address
    start: Annotated[str, Query(alias="from")] = "",
    end: Annotated[str, Query(alias="to")] = "",
    q: str = "",
) -> Filters:
    """The filters of an address; PostgreSQL knows no NUL in a text."""
    source, text = source.replace("\0", ""), q.replace("\0", "").strip()
    return Filters(brand, source, tone if tone in set(Label) else "", range, start, end, text)


Chosen = Annotated[Filters, Depends(chosen)]


@router.get("/mentions.csv")
def mentions_csv(request: Request, filters: Chosen) -> Response:
    """All that the filters leave, as a file for spreadsheets."""
    console = console_of(request)
    brands = tuple(one.id for one in console.installation.settings.brands)
    parts = export(console.installation, wanted_by(filters, brands, console.now(), console.zone), Format.CSV)
    headers = {"Content-Disposition": 'attachment; filename="mentions.csv"', "Cache-Control": "no-store"}
    return StreamingResponse(parts, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/mentions")
def mentions(request: Request, filters: Chosen, after: str = "") -> Response:
    """One page of the list, newest first."""
    console = console_of(request)
    settings = console.installation.settings
    wanted = wanted_by(filters, tuple(one.id for one in settings.brands), console.now(), console.zone)
    with console.installation.database.reading() as connection:
        pulse = reading.pulse(connection)
        found = list_mentions(connection, wanted, Place.read(after), AT_ONCE + 1)
        total = count_mentions(connection, wanted, COUNTED + 1)
        alike = told_alike(connection, found)
        sources = sorted({*heard_from(connection), *(one.id for one in settings.sources)})
    shown = found[:AT_ONCE]
    return page(
        request,
        "mentions.html",
        pulse=pulse,
        filters=filters,
        brands=settings.brands,
        sources=sources,
        labels=tuple(Label),
        ranges=RANGES,
        mentions=shown,
        total=total,
        alike=alike,
        counted=COUNTED,
        older=str(shown[-1].place) if len(found) > AT_ONCE else None,
        further=bool(after),
    )


def wanted_by(filters: Filters, brands: tuple[str, ...], now: datetime, zone: ZoneInfo) -> Wanted:
    """What the filters ask for; a brand that is not in the settings has no mentions to show."""
    chosen = tuple(brand for brand in brands if filters.brand in {"", brand})
    since, until = _moment(filters.start, zone), _moment(filters.end, zone)
    if filters.range in RANGES and since is None:
        since = now - RANGES[filters.range][1]
    return Wanted(chosen, filters.source, filters.tone, since, until, filters.text)


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):  # the latter near the years 1 and 9999
        return None
