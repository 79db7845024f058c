"""What an import leaves behind: rows that it could not read, with their reasons, to be mended and imported again."""

from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from errors import GroundswellError
from services.files.neutral import neutralised
from services.files.row_files import Row, RowFile

LINE, REASON = "_line", "_reason"


class RejectsError(GroundswellError):
    """The rejects of an import cannot be written down."""


class Rejects:
    """A file for rejected rows, made with the first of them: ``survey.rejects.csv`` beside ``survey.csv``.

    Use it in a ``with`` block.
    """

    def __init__(self, path: Path, file: RowFile) -> None:
        self.path = path.with_name(f"{path.stem}.rejects{'.csv' if file.delimiter else '.jsonl'}")
        self._file = file
        self._stack = ExitStack()
        self._write: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def add(self, row: Row, reason: str) -> None:
        """Write a row down as it was, with its line and the reason.

        Raises:
            RejectsError: it cannot be written.
        """
        try:
            self._write = self._write or self._opened()
            self._write(row, reason)
        except OSError as error:
            problem = f"The rejected row of line {row.line} cannot be written ({(error.strerror or '').lower()})."
            raise RejectsError(
                str(self.path), problem, "Make room, then import again: what was imported is kept and not repeated."
            ) from error

    def _opened(self) -> Any:
        encoding = "utf-8-sig" if self._file.encoding == "utf-16" else self._file.encoding
        if not self._file.delimiter:
            encoding = encoding.removesuffix("-sig")  # JSON begins with no mark: RFC 8259, section 8.1
        out = self._stack.enter_context(self.path.open("w", encoding=encoding, errors="surrogateescape", newline=""))
        if not self._file.delimiter:
            return lambda row, reason: out.write(json.dumps(_mendable(row, reason), ensure_ascii=False) + "\n")
        writer = csv.writer(out, delimiter=self._file.delimiter)
        writer.writerow([*map(neutralised, self._file.header), LINE, REASON])
        columns = len(self._file.header)

        def write(row: Row, reason: str) -> None:
            cells = [*row.raw[:columns], *[""] * (columns - len(row.raw))]
            # What has more cells than there are columns keeps them behind the reason.
            writer.writerow([*map(neutralised, cells), row.line, reason, *map(neutralised, row.raw[columns:])])

        return write


def _mendable(row: Row, reason: str) -> dict[str, object]:
    return {**(row.values or {"_row": "".join(row.raw)}), LINE: row.line, REASON: reason}


class Repeats:
    """Counts how often the same was said, for files of any length: what does not fit into memory goes to a disk.

    Use it in a ``with`` block.
    """

    def __init__(self) -> None:
        # SQLite keeps a database without a name in a temporary file: https://www.sqlite.org/inmemorydb.html
        self._counts = sqlite3.connect("")
        self._counts.execute("CREATE TABLE counts (key TEXT PRIMARY KEY, n INTEGER) WITHOUT ROWID")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._counts.close()

    def numbered(self, key: str) -> str:
        """The key for the first time, then with a number: two people may say the same word for word."""
        counted = "INSERT INTO counts VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET n = n + 1 RETURNING n"
        (times,) = self._counts.execute(counted, (key,)).fetchone()
        return key if times == 1 else f"{key}:{times}"
