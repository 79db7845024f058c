"""What signals must survive: traffic of days, judged bucket by bucket."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from detection.buckets import BUCKET
from detection.planned import PlannedEvent
from detection.signal import Reason, Verdict
from detection.view import Said
from sentiment.score import Label
from tests.detection.views import (
    DAY,
    HOUR,
    NEUTRAL,
    POSITIVE,
    Talk,
    burst,
    complaints,
    day_and_night,
    fired,
    judged,
    ordinary,
    posts,
    weekly,
)
from tests.installations import NOON
from tests.seeds import seeds

NEGATIVE_WAVE, VOLUME_WAVE, REPOST_WAVE = "negative_wave", "volume_wave", "repost_wave"
MONDAY = NOON.replace(day=9, hour=0)


def talk(
    seed: int,
    per_day: float,
    *,
    days: float = 21,
    until: datetime = NOON,
    rhythm: Callable[[datetime], float] = day_and_night,
) -> list[Said]:
    """So many mentions a day, of which a sixth each is complaint and praise."""
    sixth = per_day / 6
    return [
        *complaints(ordinary(seed, per_day=sixth, days=days, until=until, rhythm=rhythm)),
        *posts(ordinary(seed + 100, per_day=sixth, days=days, until=until, rhythm=rhythm), POSITIVE),
        *posts(ordinary(seed + 200, per_day=4 * sixth, days=days, until=until, rhythm=rhythm)),
    ]


def kinds_of(heard: Talk, since: datetime, until: datetime) -> set[str]:
    return {signal.kind for signal in fired(heard, since, until)}


def without(said: list[Said], since: datetime, until: datetime) -> list[Said]:
    return [one for one in said if not since <= one.at < until]


@pytest.mark.parametrize("seed", seeds(2, 6))
@pytest.mark.parametrize("per_day", [3, 30, 300, 3_000])
def test_a_first_poll_that_brings_weeks_of_history_is_no_alarm(seed: int, per_day: int) -> None:
    """The newest three hours are judged then, each as of when it was."""
    assert fired(Talk(talk(seed, per_day)), NOON - 3 * HOUR, NOON) == []


def test_a_crisis_that_is_over_when_a_first_poll_brings_it_is_no_alarm_and_one_that_goes_on_is() -> None:
    history = talk(1, 300)
    over = Talk([*history, *complaints(burst(200, minutes=120, until=NOON - 2 * DAY))])
    assert kinds_of(over, NOON - 3 * HOUR, NOON) == set()
    goes_on = Talk([*history, *complaints(burst(200, minutes=120))])
    assert NEGATIVE_WAVE in kinds_of(goes_on, NOON - 3 * HOUR, NOON)


@pytest.mark.parametrize("seed", seeds(2, 6))
@pytest.mark.parametrize("per_day", [30, 300, 1_500])
def test_a_source_that_was_down_for_three_hours_and_catches_up_is_no_alarm(seed: int, per_day: int) -> None:
    """What was missed is judged as of when it was published, as if the source had not been away."""
    whole = talk(seed, per_day, until=NOON + 3 * HOUR)
    deaf = Talk(without(whole, NOON - 3 * HOUR, NOON))
    assert fired(deaf, NOON - 3 * HOUR, NOON) == []
    assert fired(Talk(whole), NOON - 3 * HOUR, NOON + 3 * HOUR) == []


def test_three_hours_that_stay_missing_are_no_alarm_and_make_none_of_what_follows() -> None:
    heard = without(talk(4, 300, until=NOON + 12 * HOUR), NOON - 3 * HOUR, NOON)
    assert fired(Talk(heard), NOON - 3 * HOUR, NOON + 12 * HOUR) == []


def test_a_crisis_in_hours_that_were_missed_is_found_when_they_are_brought() -> None:
    crisis = complaints(burst(60, minutes=60, until=NOON - HOUR))
    found = fired(Talk([*talk(2, 300), *crisis]), NOON - 3 * HOUR, NOON)
    assert found[0].kind == NEGATIVE_WAVE
    assert NOON - 2 * HOUR < found[0].at < NOON - 1.5 * HOUR


@pytest.mark.parametrize("seed", range(2))
def test_a_brand_with_two_mentions_a_week_is_never_an_alarm_until_many_complain(seed: int) -> None:
    heard = talk(seed, 2 / 7, days=40)
    assert fired(Talk(heard), NOON - 14 * DAY, NOON) == []
    assert kinds_of(Talk([*heard, *complaints(burst(9))]), NOON - HOUR, NOON) == {NEGATIVE_WAVE}


@pytest.mark.parametrize("hour", [0, 9, 20])
@pytest.mark.parametrize("per_day", [30, 300, 1_000])
def test_a_brand_added_today_is_no_alarm_on_its_first_day(per_day: int, hour: int) -> None:
    added = NOON.replace(hour=hour)
    heard = talk(1, per_day, days=1, until=added + DAY)
    assert fired(Talk(heard, since=added), added, added + DAY) == []


def test_a_crisis_of_a_brand_added_today_is_found_where_it_is_an_outcry_by_many() -> None:
    added = NOON - 5 * HOUR
    heard = talk(1, 300, days=5 / 24)
    found = fired(Talk([*heard, *complaints(burst(60))], since=added), added, NOON)
    assert {signal.kind for signal in found} == {NEGATIVE_WAVE}
    assert all(signal.learning for signal in found)
    few = Talk([*heard, *complaints(burst(60), authors=9)], since=added)
    assert fired(few, added, NOON) == []


LAUNCH = PlannedEvent("launch", NOON - 3 * HOUR, NOON + 3 * HOUR, expect=10)


def launched(*, per_day: int = 1_200) -> list[Said]:
    """Ten times as much talk as ever while the launch lasts."""
    more = (talk(50 + n, per_day, days=0.25, until=LAUNCH.end) for n in range(9))
    return [*talk(3, per_day, until=NOON + 28 * HOUR), *(one for some in more for one in some)]


@pytest.mark.parametrize("per_day", [1_200, 4_000])
def test_a_planned_launch_is_no_alarm_and_the_same_unplanned_is_one(per_day: int) -> None:
    heard = launched(per_day=per_day)
    assert fired(Talk(heard, events=[LAUNCH]), LAUNCH.start, LAUNCH.end + 4 * HOUR) == []
    assert VOLUME_WAVE in kinds_of(Talk(heard), LAUNCH.start, NOON)


@pytest.mark.parametrize("retold", [None, 2])
def test_a_crisis_in_a_planned_launch_is_found(retold: int | None) -> None:
    """Some of what is told of it may be one story: what is left counts as much as everything does that day."""
    crisis = [*complaints(burst(600, minutes=50, until=NOON + HOUR))]
    if retold:
        crisis += complaints(burst(300, minutes=50, until=NOON + HOUR), stories=1)
    found = fired(Talk([*launched(), *crisis], events=[LAUNCH]), NOON, NOON + HOUR)
    assert found[0].kind == NEGATIVE_WAVE
    assert {signal.reason for signal in found if signal.kind == NEGATIVE_WAVE} == {Reason.ABOVE_BASELINE}
    assert found[-1].at == NOON + HOUR


def test_a_planned_launch_raises_no_line_that_the_next_trouble_is_judged_by() -> None:
    trouble = complaints(burst(45, minutes=60, until=NOON + 27 * HOUR))
    launch, day = [*launched(), *trouble], (NOON + 26 * HOUR, NOON + 27 * HOUR)
    ordinary_days = [*talk(3, 1_200, until=NOON + 28 * HOUR), *trouble]
    found = [signal.at for signal in fired(Talk(launch, events=[LAUNCH]), *day)]
    assert found
    assert found == [signal.at for signal in fired(Talk(ordinary_days), *day)]
    assert fired(Talk(launch), *day) == []


def test_one_authors_flood_wakes_nobody_and_says_whose_it_is() -> None:
    flood = complaints(burst(400, minutes=120, until=NOON + 2 * HOUR), authors=1)
    signals = list(judged(Talk([*talk(5, 300, until=NOON + 4 * HOUR), *flood]), NOON, NOON + 4 * HOUR))
    assert [signal for signal in signals if signal.verdict is Verdict.FIRED] == []
    held = [signal for signal in signals if signal.kind == NEGATIVE_WAVE and signal.verdict is Verdict.HELD]
    assert {signal.reason.value for signal in held} == {"one_loud_author"}


def test_a_crisis_beside_one_authors_flood_is_found() -> None:
    flood = complaints(burst(400, minutes=120, until=NOON + 2 * HOUR), authors=1)
    crisis = complaints(burst(600, minutes=60, until=NOON + 2 * HOUR))
    heard = Talk([*talk(5, 300, until=NOON + 2 * HOUR), *flood, *crisis])
    assert NEGATIVE_WAVE in kinds_of(heard, NOON, NOON + 2 * HOUR)


@pytest.mark.parametrize("tone", [Label.NEGATIVE, NEUTRAL])
@pytest.mark.parametrize("per_day", [30, 1_200])
def test_one_text_reposted_5000_times_is_one_wave_of_that_kind(per_day: int, tone: Label) -> None:
    """It is told faster and faster for two hours, and then no more."""
    end = NOON + 2 * HOUR
    reposts = posts([NOON + 2 * HOUR * (n / 5_000) ** 0.5 for n in range(5_000)], tone, stories=1)
    heard = Talk([*talk(6, per_day, until=end + HOUR), *reposts])
    assert kinds_of(heard, NOON, end + HOUR) == {REPOST_WAVE}


@pytest.mark.parametrize("seed", seeds(2, 6))
@pytest.mark.parametrize("per_day", [60, 600])
def test_the_rise_of_a_morning_and_of_a_monday_is_no_alarm(per_day: int, seed: int) -> None:
    heard = Talk(talk(seed, per_day, days=28, until=MONDAY + DAY, rhythm=weekly))
    assert fired(heard, MONDAY - 6 * HOUR, MONDAY + 16 * HOUR) == []


@pytest.mark.parametrize("times", [3, 6])
def test_a_step_to_a_new_normal_is_an_alarm_and_is_learned_within_a_week(times: int) -> None:
    after = (talk(40 + n, 600, days=7, until=NOON + 7 * DAY) for n in range(times))
    heard = Talk([*talk(1, 600), *(one for some in after for one in some)])
    assert fired(heard, NOON, NOON + 4 * HOUR) != []
    assert fired(heard, NOON + 6.5 * DAY, NOON + 7 * DAY) == []


@pytest.mark.parametrize("back", [BUCKET, HOUR, DAY])
def test_a_clock_that_goes_back_sees_the_past_as_it_was(back: timedelta) -> None:
    """What is ahead of it then, a crisis even, is nothing that it knows of."""
    heard = talk(2, 300, until=NOON + 2 * DAY)
    crisis = complaints(burst(80, until=NOON + 2 * DAY))
    then = NOON + 2 * DAY - 2 * HOUR - back
    seen, known = Talk([*heard, *crisis]), Talk([one for one in heard if one.at < then])
    assert list(judged(seen, then - 3 * HOUR, then)) == list(judged(known, then - 3 * HOUR, then))


def test_a_clock_that_goes_back_before_anything_was_heard_sees_nothing() -> None:
    heard = Talk([*talk(2, 300, days=2), *complaints(burst(80))])
    assert list(judged(heard, NOON - 30 * DAY, NOON - 29.5 * DAY)) == []


@pytest.mark.parametrize("ahead", [HOUR, 3 * HOUR, DAY])
def test_a_clock_that_went_ahead_leaves_hours_without_talk_that_make_no_alarm(ahead: timedelta) -> None:
    """Nothing is heard while it is ahead; when it is right again nothing more than ever comes."""
    whole = talk(3, 300, until=NOON + 2 * DAY)
    heard = Talk(without(whole, NOON, NOON + ahead))
    assert fired(heard, NOON, NOON + ahead + 8 * HOUR) == []
