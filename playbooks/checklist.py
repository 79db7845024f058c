"""From a playbook to the checklist of one incident, and how it follows the incident's severity and category."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from playbooks.playbook import ChecklistStep, Playbook, Severity, Step


@dataclass(frozen=True, slots=True)
class Refit:
    """A checklist after its incident has changed.

    Attributes:
        steps: the new checklist.
        came: those that it did not have before.
        left: open ones that it has no more.
    """

    steps: tuple[ChecklistStep, ...]
    came: tuple[ChecklistStep, ...]
    left: tuple[ChecklistStep, ...]


def checklist(
    playbook: Playbook, severity: Severity, opened_at: datetime, *, category: str | None = None, brand: str = ""
) -> tuple[ChecklistStep, ...]:
    """The steps that apply, all open, in the playbook's order, with their texts as they are now.

    Args:
        category: id of the crisis category, None where none is known.
        brand: id of the brand.
    """
    return refit((), playbook, severity, category, brand, opened_at).steps


def reclock(
    steps: Iterable[ChecklistStep], playbook: Playbook, severity: Severity, opened_at: datetime
) -> tuple[ChecklistStep, ...]:
    """The same steps with the deadlines that a severity asks for; also to be called when a step was ticked or unticked.

    The time for a step counts from the opening, or from when the step that it comes ``after`` was done, or from that
    one's deadline while it is open. A deadline may come to lie in the past: those affected have been waiting since the
    opening, whatever we called it. Done steps keep theirs, so that the record of who was late stays true. Open steps
    that the playbook does not have keep theirs too.
    """
    held = tuple(steps)
    due = _deadlines(held, playbook, severity, opened_at)
    return tuple(step if step.done_at else replace(step, due_at=due.get(step.key, step.due_at)) for step in held)


def refit(
    steps: Iterable[ChecklistStep],
    playbook: Playbook,
    severity: Severity,
    category: str | None,
    brand: str,
    opened_at: datetime,
) -> Refit:
    """The checklist that an incident has now that its severity, category or playbook is another.

    What is done or skipped always stays as it was, with its deadline; where the playbook does not have it, at the end.
    Steps that apply now come in, open ones that no longer do leave. Open ones that stay have the playbook's text and
    deadline, and keep the evidence and the approval that they have.
    """
    held = {step.key: step for step in steps}
    due = _deadlines(held.values(), playbook, severity, opened_at)
    titles = {phase.key: phase.title for phase in playbook.phases}
    fitted: list[ChecklistStep] = []
    for position, step in enumerate(playbook.steps, start=1):
        before, phase = held.get(step.key), titles.get(step.phase, "")
        if before and before.done_at:
            fitted.append(replace(before, position=position, phase=phase))
        elif step.applies.to(severity, category, brand):
            fitted.append(_open(step, before, position, phase, severity, due[step.key]))
    planned = {step.key for step in playbook.steps}
    past = (step for step in held.values() if step.done_at and step.key not in planned)
    fitted += (replace(step, position=position) for position, step in enumerate(past, len(playbook.steps) + 1))
    keys = {step.key for step in fitted}
    came = tuple(step for step in fitted if step.key not in held)
    return Refit(tuple(fitted), came, tuple(step for step in held.values() if step.key not in keys))


def current(steps: Iterable[ChecklistStep]) -> ChecklistStep | None:
    """The first open step, which is what is to be done now; None once all are done."""
    return next((step for step in steps if step.done_at is None), None)


def _deadlines(
    held: Iterable[ChecklistStep], playbook: Playbook, severity: Severity, opened_at: datetime
) -> dict[str, datetime]:
    """When each step of the playbook is due, were it open. It waits for earlier ones only, so one pass is enough."""
    done = {step.key: step.done_at for step in held if step.done_at}
    due: dict[str, datetime] = {}
    for step in playbook.steps:
        start = done.get(step.after) or due.get(step.after, opened_at)
        due[step.key] = start + step.due[severity]
    return due


def _open(
    step: Step, before: ChecklistStep | None, position: int, phase: str, severity: Severity, due_at: datetime
) -> ChecklistStep:
    fresh = ChecklistStep(
        position=position,
        key=step.key,
        title=step.title,
        why=step.why,
        how=step.how,
        role=step.role,
        you_may=" ".join(part for part in (step.you_may, str(step.spending or "")) if part),
        due_at=due_at,
        phase=phase,
        after=step.after,
        evidence_asked=step.evidence,
        approval=step.approver(severity),
        statement=step.statement,
    )
    if before is None:
        return fresh
    return replace(fresh, evidence=before.evidence, approved_by=before.approved_by, approved_at=before.approved_at)
