from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.incidents.times import ahead, promised

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = datetime(2026, 5, 12, 1, 7, 20, tzinfo=UTC)  # 03:07:20 in Berlin


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("30m", NIGHT + timedelta(minutes=30)),
        ("2h", NIGHT + timedelta(hours=2)),
        ("14:30", datetime(2026, 5, 12, 12, 30, tzinfo=UTC)),
        (" 3:08 ", datetime(2026, 5, 12, 1, 8, tzinfo=UTC)),
        ("03:07", datetime(2026, 5, 13, 1, 7, tzinfo=UTC)),
        ("00:00", datetime(2026, 5, 12, 22, 0, tzinfo=UTC)),
        ("2026-05-12 14:30", datetime(2026, 5, 12, 12, 30, tzinfo=UTC)),
        ("2026-05-12T14:30+00:00", datetime(2026, 5, 12, 14, 30, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_as_it_comes_next_in_the_teams_zone(written: str, meant: datetime) -> None:
    assert ahead(written, NIGHT, BERLIN, "--due") == meant


@pytest.mark.parametrize("written", ["", "soon", "25:00", "14:30:00", "2026-05-12", "-5m", "0m", "2026-05-12 03:00"])
def test_what_is_no_time_to_come_is_told_with_how_to_write_one(written: str) -> None:
    with pytest.raises(click.BadParameter, match=r"is no time. Write it as 30m, 14:30|has passed already"):
        ahead(written, NIGHT, BERLIN, "--due")


def test_the_hour_that_comes_twice_when_clocks_are_put_back_is_the_one_to_come() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 02:30 in summer time
    assert ahead("02:45", first, BERLIN, "--due") == first + timedelta(minutes=15)
    assert ahead("02:15", first, BERLIN, "--due") == first + timedelta(minutes=45)


@given(
    minutes=st.integers(min_value=0, max_value=366 * 24 * 60),
    clock=st.times(),
)
def test_a_time_without_a_date_lies_within_a_day_and_reads_as_it_was_written(minutes: int, clock: time) -> None:
    now = NIGHT + timedelta(minutes=minutes)
    written = f"{clock:%H:%M}"
    at = ahead(written, now, BERLIN, "--due")
    assert now < at <= now + timedelta(hours=25)
    local = at.astimezone(BERLIN)
    in_the_gap = (local.month, local.hour) == (3, 3) and written.startswith("02")
    assert f"{local:%H:%M}" == written or in_the_gap


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("none", None),
        ("None", None),
        ("30m", datetime(2026, 5, 12, 1, 35, tzinfo=UTC)),
        ("5m", NIGHT + timedelta(minutes=5)),
        ("04:02", datetime(2026, 5, 12, 2, 2, tzinfo=UTC)),
    ],
)
def test_a_promise_is_for_a_time_that_can_be_said_aloud(written: str, meant: datetime | None) -> None:
    assert promised(written, NIGHT, BERLIN, "--next") == meant
