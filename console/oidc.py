"""Signing in with the company's own account, and what is told to whoever comes back without being let in.

A sign-in belongs to the browser that began it: what proves that stands in a cookie for ten minutes, and is used once.
"""

from __future__ import annotations

import base64
import hmac
import json
import logging
from dataclasses import asdict, dataclass
from datetime import timedelta
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from access.audit import AuditKind, Noted
from access.company import Reason, Stranger, recognise
from access.sessions import Means
from console import session_cookie
from console.access import needing
from console.clients import client_address
from console.context import console_of
from console.rendering import page
from console.security import own_path
from console.signing_pages import let_in
from services.auditing import note
from services.installation import Installation
from services.provider import BACK, Provider, ProviderError
from services.signing_in import SignedIn, open_session
from settings.model import SignIn

router = APIRouter(route_class=needing(None))
BEGIN = "/oidc"
_COOKIE = "groundswell_oidc"
_GOOD_FOR = timedelta(minutes=10)
_LONGEST = 2_000  # characters of a place to go on to: browsers keep 4 kB of a cookie
_LONGEST_MAIL = 320  # RFC 3696, erratum 1690
_WHY = {
    Reason.NO_MAIL: "{provider} does not say which mail address you have there.",
    Reason.UNVERIFIED: "{provider} does not say that {mail} is really yours.",
    Reason.UNKNOWN: "Nobody with the address {mail} is in the settings of Groundswell.",
    Reason.SHARED: "More than one person in the settings of Groundswell has the address {mail}.",
}
_ASK = "Ask whoever administers Groundswell."
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Begun:
    """What the browser keeps of a sign-in on its way; the names are those of :class:`services.provider.Started`."""

    state: str
    nonce: str
    verifier: str
    next: str


@router.get(BEGIN)
def begin(request: Request, next: str = "/") -> Response:  # noqa: A002  # the name in the address
    """Send the browser to the provider; a link leads here, because the policy lets no form lead elsewhere."""
    try:
        started = _provider(request).start()
    except ProviderError as error:
        return _unanswered(request, error)
    begun = Begun(started.state, started.nonce, started.verifier, next if len(next) <= _LONGEST else "/")
    answer = RedirectResponse(started.address, HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"})
    packed = base64.urlsafe_b64encode(json.dumps(asdict(begun)).encode()).decode()
    _keep(request, answer, packed)
    return answer


@router.get(BACK)
def back(request: Request) -> Response:
    """Let in whom the provider vouches for, and nobody else."""
    provider, begun = _provider(request), _begun(request)
    answer = _judged(request, provider, begun)
    _keep(request, answer, "")
    return answer


def _judged(request: Request, provider: Provider, begun: Begun | None) -> Response:
    given = request.query_params
    if begun is None or not hmac.compare_digest(begun.state.encode(), given.get("state", "").encode()):
        problem = "This sign-in was not begun in this browser, or too long ago."
        return _refused(request, HTTPStatus.BAD_REQUEST, problem, "Begin again; nobody was signed in.")
    if "error" in given or not given.get("code"):
        _log.info("the provider refused a sign-in: %r", given.get("error", "")[:80])
        problem = "You were not signed in there, or did not let Groundswell know who you are."
        return _refused(request, HTTPStatus.FORBIDDEN, problem, f"Begin again. {_ASK}")
    try:
        claims = provider.finish(given["code"], begun.nonce, begun.verifier, given.get("iss"))
    except ProviderError as error:
        return _unanswered(request, error)
    inst = console_of(request).installation
    trust = bool(inst.settings.console.oidc and inst.settings.console.oidc.trust_email)
    found = recognise(claims, ((one.email, one.id) for one in inst.settings.people), trust_email=trust)
    if isinstance(found, Stranger):
        return _not_let_in(request, inst, found)
    visitor = session_cookie.visitor(request)
    token = open_session(inst, found.person, Means.COMPANY, visitor.address, visitor.browser)
    return let_in(request, SignedIn(found.person, token), begun.next)


def _not_let_in(request: Request, inst: Installation, stranger: Stranger) -> Response:
    """Say so, and write it down: whoever administers wants to know who knocks."""
    facts = {"reason": str(stranger.reason)}
    noted = Noted(AuditKind.COMPANY_REFUSED, "", stranger.mail[:_LONGEST_MAIL], facts, client_address(request))
    with inst.database.writing() as connection:
        note(connection, noted, inst.clock())
    problem = _WHY[stranger.reason].format(provider=_called(request), mail=stranger.mail[:_LONGEST_MAIL])
    return _refused(
        request, HTTPStatus.FORBIDDEN, problem, f"If you have another account there, sign out there first. {_ASK}"
    )


def _unanswered(request: Request, error: ProviderError) -> Response:
    _log.warning("signing in by the provider failed: %s", error)
    problem = f"Signing in with {_called(request)} does not work at the moment."
    remedy = f"Try again in a moment. {_ASK} The console's log says what is the matter."
    if console_of(request).installation.settings.console.passwords:
        remedy = f"Try again in a moment, or sign in with your password. {_ASK}"
    return _refused(request, HTTPStatus.BAD_GATEWAY, problem, remedy)


def _refused(request: Request, status: HTTPStatus, problem: str, remedy: str) -> Response:
    return page(request, "not-let-in.html", status, problem=problem, remedy=remedy, again=BEGIN)


def _provider(request: Request) -> Provider:
    """The provider; without one there are no such pages."""
    console = console_of(request)
    if console.provider is None or console.installation.settings.console.sign_in is SignIn.NONE:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return console.provider


def _called(request: Request) -> str:
    oidc = console_of(request).installation.settings.console.oidc
    return oidc.name if oidc else ""


def _begun(request: Request) -> Begun | None:
    """What the browser kept; whatever else stands there counts as nothing."""
    try:
        values = json.loads(base64.urlsafe_b64decode(request.cookies.get(_name(request), "")))
        begun = Begun(**values)
        "".join(asdict(begun).values()).encode()  # texts, and such as can be sent
    except (ValueError, TypeError, RecursionError):
        return None
    return Begun(begun.state, begun.nonce, begun.verifier, own_path(begun.next)) if begun.state else None


def _keep(request: Request, response: Response, packed: str) -> None:
    """Have the browser keep a sign-in on its way, or forget it; it comes back from elsewhere, so "lax"."""
    age, secure = int(_GOOD_FOR.total_seconds()) if packed else 0, session_cookie.is_secure(request)
    response.set_cookie(_name(request), packed, age, path="/", secure=secure, httponly=True, samesite="lax")


def _name(request: Request) -> str:
    """Its name; browsers hold the prefix to Secure and Path=/, so that no neighbour can put one there."""
    return f"__Host-{_COOKIE}" if session_cookie.is_secure(request) else _COOKIE
