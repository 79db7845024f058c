"""Who has an incident: exactly one person at every moment, and a hand-over that is answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from incidents.deciding import NOBODY, Names, change, clock, ended_already, event, name_of, reason_of
from incidents.incident import Actor, Change, EventKind, Incident, Refusal, Status, TimelineEvent, clamped


def acknowledge(incident: Incident, actor: Actor, now: datetime, names: Names = NOBODY) -> Change | Refusal:
    """Somebody says "I have it". Whoever says so has it: if it is not the owner, they become the owner.

    ``names`` gives the names of people by their ids, for refusals that speak of others.
    """
    if incident.ended:
        return ended_already(incident)
    if incident.acknowledged_at is not None:
        whose = "you have it" if incident.owner == actor.id else f"{name_of(names, incident.owner)} has it"
        facts = {"owner": incident.owner, "at": incident.acknowledged_at.isoformat()}
        return Refusal(f"It was acknowledged already, on {clock(incident.acknowledged_at)}; {whose}.", facts)
    at = clamped(incident, now)
    return change(acknowledged(incident, actor, at), acknowledgement(incident, actor, at))


def offer(incident: Incident, actor: Actor, new_owner: Actor, now: datetime, names: Names = NOBODY) -> Change | Refusal:
    """Ask somebody to take it over. Until they say yes it stays with its owner; anybody may ask.

    Asking oneself is taking it over (:func:`take_over`), which needs no answer.
    """
    if incident.ended:
        return ended_already(incident)
    if actor.id == new_owner.id:
        return take_over(incident, actor, now)
    if incident.owner == new_owner.id:
        return Refusal(f"{new_owner.name} has it already.", {"owner": incident.owner})
    if incident.offered_to == new_owner.id:
        return Refusal(f"{new_owner.name} was asked already and has not answered.", {"offered_to": new_owner.id})
    instead = f", instead of {name_of(names, incident.offered_to)}" if incident.offered_to else ""
    text = f"{actor.name} asked {new_owner.name} to take it over{instead}."
    facts = {"offered_to": new_owner.id, "owner": incident.owner}
    row = event(clamped(incident, now), EventKind.OFFERED, actor, text, facts)
    return change(replace(incident, offered_to=new_owner.id), row)


def accept(incident: Incident, actor: Actor, now: datetime, names: Names = NOBODY) -> Change | Refusal:
    """The person who was asked says yes: they own it from now on, and have said that they have it."""
    refusal = _not_asked(incident, actor, names)
    if refusal:
        return refusal
    at, before = clamped(incident, now), name_of(names, incident.owner)
    text = f"{actor.name} took it over from {before}."
    row = event(at, EventKind.HANDED_OVER, actor, text, {"owner": actor.id, "previous_owner": incident.owner})
    return change(acknowledged(incident, actor, at), row)


def decline(incident: Incident, actor: Actor, reason: str, now: datetime, names: Names = NOBODY) -> Change | Refusal:
    """The person who was asked says no, or whoever asked takes it back; it stays with its owner."""
    if incident.ended:
        return ended_already(incident)
    if incident.offered_to is None:
        return Refusal("Nobody is asked to take it over any more.", {"owner": incident.owner})
    why = reason_of(reason) if reason.strip() else ""
    if isinstance(why, Refusal):
        return why
    asked = incident.offered_to
    said = "cannot take it over" if asked == actor.id else f"no longer asks {name_of(names, asked)} to take it over"
    text = f"{actor.name} {said}{f': {why}' if why else '.'}"
    text = f"{text.rstrip('.')}. {name_of(names, incident.owner)} has it."
    facts = {"offered_to": asked, "owner": incident.owner, "reason": why}
    return change(
        replace(incident, offered_to=None), event(clamped(incident, now), EventKind.DECLINED, actor, text, facts)
    )


def take_over(incident: Incident, actor: Actor, now: datetime) -> Change | Refusal:
    """Own it from now on, without being asked. One that nobody has acknowledged is acknowledged by it."""
    if incident.ended:
        return ended_already(incident)
    if incident.status is Status.OPEN:
        return acknowledge(incident, actor, now)
    if incident.owner == actor.id:
        return Refusal("You have it already.", {"owner": incident.owner})
    facts = {"owner": actor.id, "previous_owner": incident.owner}
    row = event(clamped(incident, now), EventKind.HANDED_OVER, actor, f"{actor.name} took it over.", facts)
    return change(replace(incident, owner=actor.id, offered_to=None), row)


def assign(incident: Incident, by: Actor, heir: Actor, now: datetime) -> Change | Refusal:
    """Give it to somebody without asking: only for incidents whose owner is not there any more.

    It is to be acknowledged by its new owner, unless it was acknowledged before.
    """
    if incident.ended:
        return ended_already(incident)
    if incident.owner == heir.id:
        return Refusal(f"{heir.name} has it already.", {"owner": incident.owner})
    facts = {"owner": heir.id, "previous_owner": incident.owner}
    text = f"{by.name} handed it over to {heir.name}."
    row = event(clamped(incident, now), EventKind.HANDED_OVER, by, text, facts)
    return change(replace(incident, owner=heir.id, offered_to=None), row)


def acknowledged(incident: Incident, actor: Actor, at: datetime) -> Incident:
    """The incident in the hands of somebody who has said so; the clock to acknowledge stops the first time only.

    An owner who goes on working on what they asked somebody to take over has taken back nothing.
    """
    status = Status.ACKNOWLEDGED if incident.status is Status.OPEN else incident.status
    asked = incident.offered_to if actor.id == incident.owner else None
    return replace(
        incident, status=status, owner=actor.id, offered_to=asked, acknowledged_at=incident.acknowledged_at or at
    )


def acknowledgement(incident: Incident, actor: Actor, at: datetime) -> TimelineEvent:
    """The row that says who has it."""
    if actor.id == incident.owner:
        return event(at, EventKind.ACKNOWLEDGED, actor, f"{actor.name} has it.", {"owner": actor.id})
    facts = {"owner": actor.id, "previous_owner": incident.owner}
    return event(at, EventKind.ACKNOWLEDGED, actor, f"{actor.name} has it and owns it from now on.", facts)


def _not_asked(incident: Incident, actor: Actor, names: Names) -> Refusal | None:
    if incident.ended:
        return ended_already(incident)
    if incident.owner == actor.id:
        return Refusal("You have it already.", {"owner": incident.owner})
    if incident.offered_to != actor.id:
        whom = f"{name_of(names, incident.offered_to)} is" if incident.offered_to else "Nobody is"
        return Refusal(f"{whom} asked to take it over at the moment; you can take it over without being asked.")
    return None
