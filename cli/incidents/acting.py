"""How a command acts on an incident: as somebody, through one service, and with what is true afterwards."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from cli.config import config_option
from cli.incidents.people import acting, as_option, looking
from cli.incidents.telling import Words
from cli.output import plain
from console.wording import refused
from database.incidents import ConflictError, UnknownIncidentError
from database.proposals import UnknownProposalError
from errors import GroundswellError
from incidents.incident import Change, Refusal
from services.installation import Installation, open_installation
from services.records import Whole, incident_record, timeline_record, whole_of

_SHARED = {"config", "person", "as_json"}
Number = click.IntRange(min=1)
json_option = click.option("--json", "as_json", is_flag=True, help="Write one JSON object.")
# What everybody asks of an incident that is not there, or that others keep changing.
Unavailable = (UnknownIncidentError, UnknownProposalError, ConflictError)


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody acts on an incident.

    Attributes:
        person: their id.
    """

    inst: Installation
    number: int
    person: str


# What was decided (None where nothing of the incident changes), and what to say of it besides what is true now.
Answer = tuple[Change | Refusal | None, str]
Act = Callable[..., Answer]


def action(name: str, told: str) -> Callable[[Act], click.Command]:
    """Make a command of what acts on incident N; ``told`` is its help.

    The function gets a :class:`Call` and its own options and arguments.
    """

    def command_of(act: Act) -> click.Command:
        @functools.wraps(act)
        def run(config: Path, number: int, person: str, *, as_json: bool, **given: Any) -> int:
            inst = open_installation(config, os.environ)
            with inst.database:
                call = Call(inst, number, acting(inst, person))
                return answered(call, functools.partial(act, call, **given), as_json=as_json)

        options = json_option(as_option(config_option(run)))
        return _own_first(click.command(name, help=told)(click.argument("number", metavar="N", type=Number)(options)))

    return command_of


def look(name: str, told: str) -> Callable[[Callable[..., int | None]], click.Command]:
    """Make a command of what only looks; the function gets the installation, the person or None, and ``as_json``."""

    def command_of(show: Callable[..., int | None]) -> click.Command:
        @functools.wraps(show)
        def run(config: Path, person: str, *, as_json: bool, **given: Any) -> int:
            inst = open_installation(config, os.environ)
            with inst.database:
                try:
                    return show(inst, looking(inst, person), as_json=as_json, **given) or 0
                except Unavailable as error:
                    return not_there(error, as_json=as_json)

        return _own_first(click.command(name, help=told)(json_option(as_option(config_option(run)))))

    return command_of


def answered(call: Call, act: Callable[[], Answer], *, as_json: bool) -> int:
    """Do it, and say what is true afterwards or why it was not done; the exit code is returned."""
    inst = call.inst
    try:
        done, told = act()
    except Unavailable as error:
        return not_there(error, as_json=as_json)
    now = inst.clock()
    if isinstance(done, Refusal):
        return refuse(refused(done, now, inst.settings.time_zone), as_json=as_json)
    with inst.database.reading() as connection:
        whole = whole_of(connection, call.number)
    if as_json:
        click.echo(json.dumps(_record(call, done, whole)))
    else:
        words = Words(inst, now, call.person)
        say([" ".join(filter(None, (told, words.in_short(whole.incident, whole.steps))))])
    return 0


def refuse(why: str, *, as_json: bool) -> int:
    """Say why nothing was done; the exit code is returned."""
    if as_json:
        click.echo(json.dumps({"refused": why}))
    else:
        click.echo(plain(why), err=True)
    return 1


def not_there(error: GroundswellError, *, as_json: bool) -> int:
    """Say that the incident cannot be had; programs are told as they are of a refusal."""
    if not as_json:
        raise error
    return refuse(str(error), as_json=True)


def say(lines: Iterable[str]) -> None:
    """Write lines that may hold what strangers wrote."""
    for line in lines:
        click.echo(plain(line))


def _own_first(command: click.Command) -> click.Command:
    """Its help with what is its own before what all commands have."""
    command.params.sort(key=lambda one: one.name in _SHARED)
    return command


def _record(call: Call, done: Change | None, whole: Whole) -> dict[str, Any]:
    names = call.inst.names
    rows = [timeline_record(one, names) for one in (done.events if done else ())]
    return {"done": rows, "incident": incident_record(whole, names, call.inst.clock())}
