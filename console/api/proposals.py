"""What programs propose for an incident: they propose, people do it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Path, Query, Request, Response
from pydantic import Field

from access.roles import Permission
from console.access import allowed
from console.api.failures import MissingError, RefusedError
from console.api.incident_answers import answered
from console.api.incident_shapes import Done
from console.api.paging import USUAL, Cursor, Limit, Page, cut, link_next, number_of
from console.api.routing import Acting, Inst, resource
from console.api.shapes import Answer, Body, Line, Named, Number, Text
from console.bearers import token_of
from database.proposals import UnknownProposalError
from incidents import proposals
from incidents.incident import Refusal
from incidents.proposals import HOURS_LIMIT, Author, Proposal, State, What, state_of
from playbooks.playbook import Severity, StatementKind
from services import proposing
from services.installation import Installation
from services.proposal_records import proposal_records, proposed_for

router = resource(Permission.PROPOSE, "proposals")
_LARGEST = 2**31 - 1
Which = Annotated[int, Path(ge=1, le=_LARGEST, description="The number of the proposal.")]


class NoteBody(Body):
    """A note in the timeline."""

    kind: Literal["note"]
    text: Text


class UpdateBody(Body):
    """An update by mail to everybody inside who reads along."""

    kind: Literal["update"]
    text: Text


class SeverityBody(Body):
    """Another severity."""

    kind: Literal["severity"]
    severity: Severity


class CategoryBody(Body):
    """Another category, empty for none."""

    kind: Literal["category"]
    category: Line


class StepDoneBody(Body):
    """A step of the checklist is ticked."""

    kind: Literal["step_done"]
    step: Line = Field(description="Key of the step.")
    evidence: Text = ""


class StepSkippedBody(Body):
    """A step of the checklist is left out."""

    kind: Literal["step_skipped"]
    step: Line = Field(description="Key of the step.")


class StatementBody(Body):
    """A draft of words for the public."""

    kind: Literal["statement"]
    statement_kind: StatementKind
    text: Text
    title: Line = ""


class StatementEditBody(Body):
    """The next version of words for the public."""

    kind: Literal["statement_edit"]
    statement: int = Field(ge=1, le=_LARGEST)
    seen: int = Field(ge=1, le=_LARGEST, description="The version that it was written from.")
    text: Text


class TaskBody(Body):
    """A task beside the checklist."""

    kind: Literal["task"]
    title: Line
    assignee: Line = Field("", description="Id of a person; empty for whoever comes first.")
    hours: int | None = Field(None, ge=1, le=HOURS_LIMIT, description="When it is due, once it is added.")


class ResolvedBody(Body):
    """The incident is over."""

    kind: Literal["resolved"]


class DismissedBody(Body):
    """The incident was noise."""

    kind: Literal["dismissed"]


WhatBody = Annotated[
    NoteBody
    | UpdateBody
    | SeverityBody
    | CategoryBody
    | StepDoneBody
    | StepSkippedBody
    | StatementBody
    | StatementEditBody
    | TaskBody
    | ResolvedBody
    | DismissedBody,
    Field(discriminator="kind"),
]


class Proposing(Body):
    """What is proposed, and why."""

    what: WhatBody
    because: Line = Field(description="One line; for what asks for a reason it is the reason.", min_length=1)


class Doing(Body):
    """That it is done, in one's own words where there are some."""

    text: Text | None = None


class Declining(Body):
    """That it is not done."""

    because: Line = ""


class AuthorAnswer(Answer):
    """The program that proposes, by the name of its token, and the person who answers for it."""

    program: str
    person: Named


class ProposalAnswer(Answer):
    """What a program proposes, and what people decided."""

    number: int
    kind: str
    would: str = Field(description="What exactly would happen, a sentence.")
    what: dict[str, str | int | None] = Field(description="As it was proposed.")
    because: str
    proposed_by: AuthorAnswer
    at: datetime
    expires_at: datetime
    state: State
    decided_by: Named | None
    decided_at: datetime | None
    declined_because: str | None


@router.get("/incidents/{number}/proposals", response_model=Page[ProposalAnswer])
@allowed(Permission.READ)
def list_proposals(  # what a list takes
    request: Request,
    response: Response,
    inst: Inst,
    number: Number,
    state: Annotated[State | None, Query(description="Where they stand.")] = None,
    cursor: Cursor = "",
    limit: Limit = USUAL,
) -> object:
    """What was proposed for an incident, the newest first."""
    before, now = number_of(cursor), inst.clock()
    with inst.database.reading() as connection:
        found = proposed_for(connection, inst, number)
    wanted = [
        one
        for one in found.proposals[::-1]
        if state in {None, state_of(one, found.incident, now)} and (before is None or one.number < before)
    ]
    shown, following = cut(wanted[: limit + 1], limit, lambda one: one.number)
    link_next(request, response, following)
    return {"items": proposal_records(found, shown, now), "next": following}


@router.post("/incidents/{number}/proposals", response_model=ProposalAnswer, status_code=201)
def propose(request: Request, inst: Inst, actor: Acting, number: Number, said: Proposing) -> object:
    """Put something before the people of an incident. It changes nothing; they do it, or they do not."""
    token = token_of(request)
    author = Author(token.name if token else "A program", actor.id)
    made = proposing.propose(inst, number, author, _what(said.what), said.because)
    if isinstance(made, Refusal):
        raise RefusedError(made)
    return _told(inst, number, made)


@router.post("/incidents/{number}/proposals/{proposal}/do", response_model=Done)
@allowed(Permission.RESPOND)
def do_proposal(inst: Inst, actor: Acting, number: Number, proposal: Which, said: Doing) -> object:
    """Do what was proposed, as oneself."""
    try:
        return answered(inst, number, proposing.accept(inst, number, proposal, actor.id, said.text))
    except UnknownProposalError as error:
        raise MissingError(f"There is no such proposal. {error.remedy}") from None


@router.post("/incidents/{number}/proposals/{proposal}/decline", response_model=ProposalAnswer)
@allowed(Permission.RESPOND)
def decline_proposal(inst: Inst, actor: Acting, number: Number, proposal: Which, said: Declining) -> object:
    """Decide against what was proposed; nothing else is changed."""
    try:
        declined = proposing.decline(inst, number, proposal, actor.id, said.because)
    except UnknownProposalError as error:
        raise MissingError(f"There is no such proposal. {error.remedy}") from None
    if isinstance(declined, Refusal):
        raise RefusedError(declined)
    return _told(inst, number, declined)


def _what(body: Body) -> What:
    given = body.model_dump()
    return proposals.KINDS[given["kind"]](**given)


def _told(inst: Installation, number: int, made: Proposal) -> dict[str, Any]:
    with inst.database.reading() as connection:
        found = proposed_for(connection, inst, number)
    return proposal_records(found, [made], inst.clock())[0]
