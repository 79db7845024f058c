"""``groundswell export``: mentions as a file."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from cli.config import config_option
from cli.output import plain
from database.reading_mentions import Wanted
from services.files.exporting import Format, export, write_whole
from services.installation import Installation, open_installation

_FORMATS = [form.value for form in Format]
_DATES = ("%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M")


@click.command(
    help="Write all mentions with why they matched, their tone, rating and story, oldest first. Times of --since and "
    "--until are in the time zone of the settings; import reads what this writes."
)
@config_option
@click.option("--brand", "brands", multiple=True, help="Id of a brand, as often as you like; else all.")
@click.option("--since", type=click.DateTime(_DATES), help="From this moment on.")
@click.option("--until", type=click.DateTime(_DATES), help="Until before this moment.")
@click.option("--format", "form", type=click.Choice(_FORMATS), help="Else as the file is called, or csv.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="The file; else standard output.")
def command(
    config: Path,
    brands: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    form: str | None,
    output: Path | None,
) -> None:
    """Write the file, whole or not at all."""
    inst = open_installation(config, os.environ)
    with inst.database:
        wanted = Wanted(_brands(inst, brands), since=_moment(inst, since), until=_moment(inst, until))
        parts = export(inst, wanted, _format(form, output))
        if output:
            size = write_whole(output, parts)
            click.echo(plain(f"Wrote {output} ({size:,} bytes)."))
            return
        for part in parts:
            sys.stdout.buffer.write(part.encode())
        sys.stdout.buffer.flush()


def _brands(inst: Installation, chosen: tuple[str, ...]) -> tuple[str, ...]:
    known = tuple(one.id for one in inst.settings.brands)
    for brand in chosen:
        if brand not in known:
            raise click.BadParameter(f'"{plain(brand)}" is none of: {", ".join(known)}.', param_hint="--brand")
    return tuple(dict.fromkeys(chosen)) or known


def _format(form: str | None, output: Path | None) -> Format:
    if form:
        return Format(form)
    return Format.JSONL if output and output.suffix.lower() in {".jsonl", ".ndjson"} else Format.CSV


def _moment(inst: Installation, at: datetime | None) -> datetime | None:
    try:
        return at.replace(tzinfo=inst.settings.time_zone).astimezone(UTC) if at else None
    except OverflowError:
        raise click.BadParameter(f"{at} is too far away.", param_hint="--since, --until") from None
