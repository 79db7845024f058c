"""The brands, and what is said of each: figures of a window, and what drives it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Query, Request

from access.roles import Permission
from console.api import figure_shapes as shapes
from console.api.failures import MissingError, WrongError
from console.api.paging import Page
from console.api.routing import Inst, resource
from console.api.shapes import Answer, Moment
from console.context import console_of
from console.recent import Window
from database import reading
from database.reading_standing import tones_by_source
from database.reading_voices import Span
from services.installation import Installation
from services.picturing import chart_on
from services.voices import shares_on, voices_on
from settings.model import Brand

router = resource(Permission.READ, "brands")
_USUAL, LONGEST = timedelta(days=1), timedelta(days=31)
_SHORTEST = timedelta(minutes=5)

Since = Annotated[Moment | None, Query(description="From this moment on; 24 hours before the end where left out.")]
Until = Annotated[Moment | None, Query(description="Not after this moment; now where left out.")]


class BrandAnswer(Answer):
    """A brand that is listened for; about a competitor no alarms are raised."""

    id: str
    name: str
    competitor: bool
    mentions_24h: int
    negative_24h: int
    open_incidents: list[int]


@router.get("/brands", response_model=Page[BrandAnswer])
def brands(inst: Inst) -> object:
    """All brands of the settings, with their last 24 hours."""
    return {"items": _listed(inst, inst.settings.brands), "next": None}


@router.get("/brands/{brand}", response_model=BrandAnswer)
def brand_as_it_is(inst: Inst, brand: str) -> object:
    """One brand."""
    return _listed(inst, (known(inst, brand),))[0]


@router.get("/brands/{brand}/figures", response_model=shapes.FiguresAnswer)
def figures(inst: Inst, brand: str, since: Since = None, until: Until = None) -> object:
    """How many speak, how they feel, who they are and whether that is usual, in a window of at most 31 days."""
    known(inst, brand)
    first, last = window(inst, since, until)
    with inst.database.reading() as connection:
        report = voices_on(connection, inst, brand, first, last)
        shared = shares_on(connection, inst, first, last)
        chart = chart_on(connection, inst, brand, first, last)
        sources = tones_by_source(connection, Span(brand, first, last))
    return shapes.figures(report, shared, chart, sources)


@router.get("/brands/{brand}/drivers", response_model=shapes.DriversAnswer)
def drivers(request: Request, inst: Inst, brand: str, since: Since = None, until: Until = None) -> object:
    """What is said more than in the fortnight before the window, and posts that stand for many.

    Their words are those of strangers. An answer about a window that ends now may be a minute old, about
    weeks some minutes.
    """
    known(inst, brand)
    first, last = window(inst, since, until)
    return shapes.drivers(console_of(request).remembered.topics.of(Window(brand, last - first), last))


def known(inst: Installation, brand: str) -> Brand:
    """A brand of the settings.

    Raises:
        MissingError: there is none with this id.
    """
    found = next((one for one in inst.settings.brands if one.id == brand), None)
    if found is None:
        raise MissingError("There is no such brand in the settings. /api/v1/brands lists them.")
    return found


def window(inst: Installation, since: datetime | None, until: datetime | None) -> tuple[datetime, datetime]:
    """The window that is asked for.

    Raises:
        WrongError: it is none.
    """
    last = min(until or inst.clock(), inst.clock())
    first = since if since is not None else _before(last)
    if not _SHORTEST <= last - first <= LONGEST:
        raise WrongError("The window ends 5 minutes to 31 days after it begins, and not after now.", "#/since", "query")
    return first, last


def _before(last: datetime) -> datetime:
    try:
        return last - _USUAL
    except OverflowError:
        return last


def _listed(inst: Installation, wanted: tuple[Brand, ...]) -> list[dict[str, object]]:
    with inst.database.reading() as connection:
        days = reading.brand_days(connection, inst.clock())
        opened = [one.incident for one in reading.open_incidents(connection)]
    quiet = reading.BrandDay()
    return [
        {
            "id": one.id,
            "name": one.name,
            "competitor": one.competitor,
            "mentions_24h": days.get(one.id, quiet).mentions,
            "negative_24h": days.get(one.id, quiet).negative,
            "open_incidents": [incident.id for incident in opened if incident.brand == one.id],
        }
        for one in wanted
    ]
