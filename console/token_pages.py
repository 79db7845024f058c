"""One's own tokens for programs: made, shown once, and revoked."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from access.roles import GRANTS, Permission
from access.tokens import MOST_DAYS, NAME_LIMIT, USUAL_DAYS
from console import flash
from console.access import needing
from console.answering import SEE_OTHER
from console.auditing import doer_of
from console.context import console_of
from console.flash import Flash
from console.identity import Acting, remember, you
from console.rendering import page
from incidents.incident import Actor, Refusal
from services import tokens
from services.tokens import Created

router = APIRouter(route_class=needing(Permission.READ))
PATH = "/account/tokens"
_DAYS = (7, 30, USUAL_DAYS, 180, MOST_DAYS)
# What each scope lets a program do, beside the box that gives it.
MEANINGS = {
    Permission.READ: "see incidents, mentions and figures",
    Permission.REPORT: "tell of something that was seen",
    Permission.EXPORT: "take mentions and reviews away as files",
    Permission.PROPOSE: "suggest changes for people to decide on",
    Permission.RESPOND: "work on incidents, correct mentions, mark alarms",
    Permission.LEAD: "start and stop drills, finish reviews",
    Permission.ADMINISTER: "wake sources",
}


@router.get(PATH)
def own_tokens(request: Request) -> Response:
    """One's tokens, and the form for another."""
    return _page(request, you(request))


@router.post(PATH)
def create(
    request: Request,
    actor: Acting,
    name: Annotated[str, Form()] = "",
    scope: Annotated[list[Permission] | None, Form()] = None,
    days: Annotated[int, Form()] = USUAL_DAYS,
) -> Response:
    """Make one; this page is the only place where it can be read."""
    done = tokens.create(console_of(request).installation, actor.id, name, scope or (), days, doer_of(request))
    answer = _page(request, actor, done, name)
    remember(answer, actor)
    return answer


@router.post(f"{PATH}/{{token_id}}/revoke")
def revoke(request: Request, actor: Acting, token_id: str) -> Response:
    """End one at once, for good."""
    done = tokens.revoke(console_of(request).installation, token_id, actor.id, doer_of(request))
    answer = RedirectResponse(PATH, SEE_OTHER)
    refused = isinstance(done, Refusal)
    told = done.text if isinstance(done, Refusal) else f"“{done.name}” is revoked: whoever holds it gets nothing more."
    flash.put(answer, Flash(told, refused=refused))
    remember(answer, actor)
    return answer


def _page(request: Request, actor: Actor | None, done: Created | Refusal | None = None, name: str = "") -> Response:
    inst = console_of(request).installation
    role = actor and inst.settings.access_of(actor.id)
    refused = isinstance(done, Refusal)
    return page(
        request,
        "account/tokens.html",
        status=422 if refused else 200,
        tokens=tokens.owned_by(inst, actor.id) if actor else (),
        choices=[(one, MEANINGS[one]) for one in Permission if role and one in GRANTS[role]],
        days=_DAYS,
        usual=USUAL_DAYS,
        longest=NAME_LIMIT,
        made=done if isinstance(done, Created) else None,
        refused=done.text if isinstance(done, Refusal) else "",
        name=name if refused else "",
    )
