from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from prefect.client.schemas.objects import State
from prefect.client.schemas.schedules import RRuleSchedule

from database.drills import Drill
from flows.rehearse import rehearse, verdict
from flows.server import EmbeddedServer
from services import drilling
from services.drilling import DrillReport
from services.installation import open_installation
from tests.installations import NOON
from tests.small_team import settings_in

pytestmark = pytest.mark.xdist_group("prefect")
PREFECT_YAML = Path(__file__).resolve().parents[2] / "prefect.yaml"


@pytest.mark.prefect
def test_a_run_starts_a_drill_and_its_state_says_what_came_of_it(prefect: EmbeddedServer, tmp_path: Path) -> None:
    del prefect  # it is talked to
    config = settings_in(tmp_path)
    state: State[Any] = rehearse(str(config), scenario="rumour", return_state=True)
    assert state.is_completed()
    assert state.message == "drill 1 (rumour): incident 1, SEV2"
    with (inst := open_installation(config, os.environ)).database:
        (report,) = drilling.reports(inst)
    assert (report.drill.started_by, report.drill.scenario) == ("groundswell", "rumour")


def test_a_crisis_that_nothing_saw_fails_its_run() -> None:
    missed = Drill(3, "northwind", "rumour", "groundswell", NOON, NOON, "No incident was opened. Nothing stood out.")
    state = verdict(DrillReport(missed, None, None))
    assert state.is_failed()
    assert state.message == "drill 3 (rumour): No incident was opened. Nothing stood out."


def test_the_deployment_is_off_until_somebody_switches_it_on_and_means_the_first_tuesday() -> None:
    (declared,) = [one for one in yaml.safe_load(PREFECT_YAML.read_text())["deployments"] if one["name"] == "drill"]
    (schedule,) = declared["schedules"]
    assert schedule.pop("active") is False
    rule = RRuleSchedule(**schedule).to_rrule()
    first, second = rule[0], rule[1]
    assert {(at.weekday(), at.hour, at.minute, at.day <= 7) for at in (first, second)} == {(1, 10, 0, True)}
    assert (second.year * 12 + second.month) - (first.year * 12 + first.month) == 1
