"""People and routing: who is who and what they have on their desk, and who is told of what, with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection
from starlette.exceptions import HTTPException

from access.links import Link, judge
from access.roles import Permission, Role
from access.sessions import ended
from alerts.routing import Routed
from console import flash
from console.access import allowed, caller_of, needing
from console.clients import client_address
from console.context import console_of
from console.flash import Flash
from console.rendering import page
from console.wording import plural
from database import access as accounts
from database import reading
from database.incidents import every_open
from detection import signal
from incidents.incident import REPORTED, Incident
from incidents.severity import COMPLAINTS
from playbooks.playbook import Severity
from services.announcing import route
from services.installation import Installation
from services.inviting import invite as send_invitation
from services.signing_in import revoke
from settings.model import Person, SignIn

router = APIRouter(route_class=needing(Permission.READ))
_PAGE = "/people"


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands with signing in.

    Attributes:
        set_at: when they chose their password; None where they have none.
        invited: the link that they were sent last; None where there was none.
        link_works: whether that link can still be used.
        sessions: in how many browsers they are signed in.
        seen_at: when they were last here; None where that is long ago or never was.
    """

    set_at: datetime | None
    invited: Link | None
    link_works: bool
    sessions: int
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the team.

    Attributes:
        because: why they have this access, where nobody wrote it down.
        owns: the open incidents that are theirs.
    """

    person: Person
    access: Role
    because: str
    owns: tuple[Incident, ...]
    standing: Standing


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks of the routing; unknown values count as none."""

    brand: str = ""
    severity: str = ""
    kind: str = ""


def asked(request: Request) -> Asked:
    """The question in an address."""
    inst, given = console_of(request).installation, request.query_params
    known: Mapping[str, set[str]] = {
        "brand": {one.id for one in inst.settings.brands},
        "severity": {*Severity},
        "kind": set(_kinds()),
    }
    return Asked(**{name: value for name, values in known.items() if (value := given.get(name, "")) in values})


@router.get(_PAGE)
def people(request: Request, question: Annotated[Asked, Depends(asked)]) -> Response:
    """Who is who, and who would be told of what."""
    inst = console_of(request).installation
    with inst.database.reading() as connection:
        pulse, members = reading.pulse(connection), members_of(connection, inst)
    return page(
        request,
        "people.html",
        pulse=pulse,
        members=members,
        routing=inst.settings.routing,
        brands=[one for one in inst.settings.brands if not one.competitor],
        severities=tuple(Severity),
        kinds=_kinds(),
        asked=question,
        answer=answered(inst, question),
    )


@router.post("/people/{person_id}/invite")
@allowed(Permission.ADMINISTER)
def invite(request: Request, person_id: str) -> Response:
    """Send somebody a link to choose a password with."""
    inst, by = _changed_by(request, person_id)
    if not inst.settings.console.passwords:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    send_invitation(inst, person_id, by, client_address(request))
    return _back(f"A link to choose a password is on its way to {inst.settings.person(person_id).email}.")


@router.post("/people/{person_id}/sign-out")
@allowed(Permission.ADMINISTER)
def sign_out(request: Request, person_id: str) -> Response:
    """End all sessions of somebody."""
    inst, by = _changed_by(request, person_id)
    count = revoke(inst, person_id, by, client_address(request))
    name = inst.name_of(person_id)
    return _back(
        f"{name} is signed out of {plural(count, 'browser', 'browsers')}."
        if count
        else f"{name} was signed in nowhere."
    )


def members_of(connection: Connection, inst: Installation) -> tuple[Member, ...]:
    """The people of the settings, in their order."""
    standings = _standings(connection, inst)
    open_now = every_open(connection)
    return tuple(
        Member(
            person,
            inst.settings.access_of(person.id) or Role.VIEWER,
            _because(inst, person),
            tuple(one for one in open_now if one.owner == person.id),
            standings[person.id],
        )
        for person in inst.settings.people
    )


def answered(inst: Installation, question: Asked) -> Routed | None:
    """Who would be told; None where nothing was asked."""
    if not question.brand or not question.severity:
        return None
    return route(inst.settings.routing, question.brand, question.kind or COMPLAINTS, Severity(question.severity))


def _standings(connection: Connection, inst: Installation) -> Mapping[str, Standing]:
    now, role_of = inst.clock(), inst.settings.access_of
    passwords, links = accounts.accounts(connection), accounts.newest_links(connection)
    seen = accounts.last_seen(connection)
    signed_in = Counter(one.person for one in accounts.sessions(connection) if not ended(one, role_of(one.person), now))
    found = {}
    for person in (one.id for one in inst.settings.people):
        password, link = passwords.get(person), links.get(person)
        works = link is not None and judge(link, link.id, role_of(person), now) is None
        found[person] = Standing(
            password.set_at if password else None, link, works, signed_in[person], seen.get(person)
        )
    return found


def _because(inst: Installation, person: Person) -> str:
    if person.access:
        return ""
    routing = inst.settings.routing
    return "as its operator" if person.id == (routing.operator or routing.owner) else "by default"


def _kinds() -> tuple[str, ...]:
    """What opens an incident, complaints first."""
    return tuple(dict.fromkeys((COMPLAINTS, *signal.kinds(), REPORTED)))


def _changed_by(request: Request, person_id: str) -> tuple[Installation, str]:
    """The installation and the id of whoever asks; where nobody signs in there is nothing to change."""
    inst, caller = console_of(request).installation, caller_of(request)
    if person_id not in inst.names or inst.settings.console.sign_in is SignIn.NONE:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return inst, caller.actor.id if caller and caller.actor else ""


def _back(told: str) -> Response:
    answer = RedirectResponse(_PAGE, HTTPStatus.SEE_OTHER)
    flash.put(answer, Flash(told))
    return answer
