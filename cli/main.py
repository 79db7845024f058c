"""The ``groundswell`` command: finds a command's module when it is called, and turns errors into words and exit codes.

A command is a module that holds ``command``, a ``click.Command`` whose function returns None or an exit code. Its name
and help stand in ``COMMANDS``, so that ``groundswell --help`` imports none of what the commands need.

Exit codes: 0 done, 1 it failed, 2 wrong usage or settings, 130 interrupted.
"""

from __future__ import annotations

import errno
import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

import click

from cli.output import plain
from errors import GroundswellError

DEFAULT_SETTINGS = "groundswell.yaml"
INTERRUPTED = 130
# No fault of Groundswell: a full disk, or standard output that leads to one.
_FULL = {errno.ENOSPC, errno.EDQUOT}
_NO_ROOM = "groundswell: there is no room left where it writes. Make room and run it again."

COMMANDS = {
    "init": ("cli.init", "Write a commented settings file to start with."),
    "check": ("cli.check", "Check the settings, every source and the mail server."),
    "preview": ("cli.preview", "Show what a source would bring, storing nothing."),
    "query": ("cli.query", "Try brand queries on texts."),
    "score": ("cli.score", "Score texts, and say which words carried each."),
    "run": ("cli.run", "Listen once: collect, evaluate, send what is due."),
    "serve": ("cli.serve", "Keep listening, and open the console."),
    "sources": ("cli.sources", "Show how the sources fare; wake one that rests."),
    "signals": ("cli.signals", "List what stood out; mark noise and what was missed."),
    "incidents": ("cli.incidents.commands", "See the incidents and act on them."),
    "playbooks": ("cli.playbooks", "Read the playbooks; check one that you write."),
    "people": ("cli.people", "See who has access; invite people, sign them out."),
    "tip": ("cli.tip", "Report what somebody told you."),
    "mcp": ("cli.mcp", "Let an assistant read, and propose what people decide on."),
    "import": ("cli.import_file", "Bring in mentions from a file."),
    "export": ("cli.export", "Write mentions to a file."),
    "topics": ("cli.topics", "Show what the posts about a brand are about."),
    "voices": ("cli.voices", "Show who is speaking of a brand."),
    "replay": ("cli.replay", "Show which alarms the past would have raised."),
    "tune": ("cli.tune", "Find the settings that fit your marks best."),
    "evaluate": ("cli.evaluate", "Measure how right the scores are."),
    "learn": ("cli.learn", "Fit a small model on the team's corrections."),
    "retag": ("cli.retag", "Tag stored mentions again after the rules changed."),
    "forget": ("cli.forget", "Erase an author or a post, everywhere."),
    "tokens": ("cli.tokens", "Make, list and revoke tokens for programs."),
    "drill": ("cli.drill", "Drill a crisis: made up, detected, mailed and scored."),
    "demo": ("cli.demo", "Rehearse a crisis at an airline that does not exist."),
}


class Commands(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """Names in the order in which a newcomer needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # as above
        """The command of a name; None lets click say that there is none."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name][0]).command
        command.name = cmd_name
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # as above
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="groundswell", prog_name="groundswell")
@click.option(
    "-c",
    "--config",
    type=click.Path(path_type=Path),
    default=DEFAULT_SETTINGS,
    envvar="GROUNDSWELL_CONFIG",
    show_default=True,
    show_envvar=True,
    help="The settings file.",
)
@click.option("--traceback", "with_traceback", is_flag=True, help="Show where an unexpected error came from.")
@click.pass_context
def group(ctx: click.Context, config: Path, *, with_traceback: bool) -> None:  # noqa: ARG001  # read by others
    """Early warning and response for social-media crises."""
    if os.environ.get("NO_COLOR"):  # https://no-color.org
        ctx.color = False


def main() -> None:
    """Run the command line and leave with its exit code."""
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except OSError as error:
        if not code and error.errno in _FULL:
            click.echo(_NO_ROOM, err=True)
        code = code or 1
        # Or Python would try again when it ends, and leave with a code of its own.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if code == INTERRUPTED:  # at once: Python would wait for threads that wait for a server
        os._exit(code)
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run one command line; what went wrong is said on stderr."""
    try:
        code = group.main(args=list(arguments), prog_name="groundswell", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except GroundswellError as error:
        click.echo(plain(str(error), keep="\n"), err=True)
        return _exit_code(error)
    except Exception as error:  # noqa: BLE001  # the edge of the process
        if isinstance(error, OSError) and error.errno in _FULL:
            click.echo(_NO_ROOM, err=True)
            return 1
        _tell_unexpected(error, with_traceback="--traceback" in arguments)
        return 1
    return code if isinstance(code, int) else 0


def _exit_code(error: GroundswellError) -> int:
    from settings.problems import SettingsError  # noqa: PLC0415  # --help does without

    return 2 if isinstance(error, SettingsError) else 1


def _tell_unexpected(error: Exception, *, with_traceback: bool) -> None:
    if with_traceback:
        click.echo("".join(traceback.format_exception(error)), err=True, nl=False)
        return
    what = plain(f"{type(error).__name__}: {error}")
    click.echo(f"groundswell: unexpected error: {what}", err=True)
    click.echo(
        "This is a defect in Groundswell. Please report it with the output of the same command after "
        '"groundswell --traceback"; look it over for names and passwords first.',
        err=True,
    )
