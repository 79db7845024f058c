"""What people do with the words for the public, and with those for colleagues, on the page of an incident."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from access.roles import Permission
from console.access import needing
from console.answering import back, promised
from console.context import console_of
from console.flash import Flash
from console.identity import Acting
from console.problems import once_more
from console.rendering import page
from database import responses
from incidents.incident import Refusal, Statement
from incidents.statements import Edit
from playbooks.playbook import StatementKind
from services import statements
from services.installation import Installation

router = APIRouter(prefix="/incidents/{incident_id}", route_class=needing(Permission.RESPOND))
Words = Annotated[str, Form()]
Seen = Annotated[int, Form()]
_PART = "#statements"


@router.post("/statements")
def draft(request: Request, incident_id: int, actor: Acting, template: Words = "", text: Words = "") -> Response:
    """Begin words for the public: as a template of the playbook has them, or as typed.

    ``template`` is the key of one, or ``kind:update`` and the like for words of one's own.
    """
    inst = console_of(request).installation
    kind = template.removeprefix("kind:")
    if template.startswith("kind:") and kind in set(StatementKind):
        done = statements.draft(inst, incident_id, actor.id, StatementKind(kind), text)
    else:
        done = statements.draft_from(inst, incident_id, actor.id, template)
    if isinstance(done, Refusal) and text:
        return once_more(request, "The draft is not kept.", done.text, {"template": template, "text": text})
    return back(request, incident_id, actor, done, Flash("The draft is there. Fill in what is in brackets."), _PART)


@router.post("/statements/{number}/edit")
def edit(  # each is a field
    request: Request, incident_id: int, number: int, actor: Acting, seen: Seen, text: Words = ""
) -> Response:
    """Write the next version."""
    inst = console_of(request).installation
    done = statements.edit(inst, incident_id, actor.id, Edit(number, seen, text))
    if isinstance(done, Refusal):
        theirs = _newer(inst, incident_id, number, seen)
        if theirs:
            values = {"theirs": theirs, "mine": text, "back": f"/incidents/{incident_id}"}
            return page(request, "incident/clash.html", HTTPStatus.CONFLICT, **values)
        fields = {"text": text, "seen": str(seen)}
        return once_more(request, "Your words are not kept there yet.", done.text, fields)
    return back(request, incident_id, actor, done, Flash("The new version is there."), _PART)


@router.post("/statements/{number}/approve")
def approve(request: Request, incident_id: int, number: int, actor: Acting, seen: Seen) -> Response:
    """Say yes to these words."""
    done = statements.approve(console_of(request).installation, incident_id, actor.id, number, seen)
    return back(request, incident_id, actor, done, Flash("Approved. It can go out."), _PART)


@router.post("/statements/{number}/publish")
def publish(  # each is a field
    request: Request,
    incident_id: int,
    number: int,
    actor: Acting,
    seen: Seen,
    url: Words = "",
    minutes: Annotated[str, Form(alias="next")] = "",
) -> Response:
    """Say that it is out."""
    inst = console_of(request).installation
    done = statements.publish(inst, incident_id, actor.id, number, seen, url, promised(minutes, inst.clock()))
    return back(request, incident_id, actor, done, Flash("It is public. The clock to the first word stands."), _PART)


@router.post("/promise")
def promise(
    request: Request, incident_id: int, actor: Acting, minutes: Annotated[str, Form(alias="next")] = ""
) -> Response:
    """Move the promise of the next public word."""
    inst = console_of(request).installation
    done = statements.promise(inst, incident_id, actor.id, promised(minutes, inst.clock()))
    return back(request, incident_id, actor, done, Flash("The promise is changed. Say so where people read it."))


@router.post("/updates")
def brief(
    request: Request,
    incident_id: int,
    actor: Acting,
    text: Words = "",
    minutes: Annotated[str, Form(alias="next")] = "",
) -> Response:
    """Tell those inside where it stands."""
    inst = console_of(request).installation
    done = statements.brief(inst, incident_id, actor.id, text, promised(minutes, inst.clock()))
    if isinstance(done, Refusal):
        return once_more(request, "The update is not sent.", done.text, {"text": text, "next": minutes})
    return back(request, incident_id, actor, done, Flash("The update is sent to everybody who follows it."))


def _newer(inst: Installation, incident_id: int, number: int, seen: int) -> Statement | None:
    """Words that somebody wrote since, where they can still be written on."""
    with inst.database.reading() as connection:
        found = next((one for one in responses.statements(connection, incident_id) if one.number == number), None)
    return found if found and found.version > seen and not found.published_at else None
