"""What people do with what programs propose, on the page of an incident."""

from __future__ import annotations

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
from services import proposing

router = APIRouter(prefix="/incidents/{incident_id}/proposals/{number}", route_class=needing(Permission.RESPOND))
_PART = "#proposed"


@router.post("/do")
def accept(
    request: Request, incident_id: int, number: int, actor: Acting, text: Annotated[str | None, Form()] = None
) -> Response:
    """Do what is proposed, with one's own words where some are sent."""
    done = proposing.accept(console_of(request).installation, incident_id, number, actor.id, text)
    if isinstance(done, Refusal) and text is not None:
        return once_more(request, "What was proposed is not done.", done.text, {"text": text})
    return back(request, incident_id, actor, done, Flash("Done, in your name. The timeline says who proposed it."))


@router.post("/not-now")
def decline(
    request: Request, incident_id: int, number: int, actor: Acting, reason: Annotated[str, Form()] = ""
) -> Response:
    """Decide against it."""
    done = proposing.decline(console_of(request).installation, incident_id, number, actor.id, reason)
    refused = done if isinstance(done, Refusal) else None
    return back(request, incident_id, actor, refused, Flash("It is off the page, and nothing was changed."), _PART)
