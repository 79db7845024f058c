from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.buckets import BUCKET
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
        (0, NOON, (LAUNCH,), 0),
        (50, NOON - timedelta(microseconds=1), (LAUNCH,), 50),
        (50, LAUNCH.end - timedelta(microseconds=1), (LAUNCH,), 5),
        (50, LAUNCH.end, (LAUNCH,), 50),
        (50, NOON + HOUR, (SALE, LAUNCH), 5),
        (50, NOON + HOUR, (LAUNCH, SALE), 5),
        (99, NOON + 3 * HOUR, (LAUNCH, SALE), 30),
    ],
)
def test_during_an_event_a_count_weighs_as_much_as_on_an_ordinary_day(
    count: int, at: datetime, events: tuple[PlannedEvent, ...], weighs: int
) -> None:
    assert relieved(count, at, events) == weighs


@given(st.integers(0, 10**7), st.floats(1, 1000))
def test_a_relieved_count_is_never_more_than_the_count(count: int, expect: float) -> None:
    weighs = relieved(count, NOON, [PlannedEvent("any", NOON, NOON + HOUR, expect)])
    assert weighs <= count
    assert abs(weighs - count / expect) < 1


@given(st.integers(0, 40), st.floats(1, 100), st.integers(0, 10**5))
def test_over_a_day_rounding_neither_adds_nor_takes_away(count: int, expect: float, day: int) -> None:
    """Three mentions in five minutes, each of them rounded up, would be as many as on an ordinary day."""
    start = datetime(1970, 1, 1, tzinfo=UTC) + day * 24 * HOUR
    events = [PlannedEvent("any", start, start + 24 * HOUR, expect)]
    weighs = sum(relieved(count, start + number * BUCKET, events) for number in range(288))
    assert abs(weighs - 288 * count / expect) < 3


def test_a_planned_event_is_no_kind_of_signal() -> None:
    assert "planned" not in kinds()
