"""Whom the console answers: every route says what one must be allowed, and is asked before anything is read of a form.

A router is made for one permission (``APIRouter(route_class=needing(Permission.READ))``); a route that needs
another one says so (:func:`allowed`). :func:`require_rules` refuses an application that has a route without a rule.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar, TypeVar

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from access.roles import EVERYTHING, GRANTS, Permission
from console.bearers import token_caller
from console.context import console_of
from incidents.incident import Actor

COOKIE = "groundswell_you"
FIELD = "person"
_CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
_RULE = "permission"
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
    """

    actor: Actor | None
    permissions: frozenset[Permission]
    means: Means


class NotAllowedError(Exception):
    """Somebody asks for what their role does not have.

    Attributes:
        permission: what they would need.
    """

    def __init__(self, permission: Permission) -> None:
        super().__init__(permission)
        self.permission = permission


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
                request.state.caller = caller = await _identify(request)
                if permission not in caller.permissions:
                    raise NotAllowedError(permission)
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


async def _identify(request: Request) -> Caller:
    bearer = await token_caller(request)
    if bearer:
        return Caller(bearer.actor, bearer.permissions, Means.TOKEN if bearer.token else Means.TRUST)
    form = await request.form() if request.method in _CHANGING else {}
    named = form.get(FIELD, "")
    actor = person(request, named if isinstance(named, str) else "") or person(request, request.cookies.get(COOKIE, ""))
    role = actor and console_of(request).installation.settings.access_of(actor.id)
    return Caller(actor, GRANTS[role] if role else EVERYTHING, Means.TRUST)


def person(request: Request, person_id: str) -> Actor | None:
    """Somebody of the settings, None where nobody there has the id."""
    people = console_of(request).installation.settings.people
    return next((Actor(one.id, one.name) for one in people if one.id == person_id), None)
