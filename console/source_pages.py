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
from console.listening import awake
from console.rendering import page
from database import reading, source_health
from detection.source_state import SourceState
from services.source_reports import SourceReport, source_reports
from services.watching_sources import wake_source

router = APIRouter(route_class=needing(Permission.READ))


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


def in_short(reports: Sequence[SourceReport]) -> str:
    """``1 failing, 2 quiet as usual, 9 speaking``."""
    states = Counter(report.health.state for report in reports)
    return ", ".join(f"{states[state]} {state.value}" for state in SourceState if state in states)
