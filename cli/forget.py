"""``groundswell forget``: erase an author or a post for good."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import click

from cli.config import config_option
from cli.output import counted, plain
from database.reading_mentions import heard_from
from services.forgetting import OTHER_KEYS, Forgotten, Request, forget, forgetting, known_sources, look_up
from services.installation import Installation, open_installation

_BEYOND = (
    "Out of reach, for you to see to: mails that were delivered, exports outside of the data folder, imported files, "
    "backups, and the post itself where it was published."
)


@click.command(
    help="Erase an author or a post for good: WHO is an account, a name or a pseudonym as posts show it, or the "
    "address of a post. Texts, names, links and letters that repeat them go; counts stay. What they post is not kept "
    "from now on. It cannot be undone."
)
@click.argument("who")
@config_option
@click.option("--source", default="", metavar="ID", help="Only at this source; needed where they are not known yet.")
@click.option("--all", "everyone", is_flag=True, help="Everybody who is called so, where there are several.")
@click.option("--dry-run", is_flag=True, help="Say what would be erased. Nothing is changed.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(who: str, config: Path, source: str, *, everyone: bool, dry_run: bool, yes: bool) -> None:
    """Say what is found, ask, erase it and say what was erased."""
    inst = open_installation(config, os.environ)
    with inst.database:
        _check_source(inst, source)
        request = Request(who, source, everyone=everyone)
        found = look_up(inst, request)
        _say(_lines(found, "would be erased" if dry_run else "to be erased"))
        if dry_run:
            click.echo("Nothing was changed.")
            return
        if not yes:
            click.confirm("Erase it for good?", abort=True)
        with forgetting(inst, lambda: click.echo("A tick is running; waiting for it to end.")):
            done = forget(inst, request)
            emptied = inst.database.rewrite()
    _say(_lines(done, "erased"))
    if not emptied:
        click.echo("The database's log still holds it: another program reads. Stop that program and run this again.")
    click.echo(_BEYOND)


def _check_source(inst: Installation, source: str) -> None:
    known = set(known_sources(inst))
    with inst.database.reading() as connection:
        known.update(heard_from(connection))
    if source and source not in known:
        raise click.BadParameter(f'"{plain(source)}" is none of: {", ".join(sorted(known))}.', param_hint="--source")


def _lines(found: Forgotten, what: str) -> Iterator[str]:
    yield f"{counted(found.posts, 'post')} {what}."
    for voice in found.voices:
        shown = f" ({', '.join(voice.names)})" if voice.names else ""
        days = f"{voice.first_at:%Y-%m-%d} to {voice.last_at:%Y-%m-%d}"
        yield f"  {voice.account}{shown} at {voice.source}: {counted(voice.posts, 'post')}, {days}"
    for called, rows in sorted(found.repeated.items()):
        yield f"  {called}: {rows}"
    if found.letters:
        yield f"  letters deleted from the folder of mails: {found.letters}"
    for path, lines in found.exports.items():
        yield f"  lines of {path}: {lines}"
    if found.dropped_at:
        again = "is not kept" if found.known else "is not kept from now on"
        yield f"What they post at {', '.join(found.dropped_at)} {again}."
    if found.named_by:
        posts = counted(found.named_by, "post")
        yield f"{posts} of others name this account; they are left as others wrote them. Forget them by their address."
    if found.other_keys:
        yield OTHER_KEYS


def _say(lines: Iterator[str]) -> None:
    for line in lines:
        click.echo(plain(line))
