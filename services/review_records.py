"""A review, and a team's figures, for programs: one stable shape for the command line and over the network."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from incidents.reviewing import PARTS
from reports.review.contents import Review
from reports.team import Period, TeamFigures
from services import reviews


def review_record(told: Review, version: int) -> dict[str, Any]:
    """A review as it stands; ``version`` is that of what people wrote, 0 where nobody has."""
    texts = {name: getattr(told.texts, name) for name in PARTS if name != "actions"}
    texts["actions"] = reviews.actions_told(told.actions)
    clocks = {
        one.clock.value: {
            "seconds": _seconds(one.took),
            "allowed_seconds": _seconds(one.allowed),
            "standing": one.standing.value,
        }
        for one in told.clocks
    }
    steps = [{"position": one.position, "title": one.title, "standing": one.standing.value} for one in told.steps]
    head = {"incident": told.head.number, "drill": told.head.drill, "version": version}
    return {**head, "clocks": clocks, "steps": steps, "texts": texts}


def team_record(whole: TeamFigures, told: Sequence[Period]) -> dict[str, Any]:
    """A team's figures, over all and by period; times are seconds."""
    periods = [{"period": one.name, **_figures(one.figures)} for one in told]
    severities = {one.value: _medians(medians) for one, medians in whole.by_severity.items()}
    return {**_figures(whole), "by_severity": severities, "periods": periods}


def _figures(figures: TeamFigures) -> dict[str, Any]:
    counts = {"incidents": figures.incidents, "dismissed": figures.dismissed, "drills": figures.drills}
    return {**counts, "medians": _medians(figures.medians), "steps_on_time": figures.share_on_time}


def _medians(medians: Any) -> dict[str, float | None]:
    return {clock.value: _seconds(one.time) for clock, one in medians.items()}


def _seconds(length: timedelta | None) -> float | None:
    """No time at all is a length, too."""
    return None if length is None else length.total_seconds()
