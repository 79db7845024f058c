from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from detection.buckets import BUCKET, Bucket
from reports.binning import points

SINCE = datetime(2026, 5, 12, 12, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


def test_buckets_add_up_within_their_step_and_gaps_are_zeros() -> None:
    buckets = [
        Bucket(SINCE, mentions=2, scored=2, negative=1),
        Bucket(SINCE + 2 * BUCKET, mentions=3, scored=3, negative=3),
        Bucket(SINCE + 6 * BUCKET, mentions=5, scored=4, negative=2),
    ]
    found = points(buckets, SINCE, SINCE + 3 * QUARTER, QUARTER, 1.5)
    assert [(point.observed, point.negative, point.expected) for point in found] == [
        (5, 4, 1.5),
        (0, 0, 1.5),
        (5, 2, 1.5),
    ]
    assert [point.start for point in found] == [SINCE, SINCE + QUARTER, SINCE + 2 * QUARTER]


def test_what_lies_outside_the_range_is_left_out() -> None:
    buckets = [Bucket(SINCE - BUCKET, mentions=7), Bucket(SINCE + QUARTER, mentions=9)]
    assert [point.observed for point in points(buckets, SINCE, SINCE + QUARTER, QUARTER, 0)] == [0]


def test_what_is_usual_may_depend_on_the_time() -> None:
    found = points([], SINCE, SINCE + 2 * QUARTER, QUARTER, lambda start: float(start.minute))
    assert [point.expected for point in found] == [0.0, 15.0]


def test_an_empty_range_has_no_points() -> None:
    assert points([Bucket(SINCE, mentions=1)], SINCE, SINCE, QUARTER, 1) == ()


@given(
    st.lists(st.tuples(st.integers(-50, 300), st.integers(0, 9)), max_size=60),
    st.integers(1, 24),
    st.integers(0, 250),
)
def test_no_mention_inside_the_range_is_lost_or_counted_twice(
    counts: list[tuple[int, int]], width: int, length: int
) -> None:
    buckets = [Bucket(SINCE + at * BUCKET, mentions=mentions) for at, mentions in counts]
    found = points(buckets, SINCE, SINCE + length * BUCKET, width * BUCKET, 1)
    assert sum(point.observed for point in found) == sum(mentions for at, mentions in counts if 0 <= at < length)
