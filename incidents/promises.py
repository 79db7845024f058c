"""What was promised to whom, read off the timeline: every update names the next, and the next one keeps it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from incidents.incident import EventKind, TimelineEvent

_ENDS = {EventKind.RESOLVED, EventKind.DISMISSED}
PUBLIC, INTERNAL = "public", "internal"


@dataclass(frozen=True, slots=True)
class Promised:
    """A next word that was promised.

    Attributes:
        audience: :data:`PUBLIC` or :data:`INTERNAL`.
        due_at: for when.
        kept_at: when the next word came, None where it has not.
    """

    audience: str
    due_at: datetime
    kept_at: datetime | None = None


def promises(timeline: Iterable[TimelineEvent]) -> tuple[Promised, ...]:
    """All promises of an incident, in order of time.

    One that somebody moved before it was due counts only in its new form: whoever says in time that it takes longer
    has broken nothing. Nor has whoever reopens what was over before a promise fell due: the end had made it needless.

    Args:
        timeline: oldest first.
    """
    standing: dict[str, datetime] = {}
    found: list[Promised] = []
    ended_at: datetime | None = None
    for event in timeline:
        if event.kind in _ENDS:
            ended_at = event.at
        elif event.kind is EventKind.REOPENED and ended_at:
            standing = {audience: due_at for audience, due_at in standing.items() if due_at <= ended_at}
        audience = event.facts.get("audience", "")
        if audience not in {PUBLIC, INTERNAL}:
            continue
        due_at = standing.pop(audience, None)
        spoke = event.kind is EventKind.STATEMENT or audience == INTERNAL
        if due_at and (spoke or event.at > due_at):
            found.append(Promised(audience, due_at, event.at if spoke else None))
        if event.facts.get("next_at"):
            standing[audience] = datetime.fromisoformat(event.facts["next_at"])
    found += (Promised(audience, due_at) for audience, due_at in standing.items())
    return tuple(sorted(found, key=lambda one: one.due_at))
