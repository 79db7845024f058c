from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from detection.buckets import BUCKET, Bucket
from reports.chart import svg
from reports.wave import Mark, WaveChart, summary
from services.replay.counting import Judged, replay_counts
from services.replay.picturing import brand_chart, replay_chart
from tests.services.replay.test_counting import A_DAY, BEGIN, STEP, counts

UTC = ZoneInfo("UTC")


def judged(days: int) -> list[Judged]:
    values = [2] * (days * A_DAY)
    values[8 * A_DAY : 8 * A_DAY + 12] = [40] * 12
    return [*replay_counts(counts(values))]


def chart(days: int) -> WaveChart:
    return replay_chart(judged(days), STEP, "northwind", UTC)


@pytest.mark.parametrize(("days", "step"), [(10, timedelta(hours=1)), (60, timedelta(hours=6))])
def test_however_long_the_past_is_there_are_few_enough_points_to_see_each(days: int, step: timedelta) -> None:
    drawn = chart(days)
    assert drawn.step == step
    assert len(drawn.points) <= 260


def test_all_that_was_counted_after_the_first_day_is_drawn_where_it_was_counted() -> None:
    drawn = chart(10)
    assert drawn.points[0].start == BEGIN + timedelta(days=1)
    assert sum(point.observed for point in drawn.points) == 2 * 9 * A_DAY + 38 * 12
    assert drawn.peak
    assert (drawn.peak.start, drawn.peak.observed) == (BEGIN + timedelta(days=8), 480)


def test_what_is_usual_is_that_of_the_same_time_on_the_days_before() -> None:
    peak = chart(10).peak
    assert peak
    assert (peak.expected, set(chart(10).highs)) == (24, {24.0})


def test_every_alarm_is_marked_with_its_reason() -> None:
    (mark,) = chart(10).marks
    assert BEGIN + timedelta(days=8) < mark.at < BEGIN + timedelta(days=8, hours=1)
    assert "mentions in the last" in mark.detail


def test_counts_say_nothing_of_how_people_felt() -> None:
    assert "negative" not in f"{svg(chart(10))} {summary(chart(10))}"


def test_a_past_of_one_step_can_be_drawn() -> None:
    assert len(replay_chart(judged(9)[:1], STEP, "", UTC).points) == 1


def test_a_brand_is_drawn_from_the_beginning_on_with_what_was_usual_in_the_fortnight_before() -> None:
    since, until = BEGIN + timedelta(days=14), BEGIN + timedelta(days=15)
    buckets = [Bucket(BEGIN + n * BUCKET, mentions=2, negative=1) for n in range(15 * A_DAY)]
    drawn = brand_chart(buckets, since, until, [Mark(since + timedelta(hours=3), "Alarm")], "northwind", UTC)
    assert (drawn.points[0].start, drawn.points[-1].start) == (since, until - drawn.step)
    assert {(point.observed, point.expected, point.negative) for point in drawn.points} == {(24, 24.0, 12)}
    assert len(drawn.marks) == 1


def test_what_was_before_the_first_mention_is_no_part_of_what_is_usual() -> None:
    since, until = BEGIN, BEGIN + timedelta(days=3)
    buckets = [Bucket(BEGIN + n * BUCKET, mentions=2) for n in range(3 * A_DAY)]
    drawn = brand_chart(buckets, since, until, [], "northwind", UTC)
    assert [point.expected for point in drawn.points][::24] == [0.0, 24.0, 24.0]
