"""Taking posts out of exports that lie in the data folder."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mentions.quoting import Quotes
from services.files.exporting import COLUMNS, ExportError, write_whole
from services.files.neutral import unneutralised
from services.files.row_files import LONGEST_LINE

_SUFFIXES = {".csv", ".jsonl", ".ndjson"}
_BEGINNING = 100_000  # characters
_FIRST_NAME = re.compile(rf'\{{\s*"{COLUMNS[0]}"')
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_OURS = set(COLUMNS[:9])  # key to author: an export of any version


def exports_in(folder: Path) -> Iterator[Path]:
    """Files below a folder that the export wrote, by what stands at their beginning."""
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in _SUFFIXES and path.is_file() and _names(path) >= _OURS:
            yield path


def withdraw_from(path: Path, quotes: Quotes, *, only_count: bool = False) -> int:
    """Write an export anew without the lines of some posts; how many lines there were.

    Raises:
        ExportError: it cannot be read or written; it is as it was.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:  # ends of lines inside of texts stay what they are
            text = file.read()
        lines = list(_csv_lines(text) if path.suffix.lower() == ".csv" else _json_lines(text))
    except (OSError, ValueError, csv.Error) as error:
        told = f" A cell may have {LONGEST_LINE:,} characters." if isinstance(error, csv.Error) else ""
        raise ExportError(str(path), f"cannot be read.{told}", "Delete it, or look through it yourself.") from error
    kept = [line for line, told in lines if told is None or not quotes.is_of(told)]
    if len(kept) < len(lines) and not only_count:
        mark = "\ufeff" if path.suffix.lower() == ".csv" else ""
        write_whole(path, [mark, *kept])
    return len(lines) - len(kept)


def _names(path: Path) -> set[str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline(_BEGINNING)
            if _FIRST_NAME.match(first) and not first.endswith("\n"):
                first += file.readline()  # the text of its first post is that long
        return set(json.loads(first)) if first.startswith("{") else set(next(csv.reader([first]), []))
    except (OSError, ValueError, csv.Error):
        return set()


def _csv_lines(text: str) -> Iterator[tuple[str, Mapping[str, Any] | None]]:
    """Each line as it is to be written, and what it tells; None of the header."""
    rows = csv.reader(io.StringIO(text, newline=""))
    header: list[str] = next(rows, [])
    yield _csv(header), None
    for row in rows:
        yield _csv(row), {name: unneutralised(cell) for name, cell in zip(header, row, strict=False)}


def _csv(row: list[str]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerow(row)
    return out.getvalue()


def _json_lines(text: str) -> Iterator[tuple[str, Mapping[str, Any] | None]]:
    for line in _LINE.findall(text):  # no other character ends one: JSON leaves U+2028 in texts as it is
        try:
            told = json.loads(line)
        except ValueError:
            told = None
        yield line, told if isinstance(told, dict) else None
