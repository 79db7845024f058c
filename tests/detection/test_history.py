"""A fortnight of counts in constant memory: the same whether taken in one by one or all at once."""

from __future__ import annotations

import sys
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detection.history import BUSY, EXTREME, FAR, HALF_HOUR, HOUR, NEWEST, REFERENCE, SHIFT, History
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
    return (history.length, history.hour, history.distance())


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

    def window(length: timedelta, end: int) -> int | None:
        size = max(round(length / step), 1)
        return sum(counts[end - size + 1 : end + 1]) if end >= size - 1 else None

    def past(length: timedelta, every: int = 1) -> list[int]:
        last = len(counts) - 1 - max(round(NEWEST / step), 1)
        ends = range(max(last - round(REFERENCE / step) + 1, 0), last + 1)
        sums = (window(length, end) for end in ends if end % every == 0)
        return sorted(code(total) for total in sums if total is not None)

    def now(length: timedelta) -> int:
        return code(sum(counts[-max(round(length / step), 1) :]))

    def beyond(length: timedelta) -> float:
        codes = past(length)
        above = codes[min(int(EXTREME * len(codes)), len(codes) - 1) :] or [0]
        unit = max(0.6 * (sum(above) / len(above) - above[0]), 480.0)
        return (now(length) - above[0]) / unit

    distance, shifts = min(beyond(HALF_HOUR), beyond(HOUR)), past(SHIFT, max(round(HALF_HOUR / step), 1))
    usual = shifts[min(int(BUSY * len(shifts)), len(shifts) - 1)] if shifts else 0
    return distance if distance < 0 or now(SHIFT) > usual else distance / FAR


@settings(max_examples=60)
@given(COUNTS, STEPS)
def test_the_distance_is_that_of_an_obvious_reference(counts: list[int], step: timedelta) -> None:
    assert History(step, counts).distance().beyond == pytest.approx(slow(counts, step))


def test_from_its_threshold_on_an_hour_is_beyond_the_extremes_and_below_it_is_not() -> None:
    usual = [3 + n % 2 for n in range(15 * 288)]
    threshold = round(History(counts=usual).distance().threshold)
    for total, news in ((threshold + 1, True), (threshold - 2, False)):
        hour = [0] * 6 + [total // 6] * 5 + [total - total // 6 * 5]
        assert (History(counts=usual[:-12] + hour).distance().beyond >= 1) is news


def test_an_hour_of_brisk_talk_in_a_quiet_shift_is_no_news_and_an_outcry_in_it_is() -> None:
    """By day ten in a bucket, by night one; it is the end of a night."""
    day, night = [9 + n % 3 for n in range(192)], [1] * 96
    past = (night + day) * 14 + night[:-6]
    assert 0 < History(counts=past + [30] * 6).distance().beyond < 1
    assert History(counts=past + [90] * 6).distance().beyond >= 1
    assert History(counts=past + day + [30] * 6).distance().beyond >= 1


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
    assert any(fired[: 2 * 12])
    assert not any(fired[2 * 288 :])
