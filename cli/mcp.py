"""``groundswell mcp``: lets an assistant read, and propose what people decide on."""

from __future__ import annotations

import os
import sys

import click

from assistant.asking import TOKEN, URL, from_environment
from errors import GroundswellError


class MissingSdkError(GroundswellError):
    """The package that speaks MCP is not installed."""


@click.command(
    help="Speak the Model Context Protocol on standard input and output, for an assistant that starts this command. It "
    "reads incidents, mentions and figures over the JSON API and can propose changes, which people do or do not; it "
    f"changes nothing. {URL} is the address of Groundswell and {TOKEN} a token with the scopes read and propose, both "
    "in the environment (docs/assistants.md). Needs the extra groundswell[mcp]."
)
def command() -> None:
    """Answer until standard input is closed."""
    api = from_environment(os.environ)
    try:
        from assistant.server import serve  # noqa: PLC0415  # needs the SDK, which is an extra
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"mcp", "mcp_types"}:
            raise
        remedy = f'Run {sys.executable} -m pip install "mcp>=2.3,<3" and try again.'
        raise MissingSdkError("mcp", "the MCP SDK is not installed (the extra groundswell[mcp]).", remedy) from None
    serve(api)
