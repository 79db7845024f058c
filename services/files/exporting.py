"""Writing out what was heard: every mention with why it matched, how it felt, its rating and its story."""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import IO

from database.exported import Exported, oldest_first
from database.reading_mentions import Wanted
from database.tags import tags_of
from errors import GroundswellError
from services.files.neutral import neutralised
from services.installation import Installation
from topics.tag import CATEGORY, Tag

AT_ONCE = 500
# The names that import knows, then what it finds out anew.
COLUMNS = (
    "key", "source", "brand", "published", "dating", "title", "text", "url", "author", "handle", "language", "likes",
    "replies", "reposts", "views", "followers", "rating", "rating_worst", "rating_best", "rating_scale", "tone",
    "compound", "matched_by", "evidence", "scorer", "flags", "category", "tags", "story", "seen",
)  # fmt: skip


class Format(StrEnum):
    """How mentions are written."""

    CSV = "csv"
    JSONL = "jsonl"


class ExportError(GroundswellError):
    """A file cannot be written; the one that was there before, if any, is as it was."""


def export(inst: Installation, wanted: Wanted, form: Format) -> Iterator[str]:
    """The mentions of the wanted brands, oldest first, in parts of a few hundred lines.

    CSV (RFC 4180) begins with a byte order mark, by which spreadsheets know UTF-8, and its texts are neutralised
    (:mod:`services.files.neutral`). A mention that is about two brands has a line for each. Crisis categories and
    tags (``product:economy``) are lists in JSON Lines and stand with spaces between them in CSV.

    Raises:
        DatabaseError: the mentions cannot be read.
    """
    if form is Format.CSV:
        yield "\ufeff" + _csv([COLUMNS])
    for part in _parts(inst, wanted):
        records = [_record(one, tags) for one, tags in part]
        if form is Format.CSV:
            yield _csv([_cell(record[name]) for name in COLUMNS] for record in records)
        else:
            yield "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records)


def write_whole(path: Path, parts: Iterable[str | bytes]) -> int:
    """Write a file that is there whole or not at all; its size in bytes.

    It is written under another name beside it and renamed at the end, and can be read by its owner alone.

    Raises:
        ExportError: it cannot be written.
    """
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            try:
                return _write_and_rename(file, path, parts)
            finally:  # gone already where it was renamed
                Path(file.name).unlink(missing_ok=True)
    except OSError as error:
        problem = f"cannot be written ({(error.strerror or 'unknown reason').lower()})."
        raise ExportError(str(path), problem, "Nothing was changed. Make room, or choose another place.") from error


def _write_and_rename(file: IO[bytes], path: Path, parts: Iterable[str | bytes]) -> int:
    for part in parts:
        file.write(part.encode() if isinstance(part, str) else part)
    file.flush()
    os.fsync(file.fileno())
    size = file.tell()
    file.close()
    Path(file.name).replace(path)
    return size


def _parts(inst: Installation, wanted: Wanted) -> Iterator[list[tuple[Exported, tuple[Tag, ...]]]]:
    """A connection for each part: whoever reads slowly holds nobody up."""
    for brand in wanted.brands:
        after: Exported | None = None
        while True:
            with inst.database.reading() as connection:
                part = oldest_first(connection, brand, wanted, after, AT_ONCE)
                tags = tags_of(connection, [(one.id, brand) for one in part])
            if part:
                yield [(one, tags.get((one.id, brand), ())) for one in part]
            if len(part) < AT_ONCE:
                break
            after = part[-1]


def _record(one: Exported, tags: tuple[Tag, ...]) -> Mapping[str, object]:
    return {
        "key": one.key,
        "source": one.source,
        "brand": one.brand,
        "published": _time(one.published_at),
        "dating": one.dating,
        "title": one.title,
        "text": one.text,
        "url": one.url,
        "author": one.author,
        "handle": one.handle,
        "language": one.language,
        "likes": one.likes,
        "replies": one.replies,
        "reposts": one.reposts,
        "views": one.views,
        "followers": one.followers,
        "rating": one.rating,
        "rating_worst": one.rating_worst,
        "rating_best": one.rating_best,
        "rating_scale": one.rating_scale,
        "tone": one.label,
        "compound": one.compound,
        "matched_by": one.reason,
        "evidence": one.evidence,
        "scorer": one.scorer,
        "flags": one.flags,
        "category": [tag.name for tag in tags if tag.kind == CATEGORY],
        "tags": [f"{tag.kind}:{tag.name}" for tag in tags if tag.kind != CATEGORY],
        "story": one.story_id or one.id,
        "seen": _time(one.seen_at),
    }


def _time(at: datetime) -> str:
    return at.isoformat()


def _cell(value: object) -> object:
    # Numbers and names of tags are our own and stay as they are; a text may be anybody's.
    if isinstance(value, list):
        return " ".join(value)
    return neutralised(value) if isinstance(value, str) else value


def _csv(rows: Iterable[Iterable[object]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue()
