"""The story that the demo tells: each stage waits for something to be true, says it, or fails by name."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

import click

from cli.output import plain
from errors import GroundswellError

Found = TypeVar("Found")
_LOOK_EVERY = 0.2  # seconds


class StageError(GroundswellError):
    """A stage of the demo did not come about."""

    def __init__(self, stage: str, problem: str) -> None:
        super().__init__(f'demo, stage "{stage}"', f"{problem}.", "The log of serve says more; please report it.")


@dataclass
class Teller:
    """Tells what happens, with the seconds since the beginning."""

    began: float = field(default_factory=time.monotonic)

    def say(self, headline: str, text: str) -> None:
        """A line of the story."""
        passed = f"{time.monotonic() - self.began:6.1f} s"
        click.echo(f"{click.style(passed, dim=True)}  {click.style(f'{headline:<9}', bold=True)}  {plain(text)}")

    def add(self, text: str) -> None:
        """A line below the one before."""
        click.echo(f"{'':21}{plain(text)}")

    def wait(self, stage: str, look: Callable[[], Found | None], *, seconds: float, alive: Callable[[], bool]) -> Found:
        """What ``look`` finds, as soon as it finds something.

        Raises:
            StageError: it found nothing in time, or what was to bring it about is gone.
        """
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = look()
            if found:
                return found
            if not alive():
                raise StageError(stage, "groundswell serve has ended")
            time.sleep(_LOOK_EVERY)
        raise StageError(stage, f"nothing within {seconds:g} s")


def due_in(due_at: datetime, now: datetime) -> str:
    """How long until a deadline, in one unit: ``due in 25 min``."""
    left = due_at - now
    if left <= timedelta(hours=1):
        return f"due in {round(left / timedelta(minutes=1))} min"
    if left <= timedelta(days=2):
        return f"due in {round(left / timedelta(hours=1), 1):g} h"
    return f"due in {round(left / timedelta(days=1))} days"
