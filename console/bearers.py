"""Who a program speaks for: a token in the header ``Authorization`` (https://www.rfc-editor.org/rfc/rfc6750).

Where the console trusts whoever reaches this machine, programs need no token, and say in ``Groundswell-Person`` who
acts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from access.roles import EVERYTHING, GRANTS, Permission
from access.tokens import Fault, Token, holds_token
from console.context import console_of
from incidents.incident import Actor
from services import tokens
from services.installation import Installation
from settings.model import SignIn

PATH = "/api/"
PERSON = "Groundswell-Person"
_YOU = "groundswell_you"
_IN_ADDRESS = "access_token"  # where RFC 6750, section 2.3 would have it, and whence it gets into logs
_FAULTS: Mapping[Fault, str] = {
    Fault.UNKNOWN: "There is no such token.",
    Fault.EXPIRED: "The token has expired. Make a new one on your account page.",
    Fault.REVOKED: "The token was revoked. Make a new one on your account page.",
    Fault.OWNER_LEFT: "The owner of the token is no longer among the people of the settings.",
}


class BearerError(Exception):
    """Somebody shows a token that lets nobody in, or shows none where one is needed.

    Attributes:
        code: of RFC 6750, section 3.1; empty where nothing was shown.
        detail: a sentence for people.
        scope: what the token would have to have.
    """

    def __init__(self, status: HTTPStatus, code: str, detail: str, scope: str = "") -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.scope = status, code, detail, scope

    @property
    def challenge(self) -> str:
        """The header ``WWW-Authenticate`` (RFC 6750, section 3)."""
        told = {"error": self.code, "error_description": self.detail if self.code else "", "scope": self.scope}
        return ", ".join(
            ['Bearer realm="Groundswell"', *(f'{name}="{value}"' for name, value in told.items() if value)]
        )


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who a program speaks for.

    Attributes:
        actor: None where the console trusts everybody and nobody was named.
        token: None where the console trusts everybody.
    """

    actor: Actor | None
    permissions: frozenset[Permission]
    token: Token | None


async def token_caller(request: Request) -> Bearer | None:
    """Who a program speaks for, None where that is for others to say: people with browsers.

    Raises:
        BearerError: a token is shown that lets nobody in, or where none belongs.
    """
    scheme, _, shown = request.headers.get("authorization", "").partition(" ")
    presented = scheme.lower() == "bearer"
    if not request.url.path.startswith(PATH):
        # What a proxy in front has to say to us is no token of ours.
        if presented and holds_token(shown):
            raise BearerError(HTTPStatus.FORBIDDEN, "invalid_request", "Tokens open what is under /api/, and no pages.")
        return None
    if _in_address(request):
        told = "A token stands in the address, where logs keep it. Revoke it, and send tokens in Authorization."
        raise BearerError(HTTPStatus.BAD_REQUEST, "invalid_request", told)
    inst = console_of(request).installation
    if presented:
        bearer = await run_in_threadpool(_with_token, inst, shown.strip())
        request.state.token = bearer.token
        return bearer
    return _trusted(request, inst) if inst.settings.console.sign_in is SignIn.NONE else None


def token_of(request: Request) -> Token | None:
    """The token that somebody came with."""
    found: Token | None = getattr(request.state, "token", None)
    return found


def _in_address(request: Request) -> bool:
    return _IN_ADDRESS in request.query_params or any(map(holds_token, request.query_params.values()))


def _with_token(inst: Installation, shown: str) -> Bearer:
    found = tokens.check(inst, shown)
    if found.standing.fault or found.token is None:
        told = _FAULTS[found.standing.fault or Fault.UNKNOWN]
        raise BearerError(HTTPStatus.UNAUTHORIZED, "invalid_token", told)
    owner = found.token.person
    return Bearer(Actor(owner, inst.name_of(owner)), found.standing.permissions, found.token)


def _trusted(request: Request, inst: Installation) -> Bearer:
    named = request.headers.get(PERSON, "")
    if not named and request.method == "GET":
        named = request.cookies.get(_YOU, "")
        named = named if named in inst.names else ""
    if not named:
        return Bearer(None, EVERYTHING, None)
    role = inst.settings.access_of(named)
    if role is None:
        told = f"The person of {PERSON} is none of those in the settings. Give the id of one who is."
        raise BearerError(HTTPStatus.FORBIDDEN, "", told)
    return Bearer(Actor(named, inst.name_of(named)), GRANTS[role], None)
