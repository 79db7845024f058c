"""One's own account: where one is signed in, and the password."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Request, Response
from fastapi.responses import RedirectResponse

from access.passwords import LONGEST, SHORTEST, Unsuitable
from access.roles import Permission
from access.sessions import Session
from console import flash, session_cookie
from console.access import NotSignedInError, caller_of, needing
from console.answering import SEE_OTHER
from console.context import console_of
from console.flash import Flash
from console.rendering import page
from console.signing_pages import WITH_PASSWORDS, only_where_people_sign_in, wrong_or_waiting
from database import access as store
from services import inviting, signing_in
from services.signing_in import SignedIn

Words = Annotated[str, Form()]
# Ids have 64 bits.
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
_PAGE = "/account"

router = APIRouter(route_class=needing(Permission.READ), dependencies=[Depends(only_where_people_sign_in)])


def own_session(request: Request) -> Session:
    """The session that asks.

    Raises:
        NotSignedInError: it is no session that asks.
    """
    caller = caller_of(request)
    if caller is None or caller.session is None:
        raise NotSignedInError
    return caller.session


Own = Annotated[Session, Depends(own_session)]


@router.get(_PAGE)
def account(request: Request, own: Own) -> Response:
    """Sessions and password."""
    return _page(request, own, "", HTTPStatus.OK)


@router.post(f"{_PAGE}/sessions/{{number}}/revoke")
def revoke(request: Request, own: Own, number: Number) -> Response:
    """Sign oneself out somewhere else."""
    inst, address = console_of(request).installation, session_cookie.visitor(request).address
    ended = signing_in.revoke(inst, own.person, own.person, address, only=number)
    answer = RedirectResponse(_PAGE, SEE_OTHER)
    flash.put(answer, Flash("You are signed out there." if ended else "That session was over already."))
    return answer


@router.post(f"{_PAGE}/password", dependencies=WITH_PASSWORDS)
def change(request: Request, own: Own, old: Words = "", password: Words = "") -> Response:
    """Change the password; other sessions end, and this one goes on under a new token."""
    done = inviting.change(console_of(request).installation, own, old, password, session_cookie.visitor(request))
    if isinstance(done, SignedIn):
        answer = RedirectResponse(_PAGE, SEE_OTHER)
        session_cookie.put(request, answer, done.token)
        flash.put(answer, Flash("Your password is changed. You are signed out everywhere else."))
        return answer
    problem = done.text if isinstance(done, Unsuitable) else wrong_or_waiting(request, done)
    return _page(request, own, problem, HTTPStatus.UNPROCESSABLE_ENTITY)


def _page(request: Request, own: Session, problem: str, status: HTTPStatus) -> Response:
    inst = console_of(request).installation
    with inst.database.reading() as connection:
        has_password = store.account(connection, own.person) is not None
    return page(
        request,
        "account.html",
        status,
        person=inst.settings.person(own.person),
        role=inst.settings.access_of(own.person),
        own=own,
        sessions=signing_in.sessions_of(inst, own.person),
        has_password=has_password,
        problem=problem,
        shortest=SHORTEST,
        longest=LONGEST,
    )
