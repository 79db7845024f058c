"""Files of rows: CSV in its dialects and JSON Lines, read row by row however long they are.

CSV is that of RFC 4180 with any of three delimiters; JSON Lines is one object a line (https://jsonlines.org). A row
that cannot be read is handed on as such, and reading goes on behind it.
"""

from __future__ import annotations

import codecs
import csv
import json
import re
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

from errors import GroundswellError
from services.files.neutral import unneutralised
from services.files.row_errors import RowError

DELIMITERS = (",", ";", "\t")
# Characters; a line that holds more is no row of a table of texts.
LONGEST_LINE = 2_000_000
# Of the whole process: what the module allows by itself, 131,072 characters, is less than a long article or review.
csv.field_size_limit(LONGEST_LINE)
_LOOKED_AT = 100
_HEADER_LOOKED_AT = 100_000
_NOT_UTF8 = re.compile("[\udc80-\udcff]")
_SPOKEN = {",": "commas", ";": "semicolons", "\t": "tabs"}


class RowFileError(GroundswellError):
    """A file cannot be read as rows at all."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it stands in the file.

    Attributes:
        line: where it begins, from 1.
        values: by the names of the columns; empty where it could not be read.
        raw: the cells of a CSV row, or the whole line.
        problem: why it could not be read, None where it could.
    """

    line: int
    values: dict[str, object]
    raw: Sequence[str]
    problem: RowError | None = None


@dataclass(slots=True)
class RowFile:
    """An open file.

    Attributes:
        delimiter: of a CSV file; empty for JSON Lines.
        header: the names of the columns; of JSON Lines those of its first hundred objects.
    """

    delimiter: str
    header: tuple[str, ...]
    rows: Iterator[Row]
    encoding: str

    @property
    def described(self) -> str:
        """What it is, for people."""
        return f"CSV with {_SPOKEN[self.delimiter]}" if self.delimiter else "JSON Lines"


@contextmanager
def open_rows(path: Path, encoding: str = "") -> Iterator[RowFile]:
    """Open a file; what it is shows in its name and its first characters.

    Args:
        encoding: UTF-8 where nothing is said, or UTF-16 where the file begins as such.

    Raises:
        RowFileError: there is no such file, it is empty, or it begins with what is no text.
    """
    try:
        chosen = encoding or _encoding(path)
        file = path.open(encoding=chosen, errors="surrogateescape", newline="")
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise RowFileError(str(path), f"cannot be read ({reason}).", "Check its name and permissions.") from error
    except LookupError:
        raise RowFileError(
            str(path), f'"{encoding}" is no encoding.', "Leave it out, or say utf-8 or cp1252."
        ) from None
    with file:
        yield _opened(path, _Lines(file), chosen)


def _opened(path: Path, lines: _Lines, encoding: str) -> RowFile:
    first = next((line for line in lines if line.strip()), "")
    if not first:
        raise RowFileError(str(path), "is empty.", "Check that it is the right file.")
    if _NOT_UTF8.search(first) or "\0" in first:
        raise _no_text(path)
    if first.lstrip().startswith("["):
        raise RowFileError(
            str(path), "begins as one JSON list.", f"Write an object on each line: jq -c '.[]' {path.name} > rows.jsonl"
        )
    lines.put_back()
    if path.suffix.lower() in {".jsonl", ".ndjson"} or first.lstrip().startswith("{"):
        names = dict.fromkeys(name for line in islice(lines, _LOOKED_AT) for name in _json_row(0, line).values)
        lines.put_back()
        return RowFile("", tuple(names), _json_rows(lines), encoding)
    delimiter = _delimiter(path, lines)
    rows = _csv_rows(lines, delimiter)
    header = next(rows, None)
    if header is None or header.problem:
        told = f" {header.problem}" if header else ""
        raise RowFileError(
            str(path), f"has no header that can be read.{told}", "Mend its first line; nothing was read."
        )
    names_of_csv = _unique(header.raw)
    return RowFile(delimiter, names_of_csv, (_named(row, names_of_csv) for row in rows), encoding)


