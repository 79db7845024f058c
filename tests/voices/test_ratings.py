from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.installations import NOON
from voices.ratings import Rated, Scale, periods, summarise, trend

STARS, NPS, EFFORT = Scale("stars", 1, 5), Scale("nps", 0, 10), Scale("ces", 7, 1)
DAY = timedelta(days=1)


def rated(scale: Scale, value: float, mentions: int = 1, scored: int = 0, negative: int = 0) -> Rated:
    return Rated(scale, value, mentions, scored, negative)


def test_stars_are_a_bar_for_each_and_their_mean_beside_the_tone_of_the_same_texts() -> None:
    (found,) = summarise([rated(STARS, 1, 3, scored=2, negative=1), rated(STARS, 5, 1, scored=2)])
    assert [(bar.worse, bar.mentions) for bar in found.bars] == [(1, 3), (2, 0), (3, 0), (4, 0), (5, 1)]
    assert (found.mentions, found.estimate.value, found.negative_share) == (4, 2, 0.25)


def test_an_nps_scale_has_a_score_where_six_detracts_and_nine_promotes() -> None:
    (found,) = summarise([rated(NPS, value) for value in (6, 7, 8, 9)])
    assert (found.estimate.value, len(found.bars)) == (0, 11)
    (promoters,) = summarise([rated(NPS, 9), rated(NPS, 10)])
    assert promoters.estimate.value == 100


def test_an_nps_question_on_another_scale_has_a_mean() -> None:
    (found,) = summarise([rated(Scale("nps", 1, 7), 6), rated(Scale("nps", 1, 7), 7)])
    assert found.estimate.value == 6.5


def test_bars_go_from_worst_to_best_also_where_little_is_good() -> None:
    (found,) = summarise([rated(EFFORT, 7, 2), rated(EFFORT, 1, 5)])
    assert [bar.mentions for bar in found.bars] == [2, 0, 0, 0, 0, 0, 5]
    assert (found.bars[0].worse, found.bars[-1].worse) == (7, 1)


@given(some.lists(some.floats(0, 100), min_size=1, max_size=30))
def test_a_fine_scale_has_ten_bars_that_lose_nobody(values: list[float]) -> None:
    (found,) = summarise([rated(Scale("csat", 0, 100), value) for value in values])
    assert len(found.bars) == 10
    assert sum(bar.mentions for bar in found.bars) == found.mentions == len(values)


def test_scales_are_kept_apart_the_most_used_first() -> None:
    found = summarise([rated(STARS, 4), rated(NPS, 4, 2), rated(Scale("stars", 1, 10), 4)])
    assert [one.scale for one in found] == [NPS, STARS, Scale("stars", 1, 10)]


def test_a_trend_has_a_point_for_each_period_empty_ones_too() -> None:
    times = [(NOON - 2 * DAY, NOON - DAY), (NOON - DAY, NOON)]
    points = trend(STARS, times, [[rated(NPS, 3)], [rated(STARS, 2), rated(NPS, 3)]])
    assert [point.since for point in points] == [NOON - 2 * DAY, NOON - DAY]
    assert points[0].ratings is None
    assert points[1].ratings
    assert points[1].ratings.estimate.value == 2


@pytest.mark.parametrize(
    ("days", "count", "first"),
    [
        (0.25, 7, datetime(2026, 2, 26, tzinfo=UTC)),
        (1, 7, datetime(2026, 2, 26, tzinfo=UTC)),
        (14, 15, datetime(2026, 2, 18, tzinfo=UTC)),
        (60, 10, datetime(2025, 12, 29, tzinfo=UTC)),  # a Monday
    ],
)
def test_periods_are_a_week_of_days_at_least_and_weeks_where_there_are_many(
    days: float, count: int, first: datetime
) -> None:
    found = periods(NOON - days * DAY, NOON, ZoneInfo("UTC"))
    assert (len(found), found[0][0], found[-1][1]) == (count, first, NOON)
    assert [since for since, _ in found[1:]] == [until for _, until in found[:-1]]


def test_a_day_is_one_of_the_team_also_when_its_clocks_change() -> None:
    noon = datetime(2026, 3, 30, 12, tzinfo=UTC)
    found = periods(noon - DAY, noon, ZoneInfo("Europe/Madrid"))
    assert [until - since for since, until in found[-3:]] == [DAY, DAY - timedelta(hours=1), timedelta(hours=14)]
    midnight = datetime(2026, 3, 4, tzinfo=UTC)
    assert periods(midnight - DAY, midnight, ZoneInfo("UTC"))[-1] == (midnight - DAY, midnight)
