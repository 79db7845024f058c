from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from detection.marks import Mark, MarkVerdict
from detection.waking import Sensitivity
from services.replay.tuning import PRESENT, Candidate, Tried, candidates, proposed, rate
from settings.detecting import Detection
from settings.model import Brand
from tests.installations import BRAND, NOON, settings
from tests.services.replay.test_comparing import alarm

HOUR = timedelta(hours=1)
LOW, HIGH = Candidate(sensitivity=Sensitivity.LOW), Candidate(sensitivity=Sensitivity.HIGH)
FEW = Candidate(least_people=3)


def mark(verdict: MarkVerdict, hours: float, brand: str = "northwind", number: int = 1) -> Mark:
    return Mark(number, brand, verdict, NOON + hours * HOUR, None, "dana", NOON)


def noise(hours: float) -> Mark:
    return mark(MarkVerdict.NOISE, hours)


def missed(hours: float) -> Mark:
    return mark(MarkVerdict.MISSED, hours)


def tried(candidate: Candidate, *hours: float) -> Tried:
    return Tried(candidate, tuple(alarm(at) for at in hours))


@pytest.mark.parametrize(
    ("trials", "marks", "best"),
    [
        # Without a word from people the present stays.
        ((tried(PRESENT, 0), tried(LOW), tried(HIGH, 0, 50)), (), PRESENT),
        # Noise that goes is worth it.
        ((tried(PRESENT, 0, 50), tried(LOW, 50), tried(HIGH, 0, 50, 99)), (noise(0),), LOW),
        # What was missed and is found is worth it.
        ((tried(PRESENT, 0), tried(LOW), tried(HIGH, 0, 50)), (missed(51),), HIGH),
        # Noise kept and an alarm missed weigh the same; then the present wins.
        ((tried(PRESENT, 0), tried(LOW), tried(HIGH, 0, 50)), (noise(0), missed(200)), LOW),
        ((tried(PRESENT, 0), tried(LOW)), (noise(0), missed(1)), PRESENT),
        # Of two that fit as well the one that changes less.
        ((tried(PRESENT), tried(HIGH, 50, 99), tried(FEW, 50)), (missed(50),), FEW),
        # Where the present fits as well as another it stays.
        ((tried(PRESENT, 0), tried(LOW, 0), tried(HIGH, 0, 50)), (noise(0),), PRESENT),
    ],
)
def test_the_settings_that_go_least_against_what_people_said_and_change_least_are_proposed(
    trials: Sequence[Tried], marks: Sequence[Mark], best: Candidate
) -> None:
    assert proposed(rate(trials, marks)).candidate == best


@pytest.mark.parametrize(("hours", "near"), [(-6.1, False), (-6, True), (0, True), (6, True), (6.1, False)])
def test_an_alarm_meets_a_mark_within_six_hours(hours: float, near: bool) -> None:  # noqa: FBT001  # a table's column
    (one,) = rate([tried(PRESENT, hours)], [noise(0), missed(0)])
    assert (len(one.noise), len(one.found), len(one.missed)) == (near, near, not near)


def test_a_mark_of_another_brand_is_not_met() -> None:
    (one,) = rate([tried(PRESENT, 0)], [mark(MarkVerdict.NOISE, 0, "southwind")])
    assert one.noise == ()


def test_alarms_that_come_and_go_against_the_present_are_named() -> None:
    present, high = rate([tried(PRESENT, 0, 50), tried(HIGH, 1, 99)], [])
    assert (present.added, present.removed) == ((), ())
    assert (high.added, high.removed) == ((alarm(99),), (alarm(50),))


@pytest.mark.parametrize(
    ("detection", "expected"),
    [
        (Detection(), [PRESENT, LOW, HIGH, FEW, Candidate(least_people=8)]),
        (
            Detection(sensitivity=Sensitivity.HIGH, least_people=2),
            [PRESENT, LOW, Candidate(sensitivity=Sensitivity.NORMAL), Candidate(least_people=5)],
        ),
    ],
)
def test_one_thing_at_a_time_is_changed(tmp_path: Path, detection: Detection, expected: list[Candidate]) -> None:
    assert [*candidates(settings(tmp_path, detection=detection))] == expected


def test_a_brand_by_itself_is_only_made_more_or_less_sensitive(tmp_path: Path) -> None:
    own = BRAND.model_copy(update={"sensitivity": Sensitivity.LOW})
    other = Brand(id="southwind", name="Southwind", phrases=("Southwind",))
    team = settings(tmp_path, brands=(own, other))
    found = candidates(team, "northwind")
    assert [one.sensitivity for one in found] == [None, Sensitivity.NORMAL, Sensitivity.HIGH]
    changed = found[-1].of(team)
    assert [changed.sensitivity_of(brand) for brand in changed.brands] == [Sensitivity.HIGH, Sensitivity.NORMAL]
    assert found[-1].lines == ("brands:", "  - id: northwind", "    sensitivity: high")


def test_a_change_of_the_teams_sensitivity_leaves_a_brands_own_word(tmp_path: Path) -> None:
    own = BRAND.model_copy(update={"sensitivity": Sensitivity.LOW})
    changed = HIGH.of(settings(tmp_path, brands=(own,)))
    assert changed.detection.sensitivity is Sensitivity.HIGH
    assert changed.sensitivity_of(changed.brands[0]) is Sensitivity.LOW
    assert HIGH.lines == ("detection:", "  sensitivity: high")
    assert FEW.lines == ("detection:", "  least_people: 3")
    assert PRESENT.lines == ()
