from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from detection.baseline import counts_until, usual_day
from detection.buckets import BUCKET, bucket_start
from detection.history import SPAN
from tests.detection.views import DAY
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


def test_the_usual_day_follows_the_clock() -> None:
    starts = [NOON - n * BUCKET for n in range(10 * 288)]
    counts = [6 if start.hour < 12 else 0 for start in reversed(starts)]
    usual = usual_day(counts, NOON, timedelta(minutes=15))
    assert usual[3].mean == usual[3].high == 18
    assert usual[20].mean == usual[20].high == 0


def test_the_usual_day_of_a_brand_nobody_knows_is_empty() -> None:
    assert {usual.mean for usual in usual_day([0], NOON, BUCKET)} == {0.0}


def test_what_lies_ahead_of_a_clock_that_went_back_is_not_counted() -> None:
    assert counts_until([(NOON, 2), (NOON + DAY, 7)], NOON, NOON + DAY) == [2]


def test_the_present_hour_is_no_part_of_what_is_usual() -> None:
    calm = [1] * (2 * 288)
    assert usual_day([*calm[:-12], *[50] * 12], NOON, BUCKET) == usual_day(calm, NOON, BUCKET)
