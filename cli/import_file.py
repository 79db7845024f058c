"""``groundswell import``: mentions from a file, such as the export of a survey."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from cli.config import config_option
from cli.output import counted, plain
from mentions.mention import Mention, RatingScale
from services.files.importing import Choices, Imported, Plan, import_file, preview
from services.files.row_errors import RowError
from services.files.rows import USUAL_SCALES, Field, Scale
from services.installation import Installation, open_installation

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_SCALE = re.compile(r"(?P<name>[a-z]+)(?::(?P<worst>\d{1,6})-(?P<best>\d{1,6}))?", re.ASCII)
_SHOWN = 100  # characters of a text


@click.command(
    help="Bring in mentions from FILE: CSV or JSON Lines. Columns are found by their usual names; --dry-run shows how. "
    "Rows that cannot be read go into FILE.rejects with their line and the reason, the others are kept; importing the "
    "same again adds nothing. The exit code is 1 where not one row could be read."
)
@click.argument("file", type=click.Path(path_type=Path))
@config_option
@click.option("--map", "pairs", multiple=True, metavar="FIELD=COLUMN", help="A column by its name, as text=Comment.")
@click.option("--brand", default="", help="Id of the brand that everything in it is about.")
@click.option("--source", default="", help="Id under which it is kept; else made of the file's name.")
@click.option("--rating", default="", metavar="SCALE", help="Its scores: nps, csat, ces, stars, or as csat:1-10.")
@click.option("--date-format", default="", help="How its dates are written, as %d/%m/%Y.")
@click.option("--time-zone", default="", help="Of times that name none; else that of the settings.")
@click.option("--encoding", default="", help="Where it is not UTF-8, as cp1252.")
@click.option("--dry-run", is_flag=True, help="Show how it would be read, and its first rows. Nothing is stored.")
def command(file: Path, config: Path, pairs: tuple[str, ...], *, dry_run: bool, **given: str) -> int:
    """Exit code 0, or 1 where there were rows and none could be read; other failures are raised."""
    inst = open_installation(config, os.environ)
    with inst.database:
        choices = Choices(
            columns=columns_given(pairs),
            brand=_brand(inst, given["brand"]),
            source=_source(given["source"]),
            scale=_scale(given["rating"]),
            zone=_zone(given["time_zone"]),
            date_format=given["date_format"],
            encoding=given["encoding"],
        )
        if dry_run:
            _show(preview(inst, file, choices))
            return 0
        done = import_file(inst, file, choices, _progress if sys.stderr.isatty() else lambda _: None)
    for line in _summary(file, done):
        click.echo(plain(line))
    return 1 if done.rejected and done.rejected == done.rows else 0


def columns_given(pairs: tuple[str, ...]) -> Mapping[Field, str]:
    """Columns by what they hold, as the user named them."""
    columns: dict[Field, str] = {}
    for pair in pairs:
        name, sign, column = pair.partition("=")
        if not sign or name.strip() not in set(Field):
            known = ", ".join(Field)
            raise click.BadParameter(f'"{plain(pair)}" is not FIELD=COLUMN; fields are: {known}.', param_hint="--map")
        columns[Field(name.strip())] = column
    return columns


def _brand(inst: Installation, brand: str) -> str:
    known = [one.id for one in inst.settings.brands]
    if brand and brand not in known:
        raise click.BadParameter(f'"{plain(brand)}" is none of: {", ".join(known)}.', param_hint="--brand")
    return brand


def _source(source: str) -> str:
    if source and not _ID.fullmatch(source):
        told = f'"{plain(source)}" is not an id: lower-case letters, digits and hyphens, at most 63.'
        raise click.BadParameter(told, param_hint="--source")
    return source


def _scale(text: str) -> Scale | None:
    if not text:
        return None
    found = _SCALE.fullmatch(text.lower())
    if not found or found["name"] not in set(RatingScale) or (found["worst"] and found["worst"] == found["best"]):
        told = f'"{plain(text)}" is none of {", ".join(RatingScale)}, nor one with its ends as csat:1-10 or ces:7-1.'
        raise click.BadParameter(told, param_hint="--rating")
    name = RatingScale(found["name"])
    return Scale(name, float(found["worst"]), float(found["best"])) if found["worst"] else USUAL_SCALES[name]


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise click.BadParameter(f'"{plain(name)}" is not known, as UTC is.', param_hint="--time-zone") from None


def _progress(done: Imported) -> None:
    click.echo(f"\r{done.rows:,} rows, {done.new:,} new, {done.rejected:,} rejected", err=True, nl=False)


def _summary(file: Path, done: Imported) -> list[str]:
    if not done.rows:
        return [f"{file.name} holds no rows below its header; nothing was imported."]
    counts = [
        (done.known, "known already"),
        (done.forgotten, "that somebody asked to have forgotten, not kept"),
        (done.unrelated, "about no brand, not kept"),
        (done.wordless, "without a text, not kept"),
    ]
    rest = "".join(f"; {count:,} {what}" for count, what in counts if count)
    lines = [f'{counted(done.rows, "row")}: {counted(done.new, "new mention")}, kept as "{done.source}"{rest}.']
    if done.rejected:
        lines.append(f"{counted(done.rejected, 'row')} rejected, with the reasons in {done.rejects}.")
    return lines


def _show(plan: Plan) -> None:
    columns = plan.columns
    click.echo(f'{plan.described}. It would be kept as "{plan.source}". Nothing was stored.')
    width = max(len(field) for field in columns.by_field) + 1
    for field, name in columns.by_field.items():
        scale = f"  ({plan.scale.name}, {plan.scale.worst:g} to {plan.scale.best:g})" if field is Field.RATING else ""
        click.echo(f"  {f'{field}:':<{width}} {plain(name)}{scale}")
    if columns.unread:
        click.echo(f"Not read: {plain(', '.join(columns.unread))}.")
    for line, row in plan.rows:
        click.echo()
        click.echo("\n".join(plain(text) for text in _row(line, row)))


def _row(line: int, row: Mention | RowError) -> list[str]:
    if isinstance(row, RowError):
        return [f"line {line}: not kept. {row}"]
    about = [f"{row.published.at:%Y-%m-%d %H:%M} UTC" + ("" if row.published.dating == "stated" else " (no date)")]
    about.append(row.author or row.handle or "author unknown")
    if row.rating:
        about.append(f"{row.rating.scale} {row.rating.value:g} of {row.rating.best:g}")
    return [f"line {line}: {', '.join(about)}", f"  {' '.join(row.content.split())[:_SHOWN]}"]
