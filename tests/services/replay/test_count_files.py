"""Files of counts: good rows are used, and what is odd about the others is told with its line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.files.row_files import RowFileError
from services.replay.count_files import Counts, CountsError, read_counts

MINUTE = timedelta(minutes=1)
BEGIN = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def read(folder: Path, *lines: str, header: str = "timestamp,value", zone: str = "UTC") -> Counts:
    file = folder / "counts.csv"
    file.write_text("\n".join([header, *lines]) + "\n")
    return read_counts(file, ZoneInfo(zone))


def remarks(counts: Counts) -> list[tuple[int, str, bool]]:
    return [(one.line, one.text, one.used) for one in counts.remarks]


GOOD = ("2026-03-04 12:00:00,3", "2026-03-04 12:05:00,0", "2026-03-04 12:10:00,7")
VALUES = [(BEGIN, 3), (BEGIN + 5 * MINUTE, 0), (BEGIN + 10 * MINUTE, 7)]


def test_rows_of_equal_steps_are_read_without_a_remark(tmp_path: Path) -> None:
    counts = read(tmp_path, *GOOD)
    assert (counts.step, list(counts.values), counts.rows, remarks(counts)) == (5 * MINUTE, VALUES, 3, [])


def test_columns_are_found_by_name_in_any_order_and_case_and_dialect(tmp_path: Path) -> None:
    lines = ["3;x;2026-03-04T12:00Z", "0;y;2026-03-04T12:05Z"]
    counts = read(tmp_path, *lines, header="Value;note; TIMESTAMP")
    assert list(counts.values) == VALUES[:2]


def test_times_without_a_zone_are_of_the_zone_that_is_said(tmp_path: Path) -> None:
    assert read(tmp_path, *GOOD, zone="Europe/Berlin").values[0] == (BEGIN - 60 * MINUTE, 3)


ODD = [
    ("2026-03-04 12:15:00,-1", 'Its value "-1" is negative.', False),
    ("2026-03-04 12:15:00,many", 'Its value "many" is no number.', False),
    ("2026-03-04 12:15:00,nan", 'Its value "nan" is no whole number.', False),
    ("2026-03-04 12:15:00,2.5", 'Its value "2.5" is no whole number.', False),
    ("2026-03-04 12:15:00,1e300", "is larger than any count.", False),
    ("2026-03-04 12:15:00,", "is no number.", False),
    (",4", "It has no time.", False),
    ("yesterday,4", "is not read as a date", False),
    ("03/04/2026 12:15,4", "can be read in two ways", False),
    ("0001-01-01 00:00:00,4", "Its time is in the year 1.", False),
    ("9999-12-31 23:55:00,4", "Its time is in the year 9999.", False),
    ("2026-03-04T12:15:00Z,4", "Its time names a time zone, those before do not.", False),
    ("2026-03-04 12:12:00,4", "It does not stand at one of the steps of 0:05:00", False),
    ("2026-03-04 12:05:00,4", "It is of the same time as line 3.", False),
    ("2026-03-04 11:55:00,4", "It is earlier than the row before; it was put in its place.", True),
    ("2026-03-04 12:40:00,4", "Before it 0:25:00 are missing; nothing is known of them.", True),
    ("2026-03-04 12:15:20,4", "", True),
    ("2026-03-04 12:15:00,4.0", "", True),
]


@pytest.mark.parametrize(("row", "text", "used"), ODD, ids=[row for row, _, _ in ODD])
def test_an_odd_row_is_told_with_its_line_and_the_others_are_used(
    tmp_path: Path, row: str, text: str, *, used: bool
) -> None:
    counts = read(tmp_path, *GOOD, row)
    told = [(line, was_used) for line, said, was_used in remarks(counts) if text in said]
    assert told == ([] if not text else [(5, False)] if not used else [(5, True)])
    assert len(counts.remarks) == bool(text)
    assert len(counts.values) == 3 + used
    assert set(VALUES) <= set(counts.values)
    assert counts.rows == 4


def test_a_first_row_that_stands_off_the_others_costs_itself_alone(tmp_path: Path) -> None:
    counts = read(tmp_path, "2026-03-04 11:57:00,9", *GOOD)
    assert list(counts.values) == VALUES
    assert [(line, used) for line, _, used in remarks(counts)] == [(2, False)]


def test_a_clock_that_is_read_a_little_later_each_time_loses_nothing(tmp_path: Path) -> None:
    drifting = [BEGIN + n * 5 * MINUTE + timedelta(seconds=n // 2) for n in range(400)]
    counts = read(tmp_path, *[f"{at:%Y-%m-%d %H:%M:%S},{n}" for n, at in enumerate(drifting)])
    assert [value for _, value in counts.values] == list(range(400))
    assert remarks(counts) == []


def test_counting_that_began_anew_after_a_pause_may_stand_at_other_minutes(tmp_path: Path) -> None:
    counts = read(tmp_path, *GOOD, "2026-03-04 13:02:00,1", "2026-03-04 13:07:00,2", "2026-03-04 13:12:00,3")
    assert [value for _, value in counts.values] == [3, 0, 7, 1, 2, 3]
    assert [(line, used) for line, _, used in remarks(counts)] == [(5, True)]


REFUSED = [
    (("when,count", *GOOD), 'has no columns timestamp and value, but "when", "count".'),
    (("timestamp,value",), "holds fewer than two rows that can be read."),
    (("timestamp,value", "2026-03-04 12:00,x", "2026-03-04 12:05,3"), "The first: line 2. Its value"),
    (("timestamp,value", "2026-03-04 12:00,3", "2026-03-04 12:00,3"), "has all its rows at one time."),
    (("timestamp,value", "2026-03-04 12:00:00,3", "2026-03-04 12:00:01,3"), "has steps of 0:00:01."),
    (("timestamp,value", "2026-03-04,3", "2026-03-05,3"), "has steps of 1 day, 0:00:00."),
]


@pytest.mark.parametrize(("lines", "told"), REFUSED)
def test_a_file_without_usable_counts_is_refused_with_the_reason(
    tmp_path: Path, lines: tuple[str, ...], told: str
) -> None:
    with pytest.raises(CountsError) as refused:
        read(tmp_path, *lines[1:], header=lines[0])
    assert told in str(refused.value)
    assert refused.value.remedy


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(RowFileError):
        read_counts(tmp_path / "none.csv", ZoneInfo("UTC"))


@given(order=st.permutations(range(12)), gap=st.integers(1, 10))
def test_in_whatever_order_the_rows_stand_the_counts_are_the_same(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], gap: int
) -> None:
    steps = [n if n < 6 else n + gap for n in range(12)]
    lines = [f"{(BEGIN + steps[n] * 5 * MINUTE):%Y-%m-%dT%H:%M:%SZ},{n}" for n in order]
    counts = read(tmp_path_factory.mktemp("counts"), *lines)
    assert [value for _, value in counts.values] == list(range(12))
    assert [at for at, _ in counts.values] == [BEGIN + step * 5 * MINUTE for step in steps]
