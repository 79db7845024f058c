from __future__ import annotations

import math
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as some

from detection.silence import HOUR, LEARNED, HeardHour, Hearing, judge_silence

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
DAY = 24
Rate = Callable[[datetime], float]


def hourly(at: datetime) -> float:
    return 1.5 if 7 <= at.hour < 22 else 0.1


def office(at: datetime) -> float:
    return 3.0 if at.weekday() < 5 and 8 <= at.hour < 18 else 0.0


def seldom(_at: datetime) -> float:
    return 1 / 168


def never(_at: datetime) -> float:
    return 0.0


def heard(rate: Rate, hours: int, seed: int = 1) -> list[HeardHour]:
    """Posts at random, so many in an hour on average."""
    rng = random.Random(seed)  # noqa: S311  # traffic, not secrets
    starts = [MONDAY + n * HOUR for n in range(hours)]
    return [HeardHour(start, _poisson(rng, rate(start))) for start in starts]


def _poisson(rng: random.Random, mean: float) -> int:
    count, left = 0, math.exp(-mean)
    chance = rng.random()
    while chance > left:
        chance *= rng.random()
        count += 1
    return count


def then_nothing(before: list[HeardHour], hours: int) -> list[HeardHour]:
    end = before[-1].start + HOUR
    return [*before, *(HeardHour(end + n * HOUR, 0) for n in range(hours))]


def judged(hours: list[HeardHour]) -> Hearing:
    return judge_silence(hours, hours[-1].start + HOUR).reason


def until(*, weeks: int, weekday: int, hour: int) -> int:
    """Hours from the first Monday to an hour of a later week."""
    return (weeks * 7 + weekday) * DAY + hour


@pytest.mark.parametrize(
    ("rate", "heard_for", "silent_for", "reason"),
    [
        (hourly, until(weeks=4, weekday=2, hour=15), 0, Hearing.SPEAKING),
        (hourly, until(weeks=4, weekday=2, hour=15), 4, Hearing.USUAL_PAUSE),
        (hourly, until(weeks=4, weekday=2, hour=8), 24, Hearing.SILENT),
        (hourly, until(weeks=4, weekday=2, hour=22), 9, Hearing.USUAL_PAUSE),
        (hourly, until(weeks=0, weekday=5, hour=15), 48, Hearing.STILL_LEARNING),
        (office, until(weeks=4, weekday=4, hour=18), 62, Hearing.USUAL_PAUSE),
        (office, until(weeks=4, weekday=1, hour=12), 24, Hearing.SILENT),
        (seldom, until(weeks=4, weekday=2, hour=15), 14 * DAY, Hearing.SELDOM_SPEAKS),
        (never, until(weeks=4, weekday=2, hour=15), DAY, Hearing.SELDOM_SPEAKS),
        (never, 5, 0, Hearing.STILL_LEARNING),
    ],
)
def test_only_a_pause_that_its_rhythm_does_not_know_is_silence(
    rate: Rate, heard_for: int, silent_for: int, reason: Hearing
) -> None:
    assert judged(_ending_in_a_post(heard(rate, heard_for), silent_for)) is reason


def _ending_in_a_post(hours: list[HeardHour], silent_for: int) -> list[HeardHour]:
    if any(hour.posts for hour in hours) and not silent_for:
        hours = [*hours[:-1], HeardHour(hours[-1].start, 1)]
    return then_nothing(hours, silent_for)


def test_the_sentence_names_how_long_and_what_usually_comes() -> None:
    silence = judge_silence(then_nothing(heard(lambda _: 2.0, 21 * DAY), 26), MONDAY + (21 * DAY + 26) * HOUR)
    assert silence.silent
    assert silence.sentence.startswith("Nothing new in 1 d 2 h of listening; about 5")
    assert silence.since == MONDAY + 21 * DAY * HOUR
    assert silence.missed > silence.needed


def test_time_in_which_it_was_not_asked_is_no_silence() -> None:
    before = heard(hourly, until(weeks=4, weekday=2, hour=8))
    woken = before[-1].start + 3 * DAY * HOUR
    assert judged([*before, HeardHour(woken, 0)]) is Hearing.USUAL_PAUSE


def test_what_lies_between_two_visits_was_listened_to_by_the_later_one() -> None:
    before = heard(hourly, until(weeks=4, weekday=2, hour=8))
    visits = [HeardHour(before[-1].start + n * 6 * HOUR, 0) for n in range(1, 6)]
    now = visits[-1].start + HOUR
    assert judge_silence([*before, *visits], now, interval=6 * HOUR).hours == 30
    assert judge_silence([*before, *visits], now).hours == 5


def test_an_hour_that_is_not_over_counts_only_for_what_was_said_in_it() -> None:
    before = heard(lambda _: 30.0, 21 * DAY)
    now = before[-1].start + 3.5 * HOUR
    assert judge_silence(then_nothing(before, 3), now).hours == 2
    assert judge_silence([*before, HeardHour(now - HOUR / 2, 1)], now).reason is Hearing.SPEAKING


def test_a_source_that_speaks_in_bursts_is_given_longer_pauses_than_one_that_speaks_evenly() -> None:
    even = heard(lambda at: float(at.hour % 8 == 0), 28 * DAY)
    burst = [HeardHour(hour.start, 21 if at % (7 * DAY) == 5 * DAY else 0) for at, hour in enumerate(even)]
    spread = [HeardHour(hour.start, 1 if at % 8 == 5 else 0) for at, hour in enumerate(even)]
    assert judged(then_nothing(spread, 4 * DAY)) is Hearing.SILENT
    assert judged(then_nothing(burst, 4 * DAY)) is not Hearing.SILENT


def test_a_year_of_ordinary_talk_raises_next_to_no_alarm() -> None:
    hours = heard(hourly, 120 * DAY, seed=7)
    alarms = [
        at
        for at in range(LEARNED + DAY, len(hours), 3)
        if not hours[at - 1].posts and judged(hours[max(0, at - 35 * DAY) : at]) is Hearing.SILENT
    ]
    assert alarms == []


@limits(max_examples=60, deadline=None)
@given(some.lists(some.integers(0, 40), min_size=1, max_size=400), some.integers(0, 100), some.randoms())
def test_it_answers_whatever_was_heard_in_whatever_order_and_more_silence_never_ends_one(
    posts: list[int], longer: int, rng: random.Random
) -> None:
    hours = [HeardHour(MONDAY + n * HOUR, count) for n, count in enumerate(posts)]
    first = judge_silence(hours, hours[-1].start + HOUR)
    rng.shuffle(hours)
    end = max(hour.start for hour in hours)
    assert judge_silence(hours, end + HOUR) == first
    more = sorted(hours, key=lambda hour: hour.start)
    assert not first.silent or judged(then_nothing(more, longer)) is Hearing.SILENT
    assert not first.silent or sum(posts) > 0
    assert timedelta(0) <= first.hours * HOUR <= len(posts) * HOUR
