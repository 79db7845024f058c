"""The decisions: what stood out, whether it was an alarm and why not, and what people say of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import Field

from access.roles import Permission
from console.access import allowed
from console.api.failures import RefusedError, WrongError
from console.api.paging import MOST, USUAL, Cursor, Limit, Page, cut, link_next, number_of
from console.api.routing import Acting, Inst, resource
from console.api.shapes import Answer, Body, Line, Moment, Named, Number, Text
from database.marks import mark_with, unnoticed
from database.reading_signals import Asked, Decision, Shown, list_decisions
from detection.marks import Mark, MarkVerdict
from incidents.incident import Refusal
from incidents.outcome import Outcome
from playbooks.playbook import Severity
from services import marking
from services.installation import Installation

router = resource(Permission.RESPOND, "decisions")


class MarkAnswer(Answer):
    """A person's word on what was decided."""

    id: int
    brand: str
    verdict: MarkVerdict
    moment: datetime
    decision: int | None
    by: Named
    at: datetime
    note: str
    seen: str = Field(description="What to send along to take it back.")


class DecisionAnswer(Answer):
    """Something that stood out, and what was decided."""

    id: int
    brand: str
    kind: str
    outcome: Outcome
    reason: str
    sentence: str
    observed: int
    expected: float
    threshold: float
    at: datetime
    since: datetime | None
    window_seconds: float
    authors: int
    stories: int
    loudest_share: float
    learning: bool
    category: str | None
    incident: int | None
    incident_severity: Severity | None
    mark: MarkAnswer | None


class Noted(Body):
    """What somebody adds to their word."""

    note: Text = ""


class Missed(Body):
    """That an alarm should have come."""

    brand: Line = Field(examples=["northwind"])
    moment: Moment = Field(description="When it should have come.", examples=["2026-05-12T14:30:00Z"])
    note: Text = ""


class Seen(Body):
    """Which word is meant: numbers of what was taken back are given again."""

    seen: Line


@router.get("/decisions", response_model=Page[DecisionAnswer])
@allowed(Permission.READ)
def decisions(  # noqa: PLR0913, PLR0917  # what a list takes
    request: Request,
    response: Response,
    inst: Inst,
    brand: Annotated[Line, Query(description="Id of a brand.")] = "",
    show: Annotated[Shown, Query(description="Alarms, or what was held; all where empty.")] = Shown.ALL,
    since: Annotated[Moment | None, Query(description="Made from then on.")] = None,
    cursor: Cursor = "",
    limit: Limit = USUAL,
) -> object:
    """Decisions, the last one first."""
    with inst.database.reading() as connection:
        found = list_decisions(connection, Asked(brand, show, since), number_of(cursor), limit + 1)
    shown, following = cut(found, limit, lambda one: one.id)
    link_next(request, response, following)
    return {"items": [as_record(inst, one) for one in shown], "next": following}


@router.get("/decisions/missed", response_model=Page[MarkAnswer])
@allowed(Permission.READ)
def unseen(inst: Inst, brand: Annotated[Line, Query(description="Id of a brand.")] = "") -> object:
    """Alarms that should have come and of which no decision is listed, the last moment first; at most 200."""
    with inst.database.reading() as connection:
        return {"items": [_mark(inst, one) for one in unnoticed(connection, brand, MOST)], "next": None}


@router.post("/decisions/missed", response_model=MarkAnswer, status_code=201)
def missed(inst: Inst, actor: Acting, said: Missed) -> object:
    """Say that an alarm should have come at a moment, of which nothing is listed."""
    brands = [one.id for one in marking.watched(inst)]
    if said.brand not in brands:
        raise WrongError(f"Alarms are raised about: {', '.join(brands)}.", "#/brand")
    return _marked(inst, marking.mark_missed(inst, said.brand, said.moment, actor.id, said.note))


@router.post("/decisions/{decision}/noise", response_model=MarkAnswer)
def noise(inst: Inst, actor: Acting, decision: Number, said: Noted) -> object:
    """Say that an alarm was not worth it; its incident stays as it is."""
    return _marked(inst, marking.mark_noise(inst, decision, actor.id, said.note))


@router.post("/decisions/{decision}/missed", response_model=MarkAnswer)
def wrongly_held(inst: Inst, actor: Acting, decision: Number, said: Noted) -> object:
    """Say that what was held should have been an alarm."""
    return _marked(inst, marking.mark_wrongly_held(inst, decision, actor.id, said.note))


@router.post("/decisions/marks/{mark}/undo", response_model=MarkAnswer)
def undo(inst: Inst, _actor: Acting, mark: Number, said: Seen) -> object:
    """Take back what somebody said; it comes back once more."""
    return _marked(inst, marking.unmark(inst, mark, said.seen), mark)


def as_record(inst: Installation, one: Decision) -> dict[str, Any]:
    """A decision for programs."""
    names = (
        "id", "brand", "kind", "outcome", "reason", "sentence", "observed", "expected", "threshold", "at", "since",
        "authors", "stories", "loudest_share", "learning", "category", "incident_severity",
    )  # fmt: skip
    return {
        **{name: getattr(one, name) for name in names},
        "window_seconds": one.window.total_seconds(),
        "incident": one.incident_id,
        "mark": _mark(inst, one.mark) if one.mark else None,
    }


def _mark(inst: Installation, mark: Mark) -> dict[str, Any]:
    names = ("id", "brand", "verdict", "moment", "at", "note")
    return {
        **{name: getattr(mark, name) for name in names},
        "decision": mark.signal_id,
        "by": {"id": mark.by, "name": inst.name_of(mark.by)},
        "seen": marking.seen_as(mark),
    }


def _marked(inst: Installation, done: Mark | Refusal, meant: int = 0) -> object:
    if isinstance(done, Refusal):
        with inst.database.reading() as connection:
            now = mark_with(connection, meant)
        raise RefusedError(done, _mark(inst, now) if now else None)
    return _mark(inst, done)
