"""The incidents: the list, and the page on which one is worked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Row

from console.context import console_of
from console.rendering import page
from database import incidents, reading, responses
from database.reading import Figures
from incidents.incident import Incident, TimelineEvent
from incidents.reports import report_in
from playbooks.checklist import current
from playbooks.playbook import ChecklistStep, Severity
from sentiment.score import Label
from services.leading import leading_told
from services.picturing import brand_chart
from services.speaking import posts_behind

router = APIRouter()
AT_ONCE = 50
# The picture shows what was usual before, and what came after.
BEFORE = timedelta(hours=6)
AFTER = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Desk:
    """All that is on the page of one incident.

    Attributes:
        present: the step to be done now, None once all are.
        about: what kind of trouble most posts tell of, a sentence; empty where none stands out.
        timeline: newest first.
        voices: posts that stand for many, the most central first.
    """

    incident: Incident
    steps: tuple[ChecklistStep, ...]
    present: ChecklistStep | None
    figures: Figures | None
    about: str
    timeline: tuple[TimelineEvent, ...]
    voices: tuple[Row[Any], ...]

    @property
    def reports(self) -> tuple[TimelineEvent, ...]:
        """What people told us of it, newest first."""
        return tuple(event for event in self.timeline if report_in(event.facts))

    @property
    def done(self) -> int:
        """Steps done."""
        return sum(step.done_at is not None for step in self.steps)


@router.get("/incidents")
def incident_list(request: Request, before: int | None = None) -> Response:
    """Open incidents, then resolved ones."""
    console = console_of(request)
    with console.installation.database.reading() as connection:
        pulse = reading.pulse(connection)
        opened = reading.open_incidents(connection)
        resolved = reading.resolved_incidents(connection, before, AT_ONCE + 1)
    shown = resolved[:AT_ONCE]
    older = shown[-1].id if len(resolved) > AT_ONCE else None
    return page(request, "incidents.html", pulse=pulse, opened=opened, resolved=shown, older=older, before=before)


@router.get("/incidents/{incident_id}")
def incident(request: Request, incident_id: int) -> Response:
    """The heart: is it real, how bad, who has it, what is next and by when."""
    console = console_of(request)
    with console.installation.database.reading() as connection:
        pulse = reading.pulse(connection)
        found = incidents.find(connection, incident_id)
        steps = responses.steps(connection, incident_id)
        figures = reading.figures(connection, found)
        window = (connection, console.installation, found.brand, *_window(found, figures, console.now()))
        desk = Desk(
            found,
            steps,
            current(steps),
            figures,
            leading_told(*window, label=_label(found)),
            incidents.timeline(connection, incident_id)[::-1],
            posts_behind(*window, kind=found.kind),
        )
    picture = brand_chart(console.installation, found.brand, *_span(found, console.now()), desk.timeline[::-1])
    return page(request, "incident.html", pulse=pulse, desk=desk, picture=picture, severities=tuple(Severity))


def _window(found: Incident, figures: Figures | None, now: datetime) -> tuple[datetime, datetime]:
    """From the beginning of the rise to the end of the incident."""
    since = (figures and figures.since) or found.opened_at - timedelta(hours=1)
    return min(since, found.opened_at), found.resolved_at or now


def _span(found: Incident, now: datetime) -> tuple[datetime, datetime]:
    """What the picture covers."""
    until = min(found.resolved_at + AFTER, now) if found.resolved_at else now
    return found.opened_at - BEFORE, until


def _label(found: Incident) -> Label | None:
    return Label.NEGATIVE if found.kind == "negative_wave" else None
