"""An incident as a store would keep it, and what every change to it is held to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from incidents.incident import (
    SYSTEM,
    Actor,
    Change,
    Checklist,
    EventKind,
    Follower,
    Incident,
    Refusal,
    Review,
    Statement,
    Status,
    Task,
    TimelineEvent,
)
from incidents.statements import needs_second
from playbooks.checklist import refit
from playbooks.library import load
from playbooks.playbook import Applies, ChecklistStep, Playbook, Severity

OPENED = datetime(2031, 5, 6, 13, 50, tzinfo=UTC)
PEOPLE = [Actor("dana", "Dana Reyes"), Actor("ben", "Ben Ortiz"), Actor("cleo", "Cleo Park")]
# What is recorded of an incident after it has ended.
AFTERWARDS = {
    EventKind.NOTE,
    EventKind.CORRECTED,
    EventKind.UPDATE,
    EventKind.TASK,
    EventKind.STATEMENT,
    EventKind.STEP_DONE,
    EventKind.STEP_UNDONE,
    EventKind.STEP_SKIPPED,
    EventKind.STEP_APPROVED,
    EventKind.FOLLOWED,
    EventKind.REVIEWED,
    EventKind.REOPENED,
}


def _playbook() -> Playbook:
    """The default one, with a step that is there at SEV1 only and one that somebody must agree to at all."""
    plan = load("communication-crisis")
    first, second, *others = plan.steps
    rare = replace(second, applies=Applies(severities=(Severity.SEV1,)))
    return replace(plan, steps=(replace(first, approval="legal", evidence=""), rare, *others))


PLAYBOOK = _playbook()


@dataclass
class Kept:
    """One incident with all that belongs to it."""

    incident: Incident
    steps: tuple[ChecklistStep, ...]
    timeline: list[TimelineEvent]
    statements: dict[int, Statement] = field(default_factory=dict)
    versions: dict[tuple[int, int], str] = field(default_factory=dict)
    approvals: dict[int, tuple[int, str, str]] = field(default_factory=dict)
    tasks: dict[int, Task] = field(default_factory=dict)
    followers: dict[str, Follower] = field(default_factory=dict)
    review: Review | None = None
    changes: int = 0

    @property
    def said(self) -> list[Statement]:
        """Words for the public in their newest versions."""
        return list(self.statements.values())

    def version_of(self, number: int) -> int:
        """The newest version of a statement, 0 where there is none."""
        return self.statements[number].version if number in self.statements else 0

    def apply(self, decision: Change | Refusal | None) -> None:
        """Store a change, once it has shown that it keeps what every change must keep."""
        if isinstance(decision, Refusal):
            assert decision.text.strip() == decision.text
            assert decision.text[-1] in ".:!?”" or ": " in decision.text, decision.text
        if not isinstance(decision, Change):
            return
        before, after, rows = self.incident, decision.incident, decision.events
        assert after.version == before.version + 1
        assert after.changed_at == rows[-1].at >= self.timeline[-1].at
        assert {row.actor for row in rows} <= {SYSTEM.id, *(person.id for person in PEOPLE)}
        self._hold_what_has_ended(before, after, rows)
        for record in decision.also:
            self._store(record, rows[-1], before)
        self.incident = after
        numbered = len(self.timeline) + 1
        self.timeline += [replace(row, id=number) for number, row in enumerate(rows, numbered)]
        self.changes += 1
        self._fit(rows)

    def _hold_what_has_ended(self, before: Incident, after: Incident, rows: Sequence[TimelineEvent]) -> None:
        if not before.ended:
            return
        kind = rows[-1].kind
        assert kind in AFTERWARDS, kind
        if kind is EventKind.REOPENED:
            assert before.status is not Status.MERGED
            return
        same = replace(after, version=before.version, changed_at=before.changed_at)
        if kind is EventKind.REVIEWED:
            same = replace(same, status=before.status)
        if rows[-1].facts.get("did") == "published":
            same = replace(same, first_public_at=before.first_public_at)
        assert same == before

    def _store(self, record: object, row: TimelineEvent, before: Incident) -> None:
        match record:
            case ChecklistStep():
                self._store_step(record, row)
            case Checklist():
                self.steps = record.steps
            case Statement():
                self._store_statement(record, row, before)
            case Task():
                was = self.tasks.get(record.number)
                assert (was or record).title == record.title
                self.tasks[record.number] = record
            case Follower():
                self.followers[record.person] = record
            case Review():
                assert record.version - (self.review.version if self.review else 0) in {0, 1}
                self.review = record

    def _store_step(self, step: ChecklistStep, row: TimelineEvent) -> None:
        (was,) = [one for one in self.steps if one.position == step.position]
        if step.approved_at != was.approved_at:
            assert step.approved_by == row.actor
        if step.done_at and not was.done_at:
            assert step.done_by == row.actor
            if not step.skipped:
                assert not step.approval or step.approved_by not in {None, step.done_by}
                assert not step.evidence_asked or step.evidence
        self.steps = tuple(step if one.position == step.position else one for one in self.steps)

    def _store_statement(self, now: Statement, row: TimelineEvent, incident: Incident) -> None:
        was = self.statements.get(now.number)
        assert was is None or was.published_at is None
        if was is None or now.version != was.version:
            assert now.version == (was.version if was else 0) + 1
            assert (now.author, now.approved_by, now.published_at) == (row.actor, None, None)
            self.versions[now.number, now.version] = now.text
            self.approvals.pop(now.number, None)
        elif now.approved_by != was.approved_by:
            assert was.approved_by is None
            assert now.approved_by == row.actor != now.author
            self.approvals[now.number] = (now.version, now.text, row.actor)
        if now.published_at and needs_second(incident.severity):
            version, text, approver = self.approvals[now.number]
            assert (version, text) == (now.version, now.text)
            assert approver != now.author
        assert self.versions[now.number, now.version] == now.text
        self.statements[now.number] = now

    def _fit(self, rows: Sequence[TimelineEvent]) -> None:
        undone = {row.facts["position"] for row in rows if row.kind is EventKind.STEP_UNDONE}
        done = {step.key: (step.done_at, step.done_by, step.due_at) for step in self.steps if step.done_at}
        one = self.incident
        self.steps = refit(self.steps, PLAYBOOK, one.severity, one.category, one.brand, one.opened_at).steps
        after = {step.key: (step.done_at, step.done_by, step.due_at) for step in self.steps}
        assert {key: after[key] for key in done} == done
        assert not undone & {str(step.position) for step in self.steps if step.done_at}
