"""Where an incident stands, and how bad it is: decided without doing it.

Each function looks at an incident as it was loaded and answers with the change to store or with a refusal in plain
words; the rules of :mod:`incidents.deciding` hold over all of them.

=============  ======================================================================================
stands         goes to
=============  ======================================================================================
open           acknowledged, responding, resolved, dismissed, merged
acknowledged   responding, monitoring, resolved, dismissed, merged
responding     monitoring, resolved, dismissed, merged
monitoring     responding, resolved, dismissed, merged
resolved       reviewed; open by a wave that comes back; acknowledged by a person who reopens it
reviewed       as resolved
dismissed      acknowledged by a person who reopens it
merged         nowhere: it goes on as a part of another one
=============  ======================================================================================

Notes and steps stay possible after an incident is resolved: reviewing it and fixing its cause come later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from incidents.clocks import on_clocks
from incidents.deciding import NOBODY, Names, change, clock, ended_already, event, name_of, reason_of
from incidents.incident import Actor, Change, EventKind, Incident, Refusal, Status, clamped
from incidents.ownership import acknowledged, acknowledgement
from incidents.promises import PUBLIC
from playbooks.playbook import ChecklistStep, Playbook, Severity

_REOPENS = {Status.RESOLVED, Status.REVIEWED, Status.DISMISSED}
_WORKED_ON = {Status.ACKNOWLEDGED, Status.RESPONDING}


def respond(incident: Incident, actor: Actor, now: datetime) -> Change | Refusal:
    """The team works on it. Whoever says so of one that nobody has acknowledged has it."""
    if incident.ended:
        return ended_already(incident)
    if incident.status is Status.RESPONDING:
        return Refusal("The team is responding already.")
    at = clamped(incident, now)
    row = event(at, EventKind.RESPONDING, actor, f"{actor.name} said that the team is responding.")
    if incident.status is Status.OPEN:
        first = (acknowledgement(incident, actor, at),)
        return change(replace(acknowledged(incident, actor, at), status=Status.RESPONDING), row, preceded_by=first)
    return change(replace(incident, status=Status.RESPONDING), row)


def monitor(incident: Incident, actor: Actor, now: datetime) -> Change | Refusal:
    """What could be done is done; now it is watched. A further wave makes the team respond again."""
    if incident.ended:
        return ended_already(incident)
    if incident.status is Status.MONITORING:
        return Refusal("It is only watched already.")
    if incident.status not in _WORKED_ON:
        return Refusal("Nobody has acknowledged it yet; acknowledge it first.")
    row = event(clamped(incident, now), EventKind.MONITORING, actor, f"{actor.name} said that it is only watched now.")
    return change(replace(incident, status=Status.MONITORING), row)


def resolve(incident: Incident, steps: Sequence[ChecklistStep], actor: Actor, now: datetime) -> Change | Refusal:
    """Declare it over. Steps may be left open; the row says how many were."""
    if incident.ended:
        return ended_already(incident)
    left = sum(step.done_at is None for step in steps)
    how = f"with {left} of {len(steps)} steps left open" if left else "with every step done"
    at = clamped(incident, now)
    facts = {"open_steps": str(left), "steps": str(len(steps))}
    row = event(at, EventKind.RESOLVED, actor, f"{actor.name} resolved it {how}.", facts)
    return change(_ended(incident, Status.RESOLVED, at), row)


def dismiss(incident: Incident, reason: str, actor: Actor, now: datetime) -> Change | Refusal:
    """Declare that it was nothing: noise, a joke, a test. The reason is what tuning and the next reader learn from."""
    if incident.ended:
        return ended_already(incident)
    why = reason_of(reason)
    if isinstance(why, Refusal):
        return why
    at = clamped(incident, now)
    row = event(at, EventKind.DISMISSED, actor, f"{actor.name} dismissed it as noise: {why}", {"reason": why})
    return change(_ended(incident, Status.DISMISSED, at), row)


def reopen(incident: Incident, reason: str, actor: Actor, now: datetime) -> Change | Refusal:
    """It was not over. Whoever reopens it has it.

    Its clocks go on from its first opening; the public word that was said was said.
    """
    if incident.status not in _REOPENS:
        return ended_already(incident) if incident.ended else Refusal("It is not over, so there is nothing to reopen.")
    why = reason_of(reason)
    if isinstance(why, Refusal):
        return why
    at = clamped(incident, now)
    facts = {"reason": why, "owner": actor.id, "previous_owner": incident.owner}
    row = event(at, EventKind.REOPENED, actor, f"{actor.name} reopened it and owns it: {why}", facts)
    again = replace(acknowledged(incident, actor, at), status=Status.ACKNOWLEDGED, resolved_at=None)
    return change(again, row)


def merge(incident: Incident, into: Incident, actor: Actor, now: datetime) -> tuple[Change, Change] | Refusal:
    """Make one incident a part of another: the change of the first, then that of the second.

    What was done in it stays readable there; the other one goes on with its own owner and checklist, and with what the
    public was told and promised.
    """
    refusal = _unfit(incident, into)
    if refusal:
        return refusal
    at, together = max(clamped(incident, now), clamped(into, now)), _with(into, incident)
    into_facts, from_facts = {"into": str(into.id)}, {"from": str(incident.id), **_told(incident, together)}
    gone = event(at, EventKind.MERGED, actor, f"{actor.name} made it a part of incident {into.id}.", into_facts)
    told = f"{actor.name} made incident {incident.id} a part of this one: {incident.title}."
    taken = event(at, EventKind.MERGED, actor, told, from_facts)
    ended = replace(_ended(incident, Status.MERGED, at), merged_into=into.id)
    return change(ended, gone), change(together, taken)


def change_severity(
    incident: Incident,
    severity: Severity,
    reason: str,
    playbook: Playbook,
    actor: Actor,
    now: datetime,
    *,
    seen: Severity | None = None,
) -> Change | Refusal:
    """People know what counts cannot show: whether it is about safety, law or the press. They must say why.

    Clocks that still run follow; the caller moves the checklist with them (:func:`playbooks.checklist.refit`).

    Args:
        seen: what the person saw when they decided; where it is another one by now they have to look again.
    """
    if incident.ended:
        return ended_already(incident)
    why = reason_of(reason)
    if isinstance(why, Refusal):
        return why
    if severity is incident.severity:
        return Refusal(f"It is {severity} already.")
    if seen and seen is not incident.severity:
        return Refusal(f"Somebody changed it from {seen} to {incident.severity} in the meantime. Look at it again.")
    text = f"{actor.name} changed the severity from {incident.severity} to {severity}: {why}"
    facts = {"severity": severity.value, "previous_severity": incident.severity.value, "reason": why}
    changed = on_clocks(
        replace(incident, severity=severity, severity_by=actor.id), playbook, playbook.clocks[incident.severity]
    )
    return change(changed, event(clamped(incident, now), EventKind.SEVERITY, actor, text, facts))


def change_category(
    incident: Incident,
    category: str | None,
    reason: str,
    actor: Actor,
    now: datetime,
    *,
    names: Names = NOBODY,
    seen: str | None = None,
) -> Change | Refusal:
    """Say what kind of crisis it is; steps that are only for some categories come and go with it.

    Args:
        category: id, None where it is none of those that are known.
        names: of categories, by their ids.
        seen: as for :func:`change_severity`; an empty text stands for none.
    """
    if incident.ended:
        return ended_already(incident)
    why = reason_of(reason)
    if isinstance(why, Refusal):
        return why
    before, after = (name_of(names, one) if one else "none" for one in (incident.category, category))
    if category == incident.category:
        return Refusal(f"Its category is {after} already.")
    if seen is not None and seen != (incident.category or ""):
        return Refusal(f"Somebody changed its category to {before} in the meantime. Look at it again.")
    text = f"{actor.name} changed the category from {before} to {after}: {why}"
    facts = {"category": category or "", "previous_category": incident.category or "", "reason": why}
    row = event(clamped(incident, now), EventKind.CATEGORY, actor, text, facts)
    return change(replace(incident, category=category), row)


def _told(incident: Incident, together: Incident) -> dict[str, str]:
    """What an incident brings with it of what the public was told and promised, for the row that says so."""
    spoke, promised = incident.first_public_at, incident.update_due_at and together.update_due_at
    facts = {"first_public_at": spoke.isoformat()} if spoke else {}
    return {**facts, "audience": PUBLIC, "next_at": promised.isoformat()} if promised else facts


def _with(into: Incident, incident: Incident) -> Incident:
    """One incident with what the public was told and promised of another, and with its wave."""
    spoke = [one for one in (incident.first_public_at, into.first_public_at) if one]
    promised = [one for one in (incident.update_due_at, into.update_due_at) if one]
    return replace(
        into,
        wave_at=max((one for one in (incident.wave_at, into.wave_at) if one), default=None),
        ebbed_at=into.ebbed_at if incident.ebbed_at else None,
        first_public_at=min(spoke, default=None),
        update_due_at=min(promised, default=None),
    )


def _ended(incident: Incident, status: Status, at: datetime) -> Incident:
    return replace(incident, status=status, resolved_at=at, update_due_at=None, briefing_due_at=None, offered_to=None)


def _unfit(incident: Incident, into: Incident) -> Refusal | None:
    if incident.ended:
        return ended_already(incident)
    if incident.id == into.id:
        return Refusal("An incident cannot become a part of itself. Choose another one.")
    if into.ended:
        at = into.resolved_at or into.opened_at
        return Refusal(f"Incident {into.id} is over since {clock(at)}. Reopen it first.", {"at": at.isoformat()})
    if incident.drill != into.drill:
        return Refusal("A drill and a real incident are never mixed.")
    if incident.brand != into.brand:
        return Refusal(f"Incident {into.id} is about another brand, whose people may be others.")
    return None
