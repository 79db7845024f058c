"""Working through the checklist: done, skipped with a reason, approved, undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from incidents.deciding import NOBODY, Names, change, clock, event, name_of, reason_of
from incidents.incident import Actor, Change, EventKind, Incident, Refusal, Status, TimelineEvent, clamped
from incidents.ownership import acknowledged, acknowledgement
from playbooks.playbook import ChecklistStep

EVIDENCE_LIMIT = 2000  # characters; longer proof is a document that is linked to


@dataclass(frozen=True, slots=True)
class Roles:
    """What people are, by their ids, as the settings tell.

    Attributes:
        roles: ``{"dana": "comms lead"}``; empty texts where nothing is known.
    """

    roles: Mapping[str, str]

    def may_approve(self, person: str, role: str) -> bool:
        """Whether somebody speaks for a role: theirs holds all its words (a "legal counsel" for "legal")."""
        return set(role.casefold().split()) <= set(self.roles.get(person, "").casefold().split())

    def held(self, role: str) -> bool:
        """Whether anybody speaks for a role."""
        return any(self.may_approve(person, role) for person in self.roles)


def complete_step(
    incident: Incident,
    steps: Sequence[ChecklistStep],
    position: int,
    actor: Actor,
    now: datetime,
    names: Names = NOBODY,
    *,
    evidence: str = "",
) -> Change | Refusal:
    """Tick a step. An owner who works on an incident has acknowledged it, which is recorded in a row of its own.

    A step that asks for evidence or for somebody's yes is done once it has them; whoever gave the yes leaves the
    ticking to others.
    """
    step = _open_step(incident, steps, position, names)
    if isinstance(step, Refusal):
        return step
    shown = evidence.strip()
    refusal = _unready(step, shown, actor)
    if refusal:
        return refusal
    at = clamped(incident, now)
    ticked = replace(step, done_at=at, done_by=actor.id, evidence=shown)
    proof = f" Shown: {shown}" if shown else ""
    text = f"{actor.name} completed step {position}: {step.title}.{proof}"
    row = event(at, EventKind.STEP_DONE, actor, text, _facts(ticked))
    return _worked_on(incident, change(incident, row, also=(ticked,)), actor)


def skip_step(
    incident: Incident,
    steps: Sequence[ChecklistStep],
    position: int,
    reason: str,
    actor: Actor,
    now: datetime,
    names: Names = NOBODY,
) -> Change | Refusal:
    """Leave a step out, and say why: the review asks for it."""
    step = _open_step(incident, steps, position, names)
    if isinstance(step, Refusal):
        return step
    why = reason_of(reason)
    if isinstance(why, Refusal):
        return why
    at = clamped(incident, now)
    skipped = replace(step, done_at=at, done_by=actor.id, skipped=why)
    text = f"{actor.name} skipped step {position}, {step.title}: {why}"
    row = event(at, EventKind.STEP_SKIPPED, actor, text, {**_facts(skipped), "reason": why})
    return change(incident, row, also=(skipped,))


def approve_step(
    incident: Incident,
    steps: Sequence[ChecklistStep],
    position: int,
    actor: Actor,
    now: datetime,
    roles: Roles,
    names: Names = NOBODY,
) -> Change | Refusal:
    """Say yes to a step that needs it. Where nobody in the team has the role it asks for, anybody may; it is said."""
    step = _open_step(incident, steps, position, names)
    if isinstance(step, Refusal):
        return step
    if not step.approval:
        return Refusal(f"Step {position} needs nobody's yes.")
    if step.approved_at is not None:
        return Refusal(f"{name_of(names, step.approved_by)} said yes to step {position} already.")
    if roles.held(step.approval) and not roles.may_approve(actor.id, step.approval):
        return Refusal(f"Step {position} needs a yes from: {step.approval}. Your role in the settings is another.")
    at = clamped(incident, now)
    approved = replace(step, approved_by=actor.id, approved_at=at)
    stand_in = "" if roles.held(step.approval) else f" Nobody in the settings is {step.approval}."
    text = f"{actor.name} said yes to step {position}: {step.title}.{stand_in}"
    return change(incident, event(at, EventKind.STEP_APPROVED, actor, text, _facts(approved)), also=(approved,))


def undo_step(
    incident: Incident, steps: Sequence[ChecklistStep], position: int, actor: Actor, now: datetime
) -> Change | Refusal:
    """Untick a step, done or skipped. Its deadline is the one it had; a yes that it has stays."""
    step = _step(incident, steps, position)
    if isinstance(step, Refusal):
        return step
    if step.done_at is None:
        return Refusal(f"Step {position} is not done, so there is nothing to undo.")
    again = replace(step, done_at=None, done_by=None, skipped="")
    text = f"{actor.name} reopened step {position}: {step.title}."
    row = event(clamped(incident, now), EventKind.STEP_UNDONE, actor, text, _facts(step))
    return change(incident, row, also=(again,))


def complete_by_statement(
    done: Change, steps: Sequence[ChecklistStep], key: str, shown: str, actor: Actor, *, preapproved: bool = False
) -> Change:
    """What was published with the step ticked that it was for: nobody says the same thing twice in a crisis.

    A step that still needs somebody's yes stays open.

    Args:
        done: the publication.
        key: of the template that the statement began as.
        shown: where it can be read, or what it is called.
        preapproved: whoever else would have to say yes has said so of this wording once and for all.
    """
    step = next((one for one in steps if key and one.statement == key and one.done_at is None), None)
    if step is None or _unready(replace(step, approval="") if preapproved else step, shown, actor):
        return done
    ticked = replace(step, done_at=done.event.at, done_by=actor.id, evidence=shown)
    text = f"{actor.name} completed step {step.position} by it: {step.title}."
    row = event(done.event.at, EventKind.STEP_DONE, actor, text, _facts(ticked))
    return replace(done, preceded_by=(*done.preceded_by, row), also=(*done.also, ticked))


def _worked_on(incident: Incident, done: Change, actor: Actor) -> Change:
    """An owner's work on what nobody had acknowledged acknowledges it."""
    if incident.status is not Status.OPEN or actor.id != incident.owner:
        return done
    at = done.event.at
    first: tuple[TimelineEvent, ...] = (acknowledgement(incident, actor, at),)
    return replace(done, incident=acknowledged(done.incident, actor, at), preceded_by=first)


