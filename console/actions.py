"""What people do on the pages: every form ends here, calls one service and goes back to where it came from."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from access.roles import Permission
from console.access import allowed, asks_who, needing
from console.answering import SEE_OTHER, back
from console.context import console_of
from console.flash import Flash
from console.identity import Acting, remember
from console.problems import once_more
from console.security import own_path
from incidents.incident import Refusal
from playbooks.playbook import Severity
from services import response

router = APIRouter(route_class=needing(Permission.RESPOND))
Words = Annotated[str, Form()]


@router.post("/you")
@allowed(Permission.READ)
def choose(request: Request, actor: Acting, next_path: Annotated[str, Form(alias="next")] = "/") -> Response:
    """Say who you are, where no sign-in says so."""
    if asks_who(request):
        raise HTTPException(HTTPStatus.FORBIDDEN)
    answer = RedirectResponse(own_path(next_path), SEE_OTHER)
    remember(answer, actor)
    return answer


@router.post("/incidents/{incident_id}/acknowledge")
def acknowledge(request: Request, incident_id: int, actor: Acting) -> Response:
    """Say that you have it."""
    done = response.acknowledge(console_of(request).installation, incident_id, actor.id)
    return back(request, incident_id, actor, done, Flash("You have it. Everybody can see that."))


@router.post("/incidents/{incident_id}/hand-over")
def hand_over(request: Request, incident_id: int, actor: Acting, new_owner: Words = "") -> Response:
    """Ask somebody to take it, or take it where nobody is named."""
    new_owner = new_owner or actor.id
    done = response.hand_over(console_of(request).installation, incident_id, actor.id, new_owner)
    name = console_of(request).installation.name_of(new_owner)
    asked = f"{name} is asked by mail, and has it once they accept."
    return back(request, incident_id, actor, done, Flash("You have it now." if new_owner == actor.id else asked))


@router.post("/incidents/{incident_id}/accept")
def accept(request: Request, incident_id: int, actor: Acting) -> Response:
    """Take over what you were asked to."""
    done = response.accept(console_of(request).installation, incident_id, actor.id)
    return back(request, incident_id, actor, done, Flash("You have it now. Everybody can see that."))


@router.post("/incidents/{incident_id}/decline")
def decline(request: Request, incident_id: int, actor: Acting, reason: Words = "") -> Response:
    """Say no to a hand-over, or take the question back."""
    done = response.decline(console_of(request).installation, incident_id, actor.id, reason)
    return back(request, incident_id, actor, done, Flash("It stays with its owner, who is told."))


@router.post("/incidents/{incident_id}/notes")
def add_note(request: Request, incident_id: int, actor: Acting, text: Words = "") -> Response:
    """Write a note into the timeline."""
    done = response.add_note(console_of(request).installation, incident_id, actor.id, text)
    if isinstance(done, Refusal):
        return once_more(request, "Your note is not in the timeline.", done.text, {"text": text})
    return back(request, incident_id, actor, done, Flash("Your note is in the timeline."))


@router.post("/incidents/{incident_id}/rows/{row}/correct")
def correct(request: Request, incident_id: int, row: int, actor: Acting, text: Words = "") -> Response:
    """Say what is right in place of a row of the timeline."""
    done = response.correct(console_of(request).installation, incident_id, actor.id, row, text)
    if isinstance(done, Refusal):
        return once_more(request, "Your correction is not in the timeline.", done.text, {"text": text})
    return back(request, incident_id, actor, done, Flash("The correction stands beside the row."))


@router.post("/incidents/{incident_id}/severity")
def change_severity(
    request: Request,
    incident_id: int,
    actor: Acting,
    severity: Annotated[Severity, Form()],
    reason: Words = "",
    seen: Annotated[Severity | None, Form()] = None,
) -> Response:
    """Make it worse or milder."""
    done = response.change_severity(console_of(request).installation, incident_id, actor.id, severity, reason, seen)
    return back(request, incident_id, actor, done, Flash(f"It is {severity} now; the deadlines have moved with it."))


@router.post("/incidents/{incident_id}/category")
def change_category(
    request: Request,
    incident_id: int,
    actor: Acting,
    category: Words = "",
    reason: Words = "",
    seen: Words = "",
) -> Response:
    """Say what kind of crisis it is."""
    done = response.change_category(console_of(request).installation, incident_id, actor.id, category, reason, seen)
    return back(request, incident_id, actor, done, Flash("The category is changed, and the checklist with it."))


@router.post("/incidents/{incident_id}/respond")
def respond(request: Request, incident_id: int, actor: Acting) -> Response:
    """The team works on it."""
    done = response.respond(console_of(request).installation, incident_id, actor.id)
    return back(request, incident_id, actor, done, Flash("Everybody can see that the team is responding."))


@router.post("/incidents/{incident_id}/monitor")
def monitor(request: Request, incident_id: int, actor: Acting) -> Response:
    """It is only watched."""
    done = response.monitor(console_of(request).installation, incident_id, actor.id)
    return back(request, incident_id, actor, done, Flash("It is only watched now. A new wave brings it back."))


@router.post("/incidents/{incident_id}/resolve")
def resolve(request: Request, incident_id: int, actor: Acting) -> Response:
    """Declare it over."""
    done = response.resolve(console_of(request).installation, incident_id, actor.id)
    return back(request, incident_id, actor, done, Flash("Resolved. Notes and steps stay open for the review."))


@router.post("/incidents/{incident_id}/dismiss")
def dismiss(request: Request, incident_id: int, actor: Acting, reason: Words = "") -> Response:
    """Declare that it was noise."""
    done = response.dismiss(console_of(request).installation, incident_id, actor.id, reason)
    return back(request, incident_id, actor, done, Flash("Dismissed as noise; tuning learns from it."))


@router.post("/incidents/{incident_id}/reopen")
def reopen(request: Request, incident_id: int, actor: Acting, reason: Words = "") -> Response:
    """It was not over."""
    done = response.reopen(console_of(request).installation, incident_id, actor.id, reason)
    return back(request, incident_id, actor, done, Flash("It is open again, and yours."))


@router.post("/incidents/{incident_id}/merge")
def merge(request: Request, incident_id: int, actor: Acting, into: Annotated[int, Form()]) -> Response:
    """Make it a part of another incident."""
    done = response.merge(console_of(request).installation, incident_id, actor.id, into)
    going_to = incident_id if isinstance(done, Refusal) else into
    return back(request, going_to, actor, done, Flash(f"Incident {incident_id} is a part of this one now."))


@router.post("/incidents/{incident_id}/follow")
def follow(request: Request, incident_id: int, actor: Acting, whom: Words = "") -> Response:
    """Let somebody read along."""
    inst = console_of(request).installation
    done = response.follow(inst, incident_id, actor.id, whom or actor.id)
    told = f"{inst.name_of(whom or actor.id)} gets the internal updates by mail."
    return back(request, incident_id, actor, done, Flash(told))


@router.post("/incidents/{incident_id}/unfollow")
def unfollow(request: Request, incident_id: int, actor: Acting, whom: Words = "") -> Response:
    """Somebody reads along no more."""
    inst = console_of(request).installation
    done = response.unfollow(inst, incident_id, actor.id, whom or actor.id)
    return back(request, incident_id, actor, done, Flash(f"{inst.name_of(whom or actor.id)} reads along no more."))
