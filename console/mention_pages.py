"""The mentions: a list to read fast, with its filters in the address; one mention whole; files of what is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy import Connection

from access.roles import Permission
from console.access import allowed, needing
from console.auditing import note_export
from console.context import Console, console_of
from console.mention_filters import RANGES, RATED, REACHES, Asked, Chip, Filters, chips, typed, wanted_by
from console.mention_items import items, with_kept
from console.mention_views import view_links
from console.rendering import page
from database import reading
from database.corrections import WrongMatches, wrong_matches
from database.reading_mentions import (
    Place,
    Wanted,
    count_mentions,
    find_mention,
    heard_from,
    languages_present,
    list_mentions,
    names_present,
)
from sentiment.score import Label
from services.correcting_many import MOST
from services.files.exporting import Format, export
from topics.tag import CATEGORY, CRITICAL

router = APIRouter(route_class=needing(Permission.READ))
AT_ONCE = 50
COUNTED = 1_000
_MEDIA = {Format.CSV: "text/csv; charset=utf-8", Format.JSONL: "application/jsonl; charset=utf-8"}
# So many posts that were none, found by the same words, are no accident.
ADVISED_FROM = 3
ADVISED_OVER = timedelta(days=30)
# Ids have 64 bits.
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


# The kinds of tags that the page offers, by what they are called there.
_CHOSEN_BY = {"Kind of trouble": CATEGORY, "Critical words": CRITICAL}


@dataclass(frozen=True, slots=True)
class Loosened:
    """A filter that could be taken away, and how many mentions would be left then."""

    chip: Chip
    left: int


@router.get("/mentions.csv")
@allowed(Permission.EXPORT)
def mentions_csv(request: Request, asked: Asked) -> Response:
    """All that the filters leave, as a file for spreadsheets."""
    return _file(request, asked.filters, Format.CSV)


@router.get("/mentions.jsonl")
@allowed(Permission.EXPORT)
def mentions_jsonl(request: Request, asked: Asked) -> Response:
    """All that the filters leave, as a file for programs: https://jsonlines.org."""
    return _file(request, asked.filters, Format.JSONL)


def _file(request: Request, filters: Filters, form: Format) -> Response:
    console = console_of(request)
    parts = export(console.installation, wanted_of(filters, console), form)
    note_export(request, f"mentions.{form}", filters=filters.query)
    headers = {"Content-Disposition": f'attachment; filename="mentions.{form}"', "Cache-Control": "no-store"}
    return StreamingResponse(parts, media_type=_MEDIA[form], headers=headers)


@router.get("/mentions")
def mentions(request: Request, asked: Asked, after: str = "", kept: str = "") -> Response:
    """One page of the list, newest first, and the mentions that were just corrected."""
    console, filters = console_of(request), asked.filters
    wanted = wanted_of(filters, console)
    with console.installation.database.reading() as connection:
        found = list_mentions(connection, wanted, Place.read(after), AT_ONCE + 1)
        shown = with_kept(connection, found[:AT_ONCE], kept, console.brands)
        listed: dict[str, Any] = {
            "pulse": reading.pulse(connection),
            "total": count_mentions(connection, wanted, COUNTED + 1),
            "items": items(connection, console.installation, shown),
            "advice": () if after else _advice(connection, filters.brand, console),
            "loosened": () if found or after else _loosened(connection, filters, console),
            "views": view_links(request, connection, filters),
            **_offered(connection, console, wanted),
        }
    return page(
        request,
        "mentions.html",
        200,
        filters=filters,
        notes=asked.notes,
        chips=chips(filters, console.installation.settings),
        between=(typed(filters.start, console.zone), typed(filters.end, console.zone)),
        counted=COUNTED,
        most=MOST,
        older=str(found[AT_ONCE - 1].place) if len(found) > AT_ONCE else None,
        further=bool(after),
        **listed,
    )


@router.get("/mentions/{mention_id}/{brand}")
def mention(request: Request, mention_id: Number, brand: str, kept: str = "") -> Response:
    """One mention with all its words."""
    del kept
    console = console_of(request)
    with console.installation.database.reading() as connection:
        found = find_mention(connection, (mention_id, brand)) if brand in console.brands else None
        if found is None:
            raise HTTPException(404)
        values = {
            "pulse": reading.pulse(connection),
            "items": items(connection, console.installation, [found]),
        }
    return page(request, "mention.html", 200, no_filters=Filters(), **values)


def wanted_of(filters: Filters, console: Console) -> Wanted:
    """What the filters ask of an installation now."""
    return wanted_by(filters, console.brands, console.now(), console.zone)


def _offered(connection: Connection, console: Console, wanted: Wanted) -> Mapping[str, Any]:
    """What the filters offer to choose from."""
    settings = console.installation.settings
    names = {title: (kind, names_present(connection, wanted.brands, kind)) for title, kind in _CHOSEN_BY.items()}
    return {
        "brands": settings.brands,
        "sources": sorted({*heard_from(connection), *(one.id for one in settings.sources)}),
        "labels": tuple(Label),
        "ranges": RANGES,
        "tags": {title: found for title, found in names.items() if found[1]},
        "languages": sorted({*languages_present(connection, wanted.brands), *filter(None, [wanted.language])}),
        "reaches": sorted({*REACHES, *filter(None, [wanted.reach])}),
        "rated": RATED,
    }


def _loosened(connection: Connection, filters: Filters, console: Console) -> tuple[Loosened, ...]:
    """What each filter hides where nothing is left, those that hide most first."""
    names = [name for name, _ in filters.set]
    every = zip(names, chips(filters, console.installation.settings), strict=True)
    counts = [
        Loosened(chip, count_mentions(connection, wanted_of(filters.without(name), console), COUNTED + 1))
        for name, chip in every
    ]
    return tuple(sorted((one for one in counts if one.left), key=lambda one: -one.left))


def _advice(connection: Connection, brand: str, console: Console) -> tuple[WrongMatches, ...]:
    """What of a brand's query finds posts that people took out again."""
    found = wrong_matches(connection, brand, console.now() - ADVISED_OVER) if brand else ()
    return tuple(one for one in found if one.wrong >= ADVISED_FROM)
