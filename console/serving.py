"""Runs the console's web server."""

from __future__ import annotations

import logging
import socket
from datetime import timedelta

import uvicorn

from console.app import create_app
from console.context import Console
from errors import GroundswellError
from services.installation import Installation

# Requests under way get this long to end when the server stops.
GRACE = timedelta(seconds=5)


class ServingError(GroundswellError):
    """The console could not be opened."""


class ConsoleServer(uvicorn.Server):
    """Ends the streams of open pages before it waits for requests to end."""

    def __init__(self, installation: Installation) -> None:
        app = create_app(installation)
        self._console: Console = app.state.console
        super().__init__(
            uvicorn.Config(
                app,
                log_level=logging.WARNING,
                access_log=False,
                server_header=False,
                lifespan="off",
                timeout_graceful_shutdown=int(GRACE.total_seconds()),
            )
        )

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the feed, then everything else."""
        self._console.feed.close()
        await super().shutdown(sockets)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens.

    Raises:
        ServingError: the port is taken or not allowed.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=256)
    except OSError as error:
        raise ServingError(
            f"console {host}:{port}",
            f"it cannot listen there: {error.strerror}.",
            "Stop the program that uses this port, or set console.port in the settings.",
        ) from error
