from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from services import response
from services.installation import open_installation
from tests.cli.conftest import Outcome
from tests.small_team import NORTHWIND, SOUTHWIND, settings_in

Groundswell = Callable[..., Outcome]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return settings_in(tmp_path)


def test_a_drill_is_started_told_of_and_stopped(groundswell: Groundswell, config: Path) -> None:
    done = groundswell("drill", "-c", config, "--scenario", "data-leak", "--as", "dana reyes")
    assert (done.code, done.err) == (0, "")
    first, second, third = done.out.splitlines()
    assert re.fullmatch(r"Drill 1  \d{4}-\d\d-\d\d \d\d:\d\d  Northwind Air: data-leak, goes on", first)
    assert second.startswith("  SEV2  Northwind Air: many people are complaining (Dana Reyes owns it)  http")
    assert second.endswith("/incidents/1")
    assert third.startswith("  Not acknowledged yet (allowed ")
    assert groundswell("drill", "list", "-c", config).out == groundswell("drill", "show", "-c", config, 1).out
    stopped = groundswell("drill", "stop", "-c", config, 1, "--as", "dana")
    assert "data-leak, over" in stopped.out
    again = groundswell("drill", "stop", "-c", config, 1, "--as", "dana")
    assert (again.code, "it is over already" in again.err) == (1, True)


def test_programs_get_figures(groundswell: Groundswell, config: Path) -> None:
    told = json.loads(groundswell("-c", config, "drill", "northwind", "--scenario", "rumour", "--json").out)
    assert (told["number"], told["brand"], told["scenario"], told["started_by"]) == (
        1,
        "northwind",
        "rumour",
        "groundswell",
    )
    assert (told["incident"], told["severity"], told["finished_at"]) == (1, "SEV2", None)
    with (inst := open_installation(config, os.environ)).database:
        response.acknowledge(inst, 1, "dana")
    (listed,) = json.loads(groundswell("-c", config, "drill", "list", "--json").out)
    lap = listed["score"]["acknowledged"]
    assert (lap["in_time"], 0 <= lap["took"] < lap["allowed"]) == (True, True)
    assert listed["score"]["resolved"] == {"took": None, "allowed": None, "in_time": None}
    assert json.loads(groundswell("drill", "show", "-c", config, 1, "--json").out) == listed


def test_a_brand_that_is_called_like_a_command_is_drilled_by_start(groundswell: Groundswell, tmp_path: Path) -> None:
    config = settings_in(tmp_path, brands=[{**NORTHWIND, "id": "list"}, SOUTHWIND])
    assert groundswell("drill", "list", "-c", config).out == "No drill yet. Start one: groundswell drill.\n"
    assert "Northwind Air: rumour" in groundswell("drill", "start", "-c", config, "list", "--scenario", "rumour").out


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("drill",), 1, "has to be named: there are several"),
        (("drill", "westwind"), 1, "Choose one of: northwind, southwind"),
        (("drill", "northwind", "--scenario", "flood"), 2, "'service-failure'"),
        (("drill", "northwind", "--as", "nobody"), 2, '"nobody" is none of: dana'),
        (("drill", "show", "7"), 1, "there is no such drill"),
        (("drill", "stop", "7", "--as", "dana"), 1, "there is no such drill"),
        (("drill", "stop", "7"), 2, "--as"),
    ],
)
def test_what_cannot_be_done_is_said(
    groundswell: Groundswell, tmp_path: Path, arguments: tuple[str, ...], code: int, told: str
) -> None:
    config = settings_in(tmp_path, brands=[NORTHWIND, SOUTHWIND])
    done = groundswell("-c", config, *arguments)
    assert (done.code, told in done.err) == (code, True), done.err


def test_help_shows_the_commands(groundswell: Groundswell) -> None:
    told = groundswell("drill", "--help").out
    assert all(name in told for name in ("start", "list", "show", "stop"))
