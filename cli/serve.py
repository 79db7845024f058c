"""``groundswell serve``: a Prefect server, the scheduled flow and the console, kept running together."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path

import click
import requests

from cli.config import config_option
from cli.output import counted, plain
from cli.supervision.plan import Program
from cli.supervision.supervisor import Supervisor
from console.certificates import examine
from console.serving import listen
from database.locking import hold_file
from errors import GroundswellError
from flows.server import NO_TELEMETRY, SCHEDULED, embedded_server, log_levels
from services.installation import Installation, open_installation
from services.inviting import first_invitation
from settings.model import Console, Settings


class ServeError(GroundswellError):
    """``serve`` cannot start; nothing was started."""


@click.command(
    help="Listen at every tick and open the console, until stopped. Starts a Prefect server of its own unless "
    "PREFECT_API_URL names one."
)
@config_option
@click.option("--no-console", is_flag=True, help="Do not open the console.")
@click.option("--verbose", is_flag=True, help="Show all that the server, the schedule and the console write.")
def command(config: Path, *, no_console: bool, verbose: bool) -> None:
    """Check, take the data folder, then run until stopped."""
    inst = open_installation(config, os.environ)  # says what is wrong, and migrates before anything else starts
    settings = inst.settings
    folder = settings.data_folder
    folder.mkdir(parents=True, exist_ok=True)
    with inst.database, hold_file(folder / "serve.lock", wait=False) as held:
        if not held:
            raise ServeError(f"data folder {folder}", "another groundswell serve works on it.", "Stop that one first.")
        if address := os.environ.get("PREFECT_API_URL"):
            require_answer(address)
        if not no_console:
            require_servable(settings.console)
            tell_first_invitation(inst)
        inst.database.close()
        programs = plan(config.resolve(), settings, os.environ, console=not no_console, verbose=verbose)
        asyncio.run(Supervisor(programs, tell, show).run())
        tell("stopped")


def plan(
    config: Path, settings: Settings, environ: Mapping[str, str], *, console: bool, verbose: bool
) -> tuple[Program, ...]:
    """The programs of an installation in the order of their start."""
    prefect = NO_TELEMETRY | log_levels(verbose=verbose)
    programs: list[Program] = []
    if not environ.get("PREFECT_API_URL"):
        server = embedded_server(settings.data_folder.resolve(), settings.tick)
        programs.append(
            Program("server", server.module, prefect | server.environment, ready_at=(server.host, server.port))
        )
        prefect |= server.client_environment
    listening = f"listening every {settings.tick.total_seconds():.0f} s to {counted(len(settings.sources), 'source')}"
    module = ("flows.schedule", "--config", str(config))
    programs.append(Program("schedule", module, prefect, ready_line=SCHEDULED, announcement=listening))
    if console:
        module = ("console", "--config", str(config))
        programs.append(Program("console", module, ready_line="Console:", announcement="console at"))
    return tuple(programs)


def require_answer(address: str) -> None:
    """Refuse to start where the Prefect server that is to be used does not answer.

    Raises:
        ServeError: it does not.
    """
    try:
        requests.get(f"{address.rstrip('/')}/health", timeout=10)
    except requests.RequestException as error:
        raise ServeError(
            f"Prefect server {address}",
            f"does not answer ({type(error).__name__}).",
            "Start it, or unset PREFECT_API_URL: groundswell serve then brings a server of its own.",
        ) from error


def require_servable(console: Console) -> None:
    """Refuse to start where the console could not: another program has its port, or its certificate cannot be used.

    Raises:
        GroundswellError: it could not.
    """
    listen(console.host, console.port).close()
    if console.tls:
        examine(console.tls)


def tell_first_invitation(inst: Installation) -> None:
    """Where nobody has a password yet, say how whoever administers Groundswell gets in."""
    if link := first_invitation(inst):
        tell(f"nobody has a password yet; choose one here, it is sent by mail as well: {link}")


def tell(sentence: str) -> None:
    """Say something to the person who started this."""
    click.echo(plain(sentence))


def show(program: str, line: str) -> None:
    """Pass on what a program wrote."""
    click.echo(f"{program:<8} | {plain(line)}", err=True)
