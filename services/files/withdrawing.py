"""Taking posts out of exports that lie in the data folder."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mentions.quoting import Quotes
from services.files.exporting import COLUMNS, ExportError, write_whole
from services.files.neutral import unneutralised

_SUFFIXES = {".csv", ".jsonl", ".ndjson"}
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
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise ExportError(str(path), "cannot be read.", "Delete it, or look through it yourself.") from error
    lines = list(_csv_lines(text) if path.suffix.lower() == ".csv" else _json_lines(text))
    kept = [line for line, told in lines if told is None or not quotes.is_of(told)]
    if len(kept) < len(lines) and not only_count:
        mark = "\ufeff" if path.suffix.lower() == ".csv" else ""
        write_whole(path, [mark, *kept])
    return len(lines) - len(kept)


def _names(path: Path) -> set[str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline(1_000_000)
        return set(json.loads(first)) if first.startswith("{") else set(next(csv.reader([first]), []))
    except (OSError, ValueError):
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
    for line in text.splitlines(keepends=True):
        try:
            told = json.loads(line)
        except ValueError:
            told = None
        yield line, told if isinstance(told, dict) else None
