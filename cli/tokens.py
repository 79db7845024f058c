"""``groundswell tokens``: what lets a program in as a person."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from access.roles import Permission
from access.tokens import MOST_DAYS, USUAL_DAYS, Token
from cli.config import config_option
from cli.output import ago, ahead, plain
from cli.tip import person_called
from errors import GroundswellError
from incidents.incident import Refusal
from services import tokens
from services.installation import Installation, open_installation

_JSON = click.option("--json", "as_json", is_flag=True, help="Write JSON.")
_SCOPES = click.Choice([str(one) for one in Permission])


class TokenError(GroundswellError):
    """A token is not made, or not revoked."""


@click.group(help="Tokens for programs that use the JSON API (docs/api.md).")
def command() -> None:
    """The commands below do the work."""


@command.command(help="Make a token; its text is shown once.")
@config_option
@click.option("--for", "person", required=True, metavar="PERSON", help="Whose it is: id or name.")
@click.option("--name", required=True, help="What it is for, so that you know it again.")
@click.option("--scope", "scopes", type=_SCOPES, multiple=True, default=["read"], show_default=True)
@click.option(
    "--days", type=click.IntRange(1, MOST_DAYS), default=USUAL_DAYS, show_default=True, help="How long it lives."
)
@_JSON
def create(  # each is an option
    config: Path, person: str, name: str, scopes: tuple[str, ...], days: int, *, as_json: bool
) -> None:
    """Make one; only its text goes to standard output, so that it can be piped."""
    inst = open_installation(config, os.environ)
    with inst.database:
        made = tokens.create(inst, _person(inst, person), name, map(Permission, scopes), days)
    if isinstance(made, Refusal):
        raise TokenError("token", made.text, "None was made.")
    if as_json:
        click.echo(json.dumps({**as_record(made.token), "token": made.text}))
        return
    click.echo(f"Keep it now: it is shown this once. It ends {ahead(made.token.expires_at, inst.clock())}.", err=True)
    click.echo(made.text)


@command.command("list", help="List the tokens, the newest first.")
@config_option
@click.option("--for", "person", default="", metavar="PERSON", help="Only those of one person: id or name.")
@_JSON
def list_tokens(config: Path, person: str, *, as_json: bool) -> None:
    """Show them; never their secrets."""
    inst = open_installation(config, os.environ)
    with inst.database:
        found = tokens.owned_by(inst, _person(inst, person) if person else None)
    if as_json:
        click.echo(json.dumps([as_record(token) for token in found]))
        return
    for token in found:
        click.echo(plain("  ".join(_words(inst, token))))
    if not found:
        click.echo("No tokens.")


@command.command(help="End a token at once, for good.")
@config_option
@click.argument("token_id", metavar="ID")
def revoke(config: Path, token_id: str) -> None:
    """End one by its id, the part after gsw_."""
    inst = open_installation(config, os.environ)
    with inst.database:
        done = tokens.revoke(inst, token_id)
    if isinstance(done, Refusal):
        raise TokenError("token", plain(done.text), "Nothing was changed.")
    click.echo(plain(f"Revoked: {done.name}, of {inst.name_of(done.person)}."))


def as_record(token: Token) -> dict[str, Any]:
    """A token for programs, without its secret."""
    moments = ("created_at", "expires_at", "last_used_at", "revoked_at")
    return {
        **{name: getattr(token, name) for name in ("id", "name", "person")},
        "scopes": sorted(token.scopes),
        **{name: _iso(getattr(token, name)) for name in moments},
    }


def _words(inst: Installation, token: Token) -> Iterator[str]:
    now = inst.clock()
    yield token.id
    yield inst.name_of(token.person)
    yield token.name
    yield " ".join(sorted(token.scopes))
    yield f"used {ago(token.last_used_at, now)}" if token.last_used_at else "never used"
    if token.revoked_at:
        yield "revoked"
    else:
        yield "expired" if token.expires_at <= now else f"ends {ahead(token.expires_at, now)}"


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _person(inst: Installation, name: str) -> str:
    person = person_called(inst, name)
    if person is None:
        raise click.BadParameter(f'"{plain(name)}" is none of: {", ".join(inst.names)}.', param_hint="--for")
    return person
