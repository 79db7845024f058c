"""What a team is told before a running incident moves to another version of its playbook."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from playbooks.checklist import checklist
from playbooks.library import load
from playbooks.moving import difference
from playbooks.playbook import Playbook, Severity, Step

OPENED = datetime(2031, 5, 6, 13, 50, tzinfo=UTC)
OLD = load("communication-crisis")
STEPS = checklist(OLD, Severity.SEV2, OPENED)


def changed(key: str, **changes: Any) -> Playbook:
    return replace(OLD, steps=tuple(replace(one, **changes) if one.key == key else one for one in OLD.steps))


def told(new: Playbook) -> tuple[str, ...]:
    return difference(STEPS, OLD, new, Severity.SEV2, None, "", OPENED).sentences()


def due(step: Step, minutes: int) -> dict[Severity, timedelta]:
    return {**step.due, Severity.SEV2: timedelta(minutes=minutes)}


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        (
            replace(OLD, steps=(*OLD.steps, replace(OLD.steps[-1], key="thank", title="Thank everybody"))),
            "“Thank everybody” is new.",
        ),
        (replace(OLD, steps=OLD.steps[:-1]), "“Resolve, review, fix the cause” is no longer to be done."),
        (
            changed("pause-scheduled", due=due(OLD.steps[2], 30)),
            "“Pause scheduled posts and advertising” is due 15 minutes earlier.",
        ),
        (
            changed("pause-scheduled", due=due(OLD.steps[2], 45 + 26 * 60)),
            "“Pause scheduled posts and advertising” is due 1 day 2 hours later.",
        ),
        (
            changed("pause-scheduled", role="agency", why="It hurts.", how="Stop it."),
            "“Pause scheduled posts and advertising” changes: why it matters, what to do and who does it.",
        ),
        (
            changed("pause-scheduled", title="Pause everything"),
            "“Pause everything” changes: title.",
        ),
        (
            replace(OLD, steps=(*OLD.steps[:5], OLD.steps[6], OLD.steps[5], OLD.steps[7])),
            "The steps stand in another order.",
        ),
        (
            replace(OLD, clocks={**OLD.clocks, Severity.SEV2: OLD.clocks[Severity.SEV1]}),
            "The time between two updates is 30 minutes, it was 1 hour.",
        ),
        (
            replace(OLD, clocks={**OLD.clocks, Severity.SEV2: OLD.clocks[Severity.SEV4]}),
            "The time between two updates is not limited, it was 1 hour.",
        ),
        (
            replace(OLD, statements=(*OLD.statements, replace(OLD.statements[0], key="second", title="Second word"))),
            "The statement “Second word” is new.",
        ),
        (
            replace(OLD, statements=OLD.statements[1:]),
            "The statement “Holding statement” is gone; drafts made from it stay.",
        ),
        (
            replace(OLD, statements=(replace(OLD.statements[0], text="We are on it."), *OLD.statements[1:])),
            "The statement “Holding statement” changes: words.",
        ),
        (replace(OLD, stances=OLD.stances[1:]), "The advice on the stance changes."),
        (replace(OLD, version="0123456789ab"), "Nothing changes for this incident."),
    ],
)
def test_every_change_is_told_in_a_sentence(new: Playbook, sentence: str) -> None:
    assert sentence in told(new)


def test_what_was_done_and_is_no_more_planned_is_said_to_stay() -> None:
    done = (*STEPS[:-1], replace(STEPS[-1], done_at=OPENED, done_by="dana"))
    seen = difference(done, OLD, replace(OLD, steps=OLD.steps[:-1]), Severity.SEV2, None, "", OPENED)
    assert seen.sentences() == (
        "“Resolve, review, fix the cause” is no longer in the plan; what was done stays, at the end.",
    )
    assert seen.steps == done


def test_a_clock_of_another_severity_is_not_told() -> None:
    assert told(replace(OLD, clocks={**OLD.clocks, Severity.SEV4: OLD.clocks[Severity.SEV1]})) == (
        "Nothing changes for this incident.",
    )


def test_evidence_and_approval_that_an_open_step_has_go_with_it() -> None:
    approved = replace(STEPS[3], evidence="a link", approved_by="lee", approved_at=OPENED)
    steps = (*STEPS[:3], approved, *STEPS[4:])
    moved = difference(steps, OLD, changed("holding-statement", how="Write."), Severity.SEV2, None, "", OPENED).steps[3]
    assert (moved.evidence, moved.approved_by, moved.approved_at) == ("a link", "lee", OPENED)
    assert moved.how == "Write."