def _step(incident: Incident, steps: Sequence[ChecklistStep], position: int) -> ChecklistStep | Refusal:
    if incident.status is Status.MERGED:
        return Refusal(f"It is a part of incident {incident.merged_into}; go on with the checklist there.")
    found = next((step for step in steps if step.position == position), None)
    return found or Refusal(f"There is no step {position}; the checklist has {len(steps)}.")


def _open_step(
    incident: Incident, steps: Sequence[ChecklistStep], position: int, names: Names
) -> ChecklistStep | Refusal:
    step = _step(incident, steps, position)
    if isinstance(step, Refusal) or step.done_at is None:
        return step
    facts = {"done_by": step.done_by or "", "at": step.done_at.isoformat()}
    how = "skipped" if step.skipped else "done"
    whom = name_of(names, step.done_by)
    return Refusal(f"Step {position} was {how} already, on {clock(step.done_at)} by {whom}.", facts)


def _unready(step: ChecklistStep, evidence: str, actor: Actor) -> Refusal | None:
    if step.evidence_asked and not evidence:
        return Refusal(f"Step {step.position} asks for evidence: {step.evidence_asked}")
    if len(evidence) > EVIDENCE_LIMIT:
        shorten = f"shorten it to {EVIDENCE_LIMIT:,} or link to it"
        return Refusal(f"The evidence has {len(evidence):,} characters; {shorten}.")
    if step.approval and step.approved_at is None:
        return Refusal(f"Step {step.position} needs a yes first, from: {step.approval}.")
    if step.approval and step.approved_by == actor.id:
        return Refusal(f"You said yes to step {step.position}; somebody else does it and ticks it.")
    return None


def _facts(step: ChecklistStep) -> dict[str, str]:
    return {"position": str(step.position), "key": step.key, "due_at": step.due_at.isoformat()}
