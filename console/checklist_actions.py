"""What people do with the checklist and the tasks of an incident on its page."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from access.roles import Permission
from console.access import needing
from console.answering import back
from console.context import console_of
from console.flash import Flash
from console.identity import Acting
from console.problems import once_more
from incidents.incident import Refusal
from services import checklists

router = APIRouter(prefix="/incidents/{incident_id}", route_class=needing(Permission.RESPOND))
Words = Annotated[str, Form()]
_HOURS = 24 * 30


@router.post("/steps/{position}/done")
def complete_step(  # a form's fields
    request: Request, incident_id: int, position: int, actor: Acting, evidence: Words = "", seen: Words = ""
) -> Response:
    """Tick a step."""
    done = checklists.complete_step(console_of(request).installation, incident_id, position, actor.id, evidence, seen)
    if isinstance(done, Refusal) and evidence:
        return once_more(request, f"Step {position} is not ticked.", done.text, {"evidence": evidence, "seen": seen})
    undo = f"/incidents/{incident_id}/steps/{position}/undo"
    return back(request, incident_id, actor, done, Flash(f"Step {position} is done.", undo=undo))


@router.post("/steps/{position}/skip")
def skip_step(  # a form's fields
    request: Request, incident_id: int, position: int, actor: Acting, reason: Words = "", seen: Words = ""
) -> Response:
    """Leave a step out."""
    done = checklists.skip_step(console_of(request).installation, incident_id, position, actor.id, reason, seen)
    undo = f"/incidents/{incident_id}/steps/{position}/undo"
    return back(request, incident_id, actor, done, Flash(f"Step {position} is skipped.", undo=undo))


@router.post("/steps/{position}/approve")
def approve_step(request: Request, incident_id: int, position: int, actor: Acting, seen: Words = "") -> Response:
    """Say yes to a step."""
    done = checklists.approve_step(console_of(request).installation, incident_id, position, actor.id, seen)
    return back(request, incident_id, actor, done, Flash(f"Step {position} has your yes."))


@router.post("/steps/{position}/undo")
def undo_step(request: Request, incident_id: int, position: int, actor: Acting, seen: Words = "") -> Response:
    """Untick a step."""
    done = checklists.undo_step(console_of(request).installation, incident_id, position, actor.id, seen)
    return back(request, incident_id, actor, done, Flash(f"Step {position} is open again."))


@router.post("/tasks")
def add_task(
    request: Request, incident_id: int, actor: Acting, title: Words = "", assignee: Words = "", hours: Words = ""
) -> Response:
    """Write down something to do."""
    inst = console_of(request).installation
    hurry = hours.isdecimal() and 0 < int(hours[:6]) <= _HOURS
    due_at = inst.clock() + timedelta(hours=int(hours[:6])) if hurry else None
    done = checklists.add_task(inst, incident_id, actor.id, title, assignee or None, due_at)
    if isinstance(done, Refusal):
        return once_more(request, "The task is not on the list.", done.text, {"title": title, "assignee": assignee})
    return back(request, incident_id, actor, done, Flash("The task is on the list."))


@router.post("/tasks/{number}/done")
def complete_task(request: Request, incident_id: int, number: int, actor: Acting) -> Response:
    """Tick a task."""
    done = checklists.complete_task(console_of(request).installation, incident_id, number, actor.id)
    undo = f"/incidents/{incident_id}/tasks/{number}/undo"
    return back(request, incident_id, actor, done, Flash("The task is done.", undo=undo))


@router.post("/tasks/{number}/undo")
def undo_task(request: Request, incident_id: int, number: int, actor: Acting) -> Response:
    """Untick a task."""
    done = checklists.undo_task(console_of(request).installation, incident_id, number, actor.id)
    return back(request, incident_id, actor, done, Flash("The task is open again."))
