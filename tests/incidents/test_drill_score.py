from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.drill_score import DrillScore, Lap, score
from playbooks.playbook import Clocks
from tests.database.incident_rows import opening
from tests.installations import NOON

MINUTE = timedelta(minutes=1)
OPENED = opening()
CLOCKS = Clocks(acknowledge=15 * MINUTE, first_public=60 * MINUTE, update_every=None)
DUE = (30, 30, 45, 60, 75, 90, 120, 7 * 24 * 60)
STEPS = tuple(replace(step, due_at=NOON + due * MINUTE) for step, due in zip(OPENED.steps, DUE, strict=True))


def scored(
    *, done: tuple[int, ...] = (), acknowledged: int | None = None, public: int | None = None, over: int | None = None
) -> DrillScore:
    """A score; arguments are minutes from the opening, ``done`` those of the first steps."""

    def moment(minutes: int | None) -> datetime | None:
        return None if minutes is None else NOON + minutes * MINUTE

    steps = [replace(step, done_at=moment(minutes)) for step, minutes in zip(STEPS, done, strict=False)]
    steps += STEPS[len(done) :]
    incident = replace(OPENED.incident, acknowledged_at=moment(acknowledged), resolved_at=moment(over))
    return score(incident, steps, CLOCKS, moment(public))


@pytest.mark.parametrize(
    ("given_", "sentence"),
    [
        (
            {},
            (
                "Not acknowledged yet (allowed 15 minutes). No public answer yet (allowed 60 minutes). "
                "0 of 8 steps done, 0 on time."
            ),
        ),
        (
            {"acknowledged": 4, "done": (10, 40)},
            (
                "Acknowledged in 4 minutes (allowed 15 minutes). No public answer yet (allowed 60 minutes). "
                "2 of 8 steps done, 1 on time."
            ),
        ),
        (
            {"acknowledged": 16, "public": 125, "done": (1, 2, 3, 4, 5, 6, 7, 200), "over": 60 * 49},
            (
                "Acknowledged in 16 minutes (allowed 15 minutes), too late. "
                "First public answer after 2 hours (allowed 60 minutes), too late. "
                "8 of 8 steps done, 8 on time, the last after 3 hours. Resolved after 2 days."
            ),
        ),
        (
            {"over": 1},
            (
                "Not acknowledged (allowed 15 minutes). No public answer (allowed 60 minutes). "
                "0 of 8 steps done, 0 on time. Resolved after 1 minute."
            ),
        ),
        (
            {"acknowledged": 0},
            (
                "Acknowledged in less than a minute (allowed 15 minutes). "
                "No public answer yet (allowed 60 minutes). 0 of 8 steps done, 0 on time."
            ),
        ),
    ],
)
def test_the_score_is_told_in_sentences(given_: dict[str, object], sentence: str) -> None:
    assert scored(**given_).sentence == sentence  # type: ignore[arg-type]  # a table of keyword arguments


@pytest.mark.parametrize(
    ("lap", "in_time"),
    [
        (Lap(15 * MINUTE, 15 * MINUTE), True),
        (Lap(16 * MINUTE, 15 * MINUTE), False),
        (Lap(None, 15 * MINUTE), None),
        (Lap(15 * MINUTE), None),
    ],
)
def test_a_lap_is_in_time_up_to_what_is_allowed(lap: Lap, *, in_time: bool | None) -> None:
    assert lap.in_time is in_time


def test_a_checklist_is_complete_once_its_last_step_is_done_against_its_last_deadline() -> None:
    assert scored(done=(1, 2, 3, 4, 5, 6, 7)).completed.took is None
    complete = scored(done=(1, 2, 90, 4, 5, 6, 7, 8)).completed
    assert (complete.took, complete.allowed, complete.in_time) == (90 * MINUTE, timedelta(days=7), True)


@given(done=st.lists(st.integers(0, 20_000), max_size=8))
def test_no_more_is_on_time_than_is_done_and_no_more_is_done_than_there_is(done: list[int]) -> None:
    found = scored(done=tuple(done))
    assert 0 <= found.on_time <= found.done == len(done) <= found.steps
