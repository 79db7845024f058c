from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.attempts import FORGOTTEN_AFTER, LIMITS, Counted, Failures, Throttled, counted_on, throttled, wait_after

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
COUNTED = st.sampled_from(list(Counted))
COUNTS = st.integers(0, 10**9)
MOMENTS = st.timedeltas(-2 * FORGOTTEN_AFTER, 2 * FORGOTTEN_AFTER).map(lambda away: NOW + away)
FAILURES = st.lists(st.builds(Failures, COUNTED, COUNTS, MOMENTS), max_size=4).map(tuple)


@pytest.mark.parametrize(
    ("counted", "count", "wait"),
    [
        (Counted.PAIR, 4, timedelta()),
        (Counted.PAIR, 5, 2 * SECOND),
        (Counted.PAIR, 6, 4 * SECOND),
        (Counted.PAIR, 10, 64 * SECOND),
        (Counted.PAIR, 50, timedelta(minutes=15)),
        (Counted.ACCOUNT, 19, timedelta()),
        (Counted.ACCOUNT, 20, 2 * SECOND),
        (Counted.ACCOUNT, 10**6, timedelta(minutes=1)),
        (Counted.ADDRESS, 29, timedelta()),
        (Counted.ADDRESS, 30, 2 * SECOND),
        (Counted.LETTER, 2, timedelta()),
        (Counted.LETTER, 40, timedelta(hours=1)),
    ],
)
def test_a_few_are_free_and_then_the_wait_doubles(counted: Counted, count: int, wait: timedelta) -> None:
    assert wait_after(counted, count) == wait


def test_the_longest_wait_decides_and_ends() -> None:
    both = (Failures(Counted.PAIR, 6, NOW), Failures(Counted.ADDRESS, 33, NOW))
    until = NOW + 16 * SECOND
    assert throttled(both, NOW) == Throttled(Counted.ADDRESS, until)
    assert throttled(both, until - SECOND) is not None
    assert throttled(both, until) is None


def test_what_strangers_try_elsewhere_does_not_hold_up_whoever_was_here_before() -> None:
    attacked = (
        Failures(Counted.PAIR, 0, NOW),
        Failures(Counted.ACCOUNT, 10**6, NOW),
        Failures(Counted.ADDRESS, 1, NOW),
    )
    assert throttled(attacked, NOW)
    assert throttled(attacked, NOW, known_here=True) is None


@given(FAILURES, st.booleans())
def test_nobody_is_kept_out_for_longer_than_the_longest_wait(failures: tuple[Failures, ...], known: bool) -> None:  # noqa: FBT001  # as drawn
    held = throttled(failures, NOW, known_here=known)
    if held:
        assert NOW < held.until <= NOW + LIMITS[held.because].longest
        assert throttled(failures, held.until, known_here=known) is None or len(failures) > 1


@given(COUNTED, COUNTS)
def test_more_failures_never_mean_a_shorter_wait(counted: Counted, count: int) -> None:
    assert wait_after(counted, count) <= wait_after(counted, count + 1) <= LIMITS[counted].longest


@given(COUNTED, COUNTS, MOMENTS)
def test_failures_are_forgotten_after_a_day_without_one(counted: Counted, count: int, last_at: datetime) -> None:
    after = counted_on(Failures(counted, count, last_at), NOW)
    assert after.last_at == NOW
    assert after.count == (1 if NOW - last_at >= FORGOTTEN_AFTER else count + 1)


def test_guessing_gets_slow_whatever_the_guesser_does() -> None:
    """One machine that tries an account for a day, never waiting longer than it has to."""
    now, guesses = NOW, 0
    counts = [Failures(counted, 0, NOW) for counted in (Counted.PAIR, Counted.ACCOUNT, Counted.ADDRESS)]
    while now < NOW + timedelta(days=1):
        held = throttled(tuple(counts), now)
        if held:
            now = held.until
            continue
        counts = [counted_on(one, now) for one in counts]
        guesses += 1
    assert guesses < 120
