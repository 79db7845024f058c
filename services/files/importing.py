"""Bringing in what was said before, or elsewhere, from a file: the good rows are kept, the bad ones reported."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from mentions.mention import Mention, RatingScale
from services.files.columns import Columns, map_columns
from services.files.rejecting import Rejects, Repeats
from services.files.row_errors import RowError, WordlessError
from services.files.row_files import Row, RowFile, open_rows
from services.files.rows import USUAL_SCALES, Field, HowToRead, Scale, brand_called, has_id, read_row
from services.installation import Installation
from services.receiving import Entry, keep_all, understand_all

AT_ONCE = 500
# As for a source that is read for the first time: what bears no date may be weeks old and must not make a wave.
UNDATED_AGE = timedelta(days=1)
_NOT_IN_IDS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user says of a file.

    Attributes:
        columns: names of columns by what they hold; the others are found by their usual names.
        brand: id of the brand that everything in it is about, empty where its words and its brand column decide.
        source: id under which its mentions are kept, empty for one made of the file's name. Rows without an id are
            known again only under the same one.
        scale: of its ratings, None where the column's name says it.
        zone: of times that name none, None for that of the settings.
        date_format: as in ``strptime``, empty for the usual ones.
        encoding: empty for UTF-8.
        dated: refuse rows that do not say when; else they count as of yesterday.
    """

    columns: Mapping[Field, str] = field(default_factory=dict)
    brand: str = ""
    source: str = ""
    scale: Scale | None = None
    zone: ZoneInfo | None = None
    date_format: str = ""
    encoding: str = ""
    dated: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """How a file is read.

    Attributes:
        described: what kind of file it is.
        source: id under which its mentions are kept.
        rows: the lines of its first rows with their mentions, or with why they cannot be read.
    """

    described: str
    columns: Columns
    source: str
    scale: Scale
    rows: tuple[tuple[int, Mention | RowError], ...]


@dataclass(slots=True)
class Imported:
    """What became of the rows of a file.

    Attributes:
        new: mentions that were not known before.
        known: rows whose mention is there already.
        forgotten: rows that somebody asked to have forgotten; they are not kept.
        unrelated: rows that are about no brand; they are not kept.
        wordless: rows without a text, such as scores without a comment; they are not kept.
        rejected: rows that could not be read; ``rejects`` holds them.
    """

    source: str
    new: int = 0
    known: int = 0
    forgotten: int = 0
    unrelated: int = 0
    wordless: int = 0
    rejected: int = 0
    rejects: Path | None = None

    @property
    def rows(self) -> int:
        """All rows that were looked at."""
        return self.new + self.known + self.forgotten + self.unrelated + self.wordless + self.rejected


def preview(inst: Installation, path: Path, choices: Choices, count: int = 5) -> Plan:
    """How a file would be read, and its first rows; nothing is stored.

    Raises:
        RowFileError: it is no file of rows.
        ColumnsError: its columns do not hold what is needed.
    """
    with _opened(inst, path, choices) as reading:
        rows = tuple((row.line, _tried(reading, row)) for row in islice(reading.file.rows, count))
        return Plan(reading.file.described, reading.columns, reading.source, reading.how.scale, rows)


def import_file(
    inst: Installation, path: Path, choices: Choices, progress: Callable[[Imported], None] = lambda _: None
) -> Imported:
    """Store the mentions of a file, a few hundred at a time; what is there already is not stored again.

    A row that cannot be read goes with its reason into a file beside this one. Breaking off loses nothing: imported
    once more, it goes on where it was.

    Raises:
        RowFileError: it is no file of rows.
        ColumnsError: its columns do not hold what is needed.
        RejectsError: the rejects cannot be written; what was imported before is kept.
        DatabaseError: as above, of what is stored.
    """
    with _opened(inst, path, choices) as reading, Rejects(path, reading.file) as rejects:
        done = _import(reading, rejects.add, progress)
        done.rejects = rejects.path if done.rejected else None
        return done


def import_rows(
    inst: Installation,
    path: Path,
    choices: Choices,
    reject: Callable[[Row, str], None],
    progress: Callable[[Imported], None] = lambda _: None,
) -> Imported:
    """As :func:`import_file`, but nothing is written beside the file: ``reject`` is given what cannot be read."""
    with _opened(inst, path, choices) as reading:
        return _import(reading, reject, progress)


def _import(reading: _Reading, reject: Callable[[Row, str], None], progress: Callable[[Imported], None]) -> Imported:
    done = Imported(reading.source)
    with Repeats() as repeats:
        while some := list(islice(reading.file.rows, AT_ONCE)):
            _store(reading, _entries(reading, some, done, reject, repeats), done)
            progress(done)
    return done


def source_of(path: Path) -> str:
    """An id made of a file's name: ``Survey May (2).csv`` is kept as ``survey-may-2``."""
    return id_of(path.stem.removesuffix(".rejects")) or "import"


@dataclass(frozen=True, slots=True)
class _Reading:
    """An open file and how it is read."""

    inst: Installation
    file: RowFile
    columns: Columns
    source: str
    brand: str
    how: HowToRead
    now: datetime


@contextmanager
def _opened(inst: Installation, path: Path, choices: Choices) -> Iterator[_Reading]:
    with open_rows(path, choices.encoding) as file:
        asked_as = choices.scale.name if choices.scale else None
        columns = map_columns(str(path), file.header, choices.columns, asked_as)
        scale = choices.scale or USUAL_SCALES[columns.scale or RatingScale.STARS]
        undated_age = None if choices.dated else UNDATED_AGE
        how = HowToRead(choices.zone or inst.settings.time_zone, choices.date_format, scale, undated_age)
        source = choices.source or source_of(path)
        yield _Reading(inst, file, columns, source, choices.brand, how, inst.clock())


def _entries(
    reading: _Reading, rows: Sequence[Row], done: Imported, reject: Callable[[Row, str], None], repeats: Repeats
) -> list[Entry]:
    entries = []
    for row in rows:
        try:
            entries.append(_read(reading, row, repeats))
        except WordlessError:
            done.wordless += 1
        except RowError as error:
            done.rejected += 1
            reject(row, str(error))
    return entries


def _store(reading: _Reading, entries: Sequence[Entry], done: Imported) -> None:
    understood = understand_all(reading.inst, entries)
    with reading.inst.database.writing() as connection:
        new, forgotten = keep_all(connection, understood, reading.now)
    done.new += new
    done.unrelated += len(understood.unrelated)
    done.forgotten += forgotten
    done.known += len(entries) - new - forgotten - len(understood.unrelated)


def _tried(reading: _Reading, row: Row) -> Mention | RowError:
    try:
        return _read(reading, row, None).mention
    except RowError as error:
        return error


def _read(reading: _Reading, row: Row, repeats: Repeats | None) -> Entry:
    if row.problem:
        raise row.problem
    values = reading.columns.of(row.values)
    source = id_of(str(values.get(Field.SOURCE) or "")) or reading.source
    mention = read_row(values, source, reading.how, reading.now)
    if repeats and not has_id(values):
        mention = replace(mention, key=repeats.numbered(mention.key))
    brand = reading.brand or brand_called(reading.inst.settings.brands, values.get(Field.BRAND))
    return Entry(mention, source, (brand,) if brand else ())


def id_of(text: str) -> str:
    """An id made of a name; empty where no letter or digit of it can stand in one."""
    return _NOT_IN_IDS.sub("-", text.casefold()).strip("-")[:63].strip("-")
