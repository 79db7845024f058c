"""The review after an incident: what people write into it, part by part, and that it is complete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from incidents.deciding import NOBODY, Names, change, clock, event, name_of
from incidents.incident import Actor, Change, EventKind, Incident, Refusal, Review, Status, clamped

# What the review asks, and what of it failed: people make mistakes, processes have gaps, technology fails.
PARTS: Mapping[str, str] = MappingProxyType(
    {
        "summary": "What happened",
        "worked": "What worked",
        "people": "Mistakes that people made",
        "process": "Gaps in how we work",
        "technology": "Technology that failed",
        "changes": "What we change",
        "actions": "Who does what, by when",
    }
)
PART_LIMIT = 10_000  # characters of one part
# One of these has to be answered before a review is complete: it is what it is for.
_CAUSES = ("people", "process", "technology")


def write_review(
    incident: Incident,
    review: Review | None,
    texts: Mapping[str, str],
    actor: Actor,
    now: datetime,
    names: Names = NOBODY,
    *,
    seen: int,
) -> Change | Refusal:
    """Put people's words in place of those that were drafted.

    Args:
        texts: by the name of the part; parts that are not named stay.
        seen: the version that the person edited, 0 where there was none.
    """
    refusal = _unfit(incident, texts)
    if refusal:
        return refusal
    if review and seen != review.version:
        by, when = name_of(names, review.written_by), clock(review.written_at)
        return Refusal(f"{by} wrote in it on {when}. Read that first.", {"at": review.written_at.isoformat()})
    before = review.texts if review else {}
    after = {**before, **{name: text.strip() for name, text in texts.items()}}
    if after == before:
        return Refusal("Nothing in it is different from before.")
    at = clamped(incident, now)
    finished = review.finished_at if review else None
    written = Review(after, (review.version if review else 0) + 1, actor.id, at, finished)
    parts = ", ".join(PARTS[name] for name in PARTS if after.get(name) != before.get(name))
    row = event(at, EventKind.REVIEWED, actor, f"{actor.name} wrote in the review: {parts}.", {"did": "written"})
    return change(incident, row, also=(written,))


def finish_review(incident: Incident, review: Review | None, actor: Actor, now: datetime) -> Change | Refusal:
    """Declare it complete: it says which of people, process and technology failed, and what is changed."""
    if incident.status is Status.REVIEWED:
        return Refusal("It is reviewed already.")
    if incident.status is not Status.RESOLVED:
        return Refusal("Resolve the incident first; the review looks back on all of it.")
    texts = review.texts if review else {}
    if review is None or not any(texts.get(name) for name in _CAUSES):
        return Refusal("Say first which of the three failed: people, process or technology.")
    if not texts.get("changes"):
        return Refusal("Say first what is changed because of it, even if that is: nothing, and why.")
    at = clamped(incident, now)
    row = event(at, EventKind.REVIEWED, actor, f"{actor.name} declared the review complete.", {"did": "finished"})
    return change(replace(incident, status=Status.REVIEWED), row, also=(replace(review, finished_at=at),))


def _unfit(incident: Incident, texts: Mapping[str, str]) -> Refusal | None:
    if incident.status not in {Status.RESOLVED, Status.REVIEWED}:
        return Refusal("Resolve the incident first; the review looks back on all of it.")
    unknown = sorted(set(texts) - set(PARTS))
    if unknown:
        return Refusal(f"A review has no part called {unknown[0]}; it has: {', '.join(PARTS)}.")
    long = [name for name, text in texts.items() if len(text) > PART_LIMIT]
    if long:
        return Refusal(f"“{PARTS[long[0]]}” has more than {PART_LIMIT:,} characters; shorten it or link to the rest.")
    return None
