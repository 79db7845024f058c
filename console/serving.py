"""Runs the console's web server."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from datetime import timedelta

import uvicorn

from console.app import create_app
from console.beside import Beside
from console.certificates import Renewal, examine
from console.clients import believed
from console.context import Console
from errors import GroundswellError
from services.installation import Installation

# Requests under way get this long to end when the server stops.
GRACE = timedelta(seconds=5)


class ServingError(GroundswellError):
    """The console could not be opened."""


class ConsoleServer(uvicorn.Server):
    """Encrypts where the settings say so, believes the proxies they name, and ends the streams of open pages first.

    Raises:
        CertificateError: the certificate of the settings cannot be used.
    """

    def __init__(self, installation: Installation) -> None:
        self._beside = Beside(installation)
        app = create_app(installation, self._beside)
        self._console: Console = app.state.console
        self._renewing: asyncio.Task[None] | None = None
        self.renewal: Renewal | None = None
        settings = installation.settings.console
        if settings.tls:
            examine(settings.tls)
        super().__init__(
            uvicorn.Config(
                app,
                log_level=logging.WARNING,
                access_log=False,
                server_header=False,
                lifespan="off",
                timeout_graceful_shutdown=int(GRACE.total_seconds()),
                # Without a word uvicorn believes whoever is on this machine.
                proxy_headers=bool(settings.trusted_proxies),
                forwarded_allow_ips=believed(settings.trusted_proxies),
                ssl_certfile=settings.tls.certificate if settings.tls else None,
                ssl_keyfile=settings.tls.key if settings.tls else None,
            )
        )

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve, with TLS 1.2 at least (RFC 8996), and to look for a renewed certificate."""
        tls = self._console.installation.settings.console.tls
        if self.config.ssl and tls:
            self.config.ssl.minimum_version = ssl.TLSVersion.TLSv1_2
            self.renewal = Renewal(self.config.ssl, tls)
            self._renewing = asyncio.create_task(self.renewal.keep_looking())
        await super().startup(sockets)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the feed, then everything else."""
        if self._renewing:
            self._renewing.cancel()
        self._console.feed.close()
        self._beside.close()
        await super().shutdown(sockets)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; ``::`` stands for every address of either kind.

    Raises:
        ServingError: the port is taken or not allowed, or the address is none of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    both = host == "::" and socket.has_dualstack_ipv6()
    try:
        return socket.create_server((host, port), family=family, backlog=256, dualstack_ipv6=both)
    except OSError as error:
        raise ServingError(
            f"console {host}:{port}",
            f"cannot listen there ({(error.strerror or str(error)).lower()}).",
            "Stop the program that uses this port, or set another console.port or console.host in the settings.",
        ) from error
