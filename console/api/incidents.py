"""The incidents: found, read, and followed through their timeline."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from access.roles import Permission
from console.api.incident_shapes import EventAnswer, IncidentAnswer, IncidentSummary
from console.api.paging import USUAL, Cursor, Limit, Page, cut, link_next, number_of
from console.api.routing import Inst, resource
from console.api.shapes import Line, Number
from database import incidents as store
from database import responses
from database.incident_lists import Asked, list_incidents
from incidents.incident import Status
from playbooks.playbook import Severity
from services.records import incident_record, incident_summary, timeline_record, whole_of

router = resource(Permission.READ, "incidents")


@router.get("/incidents", response_model=Page[IncidentSummary])
def incidents(  # noqa: PLR0913, PLR0917  # each is a filter
    request: Request,
    response: Response,
    inst: Inst,
    status: Annotated[list[Status] | None, Query(description="Any of these.")] = None,
    severity: Annotated[list[Severity] | None, Query(description="Any of these.")] = None,
    brand: Annotated[Line, Query(description="Id of a brand.")] = "",
    owner: Annotated[Line, Query(description="Id of a person.")] = "",
    open: Annotated[bool | None, Query(description="Worked on, or ended.")] = None,  # noqa: A002  # its name in the address
    drill: Annotated[bool | None, Query(description="Rehearsed, or real.")] = None,
    cursor: Cursor = "",
    limit: Limit = USUAL,
) -> object:
    """Incidents, the newest first."""
    asked = Asked(brand, status or (), severity or (), drill, open, owner)
    with inst.database.reading() as connection:
        found = list_incidents(connection, asked, number_of(cursor), limit + 1)
        shown, following = cut(found, limit, lambda one: one.id)
        told = [
            incident_summary(one, responses.steps(connection, one.id or 0), inst.names, inst.clock()) for one in shown
        ]
    link_next(request, response, following)
    return {"items": told, "next": following}


@router.get("/incidents/{number}", response_model=IncidentAnswer)
def incident(inst: Inst, number: Number) -> object:
    """All that is kept of one incident."""
    with inst.database.reading() as connection:
        return incident_record(whole_of(connection, number), inst.names, inst.clock())


@router.get("/incidents/{number}/timeline", response_model=Page[EventAnswer])
def timeline(  # each is a parameter
    request: Request, response: Response, inst: Inst, number: Number, cursor: Cursor = "", limit: Limit = USUAL
) -> object:
    """What happened, the oldest first."""
    after = number_of(cursor) or 0
    with inst.database.reading() as connection:
        store.find(connection, number)
        found = [row for row in store.timeline(connection, number) if (row.id or 0) > after][: limit + 1]
    shown, following = cut(found, limit, lambda row: row.id)
    link_next(request, response, following)
    return {"items": [timeline_record(row, inst.names) for row in shown], "next": following}
