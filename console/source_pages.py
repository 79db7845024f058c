"""The sources: which are heard, which are not and what to do, the worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from access.roles import Permission
from console import flash
from console.access import allowed, needing
from console.context import console_of
from console.flash import Flash
from console.identity import Acting
from console.listening import awake
from console.mention_filters import Filters
from console.mention_items import items
from console.rendering import page
from database import reading, source_health
from database.reading_mentions import Wanted, list_mentions
from detection.source_state import SourceState
from errors import GroundswellError
from services.previewing import BusyError, Preview
from services.rounds import host_of
from services.source_reports import SourceReport, source_reports
from services.watching_sources import wake_source
from settings.model import Source

router = APIRouter(route_class=needing(Permission.READ))
NEWEST = 10


@router.get("/sources")
def sources(request: Request) -> Response:
    """All sources with what became of them, and what they used today."""
    console = console_of(request)
    inst, now = console.installation, console.now()
    with inst.database.reading() as connection:
        pulse = reading.pulse(connection)
        reports = source_reports(connection, inst)
        days = source_health.posts_by_day(connection, now)
        finished_at = reading.last_tick(connection)
    return page(
        request,
        "sources.html",
        pulse=pulse,
        reports=reports,
        summary=in_short(reports),
        deaf=sum(report.health.deaf for report in reports),
        days={report.source.id: days.get(report.source.id, (0,) * source_health.DAYS) for report in reports},
        awake=awake(finished_at, now, inst.settings.tick),
    )


@router.post("/sources/{source_id}/wake")
@allowed(Permission.ADMINISTER)
def wake(request: Request, source_id: str) -> Response:
    """Have a source asked again that is not asked any more."""
    inst = console_of(request).installation
    if source_id not in {source.id for source in inst.settings.sources}:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    wake_source(inst, source_id)
    answer = RedirectResponse("/sources", HTTPStatus.SEE_OTHER)
    flash.put(answer, Flash(f"{source_id} is asked in the next round."))
    return answer


@router.get("/sources/{source_id}")
def source(request: Request, source_id: str) -> Response:
    """One source: how it fares, what it costs, and what was kept of it last."""
    return _page(request, _known(request, source_id), None, None)


@router.get("/sources/{source_id}/test")
def tested(request: Request, source_id: str) -> Response:
    """What was shown by a test is shown once; its address leads back to the source."""
    return RedirectResponse(f"/sources/{_known(request, source_id).id}", HTTPStatus.SEE_OTHER)


@router.post("/sources/{source_id}/test")
@allowed(Permission.ADMINISTER)
def test(request: Request, source_id: str, actor: Acting) -> Response:
    """Ask a source once, now, and show what it says; nothing of it is stored."""
    known = _known(request, source_id)
    try:
        look = console_of(request).previews.of_source(actor.id, known)
    except GroundswellError as error:
        status = HTTPStatus.TOO_MANY_REQUESTS if isinstance(error, BusyError) else HTTPStatus.OK
        return _page(request, known, None, error, status)
    return _page(request, known, look, None)


def _known(request: Request, source_id: str) -> Source:
    sources = console_of(request).installation.settings.sources
    found = next((one for one in sources if one.id == source_id), None)
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return found


def _page(
    request: Request,
    known: Source,
    look: Preview | None,
    refused: GroundswellError | None,
    status: int = HTTPStatus.OK,
) -> Response:
    console = console_of(request)
    inst, now = console.installation, console.now()
    brands = known.about or tuple(brand.id for brand in inst.settings.brands)
    with inst.database.reading() as connection:
        newest = list_mentions(connection, Wanted(brands, source=known.id), None, NEWEST)
        values = {
            "pulse": reading.pulse(connection),
            "report": next(one for one in source_reports(connection, inst) if one.source.id == known.id),
            "week": source_health.posts_by_day(connection, now).get(known.id, (0,) * source_health.DAYS),
            "items": items(connection, inst, newest),
            "awake": awake(reading.last_tick(connection), now, inst.settings.tick),
        }
    filters = Filters(source=known.id)
    return page(
        request, "source.html", status, look=look, refused=refused, filters=filters, host=host_of(known), **values
    )


def in_short(reports: Sequence[SourceReport]) -> str:
    """``1 failing, 2 quiet as usual, 9 speaking``."""
    states = Counter(report.health.state for report in reports)
    return ", ".join(f"{states[state]} {state.value}" for state in SourceState if state in states)
