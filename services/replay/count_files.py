"""Files of counts: ``timestamp,value``, a row for each step of time, however they are sorted and whatever is missing.

What is wrong with a row is told with its line, and the good rows are used all the same.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise, zip_longest
from pathlib import Path
from zoneinfo import ZoneInfo

from errors import GroundswellError
from services.files.row_dates import read_date
from services.files.row_errors import RowError
from services.files.row_files import Row, RowFile, open_rows

TIME, VALUE = "timestamp", "value"
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(hours=1)
# A mention's count is never larger; a sum of a fortnight of them still fits.
_LARGEST = 2**32 - 1
_FAR_AWAY = ZoneInfo("Etc/GMT+12")
# Mentions are as old as the web at most; with others, differences of time leave what Python counts.
_YEARS = range(1990, 2101)
# Rows may be off the grid of steps by so much of a step: clocks are read late.
_JITTER = 0.1


class CountsError(GroundswellError):
    """No counts can be read from a file."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What was odd about a row.

    Attributes:
        used: whether it counts all the same.
    """

    line: int
    text: str
    used: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of a brand.

    Attributes:
        step: the time that one counts.
        values: starts of steps and counts, in order of time; where a step is missing, nothing is known of it.
        rows: how many rows there were.
        remarks: in order of lines.
    """

    step: timedelta
    values: Sequence[tuple[datetime, int]]
    rows: int
    remarks: Sequence[Remark]


@dataclass(slots=True)
class _Reading:
    remarks: list[Remark] = field(default_factory=list)
    rows: int = 0

    def leave_out(self, line: int, text: str) -> None:
        self.remarks.append(Remark(line, text, used=False))

    def remark(self, line: int, text: str) -> None:
        self.remarks.append(Remark(line, text, used=True))


@dataclass(frozen=True, slots=True)
class _Counted:
    line: int
    at: datetime
    value: int


def read_counts(path: Path, zone: ZoneInfo, date_format: str = "", encoding: str = "") -> Counts:
    """The counts of a CSV file.

    Args:
        zone: of times that name none.
        date_format: as in ``strptime``, empty for the usual ones.
        encoding: empty for UTF-8.

    Raises:
        RowFileError: the file cannot be read as rows.
        CountsError: it has no such columns, fewer than two good rows, or steps of less than a minute or more than an
            hour.
    """
    reading = _Reading()
    with open_rows(path, encoding) as file:
        counted = [*_counted(file.rows, _columns(path, file), zone, date_format, reading)]
    if len(counted) < 2:  # noqa: PLR2004  # it takes two to tell the step
        raise _unusable(path, "holds fewer than two rows that can be read", reading)
    ordered = sorted(counted, key=lambda row: (row.at, row.line))
    step = _step(path, ordered, reading)
    values = [*_on_grid(ordered, step, _displaced(counted), reading)]
    if len(values) * 2 < len(ordered):
        raise _unusable(
            path, f"has no steps of equal length: {len(ordered) - len(values):,} rows stand off them", reading
        )
    return Counts(step, values, reading.rows, sorted(reading.remarks, key=lambda remark: remark.line))


def _columns(path: Path, file: RowFile) -> dict[str, str]:
    found = {name.strip().lower(): name for name in file.header}
    if TIME in found and VALUE in found:
        return {name: found[name] for name in (TIME, VALUE)}
    known = ", ".join(f'"{name}"' for name in file.header[:8])
    raise CountsError(
        str(path), f"has no columns {TIME} and {VALUE}, but {known}.", f"Let its first line be {TIME},{VALUE}."
    )


def _counted(
    rows: Iterable[Row], names: dict[str, str], zone: ZoneInfo, date_format: str, reading: _Reading
) -> Iterator[_Counted]:
    zoned: bool | None = None
    for row in rows:
        reading.rows += 1
        try:
            at, names_zone = _moment(row, names[TIME], zone, date_format)
            value = _value(row.values.get(names[VALUE]))
        except RowError as error:
            reading.leave_out(row.line, str(error))
            continue
        zoned = names_zone if zoned is None else zoned
        if names_zone is zoned:
            yield _Counted(row.line, at, value)
        else:
            told = "names a time zone, those before do not" if names_zone else "names no time zone, those before do"
            reading.leave_out(row.line, f"Its time {told}.")


def _moment(row: Row, name: str, zone: ZoneInfo, date_format: str) -> tuple[datetime, bool]:
    """The time of a row in UTC, and whether it names its zone: one that does not moves with the reader's."""
    if row.problem:
        raise row.problem
    here, elsewhere = (read_date(row.values.get(name), each, date_format) for each in (zone, _FAR_AWAY))
    if here is None or elsewhere is None:
        raise RowError("It has no time.")
    if here.year not in _YEARS:
        raise RowError(f"Its time is in the year {here.year}.")
    return here.astimezone(UTC), here == elsewhere


def _value(written: object) -> int:
    text = str(written if written is not None else "").strip()
    try:
        number = float(text)
    except ValueError:
        raise RowError(f'Its value "{text[:40]}" is no number.') from None
    if not math.isfinite(number) or number != int(number):
        raise RowError(f'Its value "{text[:40]}" is no whole number.')
    if not 0 <= number <= _LARGEST:
        raise RowError(f'Its value "{text[:40]}" is {"negative" if number < 0 else "larger than any count"}.')
    return int(number)


def _displaced(counted: Sequence[_Counted]) -> set[int]:
    """Lines of rows that are earlier than the row before them."""
    return {row.line for before, row in pairwise(counted) if row.at < before.at}


def _step(path: Path, ordered: Sequence[_Counted], reading: _Reading) -> timedelta:
    """The commonest time between two rows, the shorter one of two equally common."""
    times = Counter(after.at - before.at for before, after in pairwise(ordered) if after.at > before.at)
    if not times:
        raise _unusable(path, "has all its rows at one time", reading)
    step = min(times, key=lambda time: (-times[time], time))
    if not SHORTEST <= step <= LONGEST:
        raise CountsError(
            str(path),
            f"has steps of {step}.",
            "Count in steps of one minute to one hour; five minutes tell most.",
        )
    return step


def _on_grid(
    ordered: Sequence[_Counted], step: timedelta, displaced: set[int], reading: _Reading
) -> Iterator[tuple[datetime, int]]:
    """Rows a step or several after the one before; where two follow each other in step, they may begin anew."""
    last: _Counted | None = None
    for row, after in zip_longest(ordered, ordered[1:]):
        leads = after is not None and abs((after.at - row.at) / step - 1) <= _JITTER
        steps = 1.0 if last is None else (row.at - last.at) / step
        if steps < 1 - _JITTER and last is not None and steps <= _JITTER:
            reading.leave_out(row.line, f"It is of the same time as line {last.line}.")
        elif (last is None and not leads) or (abs(steps - round(steps)) > _JITTER and not (leads and steps > 1)):
            reading.leave_out(row.line, f"It does not stand at one of the steps of {step} that the others stand at.")
        else:
            if row.line in displaced:
                reading.remark(row.line, "It is earlier than the row before; it was put in its place.")
            if round(steps) > 1:
                missing = (round(steps) - 1) * step
                reading.remark(row.line, f"Before it {missing} are missing; nothing is known of them.")
            last = row
            yield row.at, row.value


def _unusable(path: Path, problem: str, reading: _Reading) -> CountsError:
    first = f" The first: line {reading.remarks[0].line}. {reading.remarks[0].text}" if reading.remarks else ""
    return CountsError(str(path), f"{problem}.{first}", f"Let it hold {TIME},{VALUE} in steps of equal length.")
