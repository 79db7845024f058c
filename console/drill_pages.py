"""Drills: the list with their scores, and the button that starts one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from access.roles import Permission
from console import flash
from console.access import allowed, needing
from console.answering import SEE_OTHER
from console.context import console_of
from console.flash import Flash
from console.identity import Acting, remember
from console.rendering import page
from database import reading
from services import drilling
from services.drilling import DrillError, DrillReport
from services.marking import watched
from simulation.scenarios import SCENARIOS

router = APIRouter(route_class=needing(Permission.LEAD))
Words = Annotated[str, Form()]


@router.get("/drills")
@allowed(Permission.READ)
def drill_list(request: Request) -> Response:
    """All drills, the last one first."""
    inst = console_of(request).installation
    with inst.database.reading() as connection:
        pulse = reading.pulse(connection)
    titles = {one.key: one.title for one in SCENARIOS}
    values = {"reports": drilling.reports(inst), "titles": titles, "brands": watched(inst)}
    return page(request, "drills.html", 200, pulse=pulse, **values)


@router.post("/drills")
def start(request: Request, actor: Acting, brand: Words = "", scenario: Words = "") -> Response:
    """Start one, and go to its incident."""
    try:
        report = drilling.start(console_of(request).installation, brand, scenario, actor.id)
    except DrillError as error:
        return _answer(actor, "/drills", Flash(f"{error.subject} {error.problem} {error.remedy}", refused=True))
    return _answer(actor, _place(report), Flash(_told(report), refused=report.incident is None))


@router.post("/drills/{number}/stop")
def stop(request: Request, number: int, actor: Acting) -> Response:
    """End one."""
    try:
        report = drilling.stop(console_of(request).installation, number, actor.id)
    except DrillError as error:
        return _answer(actor, "/drills", Flash(f"{error.subject} {error.problem} {error.remedy}", refused=True))
    return _answer(actor, "/drills", Flash(f"Drill {number} is over. {report.sentence}"))


def _answer(actor: Acting, path: str, told: Flash) -> Response:
    answer = RedirectResponse(path, SEE_OTHER)
    flash.put(answer, told)
    remember(answer, actor)
    return answer


def _place(report: DrillReport) -> str:
    return f"/incidents/{report.incident.id}" if report.incident else "/drills"


def _told(report: DrillReport) -> str:
    if report.incident is None:
        return report.sentence
    return "The drill has begun. Mails marked DRILL leave with the next round; the clocks run."
