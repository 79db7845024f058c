"""The playbooks: the list, each to be read like a manual, and what moving an incident to one would change."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from starlette.exceptions import HTTPException

from access.roles import Permission
from console.access import allowed, needing
from console.answering import back
from console.context import console_of
from console.flash import Flash
from console.identity import Acting
from console.rendering import page
from database import incidents, reading
from incidents.incident import Refusal
from playbooks.facts import Facts
from playbooks.playbook import Severity
from playbooks.statements import render
from services import plans
from services.tag_names import category_names

router = APIRouter(route_class=needing(Permission.READ))


@router.get("/playbooks")
def playbook_list(request: Request) -> Response:
    """All that are in force, and what is wrong with a team's own files."""
    inst = console_of(request).installation
    with inst.database.reading() as connection:
        shelf = inst.playbooks.shelf(connection)
        pulse = reading.pulse(connection)
    values = {"shelf": shelf, "folder": inst.settings.playbook_folder, "categories": category_names(inst.settings)}
    return page(request, "playbooks.html", 200, pulse=pulse, **values)


@router.get("/playbooks/{playbook_id}")
def playbook(request: Request, playbook_id: str) -> Response:
    """One, as it is now."""
    inst = console_of(request).installation
    with inst.database.reading() as connection:
        shelf = inst.playbooks.shelf(connection)
    if playbook_id not in shelf.books:
        raise HTTPException(404)
    book = shelf.books[playbook_id]
    values = {
        "book": book,
        "categories": category_names(inst.settings),
        "titles": {step.key: step.title for step in book.playbook.steps},
        "names": {one.key: one.title for one in book.playbook.statements},
        "drafts": {one.key: render(one, Facts()) for one in book.playbook.statements},
    }
    return page(request, "playbook.html", 200, severities=tuple(Severity), **values)


@router.get("/incidents/{incident_id}/playbook")
def preview(request: Request, incident_id: int, to: str = "") -> Response:
    """What would change if the incident went on by a playbook as it is now; its own where none is named."""
    inst = console_of(request).installation
    with inst.database.reading() as connection:
        incident = incidents.find(connection, incident_id)
        shelf = inst.playbooks.shelf(connection)
        shown = plans.preview(connection, inst, incident_id, to or incident.playbook)
    values = {"incident": incident, "shelf": shelf, "to": to or incident.playbook}
    return page(request, "incident/moving.html", 200, shown=None if isinstance(shown, Refusal) else shown, **values)


@router.post("/incidents/{incident_id}/playbook")
@allowed(Permission.RESPOND)
def move(
    request: Request,
    incident_id: int,
    actor: Acting,
    to: Annotated[str, Form()] = "",
    seen: Annotated[str, Form()] = "",
) -> Response:
    """Go on by it."""
    done = plans.move(console_of(request).installation, incident_id, actor.id, to, seen)
    return back(request, incident_id, actor, done, Flash("It goes on by the new plan. What was done stays done."))
