from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.axes import Frame, count_label, count_ticks, time_ticks

NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"])


@pytest.mark.parametrize(
    ("highest", "ticks"),
    [
        (0, (0, 1)),
        (1, (0, 1)),
        (3, (0, 1, 2, 3)),
        (7, (0, 2, 4, 6, 8)),
        (91, (0, 50, 100)),
        (84.2, (0, 50, 100)),
        (1200, (0, 500, 1000, 1500)),
    ],
)
def test_the_value_axis_has_few_round_ticks(highest: float, ticks: tuple[int, ...]) -> None:
    assert count_ticks(highest) == ticks


@given(st.floats(min_value=0, max_value=1e9))
def test_every_value_fits_under_the_last_tick_and_ticks_stay_few(highest: float) -> None:
    ticks = count_ticks(highest)
    assert ticks[0] == 0
    assert ticks[-1] >= highest
    assert len(ticks) <= 6


@pytest.mark.parametrize(
    ("value", "label"),
    [(0, "0"), (950, "950"), (2500, "2,500"), (10_000, "10k"), (12_500, "12.5k"), (1_500_000, "1.5M")],
)
def test_large_counts_are_written_short(value: int, label: str) -> None:
    assert count_label(value) == label


def test_hours_are_those_of_the_reader_and_the_date_stands_where_it_changes() -> None:
    ticks = time_ticks(NOON, NOON + timedelta(hours=18), ZoneInfo("Europe/Berlin"), 6)
    assert [(tick.label, tick.date) for tick in ticks] == [
        ("15:00", "Tue 12 May"),
        ("18:00", ""),
        ("21:00", ""),
        ("00:00", "Wed 13 May"),
        ("03:00", ""),
        ("06:00", ""),
    ]


def test_zones_with_odd_offsets_get_full_hours_too() -> None:
    ticks = time_ticks(NOON, NOON + timedelta(hours=3), ZoneInfo("Asia/Kathmandu"), 4)
    assert [tick.label for tick in ticks] == ["18:00", "19:00", "20:00"]


def test_the_hour_that_comes_twice_in_autumn_is_shown_twice() -> None:
    before = datetime(2026, 10, 24, 23, tzinfo=UTC)
    ticks = time_ticks(before, before + timedelta(hours=4), ZoneInfo("Europe/Berlin"), 5)
    assert [tick.label for tick in ticks] == ["01:00", "02:00", "02:00", "03:00", "04:00"]


def test_days_start_at_midnight_of_the_reader() -> None:
    ticks = time_ticks(NOON, NOON + timedelta(days=3), ZoneInfo("Europe/Berlin"), 4)
    assert [(tick.at.hour, tick.label, tick.date) for tick in ticks] == [
        (22, "13 May", "Wed"),
        (22, "14 May", "Thu"),
        (22, "15 May", "Fri"),
    ]


@given(st.timedeltas(min_value=timedelta(minutes=5), max_value=timedelta(days=4000)), ZONES, st.integers(3, 12))
def test_time_ticks_stay_inside_in_order_and_few(span: timedelta, zone: str, most: int) -> None:
    ticks = [tick.at for tick in time_ticks(NOON, NOON + span, ZoneInfo(zone), most)]
    assert ticks == sorted(set(ticks))
    assert all(NOON <= at <= NOON + span for at in ticks)
    assert len(ticks) <= most + 2


def test_the_frame_puts_zero_at_the_bottom_and_time_from_left_to_right() -> None:
    frame = Frame(10, 20, 110, 220, NOON, NOON + timedelta(hours=1), highest=50)
    assert (frame.y(0), frame.y(50), frame.y(25)) == (220, 20, 120)
    assert (frame.x(NOON), frame.x(NOON + timedelta(minutes=30))) == (10, 60)
