from __future__ import annotations

from datetime import timedelta

import pytest

from detection.history import Distance
from detection.waking import Alarms, Sensitivity, Waking
from tests.installations import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CASES = [
    # beyond, known, hours since the last alarm, sensitivity, what is decided
    (0.99, 9 * DAY, None, Sensitivity.NORMAL, Waking.AS_USUAL),
    (1.00, 9 * DAY, None, Sensitivity.NORMAL, Waking.ALARM),
    (9.00, DAY - HOUR, None, Sensitivity.NORMAL, Waking.STILL_LEARNING),
    (9.00, DAY, None, Sensitivity.NORMAL, Waking.ALARM),
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
    assert alarms.decide(Distance(beyond, 10), known, NOON) is decided
