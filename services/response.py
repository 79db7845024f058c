"""What people do about an incident: each action loads it, decides, and stores the decision whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection

from alerts.incident_alert import LetterKind
from database import incidents as store
from incidents import lifecycle
from incidents.incident import Actor, Change, Incident, Refusal, StepChange
from playbooks import library
from playbooks.checklist import reclock
from playbooks.playbook import ChecklistStep, Severity
from services.announcing import announce, announce_owner, news_of, route
from services.installation import Installation

Decided = TypeVar("Decided", Change, StepChange)
# On PostgreSQL two people can decide on the same version; the slower one then decides again on what is true now.
_TRIES = 3


def acknowledge(inst: Installation, incident_id: int, actor: str) -> Change | Refusal:
    """Somebody says "I have it"; they own it from then on.

    Raises:
        UnknownIncidentError: there is no such incident.
        ConflictError: others keep changing it; nothing was done.
    """
    who = _actor(inst, actor)
    return _change(
        inst, incident_id, lambda incident, _: lifecycle.acknowledge(incident, who, inst.clock(), inst.names)
    )


def hand_over(inst: Installation, incident_id: int, actor: str, new_owner: str) -> Change | Refusal:
    """Make somebody else the owner, who is told by mail; errors as :func:`acknowledge`."""
    if new_owner not in {person.id for person in inst.settings.people}:
        return Refusal(f"There is nobody called {new_owner} in the settings. Choose one of the people listed there.")
    old, new = _actor(inst, actor), _actor(inst, new_owner)

    def decide(incident: Incident, _: Sequence[ChecklistStep]) -> Change | Refusal:
        return lifecycle.hand_over(incident, old, new, inst.clock())

    def keep(connection: Connection, change: Change) -> None:
        store.change(connection, change)
        if change.incident.owner != actor:
            announce_owner(connection, inst, change)

    return _decided(inst, incident_id, decide, keep)


def add_note(inst: Installation, incident_id: int, actor: str, text: str) -> Change | Refusal:
    """Write something into the timeline; errors as :func:`acknowledge`."""
    who = _actor(inst, actor)
    return _change(inst, incident_id, lambda incident, _: lifecycle.add_note(incident, who, text, inst.clock()))


def change_severity(
    inst: Installation, incident_id: int, actor: str, severity: Severity, reason: str
) -> Change | Refusal:
    """Make it worse or milder, with the deadlines of open steps; whoever has to know of a worse one is told.

    Errors as :func:`acknowledge`.
    """
    who = _actor(inst, actor)

    def decide(incident: Incident, _: Sequence[ChecklistStep]) -> Change | Refusal:
        playbook = library.load_or_default(incident.playbook)
        return lifecycle.change_severity(incident, severity, reason, playbook, who, inst.clock())

    return _decided(inst, incident_id, decide, partial(_keep_severity, inst))


def _keep_severity(inst: Installation, connection: Connection, change: Change) -> None:
    before, after = store.find(connection, change.incident.id or 0), change.incident
    store.change(connection, change)
    steps = reclock(
        store.steps(connection, before.id or 0),
        library.load_or_default(after.playbook),
        after.severity,
        after.opened_at,
    )
    store.reclock(connection, before.id or 0, steps)
    if after.severity.rank < before.severity.rank:
        routed = route(inst.settings.routing, after.brand, after.kind, after.severity, after.owner)
        news = news_of(connection, LetterKind.RAISED, after, routed, change.event.at)
        announce(connection, inst, replace(news, raised_from=before.severity))


def resolve(inst: Installation, incident_id: int, actor: str) -> Change | Refusal:
    """Declare it over; errors as :func:`acknowledge`."""
    who = _actor(inst, actor)
    return _change(inst, incident_id, lambda incident, steps: lifecycle.resolve(incident, steps, who, inst.clock()))


def complete_step(inst: Installation, incident_id: int, position: int, actor: str) -> StepChange | Refusal:
    """Tick a step; errors as :func:`acknowledge`."""
    who = _actor(inst, actor)
    return _step(
        inst, incident_id, lambda i, steps: lifecycle.complete_step(i, steps, position, who, inst.clock(), inst.names)
    )


def undo_step(inst: Installation, incident_id: int, position: int, actor: str) -> StepChange | Refusal:
    """Untick a step; errors as :func:`acknowledge`."""
    who = _actor(inst, actor)
    return _step(inst, incident_id, lambda i, steps: lifecycle.undo_step(i, steps, position, who, inst.clock()))


def _actor(inst: Installation, person_id: str) -> Actor:
    return Actor(person_id, inst.name_of(person_id))


def _change(
    inst: Installation, incident_id: int, decide: Callable[[Incident, Sequence[ChecklistStep]], Change | Refusal]
) -> Change | Refusal:
    return _decided(inst, incident_id, decide, store.change)


def _step(
    inst: Installation, incident_id: int, decide: Callable[[Incident, Sequence[ChecklistStep]], StepChange | Refusal]
) -> StepChange | Refusal:
    return _decided(inst, incident_id, decide, store.change_step)


def _decided(
    inst: Installation,
    incident_id: int,
    decide: Callable[[Incident, Sequence[ChecklistStep]], Decided | Refusal],
    keep: Callable[[Connection, Decided], None],
) -> Decided | Refusal:
    for _ in range(_TRIES - 1):
        try:
            return _once(inst, incident_id, decide, keep)
        except store.ConflictError:
            continue
    return _once(inst, incident_id, decide, keep)


def _once(
    inst: Installation,
    incident_id: int,
    decide: Callable[[Incident, Sequence[ChecklistStep]], Decided | Refusal],
    keep: Callable[[Connection, Decided], None],
) -> Decided | Refusal:
    with inst.database.writing() as connection:
        incident = store.find(connection, incident_id)
        decided = decide(incident, store.steps(connection, incident_id))
        if not isinstance(decided, Refusal):
            keep(connection, decided)
        return decided
