"""Drill a crisis, by a schedule if wanted: a Prefect flow."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from services.drilling import DrillReport, start
from services.installation import Installation, open_installation


@task(cache_policy=NO_CACHE)
def start_drill(inst: Installation, brand: str, scenario: str) -> DrillReport:
    """Make up a crisis and let it be detected."""
    return start(inst, brand, scenario)


@flow(name="rehearse", validate_parameters=False)
def rehearse(config: str = "groundswell.yaml", brand: str = "", scenario: str = "") -> State[Any]:
    """Start a drill; mails about it leave with the next tick.

    Args:
        config: path of the settings file; a relative one starts at the worker's working directory.
        brand: id; may be left out where there is one.
        scenario: any of them where none is named.

    Raises:
        SettingsError: the settings are wrong.
        DrillError: there is no such brand or scenario, or a drill about the brand goes on.
        DatabaseError: the database cannot be opened, read or written.
    """
    inst = open_installation(Path(config), os.environ)
    with inst.database:
        return verdict(start_drill(inst, brand, scenario))


def verdict(report: DrillReport) -> State[Any]:
    """Completed where an incident was opened; failed where detection did not see the crisis."""
    told = f"drill {report.drill.number} ({report.drill.scenario})"
    if report.incident is None:
        return Failed(message=f"{told}: {report.sentence}")
    return Completed(message=f"{told}: incident {report.incident.id}, {report.incident.severity}")
