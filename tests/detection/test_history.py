"""A fortnight of counts in constant memory: the same whether taken in one by one or looked at as a whole."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from datetime import timedelta
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detection.buckets import BUCKET
from detection.history import (
    HALF_DAY,
    HOUR,
    NEWEST,
    QUARTER,
    REFERENCE,
    SPAN,
    Distance,
    History,
    Sums,
    Surely,
    past_of,
    sums_of,
    totals_of,
    upper_past_of,
    windows,
)
from detection.tails import UNSURE, Least, code

COUNTS = st.lists(st.integers(0, 10**7) | st.integers(0, 3), min_size=1, max_size=600)
# With such long buckets the fortnight, too, is reached and left within a few hundred of them.
STEPS = st.sampled_from([timedelta(minutes=5), timedelta(hours=1), timedelta(hours=3)])
DAY = 288


def pushed(counts: list[int], step: timedelta = BUCKET) -> History:
    """After so many counts, with the hour turned after the last."""
    history = History(step)
    for count in counts:
        history.push(count)
    history.turn()
    return history


def stands(counts: list[int]) -> Distance:
    """How the last counts stand, at a full hour or so many buckets after it."""
    hours = len(counts) // 12 * 12
    return past_of(counts[:hours]).distance(sums_of(counts))


@given(st.lists(st.lists(st.integers(0, 10**6) | st.integers(0, 3), max_size=60), max_size=12), STEPS)
def test_a_history_that_turned_at_whatever_hours_has_the_past_of_its_counts(
    parts: list[list[int]], step: timedelta
) -> None:
    history, counts = History(step), list[int]()
    for part in parts:
        for count in part:
            history.push(count)
        history.turn()
        counts += part
        assert history.past == past_of(counts, step)
        assert history.distance() == past_of(counts, step).distance(sums_of(counts, step))
        assert history.length == len(counts)


@pytest.mark.parametrize("length", [179, 180, 181, 182, 400, 4_214, 4_215, 4_300, 4_700])
def test_one_in_three_windows_of_half_a_day_is_remembered_and_always_the_same_ones(length: int) -> None:
    counts = [n * 7_919 % 13 for n in range(length)]
    past = past_of(counts)
    assert pushed(counts).past == past
    assert len(past.half_day) == len(range(-(-max(length - 36 - 14 * DAY, 143) // 3) * 3, length - 36, 3))


@given(COUNTS, STEPS)
def test_the_past_moves_on_by_itself_where_nobody_knows_the_hour(counts: list[int], step: timedelta) -> None:
    history, hour = History(step), max(round(HOUR / step), 1)
    for number, count in enumerate(counts, 1):
        history.push(count)
        turned = number - number % (hour + 1)
        if number == len(counts) or turned == number:
            assert history.past == past_of(counts[:turned], step)
    assert history.distance() == history.past.distance(sums_of(counts, step))


def slow(counts: list[int], step: timedelta) -> float:
    """What the page of the rule says, word by word; the past is that of the last full hour."""

    def size(length: timedelta) -> int:
        return max(round(length / step), 1)

    def loudness(length: timedelta, every: int = 1) -> float:
        full = len(counts) // size(HOUR) * size(HOUR)
        last = full - 1 - size(NEWEST)
        ends = range(max(last - round(REFERENCE / step) + 1, 0), last + 1)
        whole = [end for end in ends if end % every == 0 and end >= size(length) - 1]
        past = sorted(code(sum(counts[end - size(length) + 1 : end + 1])) for end in whole)
        if not past:
            return 0.0
        now = code(sum(counts[-size(length) :]))
        line, far = (past[min(int((1 - share) * len(past)), len(past) - 1)] for share in (0.02, 0.02 / math.e))
        if now > line:
            return (now - line) / max(far - line, 290)
        return max(min(-math.log(max(sum(one >= now for one in past) / len(past), 0.02) / 0.02), 0.0), -2.0)

    burst, day = max(loudness(QUARTER), loudness(HOUR)), min(loudness(HALF_DAY, every=size(QUARTER)), 2.0)
    beyond = (burst + day) / 2 / 1.2
    return beyond if burst > 0 else min(beyond, 0.0)


@settings(max_examples=300)
@given(COUNTS, STEPS)
def test_the_distance_is_that_of_an_obvious_reference(counts: list[int], step: timedelta) -> None:
    history, hour = History(step), max(round(HOUR / step), 1)
    for number, count in enumerate(counts, 1):
        history.push(count)
        if number % hour == 0:
            history.turn()
    assert history.distance().beyond == pytest.approx(slow(counts, step))
    full = counts[: len(counts) // hour * hour]
    assert past_of(full, step).distance(sums_of(counts, step)).beyond == pytest.approx(slow(counts, step))


@given(COUNTS, st.integers(0, 10**7), st.integers(0, 10**7), st.integers(0, 10**8), st.floats(0.5, 2))
def test_the_upper_part_of_a_past_answers_as_the_whole(
    counts: list[int], quarter: int, hour: int, half_day: int, required: float
) -> None:
    past, now = past_of(counts), Sums(quarter, hour, half_day)
    assert past.upper().distance(now, required) == past.distance(now, required)


@given(st.lists(st.integers(0, 9), max_size=80), st.integers(1, 30), st.integers(0, 90), st.integers(1, 4))
def test_windows_are_sums_of_as_many_counts_as_they_are_long(
    counts: list[int], size: int, first: int, every: int
) -> None:
    ends = range(max(first, size - 1), max(len(counts), first, size - 1), every)
    expected = [sum(counts[end + 1 - size : end + 1]) for end in ends if end < len(counts)]
    assert windows(totals_of(counts), size, ends) == expected


def test_sums_are_those_of_the_newest_counts_and_less_is_never_less_than_none() -> None:
    counts = [*range(1, 201)]
    total = [0, *accumulate(counts)]
    sums = Sums(total[-1] - total[-4], total[-1] - total[-13], total[-1] - total[-145])
    assert sums_of(counts) == sums
    assert Sums(3, 20, 90).less(4) == Sums(0, 16, 86)
    assert sums_of([]) == Sums(0, 0, 0)


def test_the_past_does_not_move_within_an_hour() -> None:
    history = pushed([1, 2, 3] * 200)
    lengths = list[int]()
    for _ in range(12):
        history.push(9)
        lengths.append(len(history.past.quarter))
    assert set(lengths) == {600 - 36 - 2}
    history.turn()
    assert len(history.past.quarter) == 600 - 36 - 2 + 12


def test_what_goes_on_now_is_no_part_of_the_past() -> None:
    calm = [1 + n % 3 for n in range(5 * DAY)]
    assert past_of([*calm[:-36], *[90] * 36]) == past_of(calm)
    assert past_of([*calm[:-37], *[90] * 37]) != past_of(calm)


def test_what_lies_longer_back_than_the_fortnight_is_forgotten() -> None:
    counts = [1 + n % 3 for n in range(18 * DAY)]
    span = 14 * DAY + 36
    assert past_of([90, *counts[1:]]) == past_of(counts)
    loud = [*counts[: -span - 1], 90, *counts[-span:]]
    assert past_of(loud).half_day != past_of(counts).half_day
    assert past_of([*counts[: -span - 144], 90, *counts[-span - 143 :]]) == past_of(counts)


def test_an_hour_above_its_threshold_is_news() -> None:
    usual = [3 + n % 2 for n in range(15 * DAY)]
    stood = [stands([*usual, *[each] * 12]) for each in range(3, 30)]
    above = [one for one in stood if one.hour > one.hour_threshold * 1.01]
    assert all(one.beyond >= 1 for one in above)
    assert 5 < len(above) < len(stood)


@pytest.mark.parametrize("scale", [1, 10, 100])
def test_a_rise_stands_out_and_the_same_as_ever_does_not(scale: int) -> None:
    usual = [scale * (1 + n % 3) for n in range(3 * DAY)]
    assert stands(usual).beyond < 1
    assert stands(usual[:-6] + [scale * 30] * 6).beyond > 1


def test_a_brisk_hour_on_a_quiet_day_is_no_news_and_an_outcry_is() -> None:
    """By day ten in a bucket, by night one; it is the end of a night."""
    day, night = [9 + n % 3 for n in range(192)], [1] * 96
    past = (night + day) * 14 + night[:-6]
    assert stands(past + [9] * 6).beyond < 1
    assert stands(past + [60] * 6).beyond >= 1
    assert stands(past + [10] * 6 + day + [20] * 6).beyond >= 1


def test_windows_that_reach_across_a_gap_are_no_part_of_the_past() -> None:
    history = pushed([1] * 4_400)
    history.gap()
    assert history.unbroken == 0
    for _ in range(4_500):
        history.push(1)
    history.turn()
    assert history.unbroken == 4_500
    assert history.distance().beyond == pytest.approx(pushed([1] * 4_500).distance().beyond)
    history.gap()
    for _ in range(40):
        history.push(50)
    assert history.distance().burst > 5


@given(st.integers(37, 400), st.integers(1, 400), st.integers(1, 400))
def test_gaps_leave_as_many_windows_out_as_reach_across_one(before: int, between: int, after: int) -> None:
    history = pushed([1] * before)
    for more in (between, after):
        history.gap()
        for _ in range(more):
            history.push(1)
    history.turn()
    gaps, length = (before, before + between), before + between + after
    across = {end for gap in gaps for end in range(gap, gap + 11)}
    assert len(history.past.hour) == len([end for end in range(11, length - 36) if end not in across])
    assert (history.length, history.unbroken) == (length, after)


def test_a_quiet_past_takes_no_more_room_after_a_year_than_after_a_fortnight() -> None:
    fortnight, year = pushed([1] * 4_500), pushed([1] * 44_500)
    assert size_of(year) <= size_of(fortnight) * 1.2
    assert 2 * size_of(year) < 64_000  # both kinds of wave of a brand


def size_of(thing: object) -> int:
    """Bytes of an object and of all that it holds in slots, tuples and attributes."""
    inner = [getattr(thing, name) for name in getattr(type(thing), "__slots__", ())]
    inner += list(vars(thing).values()) if hasattr(thing, "__dict__") else []
    inner += list(thing) if isinstance(thing, tuple) else []
    return sys.getsizeof(thing) + sum(map(size_of, inner))


def test_a_step_to_a_new_normal_is_learned_within_a_week() -> None:
    history = pushed([2] * (14 * DAY))
    fired = []
    for number in range(1, 7 * DAY + 1):
        history.push(6)
        if number % 12 == 0:
            history.turn()
        fired.append(history.distance().beyond >= 1)
    assert any(fired[:DAY])
    assert not any(fired[-DAY:])


def test_nothing_stands_out_of_no_past() -> None:
    assert past_of([]).distance(Sums(50, 200, 900)).beyond == 0


# All that is remembered: the oldest leave for those that come.
WHOLE = SPAN // BUCKET


drawn = given(
    st.lists(st.integers(0, 9) | st.sampled_from([0, 20]), min_size=600, max_size=900),
    st.lists(st.integers(0, 12) | st.sampled_from([0, 30]), min_size=12, max_size=288),
    st.integers(0, 320) | st.sampled_from([0, 3_400, 3_500, 4_000]),
)


@settings(max_examples=300)
@drawn
def test_nothing_is_farther_beyond_the_usual_later_than_was_told_whatever_came_between(
    before: list[int], since: list[int], calm: int
) -> None:
    is_never_farther(before, since, calm)


@pytest.mark.soak
@settings(max_examples=3_000)
@drawn
def test_nothing_is_farther_beyond_the_usual_however_long_one_looks(
    before: list[int], since: list[int], calm: int
) -> None:
    is_never_farther(before, since, calm)


def is_never_farther(before: list[int], since: list[int], calm: int) -> None:
    whole = [*([1] * calm), *before]
    later = [*whole, *since]
    known, full = upper_past_of(totals_of(whole[-WHOLE:])).surely, len(later) - len(since) % 12
    standing = past_of(later[:full][-WHOLE:]).distance(sums_of(later))
    assert standing.beyond <= known.beyond(newest(later))


def newest(counts: list[int]) -> Callable[[timedelta], list[int]]:
    """Counts of so much time up to the last."""
    return lambda window: counts[-(window // BUCKET) :]


ORDINARY = [n % 7 for n in range(17 * DAY)]


@pytest.mark.parametrize(
    ("last", "most"), [([2] + [3] * 8 + [5] * 3, 0), ([3] * 9 + [20] * 3, math.inf), ([4] * 12, math.inf)]
)
def test_an_ordinary_hour_is_surely_usual_and_of_an_outcry_nothing_is_sure(last: list[int], most: float) -> None:
    known = upper_past_of(totals_of(ORDINARY)).surely
    assert known.beyond(newest([*ORDINARY, *last])) == most


@pytest.mark.parametrize(
    ("quarter", "hour", "half_day", "most"),
    [
        (20, 50, 5_000, 0),
        (60, 60, 400, 1 / 2.4),
        (20, 150, 400, 1 / 2.4),
        (60, 60, 900, 2 / 2.4),
        (60, 60, 5_000, 3 / 2.4),
        (61, 61, 400, math.inf),
        (20, 151, 400, math.inf),
    ],
)
def test_a_burst_is_at_most_what_it_and_its_day_come_to(quarter: int, hour: int, half_day: int, most: float) -> None:
    known = Surely(Least(20, 60), Least(50, 150), Least(400, 900))
    counts = newest([half_day - hour, *[0] * 131, hour - quarter, *[0] * 10, quarter])
    assert known.beyond(counts) == pytest.approx(most)


def test_of_no_past_nothing_is_sure() -> None:
    assert upper_past_of(totals_of([])).surely.beyond(newest([0] * 144)) == math.inf


@pytest.mark.parametrize(
    ("length", "sure"),
    [(WHOLE - DAY, True), (WHOLE - DAY + 1, False), (WHOLE - 1, False), (WHOLE, True)],
)
def test_nothing_is_sure_of_half_days_on_the_day_on_which_the_fortnight_fills_up(length: int, *, sure: bool) -> None:
    """Until then one in three is remembered as counted from the first bucket, and then as from the oldest kept."""
    surely = upper_past_of(totals_of(ORDINARY[:length])).surely
    assert (surely.half_day != UNSURE) is sure
    assert UNSURE not in {surely.quarter, surely.hour}
