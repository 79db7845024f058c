"""How an action on an incident is answered: back to its page, with what was done or why it was not."""

from __future__ import annotations

from datetime import datetime, timedelta

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from console import flash
from console.context import Console, console_of
from console.flash import Flash
from console.identity import remember
from console.wording import refused
from incidents.incident import Actor, Change, Refusal
from incidents.statements import next_promise

SEE_OTHER = 303
MOST_MINUTES = 7 * 24 * 60


def back(
    request: Request, incident_id: int, actor: Actor, done: Change | Refusal | None, told: Flash, part: str = ""
) -> Response:
    """Go back to the page of the incident, or to a part of it."""
    answer = RedirectResponse(f"/incidents/{incident_id}{part}", SEE_OTHER)
    refused = Flash(explained(done, console_of(request)), refused=True) if isinstance(done, Refusal) else told
    flash.put(answer, refused)
    # Whoever was asked who they are need not be asked again.
    remember(answer, actor)
    return answer


def explained(refusal: Refusal, console: Console) -> str:
    """A refusal with the reader's time in place of UTC."""
    return refused(refusal, console.now(), console.zone)


def promised(minutes: str, now: datetime) -> datetime | None:
    """When the next word is promised, of the minutes that a form says; None for no promise."""
    if not minutes.isdecimal() or not 0 < int(minutes[:8]) <= MOST_MINUTES:
        return None
    return next_promise(timedelta(minutes=int(minutes[:8])), now)
