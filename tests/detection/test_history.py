"""A fortnight of counts in constant memory: the same whether taken in one by one or all at once."""

from __future__ import annotations

import math
import sys
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detection.history import HALF_DAY, HOUR, NEWEST, QUARTER, REFERENCE, History
from detection.tails import code

COUNTS = st.lists(st.integers(0, 10**7) | st.integers(0, 3), min_size=1, max_size=600)
# With such long buckets the fortnight, too, is reached and left within a few hundred of them.
STEPS = st.sampled_from([timedelta(minutes=5), timedelta(hours=1), timedelta(hours=3)])


def pushed(counts: list[int], step: timedelta) -> History:
    history = History(step)
    for count in counts:
        history.push(count)
    return history


def told(history: History) -> tuple[object, ...]:
    return (history.length, history.distance())


@given(COUNTS, COUNTS, STEPS)
def test_counts_taken_in_at_once_are_as_if_they_came_one_by_one(
    before: list[int], after: list[int], step: timedelta
) -> None:
    one_by_one, at_once = pushed(before, step), History(step, before)
    assert told(at_once) == told(one_by_one)
    for count in after:
        one_by_one.push(count)
        at_once.push(count)
        assert told(at_once) == told(one_by_one)


def slow(counts: list[int], step: timedelta) -> float:
    """What the page of the rule says, word by word."""

    def size(length: timedelta) -> int:
        return max(round(length / step), 1)

    def loudness(length: timedelta, every: int = 1) -> float:
        last = len(counts) - 1 - size(NEWEST)
        ends = range(max(last - round(REFERENCE / step) + 1, 0), last + 1)
        whole = [end for end in ends if end % every == 0 and end >= size(length) - 1]
        past = sorted(code(sum(counts[end - size(length) + 1 : end + 1])) for end in whole)
        if not past:
            return 0.0
        now = code(sum(counts[-size(length) :]))
        line, far = (past[min(int((1 - share) * len(past)), len(past) - 1)] for share in (0.02, 0.02 / math.e))
        if now > line:
            return (now - line) / max(far - line, 290)
        return min(-math.log(max(sum(one >= now for one in past) / len(past), 0.02) / 0.02), 0.0)

    burst = max(loudness(QUARTER), loudness(HOUR))
    return (burst + max(loudness(HALF_DAY, every=size(QUARTER)), -2.0)) / 2 / 1.2


@settings(max_examples=60)
@given(COUNTS, STEPS)
def test_the_distance_is_that_of_an_obvious_reference(counts: list[int], step: timedelta) -> None:
    assert History(step, counts).distance().beyond == pytest.approx(slow(counts, step))


def test_an_hour_above_its_threshold_is_news() -> None:
    usual = [3 + n % 2 for n in range(15 * 288)]
    stood = [History(counts=[*usual, *[each] * 12]).distance() for each in range(3, 30)]
    above = [one.hour > one.hour_threshold * 1.01 for one in stood]
    assert [one.beyond >= 1 for one in stood if one.hour > one.hour_threshold * 1.01] == [True] * sum(above)
    assert 5 < sum(above) < len(stood)


def test_a_brisk_hour_on_a_quiet_day_is_no_news_and_an_outcry_is() -> None:
    """By day ten in a bucket, by night one; it is the end of a night."""
    day, night = [9 + n % 3 for n in range(192)], [1] * 96
    past = (night + day) * 14 + night[:-6]
    assert History(counts=past + [9] * 6).distance().beyond < 1
    assert History(counts=past + [60] * 6).distance().beyond >= 1
    assert History(counts=past + [10] * 6 + day + [20] * 6).distance().beyond >= 1


def test_windows_that_reach_across_a_gap_are_no_part_of_the_past() -> None:
    history = History(counts=[1] * 4_400)
    history.gap()
    assert history.unbroken == 0
    for _ in range(4_500):
        history.push(1)
    whole = History(counts=[1] * 4_500)
    assert history.unbroken == 4_500
    assert history.distance().beyond == pytest.approx(whole.distance().beyond)
    history.gap()
    for _ in range(40):
        history.push(50)
    assert history.distance().burst > 5


def test_a_quiet_past_takes_no_more_room_after_a_year_than_after_a_fortnight() -> None:
    fortnight, year = History(counts=[1] * 4_500), History(counts=[1] * 4_500)
    for _ in range(40_000):
        year.push(1)
    assert size_of(year) <= size_of(fortnight) * 1.2
    assert 2 * size_of(year) < 64_000  # both kinds of wave of a brand


def size_of(thing: object) -> int:
    """Bytes of an object and of all that it holds in slots, tuples and attributes."""
    inner = [getattr(thing, name) for name in getattr(type(thing), "__slots__", ())]
    inner += list(vars(thing).values()) if hasattr(thing, "__dict__") else []
    inner += list(thing) if isinstance(thing, tuple) else []
    return sys.getsizeof(thing) + sum(map(size_of, inner))


def test_a_step_to_a_new_normal_is_learned_within_a_week() -> None:
    history = History(counts=[2] * (14 * 288))
    fired = []
    for _ in range(7 * 288):
        history.push(6)
        fired.append(history.distance().beyond >= 1)
    assert any(fired[:288])
    assert not any(fired[-288:])
