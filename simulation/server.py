"""A small HTTP/1.1 server on this machine, in a thread, that stops when told to."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR, socket
from threading import Lock, Thread
from typing import Any

from simulation.exchange import Answer

# Given the target of a request and its headers (names in lower case); None drops the connection unanswered.
Responder = Callable[[str, Mapping[str, str]], Answer | None]


class LocalServer(ThreadingHTTPServer):
    """Serves GET at a free port of 127.0.0.1, a thread for each connection."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, respond: Responder) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.respond = respond
        self._open: set[socket] = set()
        self._open_lock = Lock()
        self._thread = Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, name="simulation", daemon=True)

    @property
    def base(self) -> str:
        """Scheme, host and port."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def start(self) -> None:
        """Listen in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Refuse new connections and cut those that are open: kept-alive ones would go on being answered."""
        self.shutdown()
        self.server_close()
        self._thread.join()
        with self._open_lock:
            for connection in self._open:
                _hang_up(connection)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: D102 - as inherited
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:  # noqa: D102 - as inherited
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Readers that hang up are part of the game; anything else is a mistake of ours and is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: LocalServer
    protocol_version = "HTTP/1.1"
    # Headers and body leave in one packet, at once.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        answer = self.server.respond(self.path, {name.lower(): value for name, value in self.headers.items()})
        if answer is None:
            self.close_connection = True
            _hang_up(self.connection)
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is inherited
        """Say nothing: tests and the demo have a story of their own to tell."""


def _hang_up(connection: socket) -> None:
    try:
        connection.shutdown(SHUT_RDWR)
    except OSError:
        return  # the other side was faster
