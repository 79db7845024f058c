"""``groundswell replay`` of mentions: which past by which settings, and what is said, written and drawn of it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import click

from cli.endings import put_away_when_ended
from cli.main import DEFAULT_SETTINGS
from cli.moments import Ago, moment_of
from cli.output import counted, plain
from cli.replaying.comparing import comparison_lines
from cli.replaying.drawing import draw
from cli.replaying.output import Output, csv_lines, remark_lines
from cli.replaying.progress import Bars
from cli.replaying.records import compared_record, record_of
from cli.replaying.telling import COLUMNS, csv_row, lines_of
from detection.waking import Sensitivity
from services.files.exporting import write_whole
from services.files.importing import Choices
from services.files.rows import brand_called
from services.installation import open_installation
from services.replay.changing import with_sensitivity
from services.replay.comparing import compare
from services.replay.loading import made_settings
from services.replay.replaying import FilePast, Finished, Past, TeamPast, replay
from settings.loading import load
from settings.model import Settings


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be replayed.

    Attributes:
        made: do without the team's settings.
        brand: name or id of the brand that all of a file is about.
        sensitivity: takes the place of that of the settings.
        other: settings to compare with.
    """

    config: Path
    choices: Choices
    file: Path | None = None
    since: Ago | None = None
    until: Ago | None = None
    made: bool = False
    brand: str = ""
    sensitivity: Sensitivity | None = None
    other: Path | None = None


@dataclass(frozen=True, slots=True)
class _Plan:
    """A past and the settings that it is judged by; ``told`` says which these are."""

    settings: Settings
    past: Past
    told: str


def replay_mentions(asked: Asked, output: Output) -> None:
    """Replay, and say, write and draw what comes of it."""
    with put_away_when_ended() as look, _planned(asked) as plan, Bars(look) as progress:
        output = _in_zone(output, asked, plan.settings)
        first = replay(_as_sensitive(plan.settings, asked), plan.past, progress)
        other = _replay_other(asked, plan, progress) if asked.other else None
    written = _write(first, output)
    for line in written if output.as_json else ():
        click.echo(plain(line), err=True)
    if other and asked.other:
        compared = compare(first.walked.alarms, other.walked.alarms)
        if output.as_json:
            click.echo(json.dumps(compared_record(first, other, compared)))
            return
        lines = comparison_lines(first, other, compared, asked.other.name, output.zone)
    elif output.as_json:
        click.echo(json.dumps(record_of(first)))
        return
    else:
        lines = lines_of(first, output.zone)
    for line in (plan.told, "", *lines, *_row_lines(first), *written):
        click.echo(plain(line))


@contextmanager
def _planned(asked: Asked) -> Iterator[_Plan]:
    if asked.file:
        yield _plan_file(asked, asked.file)
        return
    inst = open_installation(asked.config, os.environ)
    with inst.database:
        now, zone = inst.clock(), inst.settings.time_zone
        until = min(moment_of(asked.until, now, zone), now) if asked.until else now
        since = moment_of(asked.since, now, zone) if asked.since else now
        if since >= until:
            raise click.BadParameter("It is not before the end.", param_hint="--since")
        past = TeamPast(inst.database, since, until).heard(inst.settings, now)
        span = f"from {past.since:%Y-%m-%d %H:%M} to {until:%Y-%m-%d %H:%M} UTC"
        yield _Plan(inst.settings, past, f"What was heard by {asked.config} {span}, judged anew.")


def _plan_file(asked: Asked, file: Path) -> _Plan:
    if asked.made or (asked.config == Path(DEFAULT_SETTINGS) and not asked.config.exists()):
        settings, choices = made_settings(file, asked.choices, asked.brand)
        names = ", ".join(brand.name for brand in settings.brands)
        told = f"Judged without settings of a team: everything as it comes. Brands: {names}."
    else:
        settings = load(asked.config, os.environ)
        choices = replace(asked.choices, brand=_brand_in(settings, asked.brand))
        told = f"Judged by the settings in {asked.config}."
    return _Plan(settings, FilePast(file, choices), told)


def _brand_in(settings: Settings, named: str) -> str:
    found = brand_called(settings.brands, named) if named else ""
    if found is None:
        known = ", ".join(brand.id for brand in settings.brands)
        raise click.BadParameter(f'"{plain(named)}" is none of: {known}.', param_hint="--brand")
    return found


def _as_sensitive(settings: Settings, asked: Asked) -> Settings:
    return with_sensitivity(settings, asked.sensitivity) if asked.sensitivity else settings


def _in_zone(output: Output, asked: Asked, settings: Settings) -> Output:
    return replace(output, zone=asked.choices.zone or settings.time_zone)


def _replay_other(asked: Asked, plan: _Plan, progress: Bars) -> Finished | None:
    """The same past by other settings."""
    if asked.other is None:
        return None
    settings, past = load(asked.other, os.environ), plan.past
    if asked.file:
        choices = replace(asked.choices, brand=_brand_in(settings, asked.brand))
        past = FilePast(asked.file, choices)
    return replay(_as_sensitive(settings, asked), past, progress)


def _write(done: Finished, output: Output) -> list[str]:
    """Write what is to be written; what was written where, unless it was said so already."""
    if output.alerts:
        write_whole(output.alerts, csv_lines(COLUMNS, [csv_row(one) for one in done.walked.alarms]))
    return draw(done, output) if output.picture else []


def _row_lines(done: Finished) -> list[str]:
    if done.loaded is None:
        return []
    counts = done.loaded.counts
    left: Mapping[str, int] = {
        "about no brand": counts.unrelated,
        "the same as another": counts.known,
        "without a text": counts.wordless,
        "that cannot be read": counts.rejected,
    }
    rest = "".join(f"; {number:,} {what}" for what, number in left.items() if number)
    return [f"{counted(counts.rows, 'row')}{rest}.", *remark_lines(done.loaded.remarks)]
