"""Where a replay writes, and what all kinds of replay write alike."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from cli.output import counted, plain
from services.files.neutral import neutralised
from services.replay.count_files import Remark

_SHOWN = 10
_PAGES = {".html", ".htm"}


@dataclass(frozen=True, slots=True)
class Output:
    """What the user wants to see and where.

    Attributes:
        alerts: a CSV file for the alarms.
        picture: a PNG file or a page.
        zone: of the times that are shown.
    """

    alerts: Path | None
    picture: Path | None
    as_json: bool
    zone: ZoneInfo

    @property
    def is_page(self) -> bool:
        """Whether the picture is to be a page."""
        return self.picture is not None and self.picture.suffix.lower() in _PAGES


def check_places(file: Path | None, alerts: Path | None, picture: Path | None) -> None:
    """Find out before the work what could not be written after it."""
    for option, place in (("--alerts", alerts), ("--picture", picture)):
        if place is None:
            continue
        if not os.access(place.absolute().parent, os.W_OK):
            raise click.BadParameter(f'"{plain(str(place.parent))}" is no folder to write in.', param_hint=option)
        if file and place.exists() and file.exists() and place.samefile(file):
            raise click.BadParameter("It is the file that is replayed itself.", param_hint=option)
    if picture and picture.suffix.lower() not in {".png", *_PAGES}:
        raise click.BadParameter("It must end in .png or .html.", param_hint="--picture")


def zone_called(name: str) -> ZoneInfo:
    """A time zone by its name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise click.BadParameter(
            f'"{plain(name)}" is no time zone, as Europe/Berlin is.', param_hint="--time-zone"
        ) from None


def clock(at: datetime, zone: ZoneInfo) -> str:
    """A moment for people."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def csv_lines(columns: Sequence[str], records: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """A header and a line for each record."""
    for row in ([*columns], *([record[name] for name in columns] for record in records)):
        line = io.StringIO()
        csv.writer(line).writerow(neutralised(cell) if isinstance(cell, str) else cell for cell in row)
        yield line.getvalue()


def remark_lines(remarks: Sequence[Remark]) -> list[str]:
    """The first remarks on rows, and how many there are beyond."""
    shown = [f"line {one.line}: {one.text}{'' if one.used else ' It was left out.'}" for one in remarks[:_SHOWN]]
    more = len(remarks) - len(shown)
    return [*shown, *([f"and {counted(more, 'remark')} more; --json shows all."] if more else [])]


def remark_record(remark: Remark) -> Mapping[str, Any]:
    """A remark for programs."""
    return {"line": remark.line, "text": remark.text, "used": remark.used}
