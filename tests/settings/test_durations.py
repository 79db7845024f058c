from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from settings.durations import LONGEST, parse, write


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("30s", 30), ("5m", 300), ("2h", 7200), ("1d", 86400), (" 10 s ", 10), ("0s", 0), ("366d", 366 * 86400)],
)
def test_a_number_and_a_unit_make_a_duration(text: str, seconds: int) -> None:
    assert parse(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text",
    ["", "5", "5 parsecs", "m", "-5m", "1.5h", "1h30m", "5M", "٣m", "5m\n6m", "367d", "999999999d", "9" * 5000 + "s"],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a number|longer than a year"):
        parse(text)


@given(st.integers(0, int(LONGEST.total_seconds())))
def test_a_duration_that_is_written_reads_as_the_same(seconds: int) -> None:
    assert parse(write(timedelta(seconds=seconds))) == timedelta(seconds=seconds)
