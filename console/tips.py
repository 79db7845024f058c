"""The form for the phone call that asks "are you aware of this?"."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from access.roles import Permission
from console import flash
from console.access import needing
from console.context import console_of
from console.flash import Flash
from console.identity import Acting, remember
from console.rendering import page
from database import reading
from incidents.remarks import NOTE_LIMIT
from incidents.reports import USUAL
from playbooks.playbook import Severity
from services.reporting import NAME, Declined, Taken, Told, take_report

router = APIRouter(route_class=needing(Permission.REPORT))
SEPARATE = "new"


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as somebody filled it in; ``belongs`` is an incident's number, ``new``, or empty for the usual."""

    words: str = ""
    said_by: str = ""
    url: str = ""
    brand: str = ""
    severity: str = ""
    belongs: str = ""


@router.get("/tip")
def form(request: Request, brand: str = "") -> Response:
    """The empty form."""
    return _form(request, Typed(brand=brand), None)


@router.post("/tip")
def report(  # noqa: PLR0913, PLR0917  # each is a field of the form
    request: Request,
    actor: Acting,
    words: Annotated[str, Form()] = "",
    said_by: Annotated[str, Form()] = "",
    url: Annotated[str, Form()] = "",
    brand: Annotated[str, Form()] = "",
    severity: Annotated[str, Form()] = "",
    belongs: Annotated[str, Form()] = "",
) -> Response:
    """Open an incident for it, or let it join one."""
    typed = Typed(words, said_by, url, brand, severity, belongs)
    taken = take_report(console_of(request).installation, _told(typed, actor.id))
    if isinstance(taken, Declined):
        return _form(request, typed, taken)
    answer = RedirectResponse(f"/incidents/{taken.incident.id}", HTTPStatus.SEE_OTHER)
    flash.put(answer, Flash(_sentence(taken)))
    remember(answer, actor)
    return answer


def _told(typed: Typed, taken_by: str) -> Told:
    number = int(typed.belongs) if typed.belongs.isdecimal() and typed.belongs.isascii() else None
    return Told(
        words=typed.words,
        brand="" if number is not None else typed.brand,
        said_by=typed.said_by,
        url=typed.url,
        taken_by=taken_by,
        severity=Severity(typed.severity) if typed.severity in set(Severity) else None,
        incident=number,
        separate=typed.belongs == SEPARATE,
    )


def _form(request: Request, typed: Typed, declined: Declined | None) -> Response:
    console = console_of(request)
    with console.installation.database.reading() as connection:
        pulse = reading.pulse(connection)
        opened = [one.incident for one in reading.open_incidents(connection) if not one.incident.drill]
    return page(
        request,
        "tip.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if declined else HTTPStatus.OK,
        pulse=pulse,
        typed=typed,
        declined=declined,
        opened=sorted(opened, key=lambda incident: (incident.brand, incident.opened_at)),
        brands=console.installation.settings.brands,
        severities=tuple(Severity),
        usual=USUAL,
        longest=NOTE_LIMIT,
        longest_name=NAME,
    )


def _sentence(taken: Taken) -> str:
    told = f"{' and '.join(taken.told)} {'is' if len(taken.told) == 1 else 'are'} told by mail." if taken.told else ""
    did = f"Incident {taken.incident.id} is open." if taken.opened else f"It is added to incident {taken.incident.id}."
    return f"{did} {told}".rstrip()
