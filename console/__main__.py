"""``python -m console --config groundswell.yaml``: the console alone, until a signal."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
from pathlib import Path

from console.serving import ConsoleServer, listen
from errors import GroundswellError
from services.auditing import note_access_changes
from services.installation import open_installation
from settings.model import Console
from settings.serving import is_loopback


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM; 2 where it cannot start."""
    parser = argparse.ArgumentParser(prog="python -m console", description="Serve the console's pages.")
    parser.add_argument("--config", type=Path, default=Path("groundswell.yaml"), help="settings file")
    # The server stops by itself on these and then raises them again; before and after it they just end the program.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    path: Path = parser.parse_args(arguments).config
    try:
        installation = open_installation(path, os.environ)
        console = installation.settings.console
        with listen(console.host, console.port) as opened, installation.database:
            note_access_changes(installation)
            server = ConsoleServer(installation)
            print(f"Console: {_where(console, opened)}", flush=True)  # noqa: T201  # what its starter waits for
            server.run(sockets=[opened])
    except GroundswellError as error:
        print(error, file=sys.stderr)  # noqa: T201  # this is the command's error output
        return 2
    return 0


def _where(console: Console, opened: socket.socket) -> str:
    """Where people open it; beyond this machine also where it listens."""
    host, port = opened.getsockname()[:2]
    listening = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    if is_loopback(console.host) and not console.address:
        return f"{'https' if console.tls else 'http'}://{listening}"
    return f"{console.base_url} (listening at {listening})"


if __name__ == "__main__":
    sys.exit(main())
