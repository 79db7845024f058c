"""What is kept of a brand's past at a full hour."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.history import Past, Sums, Surely, past_of, totals_of
from detection.known import Known, known_of
from detection.rhythm import Rhythm, rhythm_of
from detection.tails import Least, Tail
from tests.detection.views import DAY, evenly, ordinary
from tests.installations import NOON

TAILS = st.builds(Tail, st.lists(st.integers(0, 65_535), max_size=40), st.integers(0, 10_000))
LEAST = st.builds(Least, st.integers(-1, 10**9), st.integers(-1, 10**9))
COUNT = st.none() | st.integers(0, 10**9)
RHYTHMS = st.builds(Rhythm, st.none() | st.floats(0, 1e9), COUNT, COUNT)
KNOWN = st.builds(
    Known,
    st.builds(Past, TAILS, TAILS, TAILS, st.builds(Surely, LEAST, LEAST, LEAST)),
    RHYTHMS,
    st.timedeltas(timedelta(), timedelta(days=20)),
    st.none() | st.floats(0, 1),
)


@given(KNOWN)
def test_what_was_kept_is_read_again_as_it_was(known: Known) -> None:
    assert Known.from_bytes(known.to_bytes()) == known


def test_what_is_known_of_nothing_can_be_kept() -> None:
    known = known_of(())
    assert Known.from_bytes(known.to_bytes()) == known == Known(Past(Tail(), Tail(), Tail()), Rhythm(), timedelta())


@given(st.lists(st.integers(0, 300), max_size=900), st.integers(0, 3_000), st.integers(0, 9_000))
def test_what_is_kept_answers_as_the_whole_past_does(counts: list[int], hour: int, half_day: int) -> None:
    known, now = known_of(counts), Sums(hour // 3, hour, half_day)
    assert known.past.distance(now) == past_of(counts).distance(now)
    assert known.rhythm == rhythm_of(totals_of(counts))


@pytest.mark.parametrize(("buckets", "learning"), [(0, True), (12, True), (575, True), (576, False), (4_464, False)])
def test_two_days_must_be_known_before_anything_is_usual(buckets: int, *, learning: bool) -> None:
    known = known_of([1] * buckets)
    assert known.length == buckets * timedelta(minutes=5)
    assert known.learning is learning


@pytest.mark.parametrize(
    ("counts", "judged", "share"),
    [
        ([1] * 40, (), None),
        ([1] * 40, [0] * 40, None),
        ([1] * 36, [4] * 36, None),  # the newest three hours say nothing of what was usual
        ([1] * 40, [4] * 40, 0.25),
        ([0] * 40, [4] * 40, 0.0),
        ([1] * 4 + [9] * 36, [4] * 4 + [9] * 36, 0.25),
    ],
)
def test_the_usual_share_is_that_of_what_could_be_judged_before_the_newest_hours(
    counts: list[int], judged: list[int], share: float | None
) -> None:
    assert known_of(counts, judged).share == share


def test_a_busy_fortnight_is_kept_in_a_few_thousand_bytes() -> None:
    counts = [0] * (17 * 288)
    for at in ordinary(1, per_day=2_000, days=17, rhythm=evenly):
        counts[int((at - NOON + 17 * DAY) / timedelta(minutes=5))] += 1
    known = known_of(counts)
    whole = past_of(counts)
    assert replace(known.past, surely=Surely()) == whole.upper() != whole
    assert Known.from_bytes(known.to_bytes()) == known
    assert len(known.to_bytes()) < 4_000
