"""A real local server to fetch from, and the visits that fetch."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from sources.contract import Visit
from sources.network.fetching import Client
from sources.network.pacing import Pacing

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it arrived; header names in lower case."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    method: str = "GET"
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Reply:
    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class Site:
    """A web server on a free port of this machine that answers by path and remembers what it was asked."""

    reply = Reply

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self._routes: dict[str, Callable[[Asked], Reply]] = {}
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # headers and body are two writes: 40 ms each time otherwise

            def do_GET(self) -> None:
                site._answer(self)

            def do_POST(self) -> None:
                site._answer(self)

            def log_message(self, *_: object) -> None:
                """Stay quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def serve(
        self, path: str, body: bytes | str = b"", status: int = 200, headers: Mapping[str, str] | None = None
    ) -> str:
        """Answer a path (any path for "*") with a fixed body from now on, and say its address."""
        content = body.encode() if isinstance(body, str) else body
        return self.answer(path, lambda _: Reply(content, status, headers or {}))

    def serve_json(self, path: str, value: Any, headers: Mapping[str, str] | None = None) -> str:
        return self.serve(path, json.dumps(value), headers={"Content-Type": "application/json", **(headers or {})})

    def answer(self, path: str, reply: Callable[[Asked], Reply]) -> str:
        self._routes[path] = reply
        return self.url + path

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        headers = {name.lower(): value for name, value in handler.headers.items()}
        body = handler.rfile.read(int(headers.get("content-length", 0)))
        asked = Asked(parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)), headers, handler.command, body)
        self.asked.append(asked)
        route = self._routes.get(parts.path) or self._routes.get("*")
        reply = route(asked) if route else Reply(status=404)
        handler.send_response_only(reply.status)
        for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(reply.body)


@pytest.fixture
def site() -> Iterator[Site]:
    server = Site()
    yield server
    server.close()


@pytest.fixture
def http() -> Iterator[Client]:
    """A client that may dial this machine."""
    with Client(user_agent="Groundswell tests", allow_private=True, clock=lambda: NOW) as client:
        yield client


@pytest.fixture
def slept() -> list[float]:
    """The seconds for which ``unhurried`` would have waited."""
    return []


@pytest.fixture
def unhurried(slept: list[float]) -> Iterator[Client]:
    """A client that notes how long it would have waited between two requests."""
    pacing = Pacing(lambda: NOW, monotonic=lambda: 0.0, sleep=slept.append)
    with Client(user_agent="Groundswell tests", allow_private=True, pacing=pacing) as client:
        yield client


@pytest.fixture
def visit(http: Client) -> Callable[..., Visit]:
    """Make a visit: of an empty cursor, at NOW, unless told otherwise."""

    def make(cursor: Mapping[str, str] | None = None, **changes: Any) -> Visit:
        return Visit(**{"http": http, "cursor": cursor or {}, "now": NOW, **changes})

    return make
