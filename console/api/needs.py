"""What cannot wait: the incidents that need somebody now, as the home page lists them."""

from __future__ import annotations

from datetime import datetime

from fastapi import Request
from pydantic import Field

from access.roles import Permission
from console.access import caller_of
from console.api.incident_shapes import IncidentSummary
from console.api.paging import Page
from console.api.routing import Inst, resource
from console.api.shapes import Answer
from console.needs import waiting
from database import reading
from services.records import incident_summary

router = resource(Permission.READ, "incidents")


class NeedAnswer(Answer):
    """One thing that somebody has to do, and its deadline."""

    text: str
    due_at: datetime
    yours: bool = Field(description="It waits for whoever asks.")


class WaitingAnswer(Answer):
    """An incident that waits for somebody; the most urgent need comes first."""

    incident: IncidentSummary
    yours: bool
    needs: list[NeedAnswer]


@router.get("/waiting", response_model=Page[WaitingAnswer])
def needs(request: Request, inst: Inst) -> object:
    """What needs somebody now: yours first, then the worst, then the most urgent; drills last."""
    caller, now = caller_of(request), inst.clock()
    with inst.database.reading() as connection:
        opened = reading.open_incidents(connection)
    steps = {one.incident.id: one.steps for one in opened}
    found = waiting(opened, caller.actor.id if caller and caller.actor else None, now, inst.names)
    told = [
        {
            "incident": incident_summary(one.incident, steps[one.incident.id], inst.names, now),
            "yours": one.yours,
            "needs": [{"text": need.text, "due_at": need.due_at, "yours": need.yours} for need in one.needs],
        }
        for one in found
    ]
    return {"items": told, "next": None}
