"""From a playbook to the checklist of one incident, and how its deadlines follow the severity."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from playbooks.playbook import ChecklistStep, Playbook, Severity


def checklist(playbook: Playbook, severity: Severity, opened_at: datetime) -> tuple[ChecklistStep, ...]:
    """All steps open, in the playbook's order, with their texts as they are now and deadlines from the opening on."""
    return tuple(
        ChecklistStep(
            position=position,
            key=step.key,
            title=step.title,
            why=step.why,
            how=step.how,
            role=step.role,
            you_may=step.you_may,
            due_at=opened_at + step.due[severity],
        )
        for position, step in enumerate(playbook.steps, start=1)
    )


def reclock(
    steps: Iterable[ChecklistStep], playbook: Playbook, severity: Severity, opened_at: datetime
) -> tuple[ChecklistStep, ...]:
    """The same checklist with the deadlines that a new severity asks for, still counted from the opening.

    A deadline may come to lie in the past: those affected have been waiting since the opening, whatever we called it.
    Done steps keep theirs, so that the record of who was late stays true. Open steps that the playbook no longer has
    keep theirs too.
    """
    allowed = {step.key: step.due[severity] for step in playbook.steps}
    return tuple(
        replace(step, due_at=opened_at + allowed[step.key]) if step.done_at is None and step.key in allowed else step
        for step in steps
    )


def current(steps: Iterable[ChecklistStep]) -> ChecklistStep | None:
    """The first open step, which is what is to be done now; None once all are done."""
    return next((step for step in steps if step.done_at is None), None)
