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

from detection.signal import Signal
from incidents.incident import (
    REPORTED,
    SYSTEM,
    Actor,
    Change,
    EventKind,
    Incident,
    Opening,
    Refusal,
    Status,
    StepChange,
    TimelineEvent,
    clamped,
    first_owner,
)
from incidents.severity import COMPLAINTS, Assessment
from playbooks.checklist import checklist
from playbooks.playbook import ChecklistStep, Playbook, Severity

# A wave that goes on is one row, not one a minute; it earns another when it has become a different wave.
WORTH_A_ROW = 2
REASON_LIMIT = 300  # characters; it is read in one line of the timeline
NOTE_LIMIT = 4000  # characters; longer texts belong in a document that the note links to

Names = Mapping[str, str]
_NOBODY: Names = MappingProxyType({})

_WHAT_HAPPENS = {COMPLAINTS: "many people are complaining"}
_SOMETHING_HAPPENS = "far more mentions than usual"


def open_incident(
    signal: Signal,
    assessment: Assessment,
    playbook: Playbook,
    owner: Actor,
    brand_name: str,
    now: datetime,
    *,
    owned_because: str = "",
) -> Opening:
    """A new incident with its checklist and its first rows: why it was opened, how bad it is, who has it.

    No update is promised yet: the first public word makes the first promise. ``owned_because`` is the sentence of the
    routing decision that chose the owner.
    """
    incident = Incident(
        id=None,
        brand=signal.brand,
        kind=signal.kind,
        title=f"{brand_name}: {_WHAT_HAPPENS.get(signal.kind, _SOMETHING_HAPPENS)}",
        severity=assessment.severity,
        status=Status.OPEN,
        owner=owner.id,
        why=signal.sentence,
        playbook=playbook.id,
        playbook_version=playbook.version,
        opened_at=now,
        acknowledge_by=now + playbook.clocks[assessment.severity].acknowledge,
        observed=signal.observed,
        wave_at=signal.at,
    )
    events = (
        _event(now, EventKind.OPENED, SYSTEM, signal.sentence, _figures(signal)),
        _event(
            now, EventKind.SEVERITY, SYSTEM, f"Set to {assessment.severity}. {assessment.reason}", _judged(assessment)
        ),
        first_owner(owner, now, owned_because),
    )
    return Opening(incident, checklist(playbook, assessment.severity, now), events)


def join(
    incident: Incident, signal: Signal, assessment: Assessment, playbook: Playbook, now: datetime
) -> Change | None:
    """What a further signal of the same issue changes, or None where it is nothing new.

    It raises a severity and never lowers one: a wave that ebbs is for people to judge. A severity that people set is
    raised only by a wave at least twice as big as the one they judged. While nobody has acknowledged, a raise tightens
    that deadline; the caller moves the checklist with it (:func:`playbooks.checklist.reclock`). At the same severity a
    signal is worth a row once it is at least twice as big as the biggest that the timeline recorded, and when it is a
    wave of its own (:func:`is_new_wave`): the first complaints about what was only talk, or a return after calm. Other
    kinds of signal count other mentions and say nothing more about this one. A resolved incident takes no signals.
    """
    if incident.status is Status.RESOLVED:
        return None
    new = is_new_wave(incident, signal)
    if signal.kind != incident.kind and not new:
        return None
    biggest = signal.observed if new else max(signal.observed, incident.observed)
    at, recorded = clamped(incident, now), replace(incident, observed=biggest, wave_at=signal.at)
    grown = new or signal.observed >= WORTH_A_ROW * max(incident.observed, 1)
    if new and signal.kind in _WHAT_HAPPENS:
        brand = incident.title.partition(":")[0]
        # What was reported by hand says more than that people complain about it.
        title = incident.title if incident.kind == REPORTED else f"{brand}: {_WHAT_HAPPENS[signal.kind]}"
        recorded = replace(recorded, kind=signal.kind, title=title, why=signal.sentence)
    if assessment.severity.rank < incident.severity.rank and (grown or incident.severity_by == SYSTEM.id):
        by = min(incident.acknowledge_by, incident.opened_at + playbook.clocks[assessment.severity].acknowledge)
        judged = replace(recorded, severity=assessment.severity, severity_by=SYSTEM.id)
        raised = replace(judged, why=signal.sentence, acknowledge_by=by)
        text = f"Raised from {incident.severity} to {assessment.severity}. {assessment.reason} {signal.sentence}"
        facts = {"previous_severity": incident.severity.value, **_judged(assessment), **_figures(signal)}
        return _change(raised, _event(at, EventKind.SEVERITY, SYSTEM, text, facts))
    if grown:
        text = f"{'A new wave' if new else 'The wave has grown'}. {signal.sentence}"
        return _change(recorded, _event(at, EventKind.JOINED, SYSTEM, text, _figures(signal)))
    return None


def is_new_wave(incident: Incident, signal: Signal) -> bool:
    """Whether a signal is more than the wave that the incident knows: people must hear of it."""
    first_complaints = signal.kind in _WHAT_HAPPENS and incident.kind not in _WHAT_HAPPENS
    calm = incident.wave_at is not None and signal.at - incident.wave_at > signal.window
    first_of_all = incident.kind == REPORTED and not incident.observed
    return first_complaints or calm or first_of_all


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


def _judged(assessment: Assessment) -> dict[str, str]:
    return {"severity": assessment.severity.value, "reason": assessment.reason}


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


def _figures(signal: Signal) -> dict[str, str]:
    return {
        "observed": str(signal.observed),
        "expected": f"{signal.expected:.1f}",
        "authors": str(signal.authors),
        "since": signal.since.isoformat() if signal.since else "",
    }


def _resolved_already(incident: Incident) -> Refusal:
    at = incident.resolved_at or incident.opened_at
    return Refusal(f"It is resolved already, since {_clock(at)}.", {"at": at.isoformat()})


def _clock(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d at %H:%M} UTC"
