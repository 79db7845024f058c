"""Pages for when something did not work: what was kept, and what to do."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import cast

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from access.roles import least
from console.access import NotAllowedError
from console.bearers import BearerError
from console.identity import WhoAreYouError
from console.rendering import page
from console.security import HEADERS
from database.incidents import ConflictError, UnknownIncidentError
from database.proposals import UnknownProposalError
from errors import GroundswellError

_log = logging.getLogger(__name__)
_GONE = "There is no such page."
# What people type, by the last part of the address that it is sent to, and by the name of the field.
_TYPED = {
    "notes": "Your note",
    "correct": "Your correction",
    "updates": "Your internal update",
    "edit": "Your version of the statement",
    "statements": "Your statement",
    "review": "What you wrote in the review",
}
_FIELDS = {"evidence": "What you show for the step", "title": "Your task", "reason": "Your reason", "url": "Your link"}


def install_handlers(app: FastAPI) -> None:
    """Give every failure its page."""
    app.add_exception_handler(WhoAreYouError, who_are_you)
    app.add_exception_handler(NotAllowedError, not_allowed)
    app.add_exception_handler(BearerError, no_token_here)
    app.add_exception_handler(UnknownIncidentError, not_found)
    app.add_exception_handler(UnknownProposalError, not_found)
    app.add_exception_handler(ConflictError, conflict)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(HTTPException, by_status)
    app.add_exception_handler(GroundswellError, failed)
    app.add_exception_handler(Exception, unforeseen)


def who_are_you(request: Request, error: Exception) -> Response:
    """Ask who acts; the answer carries on with everything that was sent."""
    return page(request, "who.html", status=HTTPStatus.FORBIDDEN, fields=cast("WhoAreYouError", error).fields)


def not_allowed(request: Request, error: Exception) -> Response:
    """Somebody's role does not have what they ask for."""
    needed = least(cast("NotAllowedError", error).permission)
    remedy = f"It takes the access of {needed}. Whoever administers Groundswell can give it to you."
    return _problem(request, HTTPStatus.FORBIDDEN, "Your access does not include this.", remedy)


def no_token_here(request: Request, error: Exception) -> Response:
    """A program that shows a token to a page."""
    told = cast("BearerError", error)
    return _problem(request, told.status, told.detail, "The JSON API is described at /api. Nothing was changed.")


def not_found(request: Request, _error: Exception) -> Response:
    """An address that leads nowhere."""
    remedy = "Look at the list of incidents, or start from the home page. Nothing was changed."
    return _problem(request, HTTPStatus.NOT_FOUND, _GONE, remedy)


async def conflict(request: Request, error: Exception) -> Response:
    """Two people at once: one change was made, and it was the other's."""
    told = cast("ConflictError", error)
    form = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    return once_more(request, "Somebody else was faster.", f"{told.remedy} What you typed is kept here.", form)


def once_more(request: Request, problem: str, remedy: str, fields: Mapping[str, str]) -> Response:
    """Something was not done; the form that asked for it is there to be sent again."""
    back = "/".join(request.url.path.split("/")[:3])
    values = {"problem": problem, "remedy": remedy, "fields": fields, "labels": _labels(request.url.path), "back": back}
    return page(request, "again.html", status=HTTPStatus.CONFLICT, **values)


def _labels(path: str) -> Mapping[str, str]:
    """What the page calls what people typed, by the name of the field."""
    return {"text": _TYPED.get(path.rpartition("/")[2], "Your words"), **_FIELDS}


def malformed(request: Request, error: Exception) -> Response:
    """A request that no page of ours makes."""
    _log.info("malformed request for %s: %s", request.url.path, error)
    if request.method == "GET":
        return not_found(request, error)
    remedy = "Go back, look at the page again and repeat it. Nothing was changed."
    return _problem(request, HTTPStatus.BAD_REQUEST, "That was sent incompletely.", remedy)


def by_status(request: Request, error: Exception) -> Response:
    """What the framework itself refuses."""
    status = cast("HTTPException", error).status_code
    if status == HTTPStatus.NOT_FOUND:
        return not_found(request, error)
    remedy = "Start from the home page. Nothing was changed."
    return _problem(request, status, f"{HTTPStatus(status).phrase}.", remedy)


def failed(request: Request, error: Exception) -> Response:
    """A failure that tells what to do itself."""
    told = cast("GroundswellError", error)
    _log.error("could not answer %s %s: %s", request.method, request.url.path, told)
    return _problem(request, HTTPStatus.INTERNAL_SERVER_ERROR, f"{told.subject}: {told.problem}", told.remedy)


def unforeseen(request: Request, error: Exception) -> Response:
    """A fault of ours; its details are for the log."""
    _log.error("could not answer %s %s", request.method, request.url.path, exc_info=error)
    remedy = (
        "Listening and alerts run on without it, and what was stored before is safe. Load the page again; "
        "if it fails again, the console's log says why."
    )
    response = _problem(request, HTTPStatus.INTERNAL_SERVER_ERROR, "The console could not make this page.", remedy)
    # Answers to unforeseen errors are made outside the guard.
    response.headers.update(HEADERS)
    return response


def _problem(request: Request, status: int, problem: str, remedy: str) -> Response:
    return page(request, "problem.html", status=status, code=status, problem=problem, remedy=remedy)
