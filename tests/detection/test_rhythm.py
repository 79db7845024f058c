"""What is usual around a time of day, and how much three hours ever came to at it."""

from __future__ import annotations

import math
from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detection.history import totals_of
from detection.rhythm import Rhythm, rhythm_of

HOUR, SWELL, DAY, FORTNIGHT = 12, 36, 288, 14 * 288
COUNTS = st.lists(st.lists(st.integers(0, 40), min_size=1, max_size=30), min_size=1, max_size=20)
LENGTHS = st.sampled_from([0, 1, 11, 12, 35, 36, 37, 71, 72, 287, 288, 300, 323, 324, 575, 576, 700, 4_000, 4_300])


def slow(counts: list[int]) -> Rhythm:
    """What the words of the module say, window by window; a window is told by its length and where it ends."""

    def held(size: int, end: int) -> int:
        return sum(counts[end - size : end])

    now, days = len(counts), range(DAY, min(len(counts), FORTNIGHT) + 1, DAY)
    # Nothing that ended in the newest three hours is compared with.
    same = [at for day in days for at in range(now - day, now - day + HOUR) if at <= now - SWELL]
    alike, swelled = ([at for at in same if size <= at] for size in (HOUR, SWELL))
    near = [at for day in days for at in range(now - day - HOUR + 1, now - day + 2 * HOUR + 1)]
    near = [at for at in near if SWELL <= at <= now - SWELL]
    swells = sorted(held(SWELL, at) for at in range(max(now - FORTNIGHT + 1, SWELL), now - SWELL + 1))
    hours = [held(HOUR, at) for at in alike or range(HOUR, now + 1)]
    threes = [held(SWELL, at) for at in swelled or range(SWELL, now + 1)]
    return Rhythm(
        expected=mean(hours) if hours else None,
        usual=mean(threes) if threes else None,
        line=swells[int(0.98 * len(swells))] if swells else None,
        surely_line=rhythm_of(totals_of(counts)).surely_line,
        highest=max(held(SWELL, at) for at in near) if near and now >= 2 * DAY else None,
    )


@settings(max_examples=40)
@given(COUNTS, LENGTHS)
def test_the_rhythm_is_that_of_an_obvious_reference(parts: list[list[int]], length: int) -> None:
    some = [count for part in parts for count in part]
    counts = (some * (length // len(some) + 1))[:length]
    rhythm, expected = rhythm_of(totals_of(counts)), slow(counts)
    assert (rhythm.line, rhythm.surely_line, rhythm.highest) == (expected.line, expected.surely_line, expected.highest)
    assert rhythm.expected == (None if expected.expected is None else pytest.approx(expected.expected))
    assert rhythm.usual == (None if expected.usual is None else pytest.approx(expected.usual))


@given(COUNTS, LENGTHS)
def test_where_nobody_asks_about_swells_only_the_expectation_is_told(parts: list[list[int]], length: int) -> None:
    some = [count for part in parts for count in part]
    totals = totals_of((some * (length // len(some) + 1))[:length])
    assert rhythm_of(totals, swells=False) == Rhythm(expected=rhythm_of(totals).expected)


def test_the_expectation_is_that_of_this_time_of_day() -> None:
    """Ten in every bucket in the first hour of a day, one otherwise."""
    day = [10] * HOUR + [1] * (DAY - HOUR)
    assert rhythm_of(totals_of(day * 20)).expected == pytest.approx(mean(range(12, 120, 9)))
    assert rhythm_of(totals_of((day * 20)[: 19 * DAY + DAY // 2])).expected == pytest.approx(12)


def test_an_hour_is_compared_with_any_where_no_day_is_known() -> None:
    assert rhythm_of(totals_of([1] * 20)).expected == 12
    assert rhythm_of(totals_of([1] * 11)).expected is None


def test_what_goes_on_now_is_in_no_line() -> None:
    calm = [1] * (9 * DAY)
    assert rhythm_of(totals_of([*calm[:-SWELL], *[90] * SWELL])) == rhythm_of(totals_of(calm))


@pytest.mark.parametrize(
    ("count", "required", "swells"),
    [
        (99, 1, False),
        (100, 1, False),
        (119, 1, False),
        (120, 1, True),
        (111, 0.7, True),
        (110, 0.7, False),
        (138, 1.5, False),
        (139, 1.5, True),
    ],
)
def test_a_third_more_than_ever_at_this_time_swells(count: int, required: float, *, swells: bool) -> None:
    assert Rhythm(expected=10, line=80, highest=90).swells(count, required) is swells


@pytest.mark.parametrize(
    ("rhythm", "needed", "swells"),
    [
        (Rhythm(expected=1, line=100, highest=90), 120, True),
        (Rhythm(), math.inf, False),
        (Rhythm(expected=1, line=5), math.inf, False),
        (Rhythm(expected=1, highest=5), math.inf, False),
        (Rhythm(expected=1, line=200, highest=90), 201, False),
        (Rhythm(expected=1, line=199, highest=90), 200, True),
    ],
)
def test_nothing_swells_below_the_line_or_where_too_little_is_known(
    rhythm: Rhythm, needed: float, *, swells: bool
) -> None:
    assert rhythm.needed(1) == pytest.approx(needed)
    assert rhythm.swells(200, 1) is swells


def test_the_highest_is_told_from_two_known_days_on() -> None:
    assert rhythm_of(totals_of([1] * (2 * DAY - 1))).highest is None
    assert rhythm_of(totals_of([1] * (2 * DAY))).highest == SWELL


@pytest.mark.parametrize(("hours_off", "found"), [(-4, False), (-2, True), (0, True), (1, True), (4, False)])
def test_a_night_within_an_hour_of_this_time_is_remembered(hours_off: int, *, found: bool) -> None:
    """A busy bucket three days ago, so many hours from now on the clock."""
    counts = [0] * (9 * DAY)
    counts[len(counts) - 3 * DAY + hours_off * HOUR] = 70
    assert rhythm_of(totals_of(counts)).highest == (70 if found else 0)


@given(st.lists(st.integers(0, 9), min_size=700, max_size=900), st.lists(st.integers(0, 9), max_size=288))
def test_the_line_is_no_lower_a_day_later_than_was_sure(before: list[int], since: list[int]) -> None:
    sure, line = rhythm_of(totals_of(before)).surely_line, rhythm_of(totals_of([*before, *since])).line
    assert sure is None or (line is not None and sure <= line)
