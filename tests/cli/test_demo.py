from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest

from cli.rehearsal.story import StageError, Teller, due_in
from tests.installations import NOON


@pytest.mark.prefect
@pytest.mark.xdist_group("prefect")
def test_the_demo_tells_its_story_from_ordinary_weeks_to_the_checklist_and_the_console() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "cli", "demo"], capture_output=True, text=True, timeout=240, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr
    told_in_order = ["NETWORK", "START", "LISTENING", "CRISIS", "SPIKE", "INCIDENT", "MAIL", "CHECKLIST", "CONSOLE"]
    assert [
        line.split()[2] for line in told.stdout.splitlines() if line[:6].strip().replace(".", "").isdigit()
    ] == told_in_order
    assert "accepted for dana@northwind.example" in told.stdout
    assert "playbook service-failure, 9 steps" in told.stdout


def test_a_stage_that_does_not_come_about_is_named() -> None:
    with pytest.raises(StageError, match=r'stage "mail": nothing within 0\.01 s'):
        Teller().wait("mail", lambda: None, seconds=0.01, alive=lambda: True)


def test_a_stage_does_not_wait_for_a_system_that_has_ended() -> None:
    with pytest.raises(StageError, match="serve has ended"):
        Teller().wait("mail", lambda: None, seconds=60, alive=lambda: False)


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(minutes=25), "due in 25 min"),
        (timedelta(hours=1), "due in 60 min"),
        (timedelta(minutes=90), "due in 1.5 h"),
        (timedelta(days=7), "due in 7 days"),
    ],
)
def test_deadlines_are_told_in_one_unit(left: timedelta, said: str) -> None:
    assert due_in(NOON + left, NOON) == said
