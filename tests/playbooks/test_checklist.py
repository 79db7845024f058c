"""The checklist of an incident and its deadlines."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from playbooks.checklist import checklist, current, reclock
from playbooks.library import load
from playbooks.playbook import Severity

OPENED = datetime(2031, 5, 6, 13, 50, tzinfo=UTC)
PLAYBOOK = load("communication-crisis")
STEPS = checklist(PLAYBOOK, Severity.SEV3, OPENED)


def test_a_checklist_holds_every_step_open_and_numbered_from_one() -> None:
    assert [step.position for step in STEPS] == list(range(1, 9))
    assert [step.key for step in STEPS] == [step.key for step in PLAYBOOK.steps]
    assert not any(step.done_at for step in STEPS)


def test_a_deadline_counts_from_the_opening_at_the_speed_of_the_severity() -> None:
    assert STEPS[3].due_at == OPENED + timedelta(hours=4)
    assert checklist(PLAYBOOK, Severity.SEV1, OPENED)[3].due_at == OPENED + timedelta(minutes=20)


def test_a_new_severity_moves_the_deadlines_of_open_steps_only() -> None:
    done = replace(STEPS[0], done_at=OPENED + timedelta(minutes=50), done_by="dana")
    moved = reclock((done, *STEPS[1:]), PLAYBOOK, Severity.SEV1, OPENED)
    assert moved[0] == done
    assert moved[1:] == checklist(PLAYBOOK, Severity.SEV1, OPENED)[1:]


def test_a_step_that_the_playbook_no_longer_has_keeps_its_deadline() -> None:
    shorter = replace(PLAYBOOK, steps=PLAYBOOK.steps[1:])
    moved = reclock(STEPS, shorter, Severity.SEV1, OPENED)
    assert moved[0] == STEPS[0]
    assert moved[1].due_at < STEPS[1].due_at


def test_the_current_step_is_the_first_open_one() -> None:
    second_done = (STEPS[0], replace(STEPS[1], done_at=OPENED, done_by="dana"), *STEPS[2:])
    first_two_done = (replace(STEPS[0], done_at=OPENED, done_by="dana"), *second_done[1:])
    assert current(second_done) == STEPS[0]
    assert current(first_two_done) == STEPS[2]
    assert current(replace(step, done_at=OPENED) for step in STEPS) is None
