"""What people do about an incident: who has it, how bad it is, where it stands.

Errors as :func:`services.acting.act`.
"""

from __future__ import annotations

from sqlalchemy import Connection

from database import incidents as store
from database import responses
from incidents import lifecycle, ownership, remarks
from incidents.incident import REPORTED, Actor, Change, EventKind, Incident, Refusal, Status
from incidents.remarks import reads_only
from playbooks.playbook import Severity
from services.acting import Desk, act, actor_of, tell_of_raise, with_checklist
from services.announcing import announce_declined, announce_offer
from services.installation import Installation
from services.marking import mark_noise_of, unmark_noise_of
from services.tag_names import category_names


def acknowledge(inst: Installation, incident_id: int, actor: str) -> Change | Refusal:
    """Somebody says "I have it"; they own it from then on."""
    return act(
        inst, incident_id, actor, lambda desk, who: ownership.acknowledge(desk.incident, who, inst.clock(), inst.names)
    )


def hand_over(inst: Installation, incident_id: int, actor: str, new_owner: str) -> Change | Refusal:
    """Ask somebody to take it over, who is told by mail; oneself: take it over."""
    if new_owner not in inst.names:
        return _unknown(new_owner)
    new = actor_of(inst, new_owner)

    def decide(desk: Desk, who: Actor) -> Change | Refusal:
        if reads_only(desk.followers, new_owner):
            return Refusal(f"{new.name} only reads along. Let them stop reading along first.")
        return ownership.offer(desk.incident, who, new, inst.clock(), inst.names)

    def tell(desk: Desk, change: Change) -> None:
        if change.incident.offered_to:
            announce_offer(desk.connection, inst, change)

    return act(inst, incident_id, actor, decide, tell)


def accept(inst: Installation, incident_id: int, actor: str) -> Change | Refusal:
    """The person who was asked takes it over."""
    return act(
        inst, incident_id, actor, lambda desk, who: ownership.accept(desk.incident, who, inst.clock(), inst.names)
    )


def decline(inst: Installation, incident_id: int, actor: str, reason: str = "") -> Change | Refusal:
    """The person who was asked does not take it, or it is taken back; the owner is told by mail."""

    def decide(desk: Desk, who: Actor) -> Change | Refusal:
        return ownership.decline(desk.incident, who, reason, inst.clock(), inst.names)

    def tell(desk: Desk, change: Change) -> None:
        if change.incident.owner != actor:
            announce_declined(desk.connection, inst, change)

    return act(inst, incident_id, actor, decide, tell)


def add_note(inst: Installation, incident_id: int, actor: str, text: str) -> Change | Refusal:
    """Write something into the timeline."""
    return act(inst, incident_id, actor, lambda desk, who: remarks.add_note(desk.incident, who, text, inst.clock()))


def correct(inst: Installation, incident_id: int, actor: str, wrong: int, text: str) -> Change | Refusal:
    """Say what is right in place of a row of the timeline."""
    return act(
        inst,
        incident_id,
        actor,
        lambda desk, who: remarks.correct(desk.incident, desk.timeline, wrong, who, text, inst.clock()),
    )


def change_severity(
    inst: Installation,
    incident_id: int,
    actor: str,
    severity: Severity,
    reason: str,
    seen: Severity | None = None,
) -> Change | Refusal:
    """Make it worse or milder, with the steps and deadlines that follow; whoever has to know of a worse one is told."""

    def decide(desk: Desk, who: Actor) -> Change | Refusal:
        change = lifecycle.change_severity(desk.incident, severity, reason, desk.playbook, who, inst.clock(), seen=seen)
        return change if isinstance(change, Refusal) else with_checklist(desk, change)

    return act(inst, incident_id, actor, decide, tell_of_raise)


def change_category(
    inst: Installation, incident_id: int, actor: str, category: str, reason: str, seen: str | None = None
) -> Change | Refusal:
    """Say what kind of crisis it is, empty for none that is known, with the steps that follow."""
    names = category_names(inst.settings)
    if category and category not in names:
        return Refusal(f"There is no category {category}. There are: {', '.join(names)}.")

    def decide(desk: Desk, who: Actor) -> Change | Refusal:
        change = lifecycle.change_category(
            desk.incident, category or None, reason, who, inst.clock(), names=names, seen=seen
        )
        return change if isinstance(change, Refusal) else with_checklist(desk, change)

    return act(inst, incident_id, actor, decide)


