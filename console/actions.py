"""What people do on the pages: every form ends here, calls one service and goes back to where it came from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from console import flash
from console.context import Console, console_of
from console.flash import Flash
from console.identity import Acting, remember
from console.problems import once_more
from console.security import own_path
from console.wording import clock
from incidents.incident import Actor, Change, Refusal
from playbooks.playbook import Severity
from services import checklists, response

router = APIRouter()
_SEE_OTHER = 303


@router.post("/you")
def choose(actor: Acting, next_path: Annotated[str, Form(alias="next")] = "/") -> Response:
    """Say who you are."""
    answer = RedirectResponse(own_path(next_path), _SEE_OTHER)
    remember(answer, actor)
    return answer


@router.post("/incidents/{incident_id}/acknowledge")
def acknowledge(request: Request, incident_id: int, actor: Acting) -> Response:
    """Say that you have it."""
    done = response.acknowledge(console_of(request).installation, incident_id, actor.id)
    return _back(request, incident_id, actor, done, Flash("You have it. Everybody can see that."))


@router.post("/incidents/{incident_id}/hand-over")
def hand_over(request: Request, incident_id: int, actor: Acting, new_owner: Annotated[str, Form()] = "") -> Response:
    """Give it to somebody, or take it where nobody is named."""
    new_owner = new_owner or actor.id
    done = response.hand_over(console_of(request).installation, incident_id, actor.id, new_owner)
    name = console_of(request).installation.name_of(new_owner)
    told = "You have it now." if new_owner == actor.id else f"{name} is asked by mail and has it once they accept."
    return _back(request, incident_id, actor, done, Flash(told))


@router.post("/incidents/{incident_id}/steps/{position}/done")
def complete_step(request: Request, incident_id: int, position: int, actor: Acting) -> Response:
    """Tick a step."""
    done = checklists.complete_step(console_of(request).installation, incident_id, position, actor.id)
    undo = f"/incidents/{incident_id}/steps/{position}/undo"
    return _back(request, incident_id, actor, done, Flash(f"Step {position} is done.", undo=undo))


@router.post("/incidents/{incident_id}/steps/{position}/undo")
def undo_step(request: Request, incident_id: int, position: int, actor: Acting) -> Response:
    """Untick a step."""
    done = checklists.undo_step(console_of(request).installation, incident_id, position, actor.id)
    return _back(request, incident_id, actor, done, Flash(f"Step {position} is open again."))


@router.post("/incidents/{incident_id}/notes")
def add_note(request: Request, incident_id: int, actor: Acting, text: Annotated[str, Form()] = "") -> Response:
    """Write a note into the timeline."""
    done = response.add_note(console_of(request).installation, incident_id, actor.id, text)
    if isinstance(done, Refusal):
        return once_more(request, "Your note is not in the timeline.", done.text, {"text": text})
    return _back(request, incident_id, actor, done, Flash("Your note is in the timeline."))


@router.post("/incidents/{incident_id}/severity")
def change_severity(
    request: Request,
    incident_id: int,
    actor: Acting,
    severity: Annotated[Severity, Form()],
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Make it worse or milder."""
    done = response.change_severity(console_of(request).installation, incident_id, actor.id, severity, reason)
    return _back(request, incident_id, actor, done, Flash(f"It is {severity} now; the deadlines have moved with it."))


@router.post("/incidents/{incident_id}/resolve")
def resolve(request: Request, incident_id: int, actor: Acting) -> Response:
    """Declare it over."""
    done = response.resolve(console_of(request).installation, incident_id, actor.id)
    return _back(request, incident_id, actor, done, Flash("Resolved. Notes and steps stay open for the review."))


def _back(request: Request, incident_id: int, actor: Actor, done: Change | Refusal, told: Flash) -> Response:
    console = console_of(request)
    answer = RedirectResponse(f"/incidents/{incident_id}", _SEE_OTHER)
    flash.put(answer, Flash(explained(done, console), refused=True) if isinstance(done, Refusal) else told)
    # Whoever was asked who they are need not be asked again.
    remember(answer, actor)
    return answer


def explained(refusal: Refusal, console: Console) -> str:
    """A refusal with the reader's time in place of UTC."""
    text = refusal.text
    at = _moment(refusal.facts)
    if at is not None:
        text = text.replace(f"on {at:%Y-%m-%d at %H:%M} UTC", f"at {clock(at, console.now(), console.zone)}")
    return f"{text} Nothing was changed."


def _moment(facts: Mapping[str, str]) -> datetime | None:
    try:
        return datetime.fromisoformat(facts["at"]).astimezone(UTC)
    except (KeyError, ValueError):
        return None
