"""What people do about an incident: who has it, how bad it is, where it stands, what is noted, who reads along."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from access.roles import Permission
from console.api.failures import WrongError
from console.api.incident_answers import answered, whole
from console.api.incident_shapes import Done
from console.api.routing import Acting, Inst, resource
from console.api.shapes import LARGEST, Body, Line, Number, Text
from playbooks.playbook import Severity
from services import response
from services.installation import Installation
from services.tag_names import category_names

router = resource(Permission.RESPOND, "actions")
Integer = Annotated[int, Field(strict=True, ge=1, le=LARGEST)]


class Whom(Body):
    """Somebody of the settings."""

    person: Line = Field(description="Their id.", examples=["lee"])


class Reason(Body):
    """Why."""

    reason: Text = Field(examples=["The morning news has it."])


class MaybeReason(Body):
    """Why, where there is something to say."""

    reason: Text = ""


class Words(Body):
    """Something to be read by others."""

    text: Text = Field(examples=["The hotline is down since 11:50."])


class NewSeverity(Reason):
    """How bad it is, in place of what was seen."""

    severity: Severity
    seen: Severity | None = Field(default=None, description="What it was when you looked.")


class NewCategory(Reason):
    """What kind of crisis it is, in place of what was seen."""

    category: Line = Field(description="Its id; empty for none that is known.", examples=["outage"])
    seen: Line | None = Field(default=None, description="What it was when you looked, empty for none.")


class Into(Body):
    """The incident that goes on."""

    into: Integer


@router.post("/incidents/{number}/acknowledge", response_model=Done)
def acknowledge(inst: Inst, actor: Acting, number: Number) -> object:
    """Say “I have it”: it is yours from then on."""
    return answered(inst, number, response.acknowledge(inst, number, actor.id))


@router.post("/incidents/{number}/hand-over", response_model=Done)
def hand_over(inst: Inst, actor: Acting, number: Number, said: Whom) -> object:
    """Ask somebody to take it, who is told by mail; it stays with its owner until they accept."""
    _require_person(inst, said.person)
    return answered(inst, number, response.hand_over(inst, number, actor.id, said.person))


@router.post("/incidents/{number}/take-over", response_model=Done)
def take_over(inst: Inst, actor: Acting, number: Number) -> object:
    """Take it from whoever has it."""
    return answered(inst, number, response.hand_over(inst, number, actor.id, actor.id))


@router.post("/incidents/{number}/accept", response_model=Done)
def accept(inst: Inst, actor: Acting, number: Number) -> object:
    """Take over what you were asked to."""
    return answered(inst, number, response.accept(inst, number, actor.id))


@router.post("/incidents/{number}/decline", response_model=Done)
def decline(inst: Inst, actor: Acting, number: Number, said: MaybeReason) -> object:
    """Say no to a hand-over, or take the question back."""
    return answered(inst, number, response.decline(inst, number, actor.id, said.reason))


@router.post("/incidents/{number}/respond", response_model=Done)
def respond(inst: Inst, actor: Acting, number: Number) -> object:
    """The team works on it."""
    return answered(inst, number, response.respond(inst, number, actor.id))


@router.post("/incidents/{number}/monitor", response_model=Done)
def monitor(inst: Inst, actor: Acting, number: Number) -> object:
    """It is only watched; a new wave brings it back."""
    return answered(inst, number, response.monitor(inst, number, actor.id))


@router.post("/incidents/{number}/resolve", response_model=Done)
def resolve(inst: Inst, actor: Acting, number: Number) -> object:
    """Declare it over; notes and steps stay open for the review."""
    return answered(inst, number, response.resolve(inst, number, actor.id))


@router.post("/incidents/{number}/dismiss", response_model=Done)
def dismiss(inst: Inst, actor: Acting, number: Number, said: Reason) -> object:
    """Declare that it was noise; tuning learns from it."""
    return answered(inst, number, response.dismiss(inst, number, actor.id, said.reason))


@router.post("/incidents/{number}/reopen", response_model=Done)
def reopen(inst: Inst, actor: Acting, number: Number, said: Reason) -> object:
    """It was not over; whoever says so has it."""
    return answered(inst, number, response.reopen(inst, number, actor.id, said.reason))


@router.post("/incidents/{number}/merge", response_model=Done)
def merge(inst: Inst, actor: Acting, number: Number, said: Into) -> object:
    """Make it a part of another incident, which goes on."""
    whole(inst, number)
    whole(inst, said.into)
    return answered(inst, number, response.merge(inst, number, actor.id, said.into))


@router.post("/incidents/{number}/severity", response_model=Done)
def change_severity(inst: Inst, actor: Acting, number: Number, said: NewSeverity) -> object:
    """Make it worse or milder; steps and deadlines follow."""
    done = response.change_severity(inst, number, actor.id, said.severity, said.reason, said.seen)
    return answered(inst, number, done, stale=lambda: said.seen not in {None, whole(inst, number).incident.severity})


@router.post("/incidents/{number}/category", response_model=Done)
def change_category(inst: Inst, actor: Acting, number: Number, said: NewCategory) -> object:
    """Say what kind of crisis it is; the steps follow."""
    names = category_names(inst.settings)
    if said.category and said.category not in names:
        raise WrongError(f"There is no such category. There are: {', '.join(names)}.", "#/category")
    done = response.change_category(inst, number, actor.id, said.category, said.reason, said.seen)
    return answered(
        inst, number, done, stale=lambda: said.seen not in {None, whole(inst, number).incident.category or ""}
    )


@router.post("/incidents/{number}/notes", response_model=Done, status_code=201)
def add_note(inst: Inst, actor: Acting, number: Number, said: Words) -> object:
    """Write a note into the timeline."""
    return answered(inst, number, response.add_note(inst, number, actor.id, said.text))


@router.post("/incidents/{number}/timeline/{row}/correct", response_model=Done, status_code=201)
def correct(inst: Inst, actor: Acting, number: Number, row: Number, said: Words) -> object:
    """Say what is right in place of a row of the timeline; the row stays, the right words stand beside it."""
    return answered(inst, number, response.correct(inst, number, actor.id, row, said.text))


@router.post("/incidents/{number}/follow", response_model=Done)
def follow(inst: Inst, actor: Acting, number: Number, said: Whom) -> object:
    """Let somebody read along: they get the internal updates by mail."""
    _require_person(inst, said.person)
    return answered(inst, number, response.follow(inst, number, actor.id, said.person))


@router.post("/incidents/{number}/unfollow", response_model=Done)
def unfollow(inst: Inst, actor: Acting, number: Number, said: Whom) -> object:
    """Somebody reads along no more."""
    return answered(inst, number, response.unfollow(inst, number, actor.id, said.person))


def _require_person(inst: Installation, person: str) -> None:
    if person not in inst.names:
        raise WrongError("There is nobody with that id in the settings. /api/v1/people lists them.", "#/person")
