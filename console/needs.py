"""Needs you now: which incidents wait for somebody, for what, and by when."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from database.reading import OpenIncident
from incidents.incident import Incident
from incidents.statements import needs_second
from incidents.steps import Roles
from playbooks.checklist import current
from playbooks.statements import blanks

SOON = timedelta(minutes=15)
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that somebody has to do.

    Attributes:
        due_at: its deadline, None where there is no hurry.
        yours: it waits for the person who looks.
    """

    text: str
    due_at: datetime | None
    yours: bool = False

    @property
    def order(self) -> tuple[bool, bool, datetime]:
        """What is yours first, then the most urgent."""
        return not self.yours, self.due_at is None, self.due_at or _NEVER


@dataclass(frozen=True, slots=True)
class Waiting:
    """An incident that waits for somebody.

    Attributes:
        needs: the most urgent first, never empty.
        yours: it waits for the person who looks: they own it, or are asked for something.
    """

    incident: Incident
    needs: tuple[Need, ...]
    yours: bool


def waiting(
    opened: Iterable[OpenIncident],
    you: str | None,
    now: datetime,
    people: Collection[str] | None = None,
    roles: Roles | None = None,
) -> tuple[Waiting, ...]:
    """What cannot wait: what is real before drills, then yours first, then the worst, then the most urgent.

    Args:
        people: ids of everybody in the settings, None where they are not known; a task of somebody who has left them
            waits for whoever comes first.
        roles: of the people, who is asked to say yes to a step; None where they are not known.
    """
    found = []
    for one in opened:
        asked = (*_needs(one, you, now, people), *_approvals(one, you, roles))
        needs = tuple(sorted(asked, key=lambda need: need.order))
        if needs:
            yours = one.incident.owner == you or any(need.yours for need in needs)
            found.append(Waiting(one.incident, needs, yours))
    return tuple(
        sorted(
            found,
            key=lambda one: (one.incident.drill, not one.yours, one.incident.severity.rank, one.needs[0].order),
        ),
    )


def _needs(one: OpenIncident, you: str | None, now: datetime, people: Collection[str] | None) -> Iterator[Need]:
    incident, step = one.incident, current(one.steps)
    if incident.acknowledged_at is None:
        yield Need("Nobody has acknowledged it yet", incident.acknowledge_by)
    if step and step.due_at <= now + SOON:
        yield Need(f"Step {step.position}: {step.title}", step.due_at)
    if incident.update_due_at and incident.update_due_at <= now + SOON:
        yield Need("A public update was promised", incident.update_due_at)
    if incident.briefing_due_at and incident.briefing_due_at <= now + SOON:
        yield Need("An internal update was promised", incident.briefing_due_at)
    yield from _asked_of(one, you, now)
    yield from _tasks(one, you, now, people)


def _asked_of(one: OpenIncident, you: str | None, now: datetime) -> Iterator[Need]:
    """What waits for one person, or for anybody but one."""
    incident = one.incident
    if you and incident.offered_to == you:
        yield Need("You are asked to take it over", min(incident.acknowledge_by, now), yours=True)
    for statement in one.statements:
        waits = statement.published_at is None and statement.approved_by is None and needs_second(incident.severity)
        if waits and you and statement.author != you and not blanks(statement.text):
            by = incident.first_public_by if incident.first_public_at is None else incident.update_due_at
            yield Need(f"“{statement.title}” waits to be read and approved", by or statement.written_at, yours=True)


def _approvals(one: OpenIncident, you: str | None, roles: Roles | None) -> Iterator[Need]:
    """The step that is next, where it needs a yes of somebody with the role of the person who looks."""
    step = current(one.steps)
    if step and step.approval and step.approved_at is None and you and roles and roles.may_approve(you, step.approval):
        yield Need(f"Step {step.position} waits for your yes: {step.title}", step.due_at, yours=True)


def _tasks(one: OpenIncident, you: str | None, now: datetime, people: Collection[str] | None) -> Iterator[Need]:
    for task in one.tasks:
        anybodys = task.assignee is None or (people is not None and task.assignee not in people)
        urgent = task.due_at is not None and task.due_at <= now + SOON
        yours = you is not None and task.assignee == you
        if task.done_at is None and (yours or (urgent and anybodys)):
            yield Need(f"Task: {task.title}", task.due_at, yours=yours)
