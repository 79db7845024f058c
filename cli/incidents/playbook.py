"""``groundswell incidents playbook``: what going on by another plan would change, and doing it."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator

import click

from cli.incidents.acting import Answer, Call, Number, answered, look, refuse, say
from cli.incidents.people import acting
from console.wording import refused
from database.incidents import find
from incidents.incident import Incident, Refusal
from services import plans
from services.installation import Installation
from services.plans import Preview


@look("playbook", "Show what another playbook would change, or move to it.")
@click.argument("number", metavar="N", type=Number)
@click.argument("playbook_id", metavar="[ID]", default="")
@click.option("--move", is_flag=True, help="Go on by it; what is done stays done.")
@click.option("--seen", metavar="VERSION", help="The version whose preview you saw; else the one that is there now.")
def playbook(
    inst: Installation,
    person: str | None,
    number: int,
    playbook_id: str,
    seen: str | None,
    *,
    move: bool,
    as_json: bool,
) -> int:
    """Show the difference; nothing is changed without ``--move``."""
    with inst.database.reading() as connection:
        incident = find(connection, number)
        shown = plans.preview(connection, inst, number, playbook_id or incident.playbook)
    if isinstance(shown, Refusal):
        return refuse(refused(shown, inst.clock(), inst.settings.time_zone), as_json=as_json)
    if move:
        call = Call(inst, number, person or acting(inst, ""))
        return answered(call, functools.partial(_moved, call, shown, seen), as_json=as_json)
    if as_json:
        click.echo(json.dumps(_record(incident, shown)))
    else:
        say(_lines(incident, shown))
    return 0


def _moved(call: Call, shown: Preview, seen: str | None) -> Answer:
    new = shown.playbook
    done = plans.move(call.inst, call.number, call.person, new.id, seen or new.version)
    return done, " ".join((*shown.difference.sentences(), f"It goes on by {new.title}. What was done stays done."))


def _lines(incident: Incident, shown: Preview) -> Iterator[str]:
    new = shown.playbook
    if _same(incident, shown):
        yield f"Incident {incident.id} follows {new.title}, version {new.version}, as it is now."
        return
    yield f"What would change if incident {incident.id} went on by {new.title}, version {new.version}:"
    for sentence in shown.difference.sentences():
        yield f"  {sentence}"
    yield f"To do so: groundswell incidents playbook {incident.id} {new.id} --move --seen {new.version}"


def _record(incident: Incident, shown: Preview) -> dict[str, object]:
    return {
        "playbook": {"id": shown.playbook.id, "version": shown.playbook.version, "title": shown.playbook.title},
        "follows_already": _same(incident, shown),
        "changes": [] if _same(incident, shown) else list(shown.difference.sentences()),
    }


def _same(incident: Incident, shown: Preview) -> bool:
    return (incident.playbook, incident.playbook_version) == (shown.playbook.id, shown.playbook.version)
