"""Looking at processes, for tests that start and end them."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
PATIENCE = 120.0  # seconds; the machine may be busy


@dataclass(frozen=True)
class Running:
    """A process that is there and not merely waiting to be reaped."""

    pid: int
    parent: int
    command: str


def running() -> dict[int, Running]:
    """All processes of this machine, by id."""
    listed = subprocess.check_output(["ps", "-A", "-o", "pid=,ppid=,stat=,args="], text=True)  # noqa: S607  # on PATH
    rows = (line.split(maxsplit=3) for line in listed.splitlines())
    return {
        int(row[0]): Running(int(row[0]), int(row[1]), row[3]) for row in rows if len(row) == 4 and row[2][0] != "Z"
    }


def descendants(pid: int) -> list[Running]:
    """The processes that a process started, and those that they started."""
    family, everybody = {pid}, running().values()
    while grown := {one.pid for one in everybody if one.parent in family} - family:
        family |= grown
    return [one for one in everybody if one.pid in family - {pid}]


def wait_until_gone(pids: Iterable[int]) -> None:
    """Wait for processes to end."""
    wanted = set(pids)
    until(lambda: not wanted & running().keys())


def until(look: Callable[[], T | None]) -> T:
    """What is seen once there is something to see."""
    deadline = time.monotonic() + PATIENCE
    while not (seen := look()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)
    return seen
