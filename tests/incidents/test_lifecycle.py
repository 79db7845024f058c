"""Where an incident stands, and how bad it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from incidents.incident import Status
from incidents.lifecycle import merge, resolve
from incidents.promises import promises
from incidents.remarks import add_note
from incidents.steps import complete_step
from tests.incidents.cases import ACKNOWLEDGED, BEN, DANA, LATER, RESOLVED, made, refused, steps

HOUR = timedelta(hours=1)


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

    def test_what_is_resolved_is_not_resolved_again(self) -> None:
        assert (
            refused(resolve(RESOLVED, steps(), BEN, LATER)) == "It is resolved already, since 2031-05-06 at 13:58 UTC."
        )

    def test_steps_and_notes_go_on_after_it(self) -> None:
        assert made(complete_step(RESOLVED, steps(), 7, DANA, LATER)).incident.status == Status.RESOLVED
        assert made(add_note(RESOLVED, DANA, "Review on Monday.", LATER)).incident.resolved_at == LATER


class TestMerging:
    def test_what_the_public_was_told_and_promised_goes_on_in_the_other_one(self) -> None:
        gone = replace(ACKNOWLEDGED, id=1, first_public_at=LATER, update_due_at=LATER + HOUR)
        stays = replace(ACKNOWLEDGED, id=2, update_due_at=LATER + 2 * HOUR, ebbed_at=LATER)
        changes = merge(gone, stays, BEN, LATER)
        assert isinstance(changes, tuple)
        ended, taken = (one.incident for one in changes)
        assert (ended.status, ended.merged_into, ended.update_due_at) == (Status.MERGED, 2, None)
        assert (taken.first_public_at, taken.update_due_at, taken.ebbed_at) == (LATER, LATER + HOUR, None)
        assert [(one.audience, one.due_at) for one in promises([changes[1].event])] == [("public", LATER + HOUR)]

    def test_the_first_public_word_of_two_is_the_earlier_one(self) -> None:
        gone = replace(ACKNOWLEDGED, id=1, first_public_at=LATER + HOUR, ebbed_at=LATER)
        stays = replace(ACKNOWLEDGED, id=2, first_public_at=LATER, ebbed_at=LATER)
        changes = merge(gone, stays, BEN, LATER + HOUR)
        assert isinstance(changes, tuple)
        assert (changes[1].incident.first_public_at, changes[1].incident.ebbed_at) == (LATER, LATER)
