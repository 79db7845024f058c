"""What may happen to an incident, action by action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from detection.signal import Reason, Signal, Verdict
from incidents.incident import Actor, Change, EventKind, Incident, Opening, Refusal, Status, StepChange
from incidents.lifecycle import (
    NOTE_LIMIT,
    acknowledge,
    add_note,
    change_severity,
    complete_step,
    hand_over,
    resolve,
    undo_step,
)
from incidents.severity import Assessment, assess
from incidents.waves import join, open_incident
from playbooks.checklist import checklist
from playbooks.library import load
from playbooks.playbook import ChecklistStep, Severity

OPENED = datetime(2031, 5, 6, 13, 50, tzinfo=UTC)
LATER = OPENED + timedelta(minutes=8)
DANA, BEN = Actor("dana", "Dana Reyes"), Actor("ben", "Ben Ortiz")
PLAYBOOK = load("communication-crisis")
MILD = Signal(
    brand="northwind",
    kind="negative_wave",
    verdict=Verdict.FIRED,
    reason=Reason.ABOVE_BASELINE,
    observed=20,
    expected=2.0,
    threshold=8.0,
    window=timedelta(hours=1),
    at=OPENED,
    since=OPENED - timedelta(minutes=25),
    authors=18,
    loudest_share=0.1,
    sentence="18 people complained in the last hour; usually 2.",
)
VIRAL = replace(MILD, observed=84, authors=58, sentence="58 people complained in the last hour; usually 2.")


def opening(signal: Signal = MILD) -> Opening:
    return open_incident(
        signal, assess(signal), PLAYBOOK, DANA, "Northwind Air", OPENED, owned_because="Rule 2 applies."
    )


def opened(signal: Signal = MILD) -> Incident:
    return opening(signal).incident


def steps(*done: int) -> tuple[ChecklistStep, ...]:
    return tuple(
        replace(step, done_at=LATER, done_by="ben") if step.position in done else step
        for step in checklist(PLAYBOOK, Severity.SEV3, OPENED)
    )


def made(decision: Change | Refusal | None) -> Change:
    assert isinstance(decision, Change), decision
    return decision


def ticked(decision: StepChange | Refusal) -> StepChange:
    assert isinstance(decision, StepChange), decision
    return decision


def refused(decision: Change | StepChange | Refusal) -> str:
    assert isinstance(decision, Refusal), decision
    return decision.text


ACKNOWLEDGED = made(acknowledge(opened(), DANA, LATER)).incident
RESOLVED = made(resolve(ACKNOWLEDGED, steps(), DANA, LATER)).incident


class TestOpening:
    def test_it_has_an_owner_a_severity_a_reason_and_a_clock_from_its_first_second(self) -> None:
        incident = opened(VIRAL)
        assert incident.title == "Northwind Air: many people are complaining"
        assert (incident.owner, incident.severity, incident.status) == ("dana", Severity.SEV2, Status.OPEN)
        assert incident.why == VIRAL.sentence
        assert incident.acknowledge_by == OPENED + timedelta(minutes=30)
        assert (incident.playbook, incident.playbook_version) == (PLAYBOOK.id, PLAYBOOK.version)
        assert (incident.version, incident.update_due_at) == (1, None)

    def test_its_checklist_is_the_playbook_at_its_severity(self) -> None:
        assert opening(VIRAL).steps == checklist(PLAYBOOK, Severity.SEV2, OPENED)

    def test_its_first_rows_say_why_how_bad_and_whose(self) -> None:
        why, how_bad, whose = opening(VIRAL).events
        assert (why.kind, why.text) == (EventKind.OPENED, VIRAL.sentence)
        assert (why.facts["observed"], why.facts["since"]) == ("84", "2031-05-06T13:25:00+00:00")
        assert (how_bad.kind, how_bad.facts["severity"]) == (EventKind.SEVERITY, "SEV2")
        assert how_bad.text == "Set to SEV2. Viral: 58 people, 42 times what is usual."
        assert (whose.facts["owner"], whose.text) == ("dana", "Dana Reyes owns it. Rule 2 applies.")
        assert {event.actor for event in (why, how_bad, whose)} == {"groundswell"}

    def test_a_kind_of_signal_without_words_of_its_own_gets_plain_ones(self) -> None:
        assert opened(replace(MILD, kind="volume_wave")).title == "Northwind Air: far more mentions than usual"


class TestJoining:
    def test_a_worse_signal_raises_the_severity_and_tightens_the_clock(self) -> None:
        change = made(join(opened(), VIRAL, assess(VIRAL), PLAYBOOK, LATER))
        assert (change.incident.severity, change.incident.why) == (Severity.SEV2, VIRAL.sentence)
        assert change.incident.acknowledge_by == OPENED + timedelta(minutes=30)
        assert change.event.kind == EventKind.SEVERITY
        assert change.event.text.startswith("Raised from SEV3 to SEV2. Viral: 58 people")
        assert change.event.facts["previous_severity"] == "SEV3"

    def test_a_milder_signal_lowers_nothing(self) -> None:
        assert join(opened(VIRAL), MILD, assess(MILD), PLAYBOOK, LATER) is None

    @pytest.mark.parametrize(("observed", "row"), [(20, False), (39, False), (40, True), (41, True)])
    def test_a_wave_that_goes_on_is_worth_a_row_once_it_has_doubled(self, observed: int, *, row: bool) -> None:
        further = replace(MILD, observed=observed)
        change = join(opened(), further, assess(further), PLAYBOOK, LATER)
        assert (change is not None) == row
        if change is not None:
            assert (change.event.kind, change.incident.observed) == (EventKind.JOINED, observed)
            assert change.incident.why == MILD.sentence
            assert join(change.incident, further, assess(further), PLAYBOOK, LATER) is None

    def test_what_people_judged_is_raised_only_by_a_wave_twice_as_big(self) -> None:
        judged = made(change_severity(opened(VIRAL), Severity.SEV3, "One forum.", PLAYBOOK, DANA, LATER)).incident
        assert join(judged, VIRAL, assess(VIRAL), PLAYBOOK, LATER) is None
        doubled = replace(VIRAL, observed=2 * VIRAL.observed)
        assert made(join(judged, doubled, assess(doubled), PLAYBOOK, LATER)).incident.severity is Severity.SEV2

    def test_a_resolved_incident_takes_no_signals(self) -> None:
        assert join(RESOLVED, VIRAL, Assessment(Severity.SEV1, "Worse."), PLAYBOOK, LATER) is None


class TestAcknowledging:
    def test_the_owner_says_i_have_it(self) -> None:
        change = made(acknowledge(opened(), DANA, LATER))
        assert (change.incident.status, change.incident.acknowledged_at) == (Status.ACKNOWLEDGED, LATER)
        assert change.event.text == "Dana Reyes has it."

    def test_whoever_says_so_has_it(self) -> None:
        change = made(acknowledge(opened(), BEN, LATER))
        assert change.incident.owner == "ben"
        assert change.event.text == "Ben Ortiz has it and owns it from now on."
        assert change.event.facts == {"owner": "ben", "previous_owner": "dana"}

    def test_the_second_to_say_so_hears_who_was_faster_and_when(self) -> None:
        text = "It was acknowledged already, on 2031-05-06 at 13:58 UTC; dana has it."
        assert refused(acknowledge(ACKNOWLEDGED, BEN, LATER)) == text
        assert refused(acknowledge(ACKNOWLEDGED, DANA, LATER)).endswith("you have it.")


class TestHandingOver:
    def test_a_new_owner_is_named_and_recorded(self) -> None:
        change = made(hand_over(ACKNOWLEDGED, DANA, BEN, LATER))
        assert change.incident.owner == "ben"
        assert change.event.text == "Dana Reyes handed it over to Ben Ortiz."
        assert change.event.facts == {"owner": "ben", "previous_owner": "dana"}

    def test_giving_away_what_nobody_acknowledged_leaves_it_unacknowledged(self) -> None:
        assert made(hand_over(opened(), DANA, BEN, LATER)).incident.status == Status.OPEN

    def test_taking_it_acknowledges_it(self) -> None:
        change = made(hand_over(opened(), BEN, BEN, LATER))
        assert (change.incident.status, change.incident.owner) == (Status.ACKNOWLEDGED, "ben")

    def test_taking_it_from_somebody_who_acknowledged_is_a_hand_over(self) -> None:
        change = made(hand_over(ACKNOWLEDGED, BEN, BEN, LATER))
        assert (change.event.kind, change.event.text) == (EventKind.HANDED_OVER, "Ben Ortiz took it over.")
        assert change.incident.acknowledged_at == ACKNOWLEDGED.acknowledged_at

    def test_it_cannot_be_handed_to_its_owner(self) -> None:
        assert refused(hand_over(ACKNOWLEDGED, BEN, DANA, LATER)) == "Dana Reyes has it already."


class TestSteps:
    def test_a_ticked_step_names_who_and_when(self) -> None:
        step = ticked(complete_step(ACKNOWLEDGED, steps(), 3, BEN, LATER))
        assert (step.position, step.done_at, step.done_by) == (3, LATER, "ben")
        text = "Ben Ortiz completed step 3: Pause scheduled posts and advertising."
        assert [event.text for event in step.change.events] == [text]

    def test_an_owner_who_ticks_a_step_has_acknowledged(self) -> None:
        change = ticked(complete_step(opened(), steps(), 1, DANA, LATER)).change
        assert [event.kind for event in change.events] == [EventKind.ACKNOWLEDGED, EventKind.STEP_DONE]
        assert (change.incident.status, change.incident.acknowledged_at) == (Status.ACKNOWLEDGED, LATER)
        assert change.incident.version == 2

    def test_somebody_else_who_ticks_a_step_has_not(self) -> None:
        change = ticked(complete_step(opened(), steps(), 1, BEN, LATER)).change
        assert (change.incident.status, change.incident.owner) == (Status.OPEN, "dana")

    def test_an_undone_step_is_open_again_and_both_are_recorded(self) -> None:
        step = ticked(undo_step(ACKNOWLEDGED, steps(3), 3, DANA, LATER))
        assert (step.done_at, step.done_by) == (None, None)
        assert step.change.event.text == "Dana Reyes reopened step 3: Pause scheduled posts and advertising."

    def test_what_cannot_be_ticked_or_unticked_is_refused(self) -> None:
        done = "Step 3 was done already, on 2031-05-06 at 13:58 UTC by ben."
        assert refused(complete_step(ACKNOWLEDGED, steps(3), 3, DANA, LATER)) == done
        assert refused(complete_step(ACKNOWLEDGED, steps(), 9, DANA, LATER)).startswith("There is no step 9;")
        assert refused(undo_step(ACKNOWLEDGED, steps(), 0, DANA, LATER)).startswith("There is no step 0;")
        assert refused(undo_step(ACKNOWLEDGED, steps(), 3, DANA, LATER)).startswith("Step 3 is not done")


class TestNotes:
    def test_a_note_keeps_the_words_of_its_author(self) -> None:
        change = made(add_note(opened(), BEN, "  Called the {airport}; <b>no</b> answer. ", LATER))
        assert (change.event.kind, change.event.actor) == (EventKind.NOTE, "ben")
        assert change.event.text == "Called the {airport}; <b>no</b> answer."

    @pytest.mark.parametrize("text", ["", " \n", "x" * (NOTE_LIMIT + 1)])
    def test_an_empty_or_endless_note_is_refused(self, text: str) -> None:
        assert refused(add_note(opened(), BEN, text, LATER))


class TestResolving:
    @pytest.mark.parametrize(
        ("done", "how"),
        [
            ((), "Dana Reyes resolved it with 8 of 8 steps left open."),
            ((1, 2, 3, 4, 5), "Dana Reyes resolved it with 3 of 8 steps left open."),
            (tuple(range(1, 9)), "Dana Reyes resolved it with every step done."),
        ],
    )
    def test_the_row_says_how_many_steps_were_left(self, done: tuple[int, ...], how: str) -> None:
        promised = replace(ACKNOWLEDGED, update_due_at=LATER)
        change = made(resolve(promised, steps(*done), DANA, LATER))
        assert change.event.text == how
        assert (change.incident.status, change.incident.resolved_at) == (Status.RESOLVED, LATER)
        assert change.incident.update_due_at is None

    @pytest.mark.parametrize(
        "action",
        [
            lambda: acknowledge(RESOLVED, BEN, LATER),
            lambda: hand_over(RESOLVED, DANA, BEN, LATER),
            lambda: resolve(RESOLVED, steps(), BEN, LATER),
        ],
    )
    def test_what_is_resolved_is_neither_taken_nor_resolved_again(self, action: Callable[[], Change | Refusal]) -> None:
        assert refused(action()) == "It is resolved already, since 2031-05-06 at 13:58 UTC."

    def test_steps_and_notes_go_on_after_it(self) -> None:
        assert ticked(complete_step(RESOLVED, steps(), 8, DANA, LATER)).change.incident.status == Status.RESOLVED
        assert made(add_note(RESOLVED, DANA, "Review on Monday.", LATER)).incident.resolved_at == LATER


def test_an_action_with_a_clock_that_is_behind_counts_at_the_last_change() -> None:
    change = made(hand_over(ACKNOWLEDGED, DANA, BEN, OPENED - timedelta(hours=1)))
    assert (change.event.at, change.incident.changed_at) == (LATER, LATER)
