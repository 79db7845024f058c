"""``groundswell people``: who has access, invite somebody, sign somebody out everywhere."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click

from access.roles import Role
from cli.config import config_option
from cli.output import ago, counted, plain
from database import access as store
from errors import GroundswellError
from services import inviting, signing_in
from services.installation import Installation, open_installation
from settings.model import SignIn


class PeopleError(GroundswellError):
    """Nobody of the settings has this id, or nobody has to sign in."""


@dataclass(frozen=True, slots=True)
class _Line:
    """Somebody of the settings; ``seen_at`` is None where they are signed in nowhere."""

    id: str
    name: str
    access: Role | None
    has_password: bool
    seen_at: datetime | None


@click.group(help="See who has access to the console; invite people, sign them out. docs/signing-in.md tells more.")
def command() -> None:
    """Only its commands do something."""


@command.command("list", help="List everybody of the settings: their access, and whether they have a password.")
@config_option
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object a line.")
def list_them(config: Path, *, as_json: bool) -> None:
    """One line for each."""
    inst = open_installation(config, os.environ)
    with inst.database:
        for one in _lines(inst):
            click.echo(_record(one) if as_json else plain(_told(one, inst.clock())))


@command.command(help="Send somebody a link to choose a password with, and print it; links sent before count no more.")
@config_option
@click.argument("person_id", metavar="ID")
def invite(config: Path, person_id: str) -> None:
    """The mail leaves with the next round of listening."""
    inst = open_installation(config, os.environ)
    with inst.database:
        _require(inst, person_id)
        if inst.settings.console.sign_in is SignIn.NONE:
            problem = "the settings say that nobody has to sign in."
            raise PeopleError("console.sign_in", problem, 'Set it to "required" before you invite people.')
        if not inst.settings.console.passwords:
            problem = "the settings leave no passwords, so there is none to choose."
            raise PeopleError("console.passwords", problem, "People sign in with the company's account.")
        link = inviting.invite(inst, person_id)
        click.echo(
            plain(f"{inst.name_of(person_id)} gets a mail with the next round. It leads here, once, for 3 days:")
        )
        click.echo(link)


@command.command("sign-out", help="End every session of somebody.")
@config_option
@click.argument("person_id", metavar="ID")
def sign_out(config: Path, person_id: str) -> None:
    """Their password stays."""
    inst = open_installation(config, os.environ)
    with inst.database:
        _require(inst, person_id)
        ended = signing_in.revoke(inst, person_id, "", "")
        click.echo(plain(f"{inst.name_of(person_id)} is signed out: {counted(ended, 'session')} ended."))


def _require(inst: Installation, person_id: str) -> None:
    if person_id not in inst.names:
        known = ", ".join(inst.names)
        raise PeopleError(person_id, "nobody of that id is in the settings.", f"There are: {known}.")


def _lines(inst: Installation) -> list[_Line]:
    with inst.database.reading() as connection:
        accounts = store.accounts(connection)
    return [
        _Line(
            one.id,
            one.name,
            inst.settings.access_of(one.id),
            one.id in accounts,
            max((session.seen_at for session in signing_in.sessions_of(inst, one.id)), default=None),
        )
        for one in inst.settings.people
    ]


def _record(one: _Line) -> str:
    seen = one.seen_at.isoformat() if one.seen_at else None
    return json.dumps(
        {"id": one.id, "name": one.name, "access": one.access, "has_password": one.has_password, "seen_at": seen}
    )


def _told(one: _Line, now: datetime) -> str:
    password = "has a password" if one.has_password else "no password yet"
    seen = f"last seen {ago(one.seen_at, now)}" if one.seen_at else "signed in nowhere"
    return f"{one.id:<16} {one.access or '':<10} {password:<16} {seen:<24} {one.name}"
