"""Texts in files, with the labels that people gave them where they did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sentiment.score import Label
from services.files.columns import ColumnsError
from services.files.row_files import Row, RowFile, open_rows

# How labels are spelled in data sets that people share; case and white space around them make no difference.
_SPELLINGS = {
    Label.NEGATIVE: ("negative", "neg", "-1", "-1.0"),
    Label.NEUTRAL: ("neutral", "neu", "0", "0.0"),
    Label.POSITIVE: ("positive", "pos", "1", "+1", "1.0"),
}
_LABELS = {spelling: label for label, spellings in _SPELLINGS.items() for spelling in spellings}
_SHOWN = 30  # characters of a label that is none


@dataclass(frozen=True, slots=True)
class TextRow:
    """The text of one row.

    Attributes:
        line: where the row begins, from 1.
        text: empty where there is a problem.
        problem: why the row has no such text or cannot be read, else empty.
    """

    line: int
    text: str
    problem: str


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """A text with the label that a person gave it; ``brand`` is empty where no column names it."""

    line: int
    text: str
    label: Label
    brand: str


@dataclass(frozen=True, slots=True)
class LabelledRows:
    """What a labelled file holds.

    Attributes:
        refused: lines of the rows that are left out, each with the reason in a sentence.
    """

    rows: tuple[LabelledRow, ...]
    refused: tuple[tuple[int, str], ...]


def read_texts(path: Path, column: str, encoding: str = "") -> Iterator[TextRow]:
    """The texts of a column of a CSV or JSON Lines file, one for each row, in their order.

    Args:
        encoding: as in :func:`services.files.row_files.open_rows`.

    Raises:
        RowFileError: the file cannot be read as rows at all.
        ColumnsError: it has no such column.
    """
    with open_rows(path, encoding) as file:
        name = _column(path, file, column, "--text")
        for row in file.rows:
            yield TextRow(row.line, _cell(row, name), str(row.problem or _missing(file, row, name)))


def read_labelled(path: Path, text: str, label: str, brand: str = "", encoding: str = "") -> LabelledRows:
    """The labelled texts of a CSV or JSON Lines file; rows without a text or a known label are left out.

    Args:
        text: the column that holds the texts; ``label`` and ``brand`` likewise, and ``brand`` may be empty.
        encoding: as in :func:`services.files.row_files.open_rows`.

    Raises:
        RowFileError: the file cannot be read as rows at all.
        ColumnsError: it lacks one of the columns.
    """
    rows: list[LabelledRow] = []
    refused: list[tuple[int, str]] = []
    with open_rows(path, encoding) as file:
        wanted = ((text, "--text"), (label, "--label"), (brand, "--brand-column"))
        columns = [_column(path, file, name, option) for name, option in wanted if name]
        for row in file.rows:
            said, given, *about = (_cell(row, name) for name in columns)
            found = _LABELS.get(given.strip().casefold())
            if found and said.strip():
                rows.append(LabelledRow(row.line, said, found, about[0].strip() if about else ""))
            else:
                refused.append((row.line, _why(row, said, given)))
    return LabelledRows(tuple(rows), tuple(refused))


def _missing(file: RowFile, row: Row, name: str) -> str:
    """Why a row has no such text, empty where it has one."""
    if row.values.get(name) is not None:
        return ""
    if name in row.values:
        return f'Its "{name}" is null.'
    return f'It ends before column "{name}".' if file.delimiter else f'It has no "{name}".'


def _why(row: Row, said: str, given: str) -> str:
    if row.problem:
        return str(row.problem)
    if not said.strip():
        return "It has no text."
    known = ", ".join(name for name in _LABELS if "." not in name)
    return f'Its label "{given.strip()[:_SHOWN]}" is none of: {known}.'


def _cell(row: Row, name: str) -> str:
    value = row.values.get(name)
    return "" if value is None else str(value)


def _column(path: Path, file: RowFile, wanted: str, option: str) -> str:
    """The name of a column as the file has it; case makes a difference only where two differ by nothing else."""
    if wanted in file.header:
        return wanted
    alike = [name for name in file.header if name.casefold() == wanted.strip().casefold()]
    if len(alike) == 1:
        return alike[0]
    remedy = f"It has: {', '.join(file.header)[:500]}. Say which one: {option} COLUMN."
    raise ColumnsError(str(path), f'there is no column "{wanted}".', remedy)
