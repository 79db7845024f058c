"""Working through the checklist of an incident."""

from __future__ import annotations

from dataclasses import replace

from incidents.incident import Change, EventKind, Status
from incidents.steps import complete_step, undo_step
from playbooks.playbook import ChecklistStep
from tests.incidents.cases import ACKNOWLEDGED, BEN, DANA, LATER, made, opened, refused, steps


def stored(decision: object) -> ChecklistStep:
    assert isinstance(decision, Change), decision
    (step,) = decision.also
    assert isinstance(step, ChecklistStep)
    return step


class TestTicking:
    def test_a_ticked_step_names_who_and_when(self) -> None:
        change = made(complete_step(ACKNOWLEDGED, steps(), 3, BEN, LATER))
        assert stored(change) == replace(steps()[2], done_at=LATER, done_by="ben")
        text = "Ben Ortiz completed step 3: Pause scheduled posts and advertising."
        assert [event.text for event in change.events] == [text]

    def test_an_owner_who_ticks_a_step_has_acknowledged(self) -> None:
        change = made(complete_step(opened(), steps(), 1, DANA, LATER))
        assert [event.kind for event in change.events] == [EventKind.ACKNOWLEDGED, EventKind.STEP_DONE]
        assert (change.incident.status, change.incident.acknowledged_at) == (Status.ACKNOWLEDGED, LATER)
        assert change.incident.version == 2

    def test_somebody_else_who_ticks_a_step_has_not(self) -> None:
        change = made(complete_step(opened(), steps(), 1, BEN, LATER))
        assert (change.incident.status, change.incident.owner) == (Status.OPEN, "dana")

    def test_an_undone_step_is_open_again_and_both_are_recorded(self) -> None:
        change = made(undo_step(ACKNOWLEDGED, steps(3), 3, DANA, LATER))
        assert stored(change) == steps()[2]
        assert change.event.text == "Dana Reyes reopened step 3: Pause scheduled posts and advertising."

    def test_what_cannot_be_ticked_or_unticked_is_refused(self) -> None:
        done = "Step 3 was done already, on 2031-05-06 at 13:58 UTC by ben."
        assert refused(complete_step(ACKNOWLEDGED, steps(3), 3, DANA, LATER)) == done
        assert refused(complete_step(ACKNOWLEDGED, steps(), 9, DANA, LATER)).startswith("There is no step 9;")
        assert refused(undo_step(ACKNOWLEDGED, steps(), 0, DANA, LATER)).startswith("There is no step 0;")
        assert refused(undo_step(ACKNOWLEDGED, steps(), 3, DANA, LATER)).startswith("Step 3 is not done")
