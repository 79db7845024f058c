"""Counts on the scale of chance, and quantiles of what they came to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.tails import STEPS, Tail, code, count_at

COUNT = st.integers(0, 10**9)
CODES = st.lists(st.integers(0, 65_535), max_size=300)


@given(COUNT, COUNT)
def test_the_larger_count_never_has_the_smaller_code(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert code(low) <= code(high) <= 65_535


@given(st.integers(0, 10**8))
def test_a_code_leads_back_to_the_count_as_near_as_it_can_tell(count: int) -> None:
    assert code(round(count_at(code(count)))) == pytest.approx(code(count), abs=1)


@pytest.mark.parametrize(("mean", "spread"), [(100, 33.2), (10_000, 3_163.9)])
def test_the_spread_of_negative_binomial_counts_is_a_step_of_one(mean: int, spread: float) -> None:
    """Half of it on either side of the mean, whose spread is the root of mean + 0.1 mean²."""
    assert code(round(mean + spread / 2)) - code(round(mean - spread / 2)) == pytest.approx(STEPS, rel=0.05)


@given(CODES, CODES, st.sampled_from([0.5, 0.9, 0.98]))
def test_a_tail_is_as_if_sorted_anew_after_every_change(stay: list[int], leave: list[int], share: float) -> None:
    tail = Tail(leave)
    for one in stay:
        tail.add(one)
    for one in leave:
        tail.drop(one)
    ordered = sorted(stay)
    above = ordered[min(int(share * len(ordered)), len(ordered) - 1) :] if ordered else [0]
    assert len(tail) == len(ordered)
    assert tail.quantile(share) == above[0]
    assert tail.mean_excess(share) == pytest.approx(sum(above) / len(above) - above[0])
