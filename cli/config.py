"""The option that names the settings file, for commands that read it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

AnyFunction = TypeVar("AnyFunction", bound=Callable[..., Any])


def config_option(function: AnyFunction) -> AnyFunction:
    """Add ``-c/--config`` to a command as its parameter ``config``.

    ``groundswell check -c x`` then means the same as ``groundswell -c x check``.
    """
    option = click.option(
        "-c",
        "--config",
        type=click.Path(path_type=Path),
        default=_given_to_group,
        help="The settings file; default as for groundswell.",
    )
    return option(function)


def _given_to_group() -> Path:
    root = click.get_current_context().find_root()
    return Path(root.params.get("config", "groundswell.yaml"))
