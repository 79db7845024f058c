"""``groundswell drill``: start a drill, see how it goes, end it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from cli.config import config_option
from cli.output import plain
from cli.tip import person_called
from incidents.incident import SYSTEM
from services import drilling
from services.drill_records import as_record
from services.drilling import DrillReport
from services.installation import Installation, open_installation
from simulation.scenarios import SCENARIOS

_JSON = click.option("--json", "as_json", is_flag=True, help="Write JSON.")
_START = "start"


class StartsByItself(click.Group):
    """A group whose first command is meant where none is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the command line."""
        named = args and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if named else [_START, *args])


@click.group(
    cls=StartsByItself,
    help="Drill a crisis: groundswell drill [BRAND]. Posts are made up, detected and opened as an incident like real "
    "ones, and mails begin with [DRILL]. Nothing of it is counted anywhere.",
)
def command() -> None:
    """The commands below do the work."""


@command.command(_START, help="Start a drill about a brand; its mails leave with the next round.")
@config_option
@click.argument("brand", default="")
@click.option("--scenario", type=click.Choice([one.key for one in SCENARIOS]), help="What happens; else any of them.")
@click.option("--as", "by", default="", metavar="PERSON", help="Who starts it: id or name of somebody of the settings.")
@_JSON
def start(config: Path, brand: str, scenario: str | None, by: str, *, as_json: bool) -> int:
    """Start one; exit code 1 where it opened no incident."""
    inst = open_installation(config, os.environ)
    with inst.database:
        report = drilling.start(inst, brand, scenario or "", _person(inst, by))
    _write(inst, [report], as_json=as_json, one=True)
    return 0 if report.incident else 1


@command.command("list", help="List all drills, the last one first.")
@config_option
@_JSON
def list_drills(config: Path, *, as_json: bool) -> None:
    """Show them."""
    inst = open_installation(config, os.environ)
    with inst.database:
        found = drilling.reports(inst)
    _write(inst, found, as_json=as_json)
    if not found and not as_json:
        click.echo("No drill yet. Start one: groundswell drill.")


@command.command(help="Show how a drill goes, or went.")
@config_option
@click.argument("number", type=click.IntRange(min=1))
@_JSON
def show(config: Path, number: int, *, as_json: bool) -> None:
    """Show one; one that is not there is raised."""
    inst = open_installation(config, os.environ)
    with inst.database:
        _write(inst, [drilling.report_on(inst, number)], as_json=as_json, one=True)


@command.command(help="End a drill; its incident is resolved.")
@config_option
@click.argument("number", type=click.IntRange(min=1))
@click.option(
    "--as", "by", required=True, metavar="PERSON", help="Who ends it: id or name of somebody of the settings."
)
@_JSON
def stop(config: Path, number: int, by: str, *, as_json: bool) -> None:
    """End one; one that is over is raised."""
    inst = open_installation(config, os.environ)
    with inst.database:
        _write(inst, [drilling.stop(inst, number, _person(inst, by))], as_json=as_json, one=True)


def lines(inst: Installation, report: DrillReport) -> Iterator[str]:
    """A drill for people."""
    drill, zone = report.drill, inst.settings.time_zone
    state = "over" if drill.finished_at else "goes on"
    at = f"{drill.started_at.astimezone(zone):%Y-%m-%d %H:%M}"
    yield f"Drill {drill.number}  {at}  {inst.name_of_brand(drill.brand)}: {drill.scenario}, {state}"
    if incident := report.incident:
        address = f"{inst.settings.console.base_url}/incidents/{incident.id}"
        yield f"  {incident.severity}  {incident.title} ({inst.name_of(incident.owner)} owns it)  {address}"
    yield f"  {report.sentence}"


def _write(inst: Installation, found: Sequence[DrillReport], *, as_json: bool, one: bool = False) -> None:
    if as_json:
        records = [as_record(report) for report in found]
        click.echo(json.dumps(records[0] if one else records))
        return
    for report in found:
        for line in lines(inst, report):
            click.echo(plain(line))


def _person(inst: Installation, name: str) -> str:
    if not name:
        return SYSTEM.id
    person = person_called(inst, name)
    if person is None:
        raise click.BadParameter(f'"{plain(name)}" is none of: {", ".join(inst.names)}.', param_hint="--as")
    return person
