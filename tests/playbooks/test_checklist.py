"""The checklist of an incident and its deadlines."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from playbooks.checklist import checklist, current, reclock, refit
from playbooks.library import load
from playbooks.playbook import Applies, ChecklistStep, Playbook, Severity

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
    assert [step.due_at for step in moved[1:]] == [step.due_at for step in checklist(PLAYBOOK, Severity.SEV1, OPENED)][
        1:
    ]


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


def with_only(key: str, applies: Applies) -> Playbook:
    steps = tuple(replace(step, applies=applies) if step.key == key else step for step in PLAYBOOK.steps)
    return replace(PLAYBOOK, steps=steps)


def ticked(steps: tuple[ChecklistStep, ...], key: str, minutes: int) -> tuple[ChecklistStep, ...]:
    at = OPENED + timedelta(minutes=minutes)
    return tuple(replace(step, done_at=at, done_by="dana") if step.key == key else step for step in steps)


def due(steps: tuple[ChecklistStep, ...], key: str) -> timedelta:
    return next(step.due_at for step in steps if step.key == key) - OPENED


class TestAfterAnotherStep:
    def test_while_that_one_is_open_the_time_counts_from_its_deadline(self) -> None:
        assert due(STEPS, "updates") == timedelta(hours=4 + 4)

    @pytest.mark.parametrize("minutes", [30, 600])
    def test_once_it_is_done_the_time_counts_from_then_be_it_early_or_late(self, minutes: int) -> None:
        moved = reclock(ticked(STEPS, "holding-statement", minutes), PLAYBOOK, Severity.SEV3, OPENED)
        assert due(moved, "updates") == timedelta(minutes=minutes, hours=4)

    def test_unticking_it_brings_the_deadline_back(self) -> None:
        moved = reclock(ticked(STEPS, "holding-statement", 30), PLAYBOOK, Severity.SEV3, OPENED)
        back = tuple(replace(step, done_at=None, done_by=None) for step in moved)
        assert reclock(back, PLAYBOOK, Severity.SEV3, OPENED) == STEPS

    def test_a_skipped_one_counts_like_a_done_one(self) -> None:
        skipped = tuple(
            replace(step, skipped="None is needed.") if step.done_at else step
            for step in ticked(STEPS, "holding-statement", 0)
        )
        assert due(reclock(skipped, PLAYBOOK, Severity.SEV3, OPENED), "updates") == timedelta(hours=4)


class TestConditions:
    @pytest.mark.parametrize(
        ("applies", "severity", "category", "brand", "there"),
        [
            (Applies(), Severity.SEV3, None, "", True),
            (Applies(severities=(Severity.SEV1, Severity.SEV2)), Severity.SEV2, None, "", True),
            (Applies(severities=(Severity.SEV1, Severity.SEV2)), Severity.SEV3, None, "", False),
            (Applies(categories=("data-breach",)), Severity.SEV3, "data-breach", "", True),
            (Applies(categories=("data-breach",)), Severity.SEV3, "outage", "", False),
            (Applies(categories=("data-breach",)), Severity.SEV3, None, "", False),
            (Applies(brands=("northwind",)), Severity.SEV3, None, "northwind", True),
            (Applies(brands=("northwind",)), Severity.SEV3, None, "southwind", False),
            (Applies((Severity.SEV3,), ("outage",), ("northwind",)), Severity.SEV3, "outage", "northwind", True),
            (Applies((Severity.SEV3,), ("outage",), ("northwind",)), Severity.SEV3, "outage", "southwind", False),
        ],
    )
    def test_a_step_is_there_when_all_of_its_conditions_hold(
        self, applies: Applies, severity: Severity, category: str | None, brand: str, *, there: bool
    ) -> None:
        steps = checklist(with_only("updates", applies), severity, OPENED, category=category, brand=brand)
        assert ("updates" in [step.key for step in steps]) == there
        assert [step.position for step in steps] == ([1, 2, 3, 4, 5, 6, 7, 8] if there else [1, 2, 3, 4, 5, 6, 8])

    def test_a_worse_severity_brings_steps_in_and_a_milder_one_takes_open_ones_away(self) -> None:
        playbook = with_only("updates", Applies(severities=(Severity.SEV1,)))
        mild = checklist(playbook, Severity.SEV3, OPENED)
        worse = refit(mild, playbook, Severity.SEV1, None, "", OPENED)
        assert [step.key for step in worse.came] == ["updates"]
        assert worse.steps == checklist(playbook, Severity.SEV1, OPENED)
        milder = refit(worse.steps, playbook, Severity.SEV3, None, "", OPENED)
        assert [step.key for step in milder.left] == ["updates"]
        assert milder.steps == mild

    def test_a_done_step_stays_when_it_would_not_apply_any_more(self) -> None:
        playbook = with_only("updates", Applies(severities=(Severity.SEV1,)))
        done = ticked(checklist(playbook, Severity.SEV1, OPENED), "updates", 40)
        milder = refit(done, playbook, Severity.SEV3, None, "", OPENED)
        assert milder.left == ()
        assert milder.steps[6] == done[6]


def test_an_approval_that_only_grave_severities_need_comes_with_them() -> None:
    assert [step.approval for step in STEPS] == [""] * 8
    worse = refit(STEPS, PLAYBOOK, Severity.SEV2, None, "", OPENED)
    assert [step.key for step in worse.steps if step.approval == "legal"] == ["holding-statement"]


def test_what_may_be_spent_stands_in_what_may_be_done_without_asking() -> None:
    answer = next(step for step in STEPS if step.key == "answer-people")
    assert answer.you_may.endswith("Spend up to 200 per person and 5,000 in all, in your currency, without asking.")


def test_a_step_shows_its_phase_what_it_asks_for_and_what_it_publishes() -> None:
    holding = STEPS[3]
    assert (holding.phase, holding.statement) == ("First word", "holding")
    assert holding.evidence_asked == "The address of the published statement."
