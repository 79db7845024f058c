"""Pages for when something did not work: what was kept, and what to do."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import cast
from urllib.parse import urlencode

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, RedirectResponse
from starlette.exceptions import HTTPException

from access.roles import least
from console.access import FormTokenError, NotAllowedError, NotSignedInError
from console.bearers import BearerError
from console.identity import WhoAreYouError
from console.kept import Kept
from console.rendering import LIVE_HEADER, page
from console.security import HEADERS
from database.incidents import ConflictError, UnknownIncidentError
from database.proposals import UnknownProposalError
from errors import GroundswellError

_log = logging.getLogger(__name__)
_GONE = "There is no such page."
# RFC 9110, section 15.5.2 wants a way named; browsers pass over one that they do not know.
SIGN_IN_HEADERS = {"WWW-Authenticate": "Form", "Cache-Control": "no-store"}
_LIVE = "/live"


def install_handlers(app: FastAPI) -> None:
    """Give every failure its page."""
    app.add_exception_handler(WhoAreYouError, who_are_you)
    app.add_exception_handler(NotSignedInError, not_signed_in)
    app.add_exception_handler(FormTokenError, not_our_form)
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


async def not_signed_in(request: Request, _error: Exception) -> Response:
    """Ask to sign in; what was sent is carried along, and what asks by itself is only told."""
    path = request.url.path
    if path == _LIVE or LIVE_HEADER in request.headers:
        return PlainTextResponse("Sign in again.", HTTPStatus.UNAUTHORIZED, SIGN_IN_HEADERS)
    if request.method == "GET":
        here = f"{path}?{request.url.query}" if request.url.query else path
        return RedirectResponse(f"/sign-in?{urlencode({'next': here})}" if here != "/" else "/sign-in", 303)
    kept = await Kept.of(request)
    if not kept.fields:  # nothing to lose: they go on where the form stood
        return ask_to_sign_in(request, next_path=kept.back[0])
    return ask_to_sign_in(request, kept=kept)


def ask_to_sign_in(
    request: Request,
    *,
    kept: Kept | None = None,
    next_path: str = "/",
    mail: str = "",
    problem: str = "",
    status: HTTPStatus = HTTPStatus.UNAUTHORIZED,
) -> Response:
    """The page to sign in on, with what was typed before and is to be sent afterwards."""
    answer = page(request, "sign-in.html", status, kept=kept, next_path=next_path, mail=mail, problem=problem)
    if status == HTTPStatus.UNAUTHORIZED:
        answer.headers.update(SIGN_IN_HEADERS)
    return answer


async def not_our_form(request: Request, _error: Exception) -> Response:
    """A form that was made for another session: most likely somebody signed in anew in another window."""
    return send_again(
        request,
        await Kept.of(request),
        "Please send it once more.",
        "This page was made before you signed in, so nothing was changed yet. What you typed is kept here.",
    )


def send_again(request: Request, kept: Kept, problem: str, remedy: str, status: int = HTTPStatus.CONFLICT) -> Response:
    """What was typed, in a form that is sent by one press."""
    back, back_words = kept.back
    values = {"problem": problem, "remedy": remedy, "kept": kept, "back": back, "back_words": back_words}
    return page(request, "again.html", status=status, **values)


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
    return send_again(
        request, await Kept.of(request), "Somebody else was faster.", f"{told.remedy} What you typed is kept here."
    )


def once_more(request: Request, problem: str, remedy: str, fields: Mapping[str, str]) -> Response:
    """Something was not done; the form that asked for it is there to be sent again."""
    return send_again(request, Kept.from_fields(request, fields), problem, remedy)


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
