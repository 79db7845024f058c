from __future__ import annotations

from datetime import timedelta

import pytest

from detection.marks import Mark, MarkVerdict
from incidents.marking import NOTE_LIMIT, refuse_missed, refuse_noise, refuse_note, refuse_wrongly_held
from incidents.outcome import Outcome, outcome_of
from tests.installations import NOON

NAMES = {"dana": "Dana Reyes"}
STANDING = Mark(1, "northwind", MarkVerdict.NOISE, NOON, 7, "dana", NOON, kind="negative_wave")


@pytest.mark.parametrize(
    ("kind", "verdict", "told", "outcome"),
    [
        ("negative_wave", "fired", True, Outcome.ALARM),
        ("negative_wave", "fired", False, Outcome.JOINED),
        ("negative_wave", "held", False, Outcome.HELD),
        ("praise_wave", "noticed", False, Outcome.OPPORTUNITY),
        ("brand_silence", "noticed", False, Outcome.NOTICED),
    ],
)
def test_what_came_of_a_signal_follows_from_its_verdict_and_from_who_was_told(
    kind: str,
    verdict: str,
    told: bool,  # noqa: FBT001  # a table
    outcome: Outcome,
) -> None:
    assert outcome_of(kind, verdict, told=told) is outcome


@pytest.mark.parametrize("outcome", [Outcome.ALARM, Outcome.JOINED, Outcome.OPPORTUNITY])
def test_what_fired_can_be_noise_and_was_not_held(outcome: Outcome) -> None:
    assert refuse_noise(outcome, None, NAMES) is None
    refusal = refuse_wrongly_held(outcome, None, NAMES)
    assert refusal
    assert refusal.text.startswith("It was not held.")


def test_what_was_held_can_be_missed_and_is_no_noise() -> None:
    assert refuse_wrongly_held(Outcome.HELD, None, NAMES) is None
    refusal = refuse_noise(Outcome.HELD, None, NAMES)
    assert refusal
    assert refusal.text.startswith("It was held, so nobody was alarmed.")


def test_who_says_it_a_second_time_is_told_who_did_and_when() -> None:
    for refuse, outcome in ((refuse_noise, Outcome.ALARM), (refuse_wrongly_held, Outcome.HELD)):
        refusal = refuse(outcome, STANDING, NAMES)
        assert refusal
        assert refusal.text == "Dana Reyes marked it as noise already, on 2026-03-04 at 12:00 UTC."
        assert refusal.facts == {"by": "dana", "at": NOON.isoformat()}


def test_nothing_is_missed_before_its_time() -> None:
    assert refuse_missed(NOON, NOON, None, NAMES) is None
    refusal = refuse_missed(NOON + timedelta(seconds=1), NOON, None, NAMES)
    assert refusal
    assert "has not come yet" in refusal.text


def test_a_note_fits_a_line() -> None:
    assert refuse_note("x" * NOTE_LIMIT) is None
    refusal = refuse_note("x" * (NOTE_LIMIT + 1))
    assert refusal
    assert refusal.text == "The note has 301 characters; 300 are kept. Shorten it."
