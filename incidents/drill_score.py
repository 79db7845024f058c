"""How a drill went: how long each thing took against how long the playbook allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from incidents.incident import Incident
from playbooks.playbook import ChecklistStep, Clocks

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Lap:
    """How long something took from the opening.

    Attributes:
        took: None where it has not happened.
        allowed: None where no clock asks for it.
    """

    took: timedelta | None
    allowed: timedelta | None = None

    @property
    def in_time(self) -> bool | None:
        """Whether it happened within what is allowed; None where it has not happened or no clock asks for it."""
        return None if self.took is None or self.allowed is None else self.took <= self.allowed


@dataclass(frozen=True, slots=True)
class DrillScore:
    """How a drill went, or goes.

    Attributes:
        acknowledged: until somebody said "I have it".
        first_public: until the first public answer.
        completed: until the last step of the checklist was done; the last deadline of its steps is what is allowed.
        resolved: until it was declared over.
        steps: how many the checklist has.
        done: how many of them are done.
        on_time: how many of them were done by their deadlines.
    """

    acknowledged: Lap
    first_public: Lap
    completed: Lap
    resolved: Lap
    steps: int
    done: int
    on_time: int

    @property
    def sentence(self) -> str:
        """For people, as ``Acknowledged in 4 minutes (allowed 15 minutes). ... 5 of 8 steps done, 4 on time.``."""
        over = self.resolved.took is not None
        steps = f"{self.done} of {self.steps} steps done, {self.on_time} on time"
        if self.completed.took is not None:
            steps += f", the last after {_length(self.completed.took)}"
        told = [
            _told("Acknowledged in", "Not acknowledged", self.acknowledged, over=over),
            _told("First public answer after", "No public answer", self.first_public, over=over),
            f"{steps}.",
        ]
        if self.resolved.took is not None:
            told.append(f"Resolved after {_length(self.resolved.took)}.")
        return " ".join(told)


def score(
    incident: Incident, steps: Sequence[ChecklistStep], clocks: Clocks, first_public_at: datetime | None
) -> DrillScore:
    """How a drill went by its incident and its checklist.

    Args:
        clocks: of the playbook at the incident's severity.
        first_public_at: when the first public answer was given, None where none was.
    """
    opened_at = incident.opened_at
    finished = [step.done_at for step in steps if step.done_at is not None]
    last_due = max((step.due_at for step in steps), default=opened_at)
    completed_at = max(finished) if finished and len(finished) == len(steps) else None
    return DrillScore(
        acknowledged=Lap(_since(opened_at, incident.acknowledged_at), clocks.acknowledge),
        first_public=Lap(_since(opened_at, first_public_at), clocks.first_public),
        completed=Lap(_since(opened_at, completed_at), last_due - opened_at),
        resolved=Lap(_since(opened_at, incident.resolved_at)),
        steps=len(steps),
        done=len(finished),
        on_time=sum(step.done_at is not None and step.done_at <= step.due_at for step in steps),
    )


def _since(opened_at: datetime, at: datetime | None) -> timedelta | None:
    return None if at is None else at - opened_at


def _told(done: str, not_done: str, lap: Lap, *, over: bool) -> str:
    allowed = f" (allowed {_length(lap.allowed)})" if lap.allowed is not None else ""
    if lap.took is None:
        return f"{not_done}{'' if over else ' yet'}{allowed}."
    return f"{done} {_length(lap.took)}{allowed}{', too late' if lap.in_time is False else ''}."


def _length(length: timedelta) -> str:
    """A length of time in one unit; what is begun of it does not count."""
    if length < _MINUTE:
        return "less than a minute"
    for unit, name, up_to in ((_MINUTE, "minute", 2 * _HOUR), (_HOUR, "hour", 2 * _DAY)):
        if length < up_to:
            return _counted(length // unit, name)
    return _counted(length // _DAY, "day")


def _counted(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"
