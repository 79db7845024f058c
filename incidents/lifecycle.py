"""What may happen to an incident, decided without doing it.

Each function looks at an incident as it was loaded and answers with the change to store or with a refusal in plain
words. Three rules hold over all of them: there is exactly one owner at every moment, every change raises the version
by one and is recorded in the timeline, and no clock runs backwards (a ``now`` before the last change counts as the
moment of that change, since the clocks of two machines differ and a person's does too).

Notes and steps stay possible after an incident is resolved: reviewing it and fixing its cause come later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType

from incidents.incident import (
    Actor,
    Change,
    EventKind,
    Incident,
    Refusal,
    Status,
    StepChange,
    TimelineEvent,
    clamped,
)
from playbooks.playbook import ChecklistStep, Playbook, Severity

REASON_LIMIT = 300  # characters; it is read in one line of the timeline
NOTE_LIMIT = 4000  # characters; longer texts belong in a document that the note links to

Names = Mapping[str, str]
_NOBODY: Names = MappingProxyType({})


def acknowledge(incident: Incident, actor: Actor, now: datetime, names: Names = _NOBODY) -> Change | Refusal:
    """Somebody says "I have it". Whoever says so has it: if it is not the owner, they become the owner.

    ``names`` gives the names of people by their ids, for refusals that speak of others.
    """
    if incident.status is Status.RESOLVED:
        return _resolved_already(incident)
    if incident.acknowledged_at is not None:
        whose = "you have it" if incident.owner == actor.id else f"{names.get(incident.owner, incident.owner)} has it"
        facts = {"owner": incident.owner, "at": incident.acknowledged_at.isoformat()}
        return Refusal(f"It was acknowledged already, on {_clock(incident.acknowledged_at)}; {whose}.", facts)
    at = clamped(incident, now)
    return _change(_acknowledged(incident, actor, at), _acknowledgement(incident, actor, at))


def hand_over(incident: Incident, actor: Actor, new_owner: Actor, now: datetime) -> Change | Refusal:
    """Make somebody else the owner. Anybody may; who did it to whom is recorded.

    Taking over an incident that nobody has acknowledged acknowledges it; giving it to somebody else does not.
    """
    if incident.status is Status.RESOLVED:
        return _resolved_already(incident)
    if incident.owner == new_owner.id:
        return Refusal(f"{new_owner.name} has it already.", {"owner": incident.owner})
    taken = actor.id == new_owner.id
    if taken and incident.status is Status.OPEN:
        return acknowledge(incident, actor, now)
    text = f"{actor.name} took it over." if taken else f"{actor.name} handed it over to {new_owner.name}."
    facts = {"owner": new_owner.id, "previous_owner": incident.owner}
    event = _event(clamped(incident, now), EventKind.HANDED_OVER, actor, text, facts)
    return _change(replace(incident, owner=new_owner.id), event)


def change_severity(
    incident: Incident, severity: Severity, reason: str, playbook: Playbook, actor: Actor, now: datetime
) -> Change | Refusal:
    """People know what counts cannot show: whether it is about safety, law or the press. They must say why.

    The clock to acknowledge follows while nobody has; the caller moves the checklist with it
    (:func:`playbooks.checklist.reclock`).
    """
    if incident.status is Status.RESOLVED:
        return _resolved_already(incident)
    why = " ".join(reason.split())
    if not why:
        return Refusal("Say why in a few words: the reason stays in the timeline.")
    if len(why) > REASON_LIMIT:
        return Refusal(f"The reason has {len(why)} characters; shorten it to {REASON_LIMIT}, the rest can be a note.")
    if severity is incident.severity:
        return Refusal(f"It is {severity} already.")
    clock = incident.opened_at + playbook.clocks[severity].acknowledge
    by = incident.acknowledge_by if incident.acknowledged_at else clock
    text = f"{actor.name} changed the severity from {incident.severity} to {severity}: {why}"
    facts = {"severity": severity.value, "previous_severity": incident.severity.value, "reason": why}
    changed = replace(incident, severity=severity, severity_by=actor.id, acknowledge_by=by)
    return _change(changed, _event(clamped(incident, now), EventKind.SEVERITY, actor, text, facts))


def complete_step(
    incident: Incident,
    steps: Sequence[ChecklistStep],
    position: int,
    actor: Actor,
    now: datetime,
    names: Names = _NOBODY,
) -> StepChange | Refusal:
    """Tick a step. An owner who works on an incident has acknowledged it, which is recorded in a row of its own."""
    step = _step(steps, position)
    if isinstance(step, Refusal):
        return step
    if step.done_at is not None:
        facts = {"done_by": step.done_by or "", "at": step.done_at.isoformat()}
        whom = names.get(step.done_by or "", step.done_by)
        return Refusal(f"Step {position} was done already, on {_clock(step.done_at)} by {whom}.", facts)
    at = clamped(incident, now)
    text = f"{actor.name} completed step {position}: {step.title}."
    event = _event(at, EventKind.STEP_DONE, actor, text, _step_facts(step))
    change = _change(incident, event)
    if incident.status is Status.OPEN and actor.id == incident.owner:
        first = (_acknowledgement(incident, actor, at),)
        change = replace(change, incident=_acknowledged(change.incident, actor, at), preceded_by=first)
    return StepChange(position, at, actor.id, change)


def undo_step(
    incident: Incident, steps: Sequence[ChecklistStep], position: int, actor: Actor, now: datetime
) -> StepChange | Refusal:
    """Untick a step. Its deadline is the one it had when it was ticked."""
    step = _step(steps, position)
    if isinstance(step, Refusal):
        return step
    if step.done_at is None:
        return Refusal(f"Step {position} is not done, so there is nothing to undo.")
    text = f"{actor.name} reopened step {position}: {step.title}."
    event = _event(clamped(incident, now), EventKind.STEP_UNDONE, actor, text, _step_facts(step))
    return StepChange(position, None, None, _change(incident, event))


def add_note(incident: Incident, actor: Actor, text: str, now: datetime) -> Change | Refusal:
    """Record what somebody wants remembered, in their words."""
    note = text.strip()
    if not note:
        return Refusal("The note is empty; write something first.")
    if len(note) > NOTE_LIMIT:
        return Refusal(f"The note has {len(note)} characters; shorten it to {NOTE_LIMIT} or link to the longer text.")
    return _change(incident, _event(clamped(incident, now), EventKind.NOTE, actor, note, {}))


def resolve(incident: Incident, steps: Sequence[ChecklistStep], actor: Actor, now: datetime) -> Change | Refusal:
    """Declare it over. Steps may be left open; the row says how many were."""
    if incident.status is Status.RESOLVED:
        return _resolved_already(incident)
    left = sum(step.done_at is None for step in steps)
    how = f"with {left} of {len(steps)} steps left open" if left else "with every step done"
    at = clamped(incident, now)
    facts = {"open_steps": str(left), "steps": str(len(steps))}
    event = _event(at, EventKind.RESOLVED, actor, f"{actor.name} resolved it {how}.", facts)
    return _change(replace(incident, status=Status.RESOLVED, resolved_at=at, update_due_at=None), event)


def _change(incident: Incident, event: TimelineEvent) -> Change:
    return Change(replace(incident, version=incident.version + 1, changed_at=event.at), event)


def _event(at: datetime, kind: EventKind, actor: Actor, text: str, facts: Mapping[str, str]) -> TimelineEvent:
    return TimelineEvent(at, kind, actor.id, text, facts)


def _acknowledged(incident: Incident, actor: Actor, at: datetime) -> Incident:
    return replace(incident, status=Status.ACKNOWLEDGED, owner=actor.id, acknowledged_at=at)


def _acknowledgement(incident: Incident, actor: Actor, at: datetime) -> TimelineEvent:
    if actor.id == incident.owner:
        return _event(at, EventKind.ACKNOWLEDGED, actor, f"{actor.name} has it.", {"owner": actor.id})
    facts = {"owner": actor.id, "previous_owner": incident.owner}
    return _event(at, EventKind.ACKNOWLEDGED, actor, f"{actor.name} has it and owns it from now on.", facts)


def _step(steps: Sequence[ChecklistStep], position: int) -> ChecklistStep | Refusal:
    found = next((step for step in steps if step.position == position), None)
    return found or Refusal(f"There is no step {position}; the checklist has {len(steps)}.")


def _step_facts(step: ChecklistStep) -> dict[str, str]:
    return {"position": str(step.position), "key": step.key, "due_at": step.due_at.isoformat()}


def _resolved_already(incident: Incident) -> Refusal:
    at = incident.resolved_at or incident.opened_at
    return Refusal(f"It is resolved already, since {_clock(at)}.", {"at": at.isoformat()})


def _clock(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d at %H:%M} UTC"
