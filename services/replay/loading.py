"""A file of mentions into a rehearsal, each under when it was published; nothing is written beside the file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from services.files.importing import Choices, Imported, import_rows
from services.files.row_files import Row
from services.replay.count_files import Remark
from services.replay.file_brands import brand_called_so, brands_in
from services.replay.rehearsal import Rehearsal, settings_for
from settings.model import Settings


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file held.

    Attributes:
        remarks: rows that could not be read and why, in order of lines.
    """

    counts: Imported
    remarks: Sequence[Remark]


def made_settings(path: Path, choices: Choices, named: str = "") -> tuple[Settings, Choices]:
    """Settings for a file of somebody who has none, and how to read it by them.

    Its brands are those of its brand column; where a name is given, or there is no such column, all of it is about one.

    Args:
        named: name of the brand that all of it is about.
    """
    brands = () if named else brands_in(path, choices)
    if brands:
        return settings_for(brands, path.absolute().parent), choices
    brand = brand_called_so(named or path.stem)
    return settings_for((brand,), path.absolute().parent), replace(choices, brand=brand.id)


def load_file(
    rehearsed: Rehearsal, path: Path, choices: Choices, progress: Callable[[int], None] = lambda _: None
) -> Loaded:
    """Take in the mentions of a file.

    Args:
        progress: is told the rows read so far.

    Raises:
        RowFileError: it is no file of rows.
        ColumnsError: its columns do not hold what is needed.
    """
    remarks: list[Remark] = []

    def reject(row: Row, reason: str) -> None:
        remarks.append(Remark(row.line, reason, used=False))

    counts = import_rows(rehearsed.inst, path, replace(choices, dated=True), reject, lambda done: progress(done.rows))
    return Loaded(counts, remarks)


def lines_in(path: Path) -> int:
    """How many lines a file has, 0 where that cannot be told; rows may take more than one."""
    try:
        with path.open("rb") as file:
            return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))
    except OSError:
        return 0
