"""What somebody told us: the phone call that asks "are you aware of this?"."""

from __future__ import annotations

from typing import Annotated

from fastapi import Response
from pydantic import Field

from access.roles import Permission
from console.api.failures import WrongError
from console.api.incident_answers import whole
from console.api.incident_shapes import IncidentSummary
from console.api.routing import Acting, Inst, resource
from console.api.shapes import LARGEST, Answer, Body, Line, Text
from playbooks.playbook import Severity
from services.records import incident_summary
from services.reporting import Declined, Told, take_report

router = resource(Permission.REPORT, "tips")


class Tip(Body):
    """What somebody told us."""

    words: Text = Field(description="In their words.", examples=["A passenger says that the desk is closed."])
    brand: Line = Field(default="", description="Id of the brand, where the words do not name exactly one.")
    said_by: Line = Field(default="", description="Who said it.")
    url: Line = Field(default="", description="Where it can be seen.")
    severity: Severity | None = None
    incident: Annotated[int, Field(strict=True, ge=1, le=LARGEST)] | None = Field(
        default=None, description="Number of the open incident that it belongs to."
    )
    separate: Annotated[bool, Field(strict=True)] = Field(
        default=False, description="It belongs to none of those that are open."
    )


class TipTaken(Answer):
    """What became of it."""

    opened: bool = Field(description="It opened the incident; otherwise it joined one that was open.")
    told: list[str] = Field(description="Names of the people who are told by mail.")
    incident: IncidentSummary


@router.post("/tips", response_model=TipTaken, status_code=201)
def report(response: Response, inst: Inst, actor: Acting, said: Tip) -> object:
    """Open an incident for it, or let it join one."""
    brand = "" if said.incident is not None else said.brand
    where = (said.severity, said.incident, said.separate)
    taken = take_report(inst, Told(said.words, brand, said.said_by, said.url, actor.id, *where))
    if isinstance(taken, Declined):
        raise WrongError(taken.text, f"#/{taken.facts['field']}")
    number = taken.incident.id or 0
    response.headers["Location"] = f"/api/v1/incidents/{number}"
    now = whole(inst, number)
    summary = incident_summary(now.incident, now.steps, inst.names, inst.clock())
    return {"opened": taken.opened, "told": list(taken.told), "incident": summary}
