from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.planned import PlannedEvent, relieved
from detection.signal import kinds
from tests.installations import NOON

HOUR = timedelta(hours=1)
LAUNCH = PlannedEvent("launch", NOON, NOON + 2 * HOUR, 10.0)
SALE = PlannedEvent("sale", NOON + HOUR, NOON + 4 * HOUR, 3.3)


@pytest.mark.parametrize(
    ("count", "at", "events", "weighs"),
    [
        (50, NOON, (), 50),
        (50, NOON, (LAUNCH,), 5),
        (51, NOON, (LAUNCH,), 6),
        (1, NOON, (LAUNCH,), 1),
        (0, NOON, (LAUNCH,), 0),
        (50, NOON - timedelta(microseconds=1), (LAUNCH,), 50),
        (50, LAUNCH.end - timedelta(microseconds=1), (LAUNCH,), 5),
        (50, LAUNCH.end, (LAUNCH,), 50),
        (50, NOON + HOUR, (SALE, LAUNCH), 5),
        (50, NOON + HOUR, (LAUNCH, SALE), 5),
        (99, NOON + 3 * HOUR, (LAUNCH, SALE), 30),
        (100, NOON + 3 * HOUR, (LAUNCH, SALE), 31),
    ],
)
def test_during_an_event_a_count_weighs_as_much_as_on_an_ordinary_day(
    count: int, at: datetime, events: tuple[PlannedEvent, ...], weighs: int
) -> None:
    assert relieved(count, at, events) == weighs


@given(st.integers(0, 10**7), st.floats(1, 1000))
def test_a_relieved_count_is_never_more_than_the_count_and_never_none_where_somebody_spoke(
    count: int, expect: float
) -> None:
    weighs = relieved(count, NOON, [PlannedEvent("any", NOON, NOON + HOUR, expect)])
    assert min(count, 1) <= weighs <= count


def test_a_planned_event_is_no_kind_of_signal() -> None:
    assert "planned" not in kinds()
