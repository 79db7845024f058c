"""``groundswell tune``: which settings fit best what people said of alarms."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from cli.config import config_option
from cli.endings import put_away_when_ended
from cli.moments import Ago, Moment, moment_of
from cli.output import plain
from cli.replaying.progress import Bars
from cli.replaying.tuning import lines_of, record_of
from database.marks import all_marks
from detection.marks import Mark
from services.installation import Installation, open_installation
from services.replay.replaying import TeamPast
from services.replay.trying import try_all
from services.replay.tuning import candidates, proposed, rate
from settings.model import Settings


@click.command(
    help="Replay what you heard with other sensitivities and other numbers of people, one change at a time; count how "
    "often each goes against your marks (noise, missed) and propose the one that fits best. It changes nothing itself."
)
@config_option
@click.option("--since", type=Moment(), default="8w", show_default=True, help="How far back: 8w, 30d, 2026-01-01.")
@click.option("--brand", default="", help="Id of a brand to tune by itself; how many people it takes is left alone.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object.")
def command(config: Path, since: Ago, brand: str, *, as_json: bool) -> None:
    """Try every candidate on what the installation heard."""
    inst = open_installation(config, os.environ)
    with inst.database:
        _check_brand(inst, brand)
        now = inst.clock()
        asked = TeamPast(inst.database, moment_of(since, now, inst.settings.time_zone), now)
        if asked.since >= now:
            raise click.BadParameter("It is not in the past.", param_hint="--since")
        past = asked.heard(_only(inst, brand), now)
        marks = _marks(inst, brand, asked.since)
        with put_away_when_ended() as look, Bars(look) as progress:
            tried = try_all(_only(inst, brand), past, candidates(inst.settings, brand), progress)
    rated = rate(tried, marks)
    if as_json:
        click.echo(json.dumps(record_of(rated, proposed(rated))))
        return
    for line in lines_of(inst.settings, past, rated, proposed(rated), marks):
        click.echo(plain(line))


def _check_brand(inst: Installation, brand: str) -> None:
    known = [one.id for one in inst.settings.brands if not one.competitor]
    if brand and brand not in known:
        raise click.BadParameter(f'"{plain(brand)}" is none of: {", ".join(known)}.', param_hint="--brand")


def _marks(inst: Installation, brand: str, since: datetime) -> Sequence[Mark]:
    with inst.database.reading() as connection:
        return all_marks(connection, brand or None, since)


def _only(inst: Installation, brand: str) -> Settings:
    """The settings with no other brand than the one that is tuned."""
    if not brand:
        return inst.settings
    return inst.settings.model_copy(update={"brands": tuple(one for one in inst.settings.brands if one.id == brand)})
