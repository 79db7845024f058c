"""Whom the console answers: every route says what one must be allowed, and is asked before anything is read of a form.

Where a sign-in is required the session in the cookie says who asks, and what it changes has to bring the token of its
forms; otherwise whoever reaches the console says who they are.

A router is made for one permission (``APIRouter(route_class=needing(Permission.READ))``); a route that needs another
one says so (:func:`allowed`). :func:`require_rules` refuses an application that has a route without a rule.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar, TypeVar

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute

from access.roles import EVERYTHING, GRANTS, Permission, Role
from access.sessions import Session
from console import session_cookie
from console.bearers import token_caller
from console.context import console_of
from console.reader import FORM_TOKEN, Reader, read_by
from incidents.incident import Actor
from services.signing_in import session_of
from settings.model import SignIn

COOKIE = "groundswell_you"
FIELD = "person"
_CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
_RULE = "permission"
# For what is sent by scripts of our pages without a form.
_FORM_HEADER = "x-groundswell-form"
_Endpoint = TypeVar("_Endpoint", bound=Callable[..., Any])


class Means(Enum):
    """How the console knows who asks."""

    TRUST = "trust"  # they reach this machine, and say who they are
    SESSION = "session"
    TOKEN = "token"  # noqa: S105  # the name of a means


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and what they may do.

    Attributes:
        actor: the person; None where the console is open and nobody has said who they are.
        role: None where nobody has said who they are.
        session: what says so; None where it is no session.
        form_token: what forms of the session bring along.
    """

    actor: Actor | None
    permissions: frozenset[Permission]
    means: Means
    role: Role | None = None
    session: Session | None = None
    form_token: str = ""


class NotAllowedError(Exception):
    """Somebody asks for what their role does not have.

    Attributes:
        permission: what they would need.
    """

    def __init__(self, permission: Permission) -> None:
        super().__init__(permission)
        self.permission = permission


class NotSignedInError(Exception):
    """Nobody is signed in, or not any more, where somebody has to be."""


class FormTokenError(Exception):
    """A change was asked for by a form that was not made for this session."""


class RuledRoute(APIRoute):
    """A route that answers whoever has its permission; None answers everybody."""

    usual: ClassVar[Permission | None]

    @property
    def permission(self) -> Permission | None:
        """What one must be allowed."""
        return getattr(self.endpoint, _RULE, self.usual)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, behind its rule."""
        answer, permission = super().get_route_handler(), self.permission

        async def ruled(request: Request) -> Response:
            if permission is not None:
                caller = enter(request, await identify(request))
                if permission not in caller.permissions:
                    raise NotAllowedError(permission)
                await require_form_token(request, caller)
            return await answer(request)

        return ruled


def needing(permission: Permission | None) -> type[RuledRoute]:
    """The class of routes for whoever has a permission; of those that everybody may use, with None."""
    return type("RuledRoute", (RuledRoute,), {"usual": permission})


def allowed(permission: Permission | None) -> Callable[[_Endpoint], _Endpoint]:
    """What one route needs in place of what its router's routes need; written below the route."""

    def ruled(endpoint: _Endpoint) -> _Endpoint:
        setattr(endpoint, _RULE, permission)
        return endpoint

    return ruled


def require_rules(routes: Iterable[BaseRoute]) -> None:
    """Refuse routes that do not say whom they answer.

    Raises:
        TypeError: there is such a route.
    """
    for route in routes:
        if not isinstance(route, RuledRoute):
            raise TypeError(f"no rule says who may use {getattr(route, 'path', route)}; give its router a route_class")


def caller_of(request: Request) -> Caller | None:
    """Who asks; None on pages that everybody sees and in answers to what found no route."""
    found: Caller | None = getattr(request.state, "caller", None)
    return found


def asks_who(request: Request) -> bool:
    """Whether people have to sign in."""
    return console_of(request).installation.settings.console.sign_in is SignIn.REQUIRED


def enter(request: Request, caller: Caller) -> Caller:
    """What is answered from here on is for this caller."""
    request.state.caller = caller
    read_by(Reader(caller.permissions, caller.form_token, trusted=caller.means is Means.TRUST))
    return caller


async def identify(request: Request) -> Caller:
    """Who asks.

    Raises:
        NotSignedInError: nobody is signed in, and somebody has to be.
    """
    bearer = await token_caller(request)
    if bearer:
        return Caller(bearer.actor, bearer.permissions, Means.TOKEN if bearer.token else Means.TRUST)
    if not asks_who(request):
        return await _trusted(request)
    caller = await run_in_threadpool(with_session, request, session_cookie.token_of(request))
    if caller is None:
        raise NotSignedInError
    return caller


def with_session(request: Request, token: str) -> Caller | None:
    """The caller of a session's token, None where there is no such session or it is over."""
    inst = console_of(request).installation
    session = session_of(inst, token, session_cookie.visitor(request).address)
    role = inst.settings.access_of(session.person) if session else None
    if session is None or role is None:
        return None
    actor = Actor(session.person, inst.name_of(session.person))
    return Caller(actor, GRANTS[role], Means.SESSION, role, session, session_cookie.form_token(token))


async def require_form_token(request: Request, caller: Caller) -> None:
    """Refuse changes by a session that its own pages did not ask for.

    Raises:
        FormTokenError: the token is missing or another one.
    """
    if caller.means is not Means.SESSION or request.method not in _CHANGING:
        return
    given = request.headers.get(_FORM_HEADER) or (await request.form()).get(FORM_TOKEN, "")
    # Not as text: hmac compares no text beyond ASCII.
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), caller.form_token.encode()):
        raise FormTokenError


async def _trusted(request: Request) -> Caller:
    form = await request.form() if request.method in _CHANGING else {}
    named = form.get(FIELD, "")
    actor = person(request, named if isinstance(named, str) else "") or person(request, request.cookies.get(COOKIE, ""))
    role = console_of(request).installation.settings.access_of(actor.id) if actor else None
    return Caller(actor, GRANTS[role] if role else EVERYTHING, Means.TRUST, role)


def person(request: Request, person_id: str) -> Actor | None:
    """Somebody of the settings, None where nobody there has the id."""
    people = console_of(request).installation.settings.people
    return next((Actor(one.id, one.name) for one in people if one.id == person_id), None)
