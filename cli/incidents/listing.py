"""``groundswell incidents list``: what is open, the worst first, and what each waits for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import click
from sqlalchemy import Connection

from cli.incidents.acting import look, say
from cli.incidents.people import acting
from cli.incidents.telling import Words
from cli.output import plain
from console import wording
from database import reading, responses
from incidents.incident import Incident
from playbooks.playbook import ChecklistStep
from services.installation import Installation
from services.records import incident_summary

_MOST = 10_000


@dataclass(frozen=True, slots=True)
class _Listed:
    incident: Incident
    steps: tuple[ChecklistStep, ...]


@look("list", "List the open incidents, the worst first.")
@click.option("--all", "also_ended", is_flag=True, help="Also those that have ended.")
@click.option("--ended", "only_ended", is_flag=True, help="Only those that have ended, the newest first.")
@click.option("--brand", default="", help="Id of a brand; else all.")
@click.option("--mine", is_flag=True, help="Only those that you have or are asked to take over.")
def list_incidents(
    inst: Installation,
    person: str | None,
    brand: str,
    *,
    also_ended: bool,
    only_ended: bool,
    mine: bool,
    as_json: bool,
) -> None:
    """List them."""
    _check_brand(inst, brand)
    you = person or acting(inst, "") if mine else None
    with inst.database.reading() as connection:
        found = [*_open(connection, with_open=not only_ended), *_over(connection, with_over=also_ended or only_ended)]
    shown = [one for one in found if _wanted(one.incident, brand, you)]
    now = inst.clock()
    if as_json:
        records = [incident_summary(one.incident, one.steps, inst.names, now) for one in shown]
        click.echo(json.dumps({"incidents": records}))
        return
    say(line for one in shown for line in _lines(one, Words(inst, now, person)))
    if not shown:
        such = " of that kind" if brand or mine else ""
        click.echo(f"No incident{such} is {'over' if only_ended else 'open'}.")


def _open(connection: Connection, *, with_open: bool) -> Iterator[_Listed]:
    for one in reading.open_incidents(connection) if with_open else ():
        yield _Listed(one.incident, one.steps)


def _over(connection: Connection, *, with_over: bool) -> Iterator[_Listed]:
    for one in reading.resolved_incidents(connection, None, _MOST) if with_over else ():
        yield _Listed(one, responses.steps(connection, one.id or 0))


def _wanted(incident: Incident, brand: str, you: str | None) -> bool:
    return brand in {"", incident.brand} and (you is None or you in {incident.owner, incident.offered_to})


def _lines(one: _Listed, words: Words) -> Iterator[str]:
    incident = one.incident
    drill = "DRILL  " if incident.drill else ""
    yield f"{incident.id:>4}  {incident.severity}  {drill}{wording.STATUSES[incident.status]}  {incident.title}"
    if incident.resolved_at:
        into = f", incident {incident.merged_into}" if incident.merged_into else ""
        yield f"      {words.person(incident.owner)} had it, over since {words.clock(incident.resolved_at)}{into}"
        return
    yield f"      {words.has_it(incident)}"
    yield f"      Next: {words.next_step(incident, one.steps)}"
    for name, told in words.promises(incident):
        yield f"      {name}: {told}"


def _check_brand(inst: Installation, brand: str) -> None:
    known = [one.id for one in inst.settings.brands]
    if brand and brand not in known:
        raise click.BadParameter(f'"{plain(brand)}" is none of: {", ".join(known)}.', param_hint="--brand")
