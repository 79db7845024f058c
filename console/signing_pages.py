"""Signing in and out, and choosing a password after a link; these pages are for everybody."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from access.attempts import Throttled
from access.links import Purpose, Stale
from access.passwords import LONGEST, SHORTEST, Unsuitable
from console import flash, session_cookie
from console.access import asks_who, enter, needing, require_form_token, with_session
from console.answering import SEE_OTHER
from console.context import console_of
from console.flash import Flash
from console.kept import Kept
from console.problems import ask_to_sign_in, send_again
from console.rendering import page
from console.security import own_path
from console.wording import duration
from services import inviting, signing_in
from services.signing_in import SignedIn, Wrong

Words = Annotated[str, Form()]
Next = Annotated[str, Form(alias="next")]
WRONG = "The mail address or the password is not right. Look at both and try again."
_ASKED = "If that address is one of the team, a mail with a link is on its way. It works for an hour."


def only_where_people_sign_in(request: Request) -> None:
    """There are no such pages where nobody has to sign in."""
    if not asks_who(request):
        raise HTTPException(HTTPStatus.NOT_FOUND)


def only_with_passwords(request: Request) -> None:
    """There is no such thing where the company alone says who somebody is."""
    if not console_of(request).installation.settings.console.passwords:
        raise HTTPException(HTTPStatus.NOT_FOUND)


WITH_PASSWORDS = [Depends(only_with_passwords)]
router = APIRouter(route_class=needing(None), dependencies=[Depends(only_where_people_sign_in)])


@router.get("/sign-in")
def sign_in_page(request: Request, next: str = "/") -> Response:  # noqa: A002  # the name in the address
    """The form; whoever is in already goes on."""
    if with_session(request, session_cookie.token_of(request)):
        return RedirectResponse(own_path(next), SEE_OTHER)
    return ask_to_sign_in(request, next_path=own_path(next), status=HTTPStatus.OK)


@router.post("/sign-in")
async def sign_in(
    request: Request, mail: Words = "", password: Words = "", next_path: Next = "/", already: Words = ""
) -> Response:
    """Let somebody in, and go on where they were; what they typed before is there to be sent."""
    inst, kept = console_of(request).installation, await Kept.carried(request)
    if already:
        return await run_in_threadpool(_go_on, request, session_cookie.token_of(request), own_path(next_path), kept)
    only_with_passwords(request)
    done = await run_in_threadpool(signing_in.sign_in, inst, mail, password, session_cookie.visitor(request))
    if isinstance(done, SignedIn):
        return await run_in_threadpool(let_in, request, done, own_path(next_path), kept)
    held = isinstance(done, Throttled)
    problem = waiting(request, done) if isinstance(done, Throttled) else WRONG
    status = HTTPStatus.TOO_MANY_REQUESTS if held else HTTPStatus.UNAUTHORIZED
    return ask_to_sign_in(request, kept=kept, next_path=own_path(next_path), mail=mail, problem=problem, status=status)


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """End the session."""
    caller = await run_in_threadpool(with_session, request, session_cookie.token_of(request))
    if caller and caller.session:
        enter(request, caller)
        await require_form_token(request, caller)
        inst, address = console_of(request).installation, session_cookie.visitor(request).address
        await run_in_threadpool(signing_in.sign_out, inst, caller.session, address)
    answer = RedirectResponse("/sign-in", SEE_OTHER)
    session_cookie.drop(request, answer)
    flash.put(answer, Flash("You are signed out."))
    return answer


@router.get("/reset", dependencies=WITH_PASSWORDS)
def ask_page(request: Request, mail: str = "") -> Response:
    """The form for whoever forgot their password."""
    return page(request, "reset.html", mail=mail)


@router.post("/reset", dependencies=WITH_PASSWORDS)
def ask(request: Request, mail: Words = "") -> Response:
    """Send a link to whoever has that address; the answer is the same for all, and is given before it is looked up."""
    looked_up = (console_of(request).installation, mail, session_cookie.visitor(request))
    answer = RedirectResponse("/sign-in", SEE_OTHER, background=BackgroundTask(inviting.ask_reset, *looked_up))
    flash.put(answer, Flash(_ASKED))
    return answer


@router.get("/invitation/{token}", dependencies=WITH_PASSWORDS)
@router.get("/reset/{token}", dependencies=WITH_PASSWORDS)
def choose_page(request: Request, token: str) -> Response:
    """The form of a link; a mail scanner may open it as often as it likes."""
    return _choose_page(request, token, "")


@router.post("/invitation/{token}", dependencies=WITH_PASSWORDS)
@router.post("/reset/{token}", dependencies=WITH_PASSWORDS)
def choose(request: Request, token: str, password: Words = "", next_path: Next = "/") -> Response:
    """Set the password and let its person in."""
    done = inviting.choose(console_of(request).installation, token, password, session_cookie.visitor(request))
    if isinstance(done, Unsuitable):
        return _choose_page(request, token, done.text)
    if isinstance(done, Stale):
        return _stale(request, done)
    answer = let_in(request, done, own_path(next_path))
    flash.put(answer, Flash("Your password is set, and you are signed in."))
    return answer


def waiting(request: Request, held: Throttled) -> str:
    """How long somebody has to wait, and what works at once."""
    wait = duration(max(held.until - console_of(request).now(), held.until.resolution))
    return f"There were too many attempts. Try again in {wait}. A new password by mail works at once."


def _choose_page(request: Request, token: str, problem: str) -> Response:
    inst = console_of(request).installation
    link = inviting.opened(inst, token)
    if isinstance(link, Stale):
        return _stale(request, link)
    return page(
        request,
        "choose.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        person=inst.settings.person(link.person),
        invited=link.purpose is Purpose.INVITATION,
        problem=problem,
        shortest=SHORTEST,
        longest=LONGEST,
    )


def _stale(request: Request, why: Stale) -> Response:
    return page(request, "stale.html", HTTPStatus.GONE, why=why.value)


def let_in(request: Request, done: SignedIn, next_path: str, kept: Kept | None = None) -> Response:
    """A session of its own for whoever is in; one that the browser brought along ends (session fixation)."""
    before = with_session(request, session_cookie.token_of(request))
    if before and before.session:
        address = session_cookie.visitor(request).address
        signing_in.sign_out(console_of(request).installation, before.session, address)
    answer = _go_on(request, done.token, next_path, kept)
    session_cookie.put(request, answer, done.token)
    return answer


def _go_on(request: Request, token: str, next_path: str, kept: Kept | None) -> Response:
    caller = with_session(request, token)
    if caller is None:
        problem = "You are not signed in in this browser yet."
        return ask_to_sign_in(request, kept=kept, next_path=next_path, problem=problem)
    if kept is None:
        return RedirectResponse(next_path, SEE_OTHER)
    enter(request, caller)
    remedy = "You are signed in again. Nothing was sent yet: this is what you typed."
    return send_again(request, kept, "Here is what you typed.", remedy, HTTPStatus.OK)


def wrong_or_waiting(request: Request, done: Wrong | Throttled) -> str:
    """Why the present password did not do."""
    return waiting(request, done) if isinstance(done, Throttled) else "That is not your present password."
