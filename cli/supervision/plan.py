"""What a supervisor runs, and what it decides when a program ends. No input or output."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

FIRST_DELAY = timedelta(seconds=1)
LONGEST_DELAY = timedelta(minutes=1)
# A program that ran this long was all right; what ends it now is a new story.
HEALTHY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Program:
    """A program to keep running.

    Attributes:
        module: Python module that is run, with its arguments.
        environment: variables it gets besides the supervisor's own.
        ready_at: host and port it listens on once it is ready.
        ready_line: how the line begins by which it says that it is ready. A program that has neither is ready as
            soon as it runs.
        announcement: what to tell people when it is ready; the rest of the line follows.
    """

    name: str
    module: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    ready_at: tuple[str, int] | None = None
    ready_line: str = ""
    announcement: str = ""


@dataclass(frozen=True, slots=True)
class Restart:
    """A program that ended will be started again.

    Attributes:
        delay: when.
        failures: how many times in a row it ended soon after its start, this time included.
        reason: how it ended, in words that go on from its name.
    """

    delay: timedelta
    failures: int
    reason: str


def restart(code: int, ran_for: timedelta, failures: int) -> Restart:
    """When to start a program again that ended on its own.

    The delay doubles from 1 s to 1 min for a program that keeps ending within a minute of its start.

    Args:
        code: its return code as :mod:`subprocess` gives it, negative for a signal.
        failures: how many times in a row it had ended soon after its start before.
    """
    failures = 1 if ran_for >= HEALTHY else failures + 1
    delay = min(FIRST_DELAY * (1 << min(failures - 1, 10)), LONGEST_DELAY)
    return Restart(delay, failures, f"{ending(code)} after {_length(ran_for)}")


def ending(code: int) -> str:
    """How a program ended: ``ended with exit code 1``, ``was killed by SIGKILL``."""
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        return f"was killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"was killed by signal {-code}"


def _length(time: timedelta) -> str:
    seconds = time.total_seconds()
    return f"{seconds:.0f} s" if time < timedelta(minutes=2) else f"{seconds // 60:.0f} min"
