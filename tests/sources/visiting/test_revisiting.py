"""When a source is asked again."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.contract import SourceError
from sources.visiting.revisiting import (
    Brought,
    Pace,
    VisitReason,
    after_budget,
    after_failure,
    after_refusal,
    after_success,
)
from tests.sources.conftest import NOW

MINUTE = timedelta(minutes=1)
RNG = random.Random(1)  # noqa: S311  # moments, not secrets
EVERY_5 = Pace(5 * MINUTE)


def error(*, permanent: bool = False, retry_after: float | None = None) -> SourceError:
    return SourceError("it", "failed.", "Wait.", permanent=permanent, retry_after=retry_after)


@pytest.mark.parametrize(
    ("pace", "brought", "minutes", "reason"),
    [
        (EVERY_5, Brought(news=True), 5, VisitReason.SPEAKING),
        (EVERY_5, Brought(news=False), 5, VisitReason.SPEAKING),
        (EVERY_5, Brought(news=False, posts_a_week=2000), 5, VisitReason.SPEAKING),
        (EVERY_5, Brought(news=False, posts_a_week=168), 15, VisitReason.SELDOM),
        (EVERY_5, Brought(news=True, posts_a_week=0), 5, VisitReason.SPEAKING),
        (EVERY_5, Brought(news=False, posts_a_week=0), 20, VisitReason.SELDOM),
        (EVERY_5, Brought(news=False, posts_a_week=0, urgent=True), 5, VisitReason.URGENT),
        (EVERY_5, Brought(news=False, posts_a_week=0, behind=True), 0, VisitReason.BEHIND),
        (Pace(20 * MINUTE), Brought(news=False, posts_a_week=0), 30, VisitReason.SELDOM),
        (Pace(60 * MINUTE), Brought(news=False, posts_a_week=0), 60, VisitReason.SPEAKING),
        (Pace(5 * MINUTE, 60 * MINUTE), Brought(news=False, posts_a_week=84), 30, VisitReason.SELDOM),
        (Pace(5 * MINUTE, 5 * MINUTE), Brought(news=False, posts_a_week=1), 5, VisitReason.SPEAKING),
        (Pace(5 * MINUTE, MINUTE), Brought(news=False, posts_a_week=1), 5, VisitReason.SPEAKING),
    ],
)
def test_a_source_that_speaks_is_asked_at_full_pace_and_a_quiet_one_less_often(
    pace: Pace, brought: Brought, minutes: int, reason: VisitReason
) -> None:
    following = after_success(pace, NOW, brought)
    assert (following.at - NOW, following.reason) == (minutes * MINUTE, reason)


@pytest.mark.parametrize(
    ("failures", "wrong", "minutes", "reason"),
    [
        (1, error(), 5, VisitReason.FAILING),
        (2, error(), 10, VisitReason.FAILING),
        (3, error(), 15, VisitReason.FAILING),
        (40_000, error(), 15, VisitReason.FAILING),
        (40_000, error(permanent=True), 120, VisitReason.FAILING),
        (1, error(retry_after=7200), 120, VisitReason.TOLD_TO_WAIT),
        (1, error(retry_after=3), 5, VisitReason.FAILING),
    ],
)
def test_a_failing_source_is_asked_less_often_but_never_forgotten(
    failures: int, wrong: SourceError, minutes: int, reason: VisitReason
) -> None:
    following = after_failure(EVERY_5, NOW, failures, wrong, RNG)
    spread = min(minutes * MINUTE / 4, 5 * MINUTE)
    assert minutes * MINUTE <= following.at - NOW <= minutes * MINUTE + spread
    assert following.reason is reason


def test_what_failed_together_does_not_come_back_together() -> None:
    times = {after_failure(EVERY_5, NOW, 3, error(), RNG).at for _ in range(50)}
    assert max(times) - min(times) > 2 * MINUTE


@given(st.floats(0, 86_400), st.integers(1, 30), st.randoms())
def test_no_source_is_asked_before_the_time_it_named(seconds: float, failures: int, rng: random.Random) -> None:
    named = NOW + timedelta(seconds=seconds)
    assert after_failure(EVERY_5, NOW, failures, error(retry_after=seconds), rng).at >= named
    assert named <= after_refusal(NOW, seconds, rng).at <= named + 5 * MINUTE


def test_a_budget_that_is_used_up_is_whole_again_after_midnight_in_utc() -> None:
    at = after_budget(datetime(2026, 12, 31, 23, 59, tzinfo=UTC), RNG).at
    assert timedelta(0) <= at - datetime(2027, 1, 1, tzinfo=UTC) <= 5 * MINUTE
