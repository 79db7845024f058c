"""``groundswell init``: asks a few questions and writes the settings file to start with."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from cli.config import config_option
from errors import GroundswellError
from settings.loading import load_text
from settings.rules import is_mail_address
from settings.starter import PASSWORD, Answers, write


class InitError(GroundswellError):
    """The settings file could not be written."""


@click.command(help="Write a commented settings file. Asks for what is not given as an option.")
@config_option
@click.option("--brand", default="", help="The brand's name.")
@click.option("--phrase", "phrases", multiple=True, help="A way people write the brand; as often as you like.")
@click.option("--feed", "feeds", multiple=True, help="Address of an RSS, Atom or JSON feed; as often as you like.")
@click.option("--owner-name", default="", help="Who owns incidents.")
@click.option("--owner-email", default="", help="Where mails about them go.")
@click.option("--smtp-host", default="", help="The mail server; without one, mails become files.")
@click.option("--smtp-port", default=587, show_default=True, help="Its port.")
@click.option("--smtp-user", default="", help=f"Who signs in there; the password comes from {PASSWORD}.")
@click.option("--mail-folder", default="outbox", show_default=True, help="Where mails become files.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file to write, instead of --config.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@click.option("--no-input", is_flag=True, help="Ask nothing.")
def command(config: Path, output: Path | None, *, force: bool, no_input: bool, **given: Any) -> None:
    """Write the file and say what comes next."""
    path = output or config
    if path.exists() and not force:
        raise _exists(path)
    answers = Answers(**(_checked(given) if no_input or not sys.stdin.isatty() else _asked(given)))
    text = write(answers)
    load_text(text, path, {PASSWORD: "to be set"})  # an answer that settings refuse is told before anything is written
    _save(path, text, force=force)
    click.echo(f"Wrote {path}.")
    if answers.smtp_host and answers.smtp_user:
        click.echo(f"Set the mail server's password before you go on: export {PASSWORD}=...")
    flag = "" if path == config else f" --config {path}"
    click.echo(f"Next: groundswell check{flag}")


def _asked(given: dict[str, Any]) -> dict[str, Any]:
    asked = dict(given)
    asked["brand"] = given["brand"] or _ask("Which brand do you look after?")
    asked["phrases"] = given["phrases"] or _many("How do people write it? Separate with commas.", asked["brand"])
    asked["feeds"] = given["feeds"] or _many("Feeds to listen to? Addresses; none: a news search.", "")
    asked["owner_name"] = given["owner_name"] or _ask("Who owns incidents? Their name:")
    asked["owner_email"] = given["owner_email"] or _ask("Their mail address?")
    asked["smtp_host"] = given["smtp_host"] or _ask("Mail server? None: mails become files.", "")
    if asked["smtp_host"]:
        asked["smtp_user"] = given["smtp_user"] or _ask("Who signs in there? None: nobody.", "")
    return _checked(asked)


def _ask(question: str, default: str | None = None) -> str:
    answer: str = click.prompt(question, default=default, show_default=bool(default), prompt_suffix=" ")
    return answer


def _many(question: str, default: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _ask(question, default).split(",") if part.strip())


def _checked(given: dict[str, Any]) -> dict[str, Any]:
    needed = {"--brand": "brand", "--owner-name": "owner_name", "--owner-email": "owner_email"}
    missing = [option for option, name in needed.items() if not given[name].strip()]
    if missing:
        raise click.UsageError(f"Still needed: {', '.join(missing)}.")
    if not is_mail_address(given["owner_email"].strip()):
        raise click.UsageError("--owner-email is not a mail address, as ana@example.com is.")
    return given


def _exists(path: Path) -> InitError:
    return InitError(str(path), "There is a file already, and it was left as it is.", "Use --force to replace it.")


def _save(path: Path, text: str, *, force: bool) -> None:
    try:
        with path.open("w" if force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise _exists(path) from None
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise InitError(str(path), f"It cannot be written ({reason}).", "Choose another place with --output.") from None
