"""The review of an incident: read, written, declared complete, and taken away as a document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Path, Request, Response
from pydantic import Field

from access.roles import Permission
from console.access import allowed
from console.api.incident_answers import answered
from console.api.incident_shapes import Done
from console.api.routing import Acting, Inst, resource
from console.api.shapes import Answer, Body, Number, Text
from console.auditing import note_export
from database import responses
from reports.review.contents import Review
from reports.review.markdown import as_markdown
from reports.review.page import as_html
from reports.review.paper import as_pdf
from services import reviews
from services.installation import Installation
from services.review_records import review_record

router = resource(Permission.READ, "reviews")


class Form(StrEnum):
    """The forms in which a review is handed out."""

    HTML = "html"
    PDF = "pdf"
    MARKDOWN = "md"


_FORMS: Mapping[Form, tuple[str, Callable[[Review], str | bytes]]] = {
    Form.HTML: ("text/html; charset=utf-8", as_html),
    Form.PDF: ("application/pdf", as_pdf),
    Form.MARKDOWN: ("text/markdown; charset=utf-8", as_markdown),
}
_FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The review as a document.",
        "content": {kind.partition(";")[0]: {"schema": {"type": "string"}} for kind, _ in _FORMS.values()},
    }
}


class ClockReading(Answer):
    """How long something took, and was allowed to take, in seconds."""

    seconds: float | None
    allowed_seconds: float | None
    standing: str


class StepStanding(Answer):
    """Whether a step was done in time."""

    position: int
    title: str
    standing: str


class ReviewAnswer(Answer):
    """The review as it stands: what was measured, and the words, drafted or written."""

    incident: int
    drill: bool
    version: int = Field(description="Of what people wrote, 0 where nobody has: send it as `seen`.")
    clocks: dict[str, ClockReading]
    steps: list[StepStanding]
    texts: dict[str, str]


class Parts(Body):
    """Words in the place of those that were drafted; parts that are left out stay as they are."""

    seen: int = Field(strict=True, ge=0, le=2**31, description="`version` of the review, as it was read.")
    summary: Text | None = None
    worked: Text | None = None
    people: Text | None = None
    process: Text | None = None
    technology: Text | None = None
    changes: Text | None = None
    actions: Text | None = Field(default=None, description="A line each: `what | who | 2026-06-01`.")


@router.get("/incidents/{number}/review", response_model=ReviewAnswer)
def review(inst: Inst, number: Number) -> object:
    """The review as it stands."""
    return _record(inst, number)


@router.get("/incidents/{number}/review.{form}", response_class=Response, responses=_FILES)
@allowed(Permission.EXPORT)
def handed_out(request: Request, inst: Inst, number: Number, form: Annotated[Form, Path()]) -> Response:
    """The review as a document."""
    kind, made = _FORMS[form]
    with inst.database.reading() as connection:
        told = reviews.review_of(connection, inst, number)
    note_export(request, f"the review of incident {number}", form=form)
    named = f'attachment; filename="incident-{number}-review.{form}"'
    return Response(made(told), media_type=kind, headers={"Content-Disposition": named})


@router.post("/incidents/{number}/review", response_model=Done)
@allowed(Permission.RESPOND)
def write(inst: Inst, actor: Acting, number: Number, said: Parts) -> object:
    """Put words in the place of those that were drafted."""
    texts = {name: text for name, text in said.model_dump(exclude={"seen"}).items() if text is not None}
    done = reviews.write(inst, number, actor.id, texts, said.seen)
    return answered(inst, number, done, stale=lambda: _record(inst, number)["version"] != said.seen)


@router.post("/incidents/{number}/review/finish", response_model=Done)
@allowed(Permission.LEAD)
def finish(inst: Inst, actor: Acting, number: Number) -> object:
    """Declare it complete."""
    return answered(inst, number, reviews.finish(inst, number, actor.id))


def _record(inst: Installation, number: int) -> dict[str, Any]:
    with inst.database.reading() as connection:
        told = reviews.review_of(connection, inst, number)
        written = responses.review(connection, number)
    return review_record(told, written.version if written else 0)
