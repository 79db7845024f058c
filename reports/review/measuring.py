"""How long things took, and whether that was in time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from incidents.incident import EventKind
from incidents.promises import Promised
from reports.review.record import Ending, Material, Record, Statement

_NONE = timedelta()


class Standing(StrEnum):
    """How something with a time of its own came out."""

    IN_TIME = "in time"
    LATE = "late"
    UNLIMITED = "no limit set"
    RUNNING = "running"
    OVERDUE = "overdue"
    NEVER = "never"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"


class Clock(StrEnum):
    """What is measured of every incident."""

    DETECT = "detect"
    ACKNOWLEDGE = "acknowledge"
    FIRST_PUBLIC = "first_public"
    RESOLVE = "resolve"


@dataclass(frozen=True, slots=True)
class Reading:
    """One clock.

    Attributes:
        took: None where it did not stop, or where nobody knows when it began.
        allowed: by the playbook, None where it sets no limit.
        late_by: how long beyond that, so far where the clock still runs; zero where it was in time.
    """

    clock: Clock
    standing: Standing
    took: timedelta | None = None
    allowed: timedelta | None = None
    late_by: timedelta = _NONE


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """What became of a step; ``done_by`` is an id, in a review a name; ``skipped`` is the reason."""

    position: int
    key: str
    title: str
    role: str
    due_at: datetime
    done_at: datetime | None
    done_by: str | None
    skipped: str
    standing: Standing
    late_by: timedelta


@dataclass(frozen=True, slots=True)
class PromiseOutcome:
    """What became of a promised update."""

    promise: Promised
    standing: Standing
    late_by: timedelta


def readings(record: Record, rise_at: datetime | None = None) -> tuple[Reading, ...]:
    """The four clocks in their order; ``rise_at`` is when the rise began, None where that is not known."""
    incident = record.incident
    taken = record.first(EventKind.ACKNOWLEDGED)
    acknowledged_at = taken.at if taken else incident.acknowledged_at
    return (
        _detection(record, rise_at),
        _reading(record, Clock.ACKNOWLEDGE, acknowledged_at),
        _reading(record, Clock.FIRST_PUBLIC, record.first_public_at),
        _reading(record, Clock.RESOLVE, incident.resolved_at),
    )


def outcomes(record: Record) -> tuple[StepOutcome, ...]:
    """What became of each step, in the order of the checklist."""
    return tuple(
        StepOutcome(
            step.position,
            step.key,
            step.title,
            step.role,
            step.due_at,
            step.done_at,
            step.done_by,
            record.skipped.get(step.position, ""),
            *_came_out(step.due_at, step.done_at, record, skipped=step.position in record.skipped),
        )
        for step in sorted(record.steps, key=lambda step: step.position)
    )


def kept(record: Record, promises: Iterable[Promised]) -> tuple[PromiseOutcome, ...]:
    """What became of each promised update, in order of time; what the end made needless is left out."""
    ended_at = record.incident.resolved_at
    return tuple(
        PromiseOutcome(promise, *_came_out(promise.due_at, promise.kept_at, record))
        for promise in sorted(promises, key=lambda promise: promise.due_at)
        if promise.kept_at or ended_at is None or promise.due_at <= ended_at
    )


def on_time(steps: Iterable[StepOutcome]) -> tuple[int, int]:
    """How many steps were done in time, and of how many; a step that was skipped for a reason counts in neither."""
    counted = [step for step in steps if step.standing is not Standing.SKIPPED]
    return sum(step.standing is Standing.IN_TIME for step in counted), len(counted)


def rise_of(material: Material) -> datetime | None:
    """When the rise began that opened the incident, None where that is not known."""
    if material.rise_at is not None:
        return material.rise_at
    opened = material.record.first(EventKind.OPENED)
    try:
        since = datetime.fromisoformat(opened.facts.get("since", "")) if opened else None
    except ValueError:
        return None
    return since if since and since.tzinfo else None


def first_answer(statements: Iterable[Statement]) -> Statement | None:
    """The statement that the public could read first, None where none was published."""
    published = [(one.published_at, one) for one in statements if one.published_at is not None]
    return min(published, key=lambda pair: pair[0])[1] if published else None


def _detection(record: Record, rise_at: datetime | None) -> Reading:
    if rise_at is None:
        return Reading(Clock.DETECT, Standing.UNKNOWN)
    return Reading(Clock.DETECT, Standing.UNLIMITED, max(record.incident.opened_at - rise_at, _NONE))


def _reading(record: Record, clock: Clock, stopped_at: datetime | None) -> Reading:
    opened_at = record.incident.opened_at
    until = stopped_at or record.incident.resolved_at or record.now
    allowed = _allowed(record, clock, until)
    took = None if stopped_at is None else max(stopped_at - opened_at, _NONE)
    if allowed is not None:
        standing, late_by = _came_out(opened_at + allowed, stopped_at, record)
        return Reading(clock, standing, took, allowed, late_by)
    if took is not None:
        return Reading(clock, Standing.UNLIMITED, took)
    return Reading(clock, Standing.RUNNING if record.ending is Ending.RUNNING else Standing.NEVER)


def _allowed(record: Record, clock: Clock, moment: datetime) -> timedelta | None:
    """What was asked at the severity of that moment: a later change cannot make late what was in time."""
    limits = record.clocks.get(record.severity_at(moment))
    if limits is None:
        return None
    return {Clock.ACKNOWLEDGE: limits.acknowledge, Clock.FIRST_PUBLIC: limits.first_public}.get(clock)


def _came_out(
    due_at: datetime, done_at: datetime | None, record: Record, *, skipped: bool = False
) -> tuple[Standing, timedelta]:
    if skipped:
        return Standing.SKIPPED, _NONE
    if done_at is not None:
        return (Standing.LATE if done_at > due_at else Standing.IN_TIME), max(done_at - due_at, _NONE)
    if record.ending is not Ending.RUNNING:
        return Standing.NEVER, _NONE
    return (Standing.OVERDUE if record.now > due_at else Standing.RUNNING), max(record.now - due_at, _NONE)