class _Lines(Iterator[str]):
    """The lines of a file with their numbers; some can be put back to be read again."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._again: deque[str] = deque()
        self._read: list[str] = []
        self.number = 0

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._next()
        self._read.append(line)
        self.number += 1
        return line

    def settle(self) -> None:
        """What was read is done with."""
        self._read.clear()

    def put_back(self, *, keep: int = 0) -> list[str]:
        """Let the lines since the last ``settle`` be read again, but for the first ones, which are returned."""
        kept, again = self._read[:keep], self._read[keep:]
        self._again.extendleft(reversed(again))
        self.number -= len(again)
        self._read.clear()
        return kept

    @property
    def cut(self) -> bool:
        """Whether the end of a line since the last ``settle`` is missing."""
        return any(len(line) > LONGEST_LINE for line in self._read)

    def _next(self) -> str:
        try:
            line = self._file.readline(LONGEST_LINE + 1)
        except UnicodeError:  # of other encodings than UTF-8
            raise _no_text(Path(self._file.name)) from None
        if not line:
            raise StopIteration
        rest = line
        while len(rest) > LONGEST_LINE and not rest.endswith(("\n", "\r")):
            rest = self._file.readline(LONGEST_LINE + 1)
        return line


def _csv_rows(lines: _Lines, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.settle()
        start = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # A quotation mark that is never closed would swallow the rest of the file.
            first = lines.put_back(keep=1)
            yield _cut(start, first[0]) if len(first[0]) > LONGEST_LINE else Row(start, {}, first, _explained(error))
            continue
        if lines.cut:
            yield _cut(start, cells[0])
        elif any(cell.strip() for cell in cells):
            yield _checked(Row(start, {}, cells))


def _json_rows(lines: _Lines) -> Iterator[Row]:
    for line in lines:
        lines.settle()
        if line.strip():
            yield _checked(_json_row(lines.number, line.rstrip("\r\n")))


def _json_row(number: int, line: str) -> Row:
    if len(line) > LONGEST_LINE:
        return _cut(number, line)
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return Row(number, {}, [line], RowError("It is not a JSON object on one line."))
    if not isinstance(value, dict):
        return Row(number, {}, [line], RowError("It is JSON, but no object with names and values."))
    return Row(number, value, [line])


def _cut(number: int, line: str) -> Row:
    return Row(number, {}, [line[:1_000]], RowError(f"The line has more than {LONGEST_LINE:,} characters."))


def _checked(row: Row) -> Row:
    if row.problem is None and any(_NOT_UTF8.search(cell) for cell in row.raw):
        problem = RowError("A character in it is not UTF-8; save the file as UTF-8, or say --encoding cp1252.")
        return Row(row.line, {}, row.raw, problem)
    return row


def _named(row: Row, names: Sequence[str]) -> Row:
    if row.problem:
        return row
    if len(row.raw) > len(names):
        problem = RowError(f"It has {len(row.raw)} cells where the header has {len(names)}.")
        return Row(row.line, {}, row.raw, problem)
    return Row(row.line, {name: unneutralised(cell) for name, cell in zip(names, row.raw, strict=False)}, row.raw)


def _delimiter(path: Path, lines: _Lines) -> str:
    """The delimiter that makes the most columns of the first line, unless that line says which it is."""
    first = next(line for line in lines if line.strip())[:_HEADER_LOOKED_AT]
    named = re.fullmatch(r"sep=(.)\s*", first)  # how Excel marks it
    if named is None:
        lines.put_back()
        return max(DELIMITERS, key=lambda delimiter: len(next(csv.reader([first], delimiter=delimiter))))
    if named[1] not in DELIMITERS:
        problem = f'separates its cells by "{named[1]}".'
        raise RowFileError(str(path), problem, "Save it with commas, semicolons or tabs.")
    return named[1]


def _unique(cells: Sequence[str]) -> tuple[str, ...]:
    """Names of columns, none twice and none empty."""
    names: list[str] = []
    for position, cell in enumerate(cells, start=1):
        name = " ".join(unneutralised(cell).split()) or f"column {position}"
        names.append(name if name not in names else f"{name} ({position})")
    return tuple(names)


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(2)
    return "utf-16" if start in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE} else "utf-8-sig"


def _explained(error: csv.Error) -> RowError:
    told = str(error)
    if "end of data" in told:
        return RowError('A quotation mark (") is opened in it and never closed.')
    if "field limit" in told:
        often = 'most often because a quotation mark (") is opened in it and never closed'
        return RowError(f"A cell in it has more than {LONGEST_LINE:,} characters, {often}.")
    return RowError('It has text after a closing quotation mark; a quotation mark inside a cell is written twice ("").')


def _no_text(path: Path) -> RowFileError:
    return RowFileError(
        str(path),
        "holds something that is not text in UTF-8, from its first line on.",
        "Save it as CSV in UTF-8 or as JSON Lines; for another encoding say --encoding, such as cp1252.",
    )
