"""An incident for programs: one stable shape, for the command line and for whoever asks over the network.

Times are ISO 8601 in UTC, people are ``{"id", "name"}``, and null stands where nothing is known; docs/incidents.md
describes every name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from database import incidents as store
from database import reading, responses
from database.reading import Figures
from incidents.incident import SYSTEM, Follower, Incident, Statement, Task, TimelineEvent
from incidents.statements import needs_second
from playbooks.checklist import current
from playbooks.playbook import ChecklistStep
from playbooks.statements import blanks

Names = Mapping[str, str]
Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of words for the public."""

    version: int
    text: str
    author: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Whole:
    """All that is kept of an incident.

    Attributes:
        versions: of its statements by their numbers, the first one first.
        followers: who reads along or did.
        timeline: oldest first.
    """

    incident: Incident
    steps: tuple[ChecklistStep, ...]
    tasks: tuple[Task, ...]
    statements: tuple[Statement, ...]
    versions: Mapping[int, tuple[Version, ...]]
    followers: tuple[Follower, ...]
    timeline: tuple[TimelineEvent, ...]
    figures: Figures | None = None


def whole_of(connection: Connection, incident_id: int) -> Whole:
    """The incident with a number.

    Raises:
        UnknownIncidentError: there is none.
    """
    found = store.find(connection, incident_id)
    statements = responses.statements(connection, incident_id)
    return Whole(
        incident=found,
        steps=responses.steps(connection, incident_id),
        tasks=responses.tasks(connection, incident_id),
        statements=statements,
        versions={one.number: _versions(connection, incident_id, one.number) for one in statements},
        followers=responses.followers(connection, incident_id),
        timeline=store.timeline(connection, incident_id),
        figures=reading.figures(connection, found),
    )


def incident_record(whole: Whole, names: Names, now: datetime) -> Fields:
    """All that is kept of an incident; ``names`` are those of people by their ids."""
    return {
        **incident_summary(whole.incident, whole.steps, names, now),
        "why": whole.incident.why,
        "figures": _plain(asdict(whole.figures)) if whole.figures else None,
        "playbook": {"id": whole.incident.playbook, "version": whole.incident.playbook_version},
        "steps": [_step(one, names, now) for one in whole.steps],
        "tasks": [_task(one, names, now) for one in whole.tasks],
        "statements": [_statement(one, whole, names) for one in whole.statements],
        "followers": [_follower(one, names) for one in whole.followers],
        "timeline": [timeline_record(one, names) for one in whole.timeline],
    }


def incident_summary(incident: Incident, steps: Sequence[ChecklistStep], names: Names, now: datetime) -> Fields:
    """What a list tells of an incident: who has it, where it stands, what is next and by when."""
    present = None if incident.ended else current(steps)
    kept = ("brand", "kind", "title", "category", "drill", "merged_into", "version")
    times = ("opened_at", "acknowledge_by", "acknowledged_at", "first_public_by", "first_public_at", "update_due_at")
    return {
        "number": incident.id,
        "severity": incident.severity.value,
        "severity_by": _person(incident.severity_by, names),
        "status": incident.status.value,
        **{name: getattr(incident, name) for name in kept},
        "owner": _person(incident.owner, names),
        "offered_to": _person(incident.offered_to, names),
        **{name: _time(getattr(incident, name)) for name in times},
        "briefing_due_at": _time(incident.briefing_due_at),
        "changed_at": _time(incident.changed_at),
        "ebbed_at": _time(incident.ebbed_at),
        "ended_at": _time(incident.resolved_at),
        "next": _step(present, names, now) if present else None,
        "steps_done": sum(step.done_at is not None for step in steps),
        "steps_in_all": len(steps),
    }


def timeline_record(event: TimelineEvent, names: Names) -> Fields:
    """A row of the timeline; ``row`` is null for one that has just been written."""
    return {
        "row": event.id,
        "at": _time(event.at),
        "kind": event.kind.value,
        "by": _person(event.actor, names),
        "text": event.text,
        "facts": dict(event.facts),
    }


def _step(step: ChecklistStep, names: Names, now: datetime) -> Fields:
    texts = ("position", "key", "phase", "title", "why", "how", "role", "you_may", "after")
    return {
        **{name: getattr(step, name) or None for name in texts},
        **{name: getattr(step, name) or None for name in ("statement", "evidence_asked", "approval")},
        "due_at": _time(step.due_at),
        "late": (step.done_at or now) > step.due_at,
        "state": ("skipped" if step.skipped else "done") if step.done_at else "open",
        "done_at": _time(step.done_at),
        "done_by": _person(step.done_by, names),
        "evidence": step.evidence or None,
        "skipped_because": step.skipped or None,
        "approved_at": _time(step.approved_at),
        "approved_by": _person(step.approved_by, names),
    }


def _task(task: Task, names: Names, now: datetime) -> Fields:
    return {
        "number": task.number,
        "title": task.title,
        "assignee": _person(task.assignee, names),
        "due_at": _time(task.due_at),
        "late": task.due_at is not None and (task.done_at or now) > task.due_at,
        "added_by": _person(task.added_by, names),
        "added_at": _time(task.added_at),
        "done_at": _time(task.done_at),
        "done_by": _person(task.done_by, names),
    }


def _statement(statement: Statement, whole: Whole, names: Names) -> Fields:
    waits = statement.published_at is None and statement.approved_by is None
    return {
        "number": statement.number,
        "key": statement.key or None,
        "kind": statement.kind.value,
        "title": statement.title,
        "text": statement.text,
        "version": statement.version,
        "author": _person(statement.author, names),
        "written_at": _time(statement.written_at),
        "blanks": list(blanks(statement.text)),
        "needs_approval": waits and needs_second(whole.incident.severity),
        "approved_by": _person(statement.approved_by, names),
        "approved_at": _time(statement.approved_at),
        "published_by": _person(statement.published_by, names),
        "published_at": _time(statement.published_at),
        "url": statement.url,
        "versions": [_version(one, names) for one in whole.versions.get(statement.number, ())],
    }


def _version(version: Version, names: Names) -> Fields:
    written = {"version": version.version, "text": version.text}
    return {**written, "author": _person(version.author, names), "written_at": _time(version.written_at)}


def _follower(follower: Follower, names: Names) -> Fields:
    who = {"person": _person(follower.person, names), "added_by": _person(follower.added_by, names)}
    return {**who, "since": _time(follower.since), "until": _time(follower.until)}


def _versions(connection: Connection, incident_id: int, number: int) -> tuple[Version, ...]:
    rows = responses.versions(connection, incident_id, number)
    return tuple(Version(row.version, row.text, row.author, row.written_at) for row in rows)


def _person(person: str | None, names: Names) -> Fields | None:
    known = {SYSTEM.id: SYSTEM.name, **names}
    return {"id": person, "name": known.get(person, person)} if person else None


def _time(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None


def _plain(values: Fields) -> Fields:
    """Moments as ISO 8601, lengths in seconds."""
    lengths = {name: one.total_seconds() for name, one in values.items() if isinstance(one, timedelta)}
    return {**values, **lengths, **{name: _time(one) for name, one in values.items() if isinstance(one, datetime)}}
