"""A drill for programs: one stable shape, for the command line and for whoever asks over the network."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from incidents.drill_score import Lap
from services.drilling import DrillReport


def as_record(report: DrillReport) -> dict[str, Any]:
    """A drill for programs: times are ISO 8601, lengths seconds, null where something has not happened."""
    incident, told = report.incident, report.score
    return {
        **{name: _plainly(value) for name, value in asdict(report.drill).items()},
        "incident": incident and incident.id,
        "severity": incident and incident.severity,
        "playbook": incident and incident.playbook,
        "score": told
        and {
            **{name: _lap(getattr(told, name)) for name in ("acknowledged", "first_public", "completed", "resolved")},
            "steps": told.steps,
            "done": told.done,
            "on_time": told.on_time,
        },
        "sentence": report.sentence,
    }


def _lap(lap: Lap) -> dict[str, Any]:
    return {"took": _plainly(lap.took), "allowed": _plainly(lap.allowed), "in_time": lap.in_time}


def _plainly(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.total_seconds() if isinstance(value, timedelta) else value
