"""An incident, as :mod:`services.records` makes it; docs/incidents.md describes every name."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from console.api.shapes import Answer, Named
from incidents.incident import EventKind, Status
from playbooks.playbook import Severity, StatementKind


class StepAnswer(Answer):
    """A step of the checklist."""

    position: int
    key: str
    phase: str | None
    title: str
    why: str | None
    how: str | None
    role: str | None
    you_may: str | None
    after: str | None
    statement: str | None
    evidence_asked: str | None
    approval: str | None
    due_at: datetime
    late: bool
    state: str = Field(description="`open`, `done` or `skipped`.")
    done_at: datetime | None
    done_by: Named | None
    evidence: str | None
    skipped_because: str | None
    approved_at: datetime | None
    approved_by: Named | None


class TaskAnswer(Answer):
    """Something to do that stands in no playbook."""

    number: int
    title: str
    assignee: Named | None
    due_at: datetime | None
    late: bool
    added_by: Named
    added_at: datetime
    done_at: datetime | None
    done_by: Named | None


class VersionAnswer(Answer):
    """One version of words for the public."""

    version: int
    text: str
    author: Named
    written_at: datetime


class StatementAnswer(Answer):
    """Words for the public in their newest version, and all versions."""

    number: int
    key: str | None
    kind: StatementKind
    title: str
    text: str
    version: int
    author: Named
    written_at: datetime
    blanks: list[str] = Field(description="What is still to be filled in.")
    needs_approval: bool
    approved_by: Named | None
    approved_at: datetime | None
    published_by: Named | None
    published_at: datetime | None
    url: str | None
    versions: list[VersionAnswer]


class FollowerAnswer(Answer):
    """Who reads along, or did."""

    person: Named
    added_by: Named
    since: datetime
    until: datetime | None


class EventAnswer(Answer):
    """A row of the timeline; `row` is null for one that has just been written."""

    row: int | None
    at: datetime
    kind: EventKind
    by: Named
    text: str
    facts: dict[str, str]


class SignalFigures(Answer):
    """The figures of the last alarm."""

    observed: int
    expected: float
    authors: int
    loudest_share: float
    learning: bool
    window: float = Field(description="Seconds.")
    since: datetime | None
    at: datetime


class PlanAnswer(Answer):
    """The playbook that it follows, in the version that it follows."""

    id: str
    version: str


class IncidentSummary(Answer):
    """What a list tells of an incident: who has it, where it stands, what is next and by when."""

    number: int
    severity: Severity
    severity_by: Named
    status: Status
    brand: str
    kind: str
    title: str
    category: str | None
    drill: bool
    merged_into: int | None
    version: int
    owner: Named
    offered_to: Named | None
    opened_at: datetime
    acknowledge_by: datetime
    acknowledged_at: datetime | None
    first_public_by: datetime | None
    first_public_at: datetime | None
    update_due_at: datetime | None
    briefing_due_at: datetime | None
    changed_at: datetime | None
    ebbed_at: datetime | None
    ended_at: datetime | None
    next: StepAnswer | None
    steps_done: int
    steps_in_all: int


class IncidentAnswer(IncidentSummary):
    """All that is kept of an incident."""

    why: str
    figures: SignalFigures | None
    playbook: PlanAnswer
    steps: list[StepAnswer]
    tasks: list[TaskAnswer]
    statements: list[StatementAnswer]
    followers: list[FollowerAnswer]
    timeline: list[EventAnswer]


class Done(Answer):
    """The rows of the timeline that were written, and the incident as it is now."""

    done: list[EventAnswer]
    incident: IncidentAnswer
