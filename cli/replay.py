"""``groundswell replay``: which alarms the past would have raised, when and why."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from cli.config import config_option
from cli.import_file import columns_given
from cli.moments import Moment
from cli.replaying.counts import replay_file_of_counts
from cli.replaying.mentions import Asked, replay_mentions
from cli.replaying.output import Output, check_places, zone_called
from detection.waking import Sensitivity
from services.files.importing import Choices

_FILE = click.Path(path_type=Path)
_OUT = click.Path(path_type=Path, dir_okay=False)


@click.command(
    help="Show which alarms the past would have raised, when and why: of the mentions in FILE (CSV or JSON Lines, with "
    "the columns that import reads), of what your own installation heard (--since), or of counts alone (--counts). "
    "Nothing is stored and nobody is told."
)
@config_option
@click.argument("file", type=_FILE, required=False)
@click.option("--since", type=Moment(), help="Replay what you heard from then on: 30d, 8w, 2026-01-01.")
@click.option("--until", type=Moment(), help="With --since, up to then; else up to now.")
@click.option("--counts", type=_FILE, help="A file of counts: timestamp,value; they have no authors.")
@click.option("--compare", type=_FILE, metavar="OTHER.yaml", help="Settings to put beside the others.")
@click.option("--alerts", type=_OUT, help="Write the alarms to a CSV file.")
@click.option("--picture", type=_OUT, help="Draw it: a .png or an .html file.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object.")
@click.option(
    "--sensitivity",
    type=click.Choice([each.value for each in Sensitivity]),
    help="How far beyond the usual is news; else as the settings say, or normal.",
)
@click.option("--brand", default="", help="Name of the brand that all of FILE is about.")
@click.option("--no-settings", is_flag=True, help="Judge FILE without your settings, everything as it comes.")
@click.option("--map", "pairs", multiple=True, metavar="FIELD=COLUMN", help="A column of FILE, as text=Comment.")
@click.option("--time-zone", default="", help="Of times that name none, and of those shown; else that of the settings.")
@click.option("--date-format", default="", help="How its times are written, as %d/%m/%Y.")
@click.option("--encoding", default="", help="Where it is not UTF-8, as cp1252.")
def command(**given: Any) -> None:
    """Replay one past."""
    _check(given)
    zone = zone_called(given["time_zone"]) if given["time_zone"] else None
    output = Output(given["alerts"], given["picture"], given["as_json"], zone or ZoneInfo("UTC"))
    sensitivity = Sensitivity(given["sensitivity"]) if given["sensitivity"] else None
    if given["counts"]:
        written = (given["date_format"], given["encoding"])
        replay_file_of_counts(given["counts"], output, sensitivity or Sensitivity.NORMAL, *written)
        return
    choices = Choices(
        columns=columns_given(given["pairs"]),
        zone=zone,
        date_format=given["date_format"],
        encoding=given["encoding"],
    )
    asked = Asked(
        config=given["config"],
        choices=choices,
        file=given["file"],
        since=given["since"],
        until=given["until"],
        made=given["no_settings"],
        brand=given["brand"],
        sensitivity=sensitivity,
        other=given["compare"],
    )
    replay_mentions(asked, output)


def _check(given: Mapping[str, Any]) -> None:
    """Refuse what does not go together."""
    pasts = [name for name in ("file", "since", "counts") if given[name]]
    if len(pasts) != 1:
        raise click.UsageError("Say one of FILE, --since or --counts.")
    if given["until"] and not given["since"]:
        raise click.UsageError("--until goes with --since.")
    if given["compare"] and given["counts"]:
        raise click.UsageError("--compare goes with FILE or --since.")
    only = [name for name in ("brand", "pairs", "no_settings") if given[name]]
    if only and not given["file"]:
        raise click.UsageError("--brand, --map and --no-settings go with FILE.")
    check_places(given["file"] or given["counts"], given["alerts"], given["picture"])