def respond(inst: Installation, incident_id: int, actor: str) -> Change | Refusal:
    """The team works on it."""
    return act(inst, incident_id, actor, lambda desk, who: lifecycle.respond(desk.incident, who, inst.clock()))


def monitor(inst: Installation, incident_id: int, actor: str) -> Change | Refusal:
    """It is only watched now."""
    return act(inst, incident_id, actor, lambda desk, who: lifecycle.monitor(desk.incident, who, inst.clock()))


def resolve(inst: Installation, incident_id: int, actor: str) -> Change | Refusal:
    """Declare it over."""
    return act(
        inst, incident_id, actor, lambda desk, who: lifecycle.resolve(desk.incident, desk.steps, who, inst.clock())
    )


def dismiss(inst: Installation, incident_id: int, actor: str, reason: str) -> Change | Refusal:
    """Declare that it was noise; the alarms that it came from are marked so, which tuning learns from."""

    def tell(desk: Desk, change: Change) -> None:
        if not desk.incident.drill:  # what is made up teaches nothing
            mark_noise_of(desk.connection, inst, desk.number, actor, change.event.facts["reason"])

    return act(
        inst,
        incident_id,
        actor,
        lambda desk, who: lifecycle.dismiss(desk.incident, reason, who, inst.clock()),
        tell,
    )


def reopen(inst: Installation, incident_id: int, actor: str, reason: str) -> Change | Refusal:
    """It was not over; whoever says so has it. Alarms that were marked as noise with it are so no more."""

    def decide(desk: Desk, who: Actor) -> Change | Refusal:
        store.hold_opening(desk.connection, desk.incident.brand)
        other = _other_of_kind(desk.connection, desk.incident)
        if other:
            return Refusal(f"Incident {other.id} of the same kind is open. Go on there.", {"incident": str(other.id)})
        return lifecycle.reopen(desk.incident, reason, who, inst.clock())

    def tell(desk: Desk, _change: Change) -> None:
        said = next((row for row in reversed(desk.timeline) if row.kind is EventKind.DISMISSED), None)
        if said and desk.incident.status is Status.DISMISSED:
            unmark_noise_of(desk.connection, desk.number, said.actor, said.facts["reason"])

    return act(inst, incident_id, actor, decide, tell)


def merge(inst: Installation, incident_id: int, actor: str, into: int) -> Change | Refusal:
    """Make it a part of another incident; both are changed or none."""

    def decide(desk: Desk, who: Actor) -> Change | Refusal:
        # Two people who merge two incidents into each other must not wait for one another.
        store.hold_opening(desk.connection, desk.incident.brand)
        other = store.find(desk.connection, into)
        if reads_only(responses.followers(desk.connection, into), actor):
            return Refusal(f"You read along on incident {into}. To act on it, stop reading along there first.")
        changes = lifecycle.merge(desk.incident, other, who, inst.clock())
        if isinstance(changes, Refusal):
            return changes
        gone, taken = changes
        store.change(desk.connection, taken)
        return gone

    return act(inst, incident_id, actor, decide)


def follow(inst: Installation, incident_id: int, actor: str, person: str) -> Change | Refusal:
    """Let somebody read along."""
    if person not in inst.names:
        return _unknown(person)
    whom = actor_of(inst, person)
    return act(
        inst,
        incident_id,
        actor,
        lambda desk, who: remarks.follow(desk.incident, desk.followers, whom, who, inst.clock()),
        readers_may=actor == person,
    )


def unfollow(inst: Installation, incident_id: int, actor: str, person: str) -> Change | Refusal:
    """Somebody reads along no more; they may say so themselves."""
    whom = actor_of(inst, person)
    return act(
        inst,
        incident_id,
        actor,
        lambda desk, who: remarks.unfollow(desk.incident, desk.followers, whom, who, inst.clock()),
        readers_may=actor == person,
    )


def _other_of_kind(connection: Connection, incident: Incident) -> Incident | None:
    opened = (one for one in store.all_open(connection, incident.brand) if one.id != incident.id)
    return next((one for one in opened if one.kind == incident.kind != REPORTED), None)


def _unknown(person: str) -> Refusal:
    return Refusal(f"There is nobody called {person} in the settings. Choose one of the people listed there.")
