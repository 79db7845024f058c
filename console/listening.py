"""Whether anybody listens at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

# A round may take long for once; three that are missing mean that nobody listens.
MISSED_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Awake:
    """Whether the system listens: when the last round finished, and whether that is too long ago."""

    finished_at: datetime | None
    late: bool


def awake(finished_at: datetime | None, now: datetime, tick: timedelta) -> Awake:
    """Late once three rounds are missing; before the first one nothing is."""
    return Awake(finished_at, late=finished_at is not None and now - finished_at > MISSED_ROUNDS * tick)
