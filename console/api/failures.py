"""Every failure under ``/api/`` is a problem of RFC 9457."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, cast

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from access.roles import least
from access.tokens import lacking
from console.access import FormTokenError, NotAllowedError, NotSignedInError
from console.api.routing import MOST_BYTES, NobodyActsError, NotJsonError, TooLargeError
from console.bearers import PERSON, BearerError, token_of
from console.context import console_of
from console.problem_details import Kind, told
from database.incidents import ConflictError, UnknownIncidentError
from database.session import DatabaseError
from errors import GroundswellError
from incidents.incident import Refusal
from services.records import incident_summary, whole_of

_log = logging.getLogger(__name__)


class RefusedError(Exception):
    """Something is not done as things stand.

    Attributes:
        now: how things stand, for programs; None where nothing can be shown.
        stale: whether it is because things have changed since the program looked.
    """

    def __init__(self, refusal: Refusal, now: Mapping[str, Any] | None = None, *, stale: bool = False) -> None:
        super().__init__(refusal.text)
        self.refusal, self.now, self.stale = refusal, now, stale


class WrongError(Exception):
    """What was sent cannot be meant; ``pointer`` says where in it, as ``#/name``."""

    def __init__(self, detail: str, pointer: str, place: str = "body") -> None:
        super().__init__(detail)
        self.detail, self.pointer, self.place = detail, pointer, place


class MissingError(Exception):
    """There is no such thing; the text says so."""


def install_failures(api: FastAPI) -> None:
    """Give every failure its problem."""
    for error, answer in (
        (BearerError, _bearer),
        (NotSignedInError, _not_signed_in),
        (FormTokenError, _not_signed_in),
        (NotAllowedError, _not_allowed),
        (NobodyActsError, _nobody_acts),
        (NotJsonError, _not_json),
        (TooLargeError, _too_large),
        (RequestValidationError, _invalid),
        (WrongError, _wrong),
        (MissingError, _missing),
        (RefusedError, _refused),
        (UnknownIncidentError, _unknown_incident),
        (ConflictError, _conflict),
        (DatabaseError, _unavailable),
        (GroundswellError, _failed),
        (HTTPException, _by_status),
        (Exception, _fault),
    ):
        api.add_exception_handler(error, answer)


def _bearer(_request: Request, error: Exception) -> Response:
    said = cast("BearerError", error)
    kinds = {
        HTTPStatus.BAD_REQUEST: Kind.TOKEN_MISPLACED,
        HTTPStatus.FORBIDDEN: Kind.PERSON_MISSING,
        HTTPStatus.UNAUTHORIZED: Kind.TOKEN_INVALID if said.code else Kind.TOKEN_MISSING,
    }
    return told(kinds[said.status], said.detail, {"WWW-Authenticate": said.challenge})


def _not_signed_in(request: Request, _error: Exception) -> Response:
    """Neither a token nor a session, or a session that asks for a change."""
    return _bearer(request, BearerError(HTTPStatus.UNAUTHORIZED, "", "Send a token in Authorization."))


def _not_allowed(request: Request, error: Exception) -> Response:
    needed, token = cast("NotAllowedError", error).permission, token_of(request)
    if token and lacking(token, needed):
        detail = f"The token does not have the scope “{needed}”. Make one that has it."
        challenge = BearerError(HTTPStatus.FORBIDDEN, "insufficient_scope", f"It needs {needed}.", needed).challenge
        return told(Kind.SCOPE_MISSING, detail, {"WWW-Authenticate": challenge}, scope=needed)
    detail = f"It takes the access of {least(needed)}. Whoever administers Groundswell can give it."
    return told(Kind.ACCESS_MISSING, detail, scope=needed)


def _nobody_acts(_request: Request, _error: Exception) -> Response:
    return told(Kind.PERSON_MISSING, f"Say who acts: send a token, or the id of a person in {PERSON}.")


def _not_json(_request: Request, _error: Exception) -> Response:
    return told(Kind.NOT_JSON, "Send application/json, not compressed. Nothing was changed.")


