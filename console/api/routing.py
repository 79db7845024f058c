"""How every route of the API answers: who may ask, with which body, and how the answer is told from an older one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.routing import APIRoute

from access.roles import Permission
from console.access import Means, RuledRoute, caller_of
from console.bearers import BearerError
from console.context import console_of
from incidents.incident import Actor
from services.installation import Installation
from settings.model import SignIn

VERSION = "/v1"
MOST_BYTES = 1_000_000
_SAFE = "GET"


class NobodyActsError(Exception):
    """A change is asked for where the console trusts everybody, and nobody is named."""


class NotJsonError(Exception):
    """A body is not JSON, or compressed."""


class TooLargeError(Exception):
    """A body is larger than is taken."""


class CheckedRoute(APIRoute):
    """A route that looks at the means by which one was let in, at the body, and at what the program knows already."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, behind its checks."""
        answer = super().get_route_handler()

        async def checked(request: Request) -> Response:
            _require_means(request)
            await _require_body(request)
            response = await answer(request)
            return _as_known(request, response) if request.method == _SAFE else response

        return checked


def resource(permission: Permission | None, tag: str, prefix: str = VERSION) -> APIRouter:
    """The router of one resource, for whoever has a permission."""
    route = type("ResourceRoute", (RuledRoute, CheckedRoute), {"usual": permission})
    return APIRouter(route_class=route, tags=[tag], prefix=prefix)


def installation_of(request: Request) -> Installation:
    """What the API is about."""
    return console_of(request).installation


def acting(request: Request) -> Actor:
    """The person in whose name something is done.

    Raises:
        NobodyActsError: nobody is named.
    """
    caller = caller_of(request)
    if caller is None or caller.actor is None:
        raise NobodyActsError
    return caller.actor


Inst = Annotated[Installation, Depends(installation_of)]
Acting = Annotated[Actor, Depends(acting)]


def _require_means(request: Request) -> None:
    """People's sessions read; what changes something has to be asked with a token.

    Raises:
        BearerError: a token is needed.
    """
    caller = caller_of(request)
    if caller is None:
        return
    trusting = console_of(request).installation.settings.console.sign_in is SignIn.NONE
    if caller.means is Means.TRUST and not trusting:
        raise BearerError(HTTPStatus.UNAUTHORIZED, "", "Send a token: Authorization: Bearer gsw_...")
    if caller.means is Means.SESSION and request.method != _SAFE:
        raise BearerError(HTTPStatus.UNAUTHORIZED, "", "Reading is allowed to your session; changes need a token.")


async def _require_body(request: Request) -> None:
    """Read the body, no further than it may be long.

    Raises:
        TooLargeError, NotJsonError: it is not taken.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > MOST_BYTES:
        raise TooLargeError
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise TooLargeError
    # Where Starlette keeps what it has read, for whoever reads it next.
    request._body = bytes(body)  # noqa: SLF001
    if body and not is_json(request):
        raise NotJsonError


def is_json(request: Request) -> bool:
    """Whether a body is JSON by its headers, and not compressed."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/json" and request.headers.get("content-encoding", "identity").lower() == "identity"


def _as_known(request: Request, response: Response) -> Response:
    """The answer with its tag, or none of it where the program has the same (RFC 9110, section 13.1.2)."""
    body = getattr(response, "body", None)  # what is streamed has none
    if response.status_code != HTTPStatus.OK or body is None:
        return response
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}
    if tag in known:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    response.headers.update(headers)
    return response
