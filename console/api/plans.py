"""The playbook of an incident: what going on by another, or by the same as it is now, would change; and doing so."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import Field

from access.roles import Permission
from console.access import allowed
from console.api.failures import WrongError
from console.api.incident_answers import answered
from console.api.incident_shapes import Done
from console.api.routing import Acting, Inst, resource
from console.api.shapes import Answer, Body, Line, Number
from database import incidents as store
from incidents.incident import Refusal
from services import plans

router = resource(Permission.RESPOND, "checklist")


class NewPlan(Body):
    """The playbook to go on by."""

    playbook: Line = Field(examples=["communication-crisis"])
    seen: Line = Field(description="The version of it whose changes you read.")


class PlanPreview(Answer):
    """What would change; nothing has."""

    id: str
    version: str = Field(description="Send it as `seen`.")
    title: str
    follows_already: bool
    changes: list[str]


@router.get("/incidents/{number}/playbook", response_model=PlanPreview)
@allowed(Permission.READ)
def preview(
    inst: Inst, number: Number, to: Annotated[Line, Query(description="Id of a playbook; its own where empty.")] = ""
) -> object:
    """What would change if the incident went on by a playbook as it is now."""
    with inst.database.reading() as connection:
        incident = store.find(connection, number)
        shown = plans.preview(connection, inst, number, to or incident.playbook)
    if isinstance(shown, Refusal):
        raise WrongError(shown.text, "#/to", "query")
    new = shown.playbook
    same = (new.id, new.version) == (incident.playbook, incident.playbook_version)
    told = {"id": new.id, "version": new.version, "title": new.title, "follows_already": same}
    return {**told, "changes": list(shown.difference.sentences())}


@router.post("/incidents/{number}/playbook", response_model=Done)
def move(inst: Inst, actor: Acting, number: Number, said: NewPlan) -> object:
    """Go on by it; what is done stays done."""
    with inst.database.reading() as connection:
        known = inst.playbooks.shelf(connection).books
    if said.playbook not in known:
        raise WrongError(f"There is no such playbook. There are: {', '.join(sorted(known))}.", "#/playbook")
    return answered(inst, number, plans.move(inst, number, actor.id, said.playbook, said.seen))
