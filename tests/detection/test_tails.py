"""Counts on the scale of chance, and quantiles of what they came to."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.tails import RARE, Tail, code, count_at

COUNT = st.integers(0, 10**9)
CODES = st.lists(st.integers(0, 65_535), max_size=300)


@given(COUNT, COUNT)
def test_the_larger_count_never_has_the_smaller_code(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert code(low) <= code(high) <= 65_535


@given(st.integers(0, 10**8))
def test_a_code_leads_back_to_the_count_as_near_as_it_can_tell(count: int) -> None:
    assert code(round(count_at(code(count)))) == pytest.approx(code(count), abs=1)


@given(CODES, CODES)
def test_a_tail_is_as_if_sorted_anew_after_every_change(stay: list[int], leave: list[int]) -> None:
    tail = Tail(leave)
    for one in stay:
        tail.add(one)
    for one in leave:
        tail.drop(one)
    anew = Tail(stay)
    assert len(tail) == len(anew) == len(stay)
    assert [tail.loudness(one) for one in (*stay, *leave)] == [anew.loudness(one) for one in (*stay, *leave)]


@given(CODES.filter(bool), st.integers(0, 65_535), st.integers(0, 65_535))
def test_the_larger_is_never_less_loud(codes: list[int], one: int, other: int) -> None:
    low, high = sorted((one, other))
    tail = Tail(codes)
    assert math.log(RARE) <= tail.loudness(low) <= tail.loudness(high)


def test_of_a_hundred_windows_the_second_largest_is_at_the_line_and_the_commonest_far_below() -> None:
    tail = Tail(code(count) for count in range(1, 101))
    assert tail.loudness(code(99)) == 0
    assert tail.loudness(code(51)) == pytest.approx(-math.log(25))
    assert tail.loudness(code(0)) == pytest.approx(math.log(RARE))


def test_an_exponential_tail_is_rated_in_its_mean_excesses_whatever_one_spike_came_to() -> None:
    dice = random.Random(1)  # noqa: S311  # repeatable, not secret
    usual = [round(dice.expovariate(1 / 1_000)) + 5_000 for _ in range(4_000)]
    calm, spiked = Tail(usual), Tail([*usual[:-1], 60_000])
    line = calm.at(0)
    assert calm.loudness(round(line) + 2_000) == pytest.approx(2, rel=0.25)
    assert spiked.loudness(round(line) + 2_000) == pytest.approx(calm.loudness(round(line) + 2_000), rel=0.1)


@given(CODES.filter(bool), st.floats(0.1, 5))
def test_what_is_at_a_loudness_has_it(codes: list[int], loudness: float) -> None:
    tail = Tail(codes)
    assert tail.loudness(round(tail.at(loudness))) == pytest.approx(loudness, abs=0.01)


def test_nothing_is_loud_or_quiet_where_nothing_is_known() -> None:
    assert (Tail().loudness(9), Tail().at(3)) == (0, 0)
