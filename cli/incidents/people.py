"""Who acts, and whom they mean: people of the settings by their ids or names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from cli.output import plain
from cli.tip import person_called
from services.installation import Installation

AnyFunction = TypeVar("AnyFunction", bound=Callable[..., Any])


def as_option(function: AnyFunction) -> AnyFunction:
    """Add ``--as PERSON`` as the parameter ``person``."""
    return click.option(
        "--as",
        "person",
        metavar="PERSON",
        default="",
        envvar="GROUNDSWELL_PERSON",
        show_envvar=True,
        help="Who you are: id or name of somebody of the settings.",
    )(function)


def acting(inst: Installation, name: str) -> str:
    """The id of the person who acts; nobody acts without a name."""
    if not name.strip():
        told = "Say who you are: --as PERSON, or set GROUNDSWELL_PERSON once."
        raise click.UsageError(f"{told} The people are: {_listed(inst)}.")
    return named(inst, name, "--as")


def looking(inst: Installation, name: str) -> str | None:
    """The id of the person who looks, None where they have not said who they are."""
    return acting(inst, name) if name.strip() else None


def named(inst: Installation, name: str, where: str) -> str:
    """The id of a person who is named in an option or argument."""
    found = person_called(inst, name)
    if found is None:
        raise click.BadParameter(f'"{plain(name)}" is none of: {_listed(inst)}.', param_hint=where)
    return found


def _listed(inst: Installation) -> str:
    return ", ".join(f"{name} ({person})" for person, name in inst.names.items())
