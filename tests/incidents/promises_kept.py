"""What is true of an incident at every moment of its life."""

from __future__ import annotations

from datetime import datetime

from incidents.incident import EventKind, Status
from tests.incidents.model import OPENED, PEOPLE, Kept

_WORKED_ON = {Status.ACKNOWLEDGED, Status.RESPONDING, Status.MONITORING}
_OVER = {Status.RESOLVED, Status.REVIEWED, Status.DISMISSED, Status.MERGED}
_ENDS = {EventKind.RESOLVED, EventKind.DISMISSED}


def hold_owner(kept: Kept) -> None:
    """It has exactly one owner, a known person, and the timeline alone tells who that is and who is asked."""
    incident, owner, asked = kept.incident, "", None
    for row in kept.timeline:
        ends = row.kind in _ENDS or "into" in row.facts
        if row.facts.get("owner", owner) != owner or row.kind is EventKind.DECLINED or ends:
            asked = None
        owner = row.facts.get("owner", owner)
        if row.kind is EventKind.OFFERED:
            asked = row.facts["offered_to"]
    assert incident.owner in {person.id for person in PEOPLE}
    assert (incident.owner, incident.offered_to) == (owner, asked)
    assert incident.offered_to != incident.owner


def hold_versions(kept: Kept) -> None:
    """Each change raised the version by one; no row was lost or changed since it was written."""
    assert kept.incident.version == 1 + kept.changes
    assert kept.incident.severity == _facts(kept, "severity")[-1]
    assert (kept.incident.category or "") == ([kept.incident.category or "", *_facts(kept, "category")])[-1]
    assert kept.statements.keys() == {number for number, _ in kept.versions}
    assert all(kept.statements[number].version >= version for number, version in kept.versions)


def hold_clocks(kept: Kept) -> None:
    """No clock runs backwards."""
    times = [row.at for row in kept.timeline]
    assert times == sorted(times)
    assert times[-1] == (kept.incident.changed_at or kept.incident.opened_at)
    assert all(step.done_at is None or step.done_at >= OPENED for step in kept.steps)
    published = [one.published_at for one in kept.statements.values() if one.published_at]
    assert kept.incident.first_public_at == min(published, default=None)
    for one in kept.statements.values():
        moments = [one.written_at, one.approved_at, one.published_at]
        told = [moment for moment in moments if moment]
        assert told == sorted(told)


def hold_status(kept: Kept) -> None:
    """Its status says what has happened."""
    incident, status = kept.incident, kept.incident.status
    assert incident.ended == (status in _OVER)
    assert (status is Status.MERGED) == (incident.merged_into is not None)
    assert status is not Status.OPEN or incident.acknowledged_at is None
    assert status not in _WORKED_ON or incident.acknowledged_at is not None
    assert not incident.ended or not (incident.update_due_at or incident.briefing_due_at or incident.offered_to)
    ended = _moments(kept, _ENDS) or [row.at for row in kept.timeline if "into" in row.facts]
    assert [incident.resolved_at] == (ended if incident.ended else [None])


def hold_steps(kept: Kept) -> None:
    """The timeline alone tells which steps are done."""
    ticks: dict[str, bool] = {}
    for row in kept.timeline:
        if row.kind in {EventKind.STEP_DONE, EventKind.STEP_SKIPPED, EventKind.STEP_UNDONE}:
            ticks[row.facts["position"]] = row.kind is not EventKind.STEP_UNDONE
    assert {position for position, done in ticks.items() if done} == {
        str(step.position) for step in kept.steps if step.done_at
    }


def _facts(kept: Kept, name: str) -> list[str]:
    return [row.facts[name] for row in kept.timeline if name in row.facts]


def _moments(kept: Kept, kinds: set[EventKind]) -> list[datetime]:
    """Moments of some kinds of row since it was reopened last."""
    reopened = [number for number, row in enumerate(kept.timeline) if row.kind is EventKind.REOPENED]
    return [row.at for row in kept.timeline[max(reopened, default=0) :] if row.kind in kinds]