def _too_large(_request: Request, _error: Exception) -> Response:
    return told(Kind.TOO_LARGE, f"The body has more than {MOST_BYTES:,} bytes. Nothing was changed.")


def _invalid(request: Request, error: Exception) -> Response:
    found = cast("RequestValidationError", error).errors()
    if any(one["type"] == "json_invalid" for one in found):
        return told(Kind.MALFORMED, "The body is not JSON in UTF-8. Nothing was changed.")
    errors = [_place(one["loc"]) | {"detail": one["msg"]} for one in found]
    remedy = "" if request.method == "GET" else " Nothing was changed."
    return told(Kind.INVALID, f"{errors[0]['detail']}.{remedy}", errors=errors)


def _wrong(_request: Request, error: Exception) -> Response:
    said = cast("WrongError", error)
    errors = [{"in": said.place, "pointer": said.pointer, "detail": said.detail}]
    return told(Kind.INVALID, said.detail, errors=errors)


def _missing(_request: Request, error: Exception) -> Response:
    return told(Kind.NOT_FOUND, str(error))


def _refused(_request: Request, error: Exception) -> Response:
    said = cast("RefusedError", error)
    return told(Kind.CONFLICT if said.stale else Kind.REFUSED, said.refusal.text, now=said.now)


def _unknown_incident(_request: Request, error: Exception) -> Response:
    said = cast("UnknownIncidentError", error)
    return told(Kind.NOT_FOUND, f"{said.problem[:1].upper()}{said.problem[1:]} {said.remedy}")


def _conflict(request: Request, error: Exception) -> Response:
    said = cast("ConflictError", error)
    number = request.path_params.get("number")
    return told(
        Kind.CONFLICT, f"Somebody else changed it a moment ago. {said.remedy}", now=_incident_now(request, number)
    )


def _incident_now(request: Request, number: object) -> Mapping[str, Any] | None:
    inst = console_of(request).installation
    if not str(number).isdecimal():
        return None
    with inst.database.reading() as connection:
        whole = whole_of(connection, int(str(number)))
    return incident_summary(whole.incident, whole.steps, inst.names, inst.clock())


def _unavailable(request: Request, error: Exception) -> Response:
    _log.error("could not answer %s %s: %s", request.method, request.url.path, error)
    return told(Kind.UNAVAILABLE, "The database cannot be used at the moment. Nothing was changed; try again.")


def _by_status(request: Request, error: Exception) -> Response:
    said = cast("HTTPException", error)
    if said.status_code == HTTPStatus.NOT_FOUND:
        return told(Kind.NOT_FOUND, "There is nothing at this address. /api describes all that there is.")
    if said.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allow = ", ".join(_methods(request))
        return told(Kind.METHOD, f"What is at this address is asked with {allow}.", {"Allow": allow})
    return told(Kind.MALFORMED, "The body cannot be read. Nothing was changed.")


def _failed(request: Request, error: Exception) -> Response:
    _log.error("could not answer %s %s: %s", request.method, request.url.path, error)
    return _fault(request, error)


def _fault(_request: Request, _error: Exception) -> Response:
    """A fault of ours; the application around this one logs it."""
    return told(Kind.FAULT, "Groundswell could not answer this. What was stored before is safe; its log says why.")


def _methods(request: Request) -> Sequence[str]:
    """All methods with which something can be asked at an address; the framework knows those of the first route."""
    found = set[str]()
    for route in request.app.routes:
        if route.matches(request.scope)[0] is not Match.NONE:
            found |= getattr(route, "methods", set())
    return sorted(found)


def _place(loc: Sequence[object]) -> dict[str, Any]:
    """Where something is wrong: in what of a request, and a JSON pointer into it (RFC 6901, as a fragment)."""
    place, *names = loc or ("body",)
    told_names = (str(name).replace("~", "~0").replace("/", "~1") for name in names)
    return {"in": str(place), "pointer": "#" + "".join(f"/{name}" for name in told_names)}
