"""The incidents: the list, and the page on which one is worked."""

from __future__ import annotations

from datetime import datetime, timedelta

from fastapi import APIRouter, Request, Response

from access.roles import Permission
from console.access import needing
from console.context import console_of
from console.desk import SHOWN, desk_of
from console.rendering import page
from database import reading
from incidents.incident import Incident
from incidents.steps import Roles
from playbooks.playbook import Severity, StatementKind
from services.picturing import brand_chart
from services.tag_names import category_names

router = APIRouter(route_class=needing(Permission.READ))
AT_ONCE = 50
# The picture shows what was usual before, and what came after.
BEFORE = timedelta(hours=6)
AFTER = timedelta(hours=4)
FEW_ROWS = 40  # of the timeline; the page stays light where there are hundreds


@router.get("/incidents")
def incident_list(request: Request, before: int | None = None) -> Response:
    """Open incidents, then those that have ended."""
    console = console_of(request)
    with console.installation.database.reading() as connection:
        pulse = reading.pulse(connection)
        opened = reading.open_incidents(connection)
        resolved = reading.resolved_incidents(connection, before, AT_ONCE + 1)
    shown = resolved[:AT_ONCE]
    older = shown[-1].id if len(resolved) > AT_ONCE else None
    return page(request, "incidents.html", pulse=pulse, opened=opened, resolved=shown, older=older, before=before)


@router.get("/incidents/{incident_id}")
def incident(request: Request, incident_id: int, show: str = "", rows: str = "") -> Response:
    """The heart: is it real, how bad, who has it, what is next and by when."""
    console = console_of(request)
    with console.installation.database.reading() as connection:
        pulse = reading.pulse(connection)
        desk = desk_of(connection, console.installation, incident_id, console.now(), console.remembered.posts.of)
    found = desk.incident
    return page(
        request,
        "incident.html",
        pulse=pulse,
        desk=desk,
        picture=brand_chart(console.installation, found.brand, *_span(found, console.now()), desk.timeline[::-1]),
        rows=desk.rows(show),
        few=FEW_ROWS,
        every=rows == "all",
        show=show if show in SHOWN else "",
        shows=tuple(SHOWN),
        severities=tuple(Severity),
        statement_kinds=tuple(StatementKind),
        categories=category_names(console.installation.settings),
        roles=Roles({person.id: person.role for person in console.installation.settings.people}),
    )


def _span(found: Incident, now: datetime) -> tuple[datetime, datetime]:
    """What the picture covers."""
    until = min(found.resolved_at + AFTER, now) if found.resolved_at else now
    return found.opened_at - BEFORE, until
