"""What people write into the timeline: notes, corrections, internal updates, and who reads along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from incidents.deciding import change, ended_already, event
from incidents.incident import Actor, Change, EventKind, Follower, Incident, Refusal, TimelineEvent, clamped
from incidents.promises import INTERNAL

NOTE_LIMIT = 4000  # characters; longer texts belong in a document that the note links to
SOONEST = timedelta(minutes=1)
LATEST = timedelta(days=7)


def add_note(incident: Incident, actor: Actor, text: str, now: datetime) -> Change | Refusal:
    """Record what somebody wants remembered, in their words."""
    note = _words(text, "note")
    if isinstance(note, Refusal):
        return note
    return change(incident, event(clamped(incident, now), EventKind.NOTE, actor, note))


def correct(
    incident: Incident, timeline: Sequence[TimelineEvent], wrong: int, actor: Actor, text: str, now: datetime
) -> Change | Refusal:
    """Say what is right in place of a row; the row stays as it was, and the new one points to it.

    Args:
        wrong: number of the row.
    """
    words = _words(text, "correction")
    if isinstance(words, Refusal):
        return words
    if wrong not in {row.id for row in timeline}:
        return Refusal("That row is not in the timeline of this incident.")
    row = event(clamped(incident, now), EventKind.CORRECTED, actor, words, {"corrects": str(wrong)})
    return change(incident, row)


def brief(incident: Incident, actor: Actor, text: str, next_at: datetime | None, now: datetime) -> Change | Refusal:
    """Tell everybody inside who reads along where it stands.

    Args:
        next_at: when they are promised the next word, None for no promise; of what has ended none is made.
    """
    words = _words(text, "update")
    if isinstance(words, Refusal):
        return words
    at, next_at = clamped(incident, now), None if incident.ended else next_at
    refusal = refuse_promise(next_at, at)
    if refusal:
        return refusal
    promised = {"next_at": next_at.isoformat()} if next_at else {}
    row = event(at, EventKind.UPDATE, actor, words, {"audience": INTERNAL, **promised})
    return change(replace(incident, briefing_due_at=next_at), row)


def refuse_promise(next_at: datetime | None, now: datetime) -> Refusal | None:
    """Why a time is no promise that can be made, None where it is one."""
    if next_at is None:
        return None
    if next_at < now + SOONEST:
        return Refusal("The next update is promised for a moment that has passed. Choose a later one.")
    if next_at > now + LATEST:
        return Refusal(f"The next update is promised for more than {LATEST.days} days from now. Choose a sooner one.")
    return None


def follow(
    incident: Incident, followers: Sequence[Follower], person: Actor, actor: Actor, now: datetime
) -> Change | Refusal:
    """Let somebody read along: they get the internal updates and act on nothing."""
    if incident.ended:
        return ended_already(incident)
    if reads_only(followers, person.id):
        return Refusal(f"{person.name} reads along already.")
    if person.id in {incident.owner, incident.offered_to}:
        return Refusal(f"{person.name} has it or is asked to take it; that is more than reading along.")
    at = clamped(incident, now)
    row = event(at, EventKind.FOLLOWED, actor, f"{person.name} reads along.", {"person": person.id, "did": "joined"})
    return change(incident, row, also=(Follower(person.id, actor.id, at),))


def unfollow(
    incident: Incident, followers: Sequence[Follower], person: Actor, actor: Actor, now: datetime
) -> Change | Refusal:
    """Somebody reads along no more; from then on they may act again."""
    current = next((one for one in followers if one.person == person.id and one.until is None), None)
    if current is None:
        return Refusal(f"{person.name} does not read along.")
    at = clamped(incident, now)
    facts = {"person": person.id, "did": "left"}
    row = event(at, EventKind.FOLLOWED, actor, f"{person.name} reads along no more.", facts)
    return change(incident, row, also=(replace(current, until=at),))


def reads_only(followers: Sequence[Follower], person: str) -> bool:
    """Whether somebody reads along, and therefore does not act."""
    return any(one.person == person and one.until is None for one in followers)


def _words(text: str, called: str) -> str | Refusal:
    words = text.strip()
    if not words:
        return Refusal(f"The {called} is empty; write something first.")
    if len(words) > NOTE_LIMIT:
        shorten = f"shorten it to {NOTE_LIMIT} or link to the longer text"
        return Refusal(f"The {called} has {len(words)} characters; {shorten}.")
    return words
