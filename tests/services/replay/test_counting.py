"""Counts of the past judged as the present is."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detection.waking import Sensitivity, Waking
from services.replay.count_files import Counts
from services.replay.counting import Judged, replay_counts

STEP, DAY = timedelta(minutes=5), timedelta(days=1)
A_DAY = DAY // STEP
BEGIN = datetime(2026, 3, 2, tzinfo=UTC)


def counts(values: Sequence[int], step: timedelta = STEP, *, at: Callable[[int], int] = lambda n: n) -> Counts:
    return Counts(step, [(BEGIN + at(n) * step, value) for n, value in enumerate(values)], len(values), ())


def ordinary(days: float, mean: float, seed: int = 1) -> list[int]:
    """Talk with a rhythm of the day."""
    rng = random.Random(seed)  # noqa: S311  # traffic, not secrets
    return [
        sum(rng.random() < mean * (1.6 if 96 <= n % A_DAY < 264 else 0.2) / 20 for _ in range(20))
        for n in range(round(days * A_DAY))
    ]


def alarms(judged: Sequence[Judged]) -> list[Judged]:
    return [one for one in judged if one.waking is Waking.ALARM]


def test_an_outcry_raises_one_alarm_within_the_half_hour_and_says_why() -> None:
    values = ordinary(10, 3)
    begin = 9 * A_DAY + 100
    values[begin : begin + 24] = [n + 30 for n in values[begin : begin + 24]]
    (alarm,) = alarms([*replay_counts(counts(values))])
    assert BEGIN + begin * STEP < alarm.at <= BEGIN + (begin + 6) * STEP
    assert alarm.observed > 3 * (alarm.expected or 0) > 0
    assert alarm.observed > alarm.threshold
    assert alarm.sentence.startswith(f"{alarm.observed} mentions in the last quarter of an hour; usually about ")


def test_ordinary_talk_raises_hardly_an_alarm_a_month() -> None:
    assert sum(len(alarms([*replay_counts(counts(ordinary(28, 3, seed)))])) for seed in range(3)) <= 3


def test_on_the_first_day_nothing_is_an_alarm_and_what_stands_out_is_held_as_still_learning() -> None:
    judged = [*replay_counts(counts([0] * 100 + [50] * 12 + [0] * 100))]
    assert not alarms(judged)
    assert Waking.STILL_LEARNING in {one.waking for one in judged}
    assert judged[111].sentence == "600 mentions in the last hour; what is usual at this time is not known yet."


def test_what_goes_on_is_part_of_the_last_alarm_for_a_day() -> None:
    values = ordinary(12, 3)
    begin = 9 * A_DAY
    values[begin : begin + A_DAY // 2] = [60] * (A_DAY // 2)
    judged = [*replay_counts(counts(values))]
    assert len(alarms(judged)) == 1
    assert Waking.SAME_WAVE in {one.waking for one in judged}


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 200), min_size=2, max_size=900), st.data())
def test_nothing_that_comes_later_changes_what_was_decided(values: list[int], data: st.DataObject) -> None:
    until = data.draw(st.integers(1, len(values)))
    assert [*replay_counts(counts(values))][:until] == [*replay_counts(counts(values[:until]))]


def test_what_came_before_a_gap_is_not_told_as_if_it_were_the_last_hour() -> None:
    """An outcry, then three days without counts, then ordinary talk as ever."""
    values = ordinary(9, 3)
    values += [60] * 5
    quiet = ordinary(2, 3, seed=2)
    end = len(values)
    judged = [*replay_counts(counts(values + quiet, at=lambda n: n if n < end else n + 3 * A_DAY))]
    after = judged[end:]
    assert {one.waking for one in after[:11]} == {Waking.NOT_KNOWN}
    assert not alarms(after)
    assert all(one.observed < 200 for one in after[12:])
    assert (after[12].expected or 0) < 100


def test_a_gap_in_ordinary_talk_makes_nothing_loud_or_quiet() -> None:
    values = ordinary(12, 3)
    gone = counts(values, at=lambda n: n if n < 6 * A_DAY else n + A_DAY)
    assert len(alarms([*replay_counts(gone)])) <= len(alarms([*replay_counts(counts(values))]))


@pytest.mark.parametrize("step", [timedelta(minutes=1), timedelta(minutes=15), timedelta(hours=1)])
def test_counts_of_any_step_are_judged_by_time_not_by_rows(step: timedelta) -> None:
    usual = round(12 * step / STEP)
    values = [usual] * round(10 * DAY / step)
    begin = round(9 * DAY / step)
    hours = max(round(timedelta(hours=3) / step), 1)
    values[begin : begin + hours] = [usual * 20] * hours
    (alarm,) = alarms([*replay_counts(counts(values, step))])
    assert BEGIN + 9 * DAY < alarm.at <= BEGIN + 9 * DAY + timedelta(hours=1)


def test_the_more_sensitive_raises_no_fewer_alarms() -> None:
    values = ordinary(28, 1, seed=5)
    told = {each: len(alarms([*replay_counts(counts(values), each)])) for each in Sensitivity}
    assert told[Sensitivity.LOW] <= told[Sensitivity.NORMAL] <= told[Sensitivity.HIGH]
