from __future__ import annotations

from datetime import timedelta

import pytest

from detection.history import Distance
from detection.waking import Alarms, Sensitivity, Waking
from tests.installations import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def stands(beyond: float, burst: float = 1.0, hour: int = 20) -> Distance:
    return Distance(beyond, burst, HOUR, hour, 10, hour, 10)


CASES = [
    # beyond, known, hours since the last alarm, sensitivity, what is decided
    (0.99, 9 * DAY, None, Sensitivity.NORMAL, Waking.AS_USUAL),
    (1.00, 9 * DAY, None, Sensitivity.NORMAL, Waking.ALARM),
    (9.00, 2 * DAY - HOUR, None, Sensitivity.NORMAL, Waking.STILL_LEARNING),
    (9.00, 2 * DAY, None, Sensitivity.NORMAL, Waking.ALARM),
    (9.00, 9 * DAY, 23, Sensitivity.NORMAL, Waking.SAME_WAVE),
    (9.00, 9 * DAY, 24, Sensitivity.NORMAL, Waking.ALARM),
    (1.40, 9 * DAY, None, Sensitivity.LOW, Waking.AS_USUAL),
    (1.50, 9 * DAY, None, Sensitivity.LOW, Waking.ALARM),
    (0.70, 9 * DAY, None, Sensitivity.HIGH, Waking.ALARM),
    (0.69, 9 * DAY, None, Sensitivity.HIGH, Waking.AS_USUAL),
    (-1.0, DAY - HOUR, 1, Sensitivity.NORMAL, Waking.AS_USUAL),
]


@pytest.mark.parametrize(("beyond", "known", "since", "sensitivity", "decided"), CASES)
def test_what_is_decided_of_counts_alone(
    beyond: float, known: timedelta, since: int | None, sensitivity: Sensitivity, decided: Waking
) -> None:
    alarms = Alarms(sensitivity, None if since is None else NOON - since * HOUR)
    assert alarms.decide(stands(beyond), known, NOON) is decided


def test_nobody_is_woken_for_a_handful_of_mentions_however_quiet_it_was_before() -> None:
    alarms = Alarms()
    assert alarms.decide(stands(9, hour=3), 9 * DAY, NOON) is Waking.AS_USUAL
    assert alarms.decide(stands(9, hour=4), 9 * DAY, NOON) is Waking.ALARM


def later(alarms: Alarms, *loud: tuple[float, float]) -> list[Waking]:
    """What is decided half an hour after half an hour, of how far beyond and how loud the burst is."""
    told = []
    for number, (beyond, burst) in enumerate(loud):
        distance, now = stands(beyond, burst), NOON + number * HOUR / 2
        told.append(alarms.decide(distance, 9 * DAY, now))
        alarms = alarms.after(told[-1], distance, now)
    return told


def test_a_louder_wave_after_the_first_has_ebbed_is_an_alarm_of_its_own() -> None:
    ebb = [(-1, -2), (-1, -2), (-1, -2)]
    assert later(Alarms(), (2, 3), *ebb, (3, 4))[-1] is Waking.ALARM
    assert later(Alarms(), (2, 3), *ebb, (2, 3))[-1] is Waking.SAME_WAVE
    assert later(Alarms(), (2, 3), *ebb[:2], (3, 4))[-1] is Waking.SAME_WAVE
    assert later(Alarms(), (2, 3), *ebb[:2], (0.5, 1), *ebb[:2], (3, 4))[-1] is Waking.SAME_WAVE


def test_the_peak_of_a_wave_is_that_of_all_of_it() -> None:
    ebb = [(-1, -2), (-1, -2), (-1, -2)]
    assert later(Alarms(), (2, 3), (5, 6), *ebb, (4, 5))[-1] is Waking.SAME_WAVE
