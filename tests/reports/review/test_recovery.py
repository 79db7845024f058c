from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from reports.review.recovery import CALM, wave_of
from reports.wave import ChartPoint, WaveChart
from tests.airline_crisis import BERLIN, OPENED, QUARTER, after


def chart(*counts: int, step: timedelta = QUARTER, until: datetime | None = None) -> WaveChart:
    points = tuple(ChartPoint(OPENED + number * step, count, 5.0, 0) for number, count in enumerate(counts))
    return WaveChart("", points, 10.0, (), BERLIN, until=until)


@pytest.mark.parametrize(
    ("counts", "peak", "again"),
    [
        ((5, 50, 40, 10, 9, 8, 7), 15, 45),
        ((5, 50, 9, 9, 9, 40, 9, 9, 9, 9), 15, 90),
        ((5, 50, 9, 9, 9), 15, None),
        ((5, 50, 60, 55), 30, None),
        ((9, 9, 9, 9, 9, 9), 0, None),
    ],
)
def test_talk_is_back_to_usual_once_an_hour_of_it_was(
    counts: tuple[int, ...], peak: float, again: float | None
) -> None:
    wave = wave_of(chart(*counts), after(0), after(300), None)
    assert wave.peak is not None
    assert wave.peak.start == after(peak)
    assert wave.usual_again_at == (None if again is None else after(again))
    assert wave.stood_out is (max(counts) > 10)


def test_the_peak_lies_between_the_rise_and_the_end() -> None:
    wave = wave_of(chart(90, 9, 50, 9, 9, 9, 9, 80), after(20), after(100), None)
    assert wave.peak is not None
    assert wave.peak.observed == 50


def test_a_point_that_still_runs_is_no_calm() -> None:
    counts = (5, 50, 9, 9, 9, 2)
    assert wave_of(chart(*counts), after(0), after(90), None).usual_again_at == after(30)
    assert wave_of(chart(*counts, until=after(80)), after(0), after(90), None).usual_again_at is None


def test_points_longer_than_the_calm_count_as_calm_one_by_one() -> None:
    wave = wave_of(chart(50, 9, step=3 * CALM), after(0), after(600), None)
    assert wave.usual_again_at == after(180)


def test_an_empty_chart_has_no_peak() -> None:
    wave = wave_of(replace(chart(), points=()), after(0), after(60), None)
    assert (wave.peak, wave.stood_out, wave.usual_again_at) == (None, False, None)


def test_the_answer_and_the_recovery_are_marked_beside_what_was_marked_before() -> None:
    wave = wave_of(chart(5, 50, 9, 9, 9, 9), after(0), after(90), after(20))
    assert [(mark.label, mark.at) for mark in wave.chart.marks] == [
        ("First public answer", after(20)),
        ("Back to usual", after(30)),
    ]
