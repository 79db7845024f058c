"""``groundswell retag``: the rules of today on the mentions of yesterday."""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path

import click

from cli.config import config_option
from cli.lengths import Length
from cli.output import counted
from services.installation import open_installation
from services.tagging import Retagged, retag


@click.command(
    help="Give stored mentions the crisis categories and tags that the settings name now. Run it after you changed "
    "topics in the settings; what was tagged before stays until then. It may run beside groundswell serve, and may be "
    "ended and run again."
)
@config_option
@click.option("--since", type=Length(), metavar="AGE", help="Only what was published since then, as 30d; else all.")
def command(config: Path, since: timedelta | None) -> None:
    """Tag again, and say for how many mentions that changed something."""
    inst = open_installation(config, os.environ)
    shown = sys.stderr.isatty()
    with inst.database:
        begin = inst.clock() - since if since is not None else None
        done = retag(inst, begin, _progress if shown else lambda _: None)
    if shown:
        click.echo(err=True)
    click.echo(
        f"Read {counted(done.read, 'mention')} of {counted(len(inst.settings.brands), 'brand')}; "
        f"{done.changed:,} changed."
    )


def _progress(done: Retagged) -> None:
    click.echo(f"\r{done.read:,} read, {done.changed:,} changed", err=True, nl=False)
