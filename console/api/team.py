"""How fast the team is."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from access.roles import Permission
from console.api.routing import Inst, resource
from console.api.shapes import Answer
from playbooks.playbook import Severity
from reports import team
from reports.team import Span
from services import reviews
from services.review_records import team_record

router = resource(Permission.READ, "team")
Medians = dict[str, float | None]


class FiguresOfTeam(Answer):
    """Medians in seconds by clock; `steps_on_time` is a share, 0 to 1. Drills and noise are left out of them."""

    incidents: int
    dismissed: int
    drills: int
    medians: Medians
    steps_on_time: float | None


class PeriodAnswer(FiguresOfTeam):
    """The same for a month or a quarter."""

    period: str


class TeamAnswer(FiguresOfTeam):
    """Over all, by severity and by period."""

    by_severity: dict[Severity, Medians]
    periods: list[PeriodAnswer]


@router.get("/team", response_model=TeamAnswer)
def figures(inst: Inst, by: Annotated[Span, Query(description="How long the periods are.")] = Span.MONTH) -> object:
    """How fast incidents are acknowledged, answered in public and resolved."""
    with inst.database.reading() as connection:
        ended = reviews.team(connection, inst)
    return team_record(team.figures(ended), team.periods(ended, by, inst.settings.time_zone))
