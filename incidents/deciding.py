"""What every decision about an incident is made of: the rows that record it, and the refusals that all share.

Three rules hold over all decisions: there is exactly one owner at every moment, every change raises the version by one
and is recorded in the timeline, and no clock runs backwards (a ``now`` before the last change counts as the moment of
that change, since the clocks of two machines differ and a person's does too).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType

from incidents.incident import Actor, Change, EventKind, Incident, Record, Refusal, Status, TimelineEvent

REASON_LIMIT = 300  # characters; it is read in one line of the timeline

Names = Mapping[str, str]
NOBODY: Names = MappingProxyType({})
_NO_FACTS: Mapping[str, str] = MappingProxyType({})
_ENDED = {
    Status.RESOLVED: "resolved",
    Status.REVIEWED: "resolved and reviewed",
    Status.DISMISSED: "dismissed as noise",
}


def event(
    at: datetime, kind: EventKind, actor: Actor, text: str, facts: Mapping[str, str] = _NO_FACTS
) -> TimelineEvent:
    """A row of the timeline."""
    return TimelineEvent(at, kind, actor.id, text, dict(facts))


def change(
    incident: Incident,
    row: TimelineEvent,
    *,
    preceded_by: tuple[TimelineEvent, ...] = (),
    also: tuple[Record, ...] = (),
) -> Change:
    """The change that a row records; the version rises by one, however many rows it takes."""
    return Change(replace(incident, version=incident.version + 1, changed_at=row.at), row, preceded_by, also)


def ended_already(incident: Incident) -> Refusal:
    """Nothing is done to what has ended."""
    at = incident.resolved_at or incident.opened_at
    facts = {"at": at.isoformat()}
    if incident.merged_into:
        return Refusal(
            f"It is a part of incident {incident.merged_into} already, since {clock(at)}. Go on there.", facts
        )
    return Refusal(f"It is {_ENDED.get(incident.status, 'over')} already, since {clock(at)}.", facts)


def reason_of(written: str) -> str | Refusal:
    """A reason on one line, or what is wrong with it."""
    why = " ".join(written.split())
    if not why:
        return Refusal("Say why in a few words: the reason stays in the timeline.")
    if len(why) > REASON_LIMIT:
        return Refusal(f"The reason has {len(why)} characters; shorten it to {REASON_LIMIT}, the rest can be a note.")
    return why


def name_of(names: Names, person: str | None) -> str:
    """The name of a person for a sentence, their id where it is not known."""
    return names.get(person or "", person or "somebody")


def clock(at: datetime) -> str:
    """A moment within a sentence; pages put the reader's time in its place."""
    return f"{at.astimezone(UTC):%Y-%m-%d at %H:%M} UTC"
