"""The review of an incident: written on a page, handed out as a document; and how the team does over time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from access.roles import Permission
from console.access import allowed, needing
from console.answering import back
from console.auditing import note_export
from console.context import console_of
from console.flash import Flash
from console.identity import Acting
from console.problems import once_more
from console.rendering import page
from database import incidents, reading, responses
from incidents.incident import Refusal, Status
from incidents.reviewing import PARTS
from reports import team
from reports.review.contents import Review
from reports.review.markdown import as_markdown
from reports.review.page import as_html
from reports.review.paper import as_pdf
from reports.review.sheet import sheet_of
from services import reviews

router = APIRouter(route_class=needing(Permission.READ))
# The report is one document with its own look in it; nothing is loaded and nothing runs.
_REPORT = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'"
_FORMS: dict[str, tuple[str, Callable[[Review], str | bytes]]] = {
    "html": ("text/html; charset=utf-8", as_html),
    "pdf": ("application/pdf", as_pdf),
    "md": ("text/markdown; charset=utf-8", as_markdown),
}


@router.get("/incidents/{incident_id}/review")
def review(request: Request, incident_id: int) -> Response:
    """What is drafted and written, part by part."""
    inst = console_of(request).installation
    with inst.database.reading() as connection:
        pulse = reading.pulse(connection)
        incident = incidents.find(connection, incident_id)
        written = responses.review(connection, incident_id)
        told = reviews.review_of(connection, inst, incident_id)
    texts = {name: getattr(told.texts, name, "") for name in PARTS} | {"actions": reviews.actions_told(told.actions)}
    picture = told.wave.chart if told.wave else None
    return page(
        request,
        "incident/review.html",
        pulse=pulse,
        incident=incident,
        written=written,
        sheet=sheet_of(told),
        texts=texts,
        parts=PARTS,
        picture=picture,
        ready=incident.status in {Status.RESOLVED, Status.REVIEWED},
    )


@router.get("/incidents/{incident_id}/review.{form}")
@allowed(Permission.EXPORT)
def handed_out(request: Request, incident_id: int, form: str) -> Response:
    """The review as a document."""
    if form not in _FORMS:
        raise HTTPException(404)
    inst, (kind, made) = console_of(request).installation, _FORMS[form]
    with inst.database.reading() as connection:
        told = reviews.review_of(connection, inst, incident_id)
    note_export(request, f"the review of incident {incident_id}", form=form)
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": _REPORT}
    if form != "html":
        headers["Content-Disposition"] = f'attachment; filename="incident-{incident_id}-review.{form}"'
    return Response(made(told), media_type=kind, headers=headers)


class Parts(BaseModel):
    """What a form says of each part (:data:`incidents.reviewing.PARTS`); ``seen`` is the version its author had."""

    seen: int
    summary: str = ""
    worked: str = ""
    people: str = ""
    process: str = ""
    technology: str = ""
    changes: str = ""
    actions: str = ""

    @property
    def texts(self) -> dict[str, str]:
        """The parts by their names.

        Browsers send line ends of two characters: https://html.spec.whatwg.org/#append-an-entry
        """
        return {name: str(getattr(self, name)).replace("\r\n", "\n") for name in PARTS}


@router.post("/incidents/{incident_id}/review")
@allowed(Permission.RESPOND)
def write(request: Request, incident_id: int, actor: Acting, said: Annotated[Parts, Form()]) -> Response:
    """Put words in place of those that were drafted."""
    texts = said.texts
    done = reviews.write(console_of(request).installation, incident_id, actor.id, texts, said.seen)
    if isinstance(done, Refusal):
        kept = "\n\n".join(f"{PARTS[name]}:\n{text}" for name, text in texts.items() if text)
        return once_more(request, "The review is not changed.", done.text, {"text": kept})
    return back(request, incident_id, actor, done, Flash("Kept. Everybody sees it."), "/review")


@router.post("/incidents/{incident_id}/review/finish")
@allowed(Permission.LEAD)
def finish(request: Request, incident_id: int, actor: Acting) -> Response:
    """Declare it complete."""
    done = reviews.finish(console_of(request).installation, incident_id, actor.id)
    return back(request, incident_id, actor, done, Flash("The review is complete."), "/review")


@router.get("/team")
def team_page(request: Request, by: str = "month") -> Response:
    """How fast the team is, by severity, and whether it gets faster."""
    inst = console_of(request).installation
    span = team.Span(by) if by in set(team.Span) else team.Span.MONTH
    with inst.database.reading() as connection:
        pulse = reading.pulse(connection)
        ended = reviews.team(connection, inst)
    told = team.periods(ended, span, inst.settings.time_zone)
    return page(
        request,
        "team.html",
        pulse=pulse,
        figures=team.figures(ended),
        periods=told[::-1],
        changes={one.period.name: one for one in team.trend(told)},
        span=span,
        spans=tuple(team.Span),
        clocks=team.CLOCKS,
    )
