"""The people of the settings, and who asks: what one's token may do, and one's other tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import Request
from pydantic import Field

from access.roles import Permission, Role
from access.tokens import Token
from console.access import Means, caller_of
from console.api.failures import MissingError, RefusedError
from console.api.paging import Page
from console.api.routing import Acting, Inst, resource
from console.api.shapes import Answer, Line, Named
from console.auditing import doer_of
from console.bearers import token_of
from incidents.incident import Refusal
from services import tokens
from services.installation import Installation
from settings.model import Person

router = resource(Permission.READ, "people")


class PersonAnswer(Named):
    """Somebody who can own an incident; `role` is what they are in the team, `access` what they may do here."""

    role: str
    access: Role | None


class TokenAnswer(Answer):
    """A token, without its secret."""

    id: str = Field(description="The part after `gsw_`.", examples=["h4Kx0aPq92Lm"])
    name: str
    scopes: list[Permission]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = Field(description="To the minute.")
    revoked_at: datetime | None


class MeAnswer(Answer):
    """Who asks, and what they may do: what the scopes of the token and the access of its owner both have."""

    person: Named | None
    access: Role | None
    may: list[Permission]
    means: str = Field(description="`token`, `session`, or `trust` where the console trusts this machine.")
    token: TokenAnswer | None


@router.get("/people", response_model=Page[PersonAnswer])
def people(inst: Inst) -> object:
    """Everybody of the settings."""
    return {"items": [_person(inst, one) for one in inst.settings.people], "next": None}


@router.get("/me", response_model=MeAnswer)
def me(request: Request, inst: Inst) -> object:
    """Who asks."""
    caller, token = caller_of(request), token_of(request)
    actor = caller.actor if caller else None
    return {
        "person": actor and {"id": actor.id, "name": actor.name},
        "access": actor and inst.settings.access_of(actor.id),
        "may": sorted(caller.permissions) if caller else [],
        "means": (caller.means if caller else Means.TRUST).value,
        "token": token and as_record(token),
    }


@router.get("/tokens", response_model=Page[TokenAnswer])
def own_tokens(inst: Inst, actor: Acting) -> object:
    """One's own tokens, the newest first. New ones are made on the account page or with `groundswell tokens`."""
    return {"items": [as_record(one) for one in tokens.owned_by(inst, actor.id)], "next": None}


@router.delete("/tokens/{token}", response_model=TokenAnswer)
def revoke(request: Request, inst: Inst, actor: Acting, token: Line) -> object:
    """End the token that one came with, for good; on a trusted machine any of one's own."""
    came_with = token_of(request)
    if came_with and came_with.id != token:
        told = "A token ends itself and no other. End others on your account page, or with groundswell tokens revoke."
        raise RefusedError(Refusal(told))
    done = tokens.revoke(inst, token, actor.id, doer_of(request))
    if isinstance(done, Refusal):
        raise MissingError(done.text)
    return as_record(done)


def as_record(token: Token) -> dict[str, Any]:
    """A token for programs."""
    return {name: getattr(token, name) for name in TokenAnswer.model_fields} | {"scopes": sorted(token.scopes)}


def _person(inst: Installation, one: Person) -> dict[str, Any]:
    return {"id": one.id, "name": one.name, "role": one.role, "access": inst.settings.access_of(one.id)}
