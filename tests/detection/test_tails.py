"""Counts on the scale of chance, and quantiles of what they came to."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.tails import QUIETEST, Least, Tail, Upper, code, count_at, largest, least_of, upper_tail

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
    assert QUIETEST <= tail.loudness(low) <= tail.loudness(high)


@pytest.mark.parametrize(
    ("count", "loudness"),
    [
        (99, 0),  # one in fifty reaches it
        (98, -math.log(1.5)),
        (93, -math.log(4)),
        (88, -math.log(6.5)),
        (87, -math.log(7)),
        (86, QUIETEST),  # one in seven and more often
        (51, QUIETEST),
        (0, QUIETEST),
    ],
)
def test_of_a_hundred_windows_the_second_largest_is_at_the_line_and_common_ones_are_alike_quiet(
    count: int, loudness: float
) -> None:
    whole = Tail(code(each) for each in range(1, 101))
    assert whole.loudness(code(count)) == pytest.approx(loudness)
    assert whole.upper().loudness(code(count)) == pytest.approx(loudness)


@given(CODES, st.lists(st.integers(0, 65_535), min_size=1, max_size=50), st.floats(0, 9))
def test_the_upper_part_answers_as_the_whole_does(codes: list[int], asked: list[int], loudness: float) -> None:
    whole = Tail(codes)
    upper = whole.upper()
    assert len(upper) == len(whole)
    assert [upper.loudness(one) for one in (*asked, *codes)] == [whole.loudness(one) for one in (*asked, *codes)]
    assert upper.at(loudness) == whole.at(loudness)
    assert upper.upper() == upper


def test_the_upper_part_of_a_fortnight_is_a_sixth_of_it() -> None:
    upper = Tail(range(4_032)).upper()
    assert (len(upper), len(upper.codes), upper.below) == (4_032, 597, 3_435)
    assert upper.codes[0] == 3_435


def test_tails_are_alike_where_they_keep_and_count_the_same() -> None:
    assert Tail([2, 1]) == Tail([1, 2])
    assert Tail([1, 2]) != Tail([1, 2], below=1)
    assert Tail([1, 2]) != [1, 2]


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


@given(st.lists(st.integers(0, 10**6) | st.integers(0, 9), max_size=900), st.integers(0, 400))
def test_the_largest_are_those_of_all_in_order(counts: list[int], number: int) -> None:
    assert largest(counts, number) == sorted(counts)[max(len(counts) - number, 0) :]


@given(st.lists(st.integers(0, 9), max_size=20), st.integers(1, 400), st.integers(1, 200))
def test_the_largest_of_what_repeats_are_found_though_samples_miss_them(day: list[int], days: int, number: int) -> None:
    assert largest(day * days, number) == sorted(day * days)[max(len(day) * days - number, 0) :]


@given(st.lists(st.integers(0, 10**6) | st.integers(0, 9), max_size=600), st.integers(1, 300), st.integers(0, 600))
def test_the_upper_tail_of_windows_is_that_of_all_of_them(windows: list[int], coming: int, room: int) -> None:
    upper = Upper(windows, coming, len(windows) + room)
    assert upper_tail(upper) == Tail(map(code, windows)).upper()
    assert upper.line == (sorted(windows)[int(0.98 * len(windows))] if windows else None)


@given(
    st.lists(st.integers(0, 50), min_size=1, max_size=400),
    st.lists(st.integers(0, 80), min_size=1, max_size=100),
    st.integers(0, 400),
    st.integers(0, 90),
)
def test_no_window_is_louder_than_was_told_whatever_came(
    windows: list[int], since: list[int], room: int, count: int
) -> None:
    whole = len(windows) + room
    least, then = least_of(Upper(windows, len(since), whole)), [*windows, *since][-whole:]
    assert Tail(map(code, then)).loudness(code(count)) <= least.loudest(count)


@pytest.mark.parametrize(
    ("least", "count", "loudest"),
    [
        (Least(20, 60), 20, 0),
        (Least(20, 60), 60, 1),
        (Least(20, 60), 61, math.inf),
        (Least(20, 22), 22, (code(22) - code(20)) / 290),
        (Least(20, -1), 20, 0),
        (Least(20, -1), 21, math.inf),
        (Least(), 0, math.inf),
    ],
)
def test_how_loud_a_window_is_at_most_is_told_up_to_the_far_count(least: Least, count: int, loudest: float) -> None:
    assert least.loudest(count) == pytest.approx(loudest)
