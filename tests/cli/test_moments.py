from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import click
import pytest

from cli.moments import Moment, moment_of
from cli.replaying.telling import length

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("8w", NOW - timedelta(weeks=8)),
        ("30d", NOW - timedelta(days=30)),
        ("12h", NOW - timedelta(hours=12)),
        ("2026-01-01", datetime(2025, 12, 31, 23, tzinfo=UTC)),
        ("2026-01-01T10:00", datetime(2026, 1, 1, 9, tzinfo=UTC)),
        ("2026-01-01T10:00+00:00", datetime(2026, 1, 1, 10, tzinfo=UTC)),
    ],
)
def test_a_moment_is_how_long_ago_or_a_day_or_a_time_in_the_readers_zone(written: str, meant: datetime) -> None:
    assert moment_of(Moment().convert(written, None, None), NOW, BERLIN) == meant


@pytest.mark.parametrize("written", ["", "yesterday", "0w", "-3d", "2026-13-01", "8 weeks", "0001-01-01", "9999-12-31"])
def test_what_is_no_moment_is_refused_with_how_one_is_written(written: str) -> None:
    with pytest.raises(click.BadParameter, match="Write it as 8w, 30d, 2026-01-01"):
        Moment().convert(written, None, None)


@pytest.mark.parametrize(
    ("minutes", "told"),
    [(0, "0 min"), (59, "59 min"), (60, "1 h"), (190, "3 h 10 min"), (1440, "24 h"), (2880 + 250, "2 days 4 h")],
)
def test_a_length_of_time_is_told_in_one_or_two_units(minutes: int, told: str) -> None:
    assert length(timedelta(minutes=minutes)) == told
