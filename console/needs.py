"""Needs you now: which incidents wait for somebody, for what, and by when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from database.reading import OpenIncident
from incidents.incident import Incident
from playbooks.checklist import current

SOON = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that somebody has to do, and its deadline."""

    text: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """An incident that waits for somebody.

    Attributes:
        needs: the most urgent first, never empty.
        yours: the person who looks is its owner.
    """

    incident: Incident
    needs: tuple[Need, ...]
    yours: bool


def waiting(opened: Iterable[OpenIncident], you: str | None, now: datetime) -> tuple[Waiting, ...]:
    """What cannot wait: what is real before drills, then yours first, then the worst, then the most urgent."""
    found = []
    for one in opened:
        needs = tuple(sorted(_needs(one, now), key=lambda need: need.due_at))
        if needs:
            found.append(Waiting(one.incident, needs, one.incident.owner == you))
    return tuple(
        sorted(
            found,
            key=lambda one: (one.incident.drill, not one.yours, one.incident.severity.rank, one.needs[0].due_at),
        ),
    )


def _needs(one: OpenIncident, now: datetime) -> Iterator[Need]:
    if one.incident.acknowledged_at is None:
        yield Need("Nobody has acknowledged it yet", one.incident.acknowledge_by)
    step = current(one.steps)
    if step and step.due_at <= now + SOON:
        yield Need(f"Step {step.position}: {step.title}", step.due_at)
    if one.incident.update_due_at and one.incident.update_due_at <= now + SOON:
        yield Need("An update was promised", one.incident.update_due_at)
