"""Drills: the list with their scores, started and stopped."""

from __future__ import annotations

from datetime import datetime

from fastapi import Request, Response
from pydantic import Field

from access.roles import Permission
from console.access import allowed
from console.api.failures import MissingError, RefusedError, WrongError
from console.api.paging import USUAL, Cursor, Limit, Page, cut, link_next, number_of
from console.api.routing import Acting, Inst, resource
from console.api.shapes import Answer, Body, Line, Number
from database.drills import find_drill
from incidents.incident import Refusal
from playbooks.playbook import Severity
from services import drilling
from services.drill_records import as_record
from services.drilling import DrillError
from services.installation import Installation
from services.marking import watched
from simulation.scenarios import SCENARIOS

router = resource(Permission.LEAD, "drills")


class LapAnswer(Answer):
    """How long something took, and was allowed to take, in seconds; null where it has not happened or is not asked."""

    took: float | None
    allowed: float | None
    in_time: bool | None


class ScoreAnswer(Answer):
    """How it goes, or went."""

    acknowledged: LapAnswer
    first_public: LapAnswer
    completed: LapAnswer
    resolved: LapAnswer
    steps: int
    done: int
    on_time: int


class DrillAnswer(Answer):
    """A drill; `incident` is null where it opened none, and `problem` then says why."""

    number: int
    brand: str
    scenario: str
    started_by: str
    started_at: datetime
    finished_at: datetime | None
    problem: str
    incident: int | None
    severity: Severity | None
    playbook: str | None
    score: ScoreAnswer | None
    sentence: str


class Start(Body):
    """Which crisis is made up, about which brand."""

    brand: Line = Field(default="", description="Its id; may be left out where there is one.", examples=["northwind"])
    scenario: Line = Field(default="", description="Any of them where none is named.", examples=["service-failure"])


@router.get("/drills", response_model=Page[DrillAnswer])
@allowed(Permission.READ)
def drills(request: Request, response: Response, inst: Inst, cursor: Cursor = "", limit: Limit = USUAL) -> object:
    """All drills, the last one first."""
    before = number_of(cursor)
    found = [one for one in drilling.reports(inst) if before is None or one.drill.number < before]
    shown, following = cut(found[: limit + 1], limit, lambda one: one.drill.number)
    link_next(request, response, following)
    return {"items": [as_record(one) for one in shown], "next": following}


@router.get("/drills/{drill}", response_model=DrillAnswer)
@allowed(Permission.READ)
def one_drill(inst: Inst, drill: Number) -> object:
    """How a drill goes, or went."""
    _require(inst, drill)
    return as_record(drilling.report_on(inst, drill))


@router.post("/drills", response_model=DrillAnswer, status_code=201)
def start(response: Response, inst: Inst, actor: Acting, wanted: Start) -> object:
    """Start a drill; mails marked DRILL leave with the next round. It takes some seconds."""
    _require_known(inst, wanted)
    try:
        report = drilling.start(inst, wanted.brand, wanted.scenario, actor.id)
    except DrillError as error:
        raise RefusedError(_refusal(error)) from error
    response.headers["Location"] = f"/api/v1/drills/{report.drill.number}"
    return as_record(report)


@router.post("/drills/{drill}/stop", response_model=DrillAnswer)
def stop(inst: Inst, actor: Acting, drill: Number) -> object:
    """End a drill; its incident is resolved."""
    _require(inst, drill)
    try:
        return as_record(drilling.stop(inst, drill, actor.id))
    except DrillError as error:
        raise RefusedError(_refusal(error)) from error


def _require(inst: Installation, drill: int) -> None:
    with inst.database.reading() as connection:
        if find_drill(connection, drill) is None:
            raise MissingError("There is no such drill. /api/v1/drills lists them.")


def _require_known(inst: Installation, wanted: Start) -> None:
    brands, scenarios = [one.id for one in watched(inst)], [one.key for one in SCENARIOS]
    if wanted.brand not in {"" if len(brands) == 1 else None, *brands}:
        raise WrongError(f"Name the brand; choose one of: {', '.join(brands)}.", "#/brand")
    if wanted.scenario not in {"", *scenarios}:
        raise WrongError(f"There is no such scenario; choose one of: {', '.join(scenarios)}.", "#/scenario")


def _refusal(error: DrillError) -> Refusal:
    return Refusal(f"{error.subject[:1].upper()}{error.subject[1:]}: {error.problem} {error.remedy}")
