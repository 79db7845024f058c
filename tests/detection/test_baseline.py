from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.baseline import counts_until, stand, usual_day, window_start
from detection.buckets import BUCKET, bucket_start
from detection.history import SPAN
from tests.detection.views import DAY, HOUR
from tests.installations import NOON


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001  # hypothesis wants naive bounds
def test_every_moment_lies_in_the_bucket_that_starts_at_or_before_it(at: datetime) -> None:
    start = bucket_start(at)
    assert start <= at < start + BUCKET
    assert (start.minute % 5, start.second, start.microsecond) == (0, 0, 0)


def test_gaps_between_buckets_are_zeros_and_the_last_count_is_of_now() -> None:
    counts = counts_until([(NOON - 3 * BUCKET, 4), (NOON, 2)], NOON + BUCKET / 2, NOON - 4 * BUCKET)
    assert counts == [0, 4, 0, 0, 2]


def test_nothing_is_known_from_before_listening_began() -> None:
    assert counts_until([(NOON - DAY, 9)], NOON, NOON) == [0]
    assert counts_until([], NOON, None) == [0]


def test_all_that_the_present_is_judged_by_is_counted() -> None:
    counts = counts_until([], NOON, NOON - 100 * DAY)
    assert len(counts) * BUCKET == SPAN + BUCKET


def test_the_present_hour_is_no_part_of_what_it_is_compared_with() -> None:
    quiet = [1] * (2 * 288)
    calm, loud = stand(quiet, NOON, required=1), stand(quiet[:-12] + [50] * 12, NOON, required=1)
    assert loud.expected == calm.expected
    assert (loud.beyond > 5, calm.beyond < 0) == (True, True)


@pytest.mark.parametrize("scale", [1, 10, 100])
def test_a_rise_stands_out_and_the_same_as_ever_does_not(scale: int) -> None:
    usual = [scale * (1 + n % 3) for n in range(3 * 288)]
    assert stand(usual, NOON, required=1).beyond < 1
    assert stand(usual[:-6] + [scale * 30] * 6, NOON, required=1).beyond > 1


def test_one_full_bucket_an_hour_ago_is_no_rise_now() -> None:
    counts = [1] * (3 * 288 - 13) + [40] + [1] * 12
    assert stand(counts, NOON, required=1).beyond < 1


def test_the_expectation_is_that_of_this_time_of_day() -> None:
    """Ten in every bucket between noon and one, one otherwise; it is half past twelve."""
    now = NOON + HOUR / 2
    starts = [bucket_start(now) - n * BUCKET for n in range(8 * 288)]
    counts = [10 if start.hour == 12 else 1 for start in reversed(starts)]
    assert 40 < stand(counts, now, required=1).expected < 100


def test_the_rise_began_where_the_counts_rose() -> None:
    counts = [1] * (3 * 288 - 8) + [9, 9, 1, 9, 9, 9, 9, 9]
    assert stand(counts, NOON, required=1).since == NOON - 7 * BUCKET


@pytest.mark.parametrize(("length", "learning"), [(12, True), (287, True), (288, False)])
def test_a_day_must_be_known_before_quantiles_count(length: int, *, learning: bool) -> None:
    assert stand([1] * length, NOON, required=1).learning is learning


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=400))
def test_any_counts_can_be_compared(counts: list[int]) -> None:
    standing = stand(counts, NOON, required=1)
    assert standing.observed == sum(counts[-12:])
    assert standing.expected >= 0
    assert standing.threshold >= 1


def test_the_usual_day_follows_the_clock() -> None:
    starts = [NOON - n * BUCKET for n in range(10 * 288)]
    counts = [6 if start.hour < 12 else 0 for start in reversed(starts)]
    usual = usual_day(counts, NOON, timedelta(minutes=15))
    assert usual[3].mean == usual[3].high == 18
    assert usual[20].mean == usual[20].high == 0


def test_the_usual_day_of_a_brand_nobody_knows_is_empty() -> None:
    assert {usual.mean for usual in usual_day([0], NOON, BUCKET)} == {0.0}


def test_the_window_of_an_hour_ends_with_the_bucket_of_now() -> None:
    assert window_start(NOON + BUCKET / 2) == NOON - 11 * BUCKET
