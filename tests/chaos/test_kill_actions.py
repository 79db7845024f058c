"""``kill -9`` at random moments of what people do about incidents: done whole, letters included, or not at all."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.chaos.busy_person import DEEDS
from tests.chaos.whole_actions import halves, keep_open, team_of_three
from tests.conftest import ROOT


def survive(folder: Path, database: str, *, kills: int, seed: int) -> Counter[str]:
    """Kill so many people; how often each kind of action was interrupted after it had written something."""
    inst = team_of_three(folder, database)
    command = [sys.executable, "-m", "tests.chaos.busy_person", str(folder), database]
    interrupted = Counter[str]()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as busy:
        assert busy.stdin
        assert busy.stdout
        for number in range(kills):
            keep_open(inst)
            busy.stdin.write(f"{seed * 10_000 + number}\n")
            busy.stdin.flush()
            doing, written = busy.stdout.readline().split()
            assert doing != "failed", "somebody died of something else"
            interrupted[doing.replace("_", " ")] += int(written) > 0
            assert halves(inst) == [], f"after kill {number} during {doing} with {written} rows written"
        busy.stdin.close()
    return +interrupted


def test_a_few_kills_leave_every_action_whole_or_undone(tmp_path: Path, database_address: str) -> None:
    interrupted = survive(tmp_path, database_address, kills=10, seed=1)
    assert sum(interrupted.values()) >= 5, interrupted


@pytest.mark.soak
def test_two_hundred_kills_leave_every_action_whole_or_undone(tmp_path: Path, database_address: str) -> None:
    interrupted = survive(tmp_path, database_address, kills=200, seed=2)
    assert sum(interrupted.values()) >= 120, interrupted
    assert len(interrupted) >= len(DEEDS) // 2, interrupted
