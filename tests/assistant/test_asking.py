"""Asked of real servers on this machine: what is sent, and what is said of every answer that is none."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from assistant.asking import MOST_BYTES, TOKEN, URL, Api, AskingError, from_environment
from tests.conftest import ROOT

SECRET = "gsw_aaaaaaaaaaaa_secret"  # noqa: S105  # made up


class Answering(ThreadingHTTPServer):
    """Gives one answer to everything, and remembers what it was asked."""

    def __init__(self, status: int, body: bytes, kind: str, headers: dict[str, str]) -> None:
        self.asked: list[tuple[str, str, str | None, bytes]] = []
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                asked.append((self.command, self.path, self.headers["Authorization"], sent))
                self.send_response(status)
                for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET  # noqa: N815  # as the server calls it

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def api(self) -> Api:
        return Api(f"http://127.0.0.1:{self.server_port}", SECRET)


@contextmanager
def answering(
    body: object = None, status: int = 200, kind: str = "application/json", headers: dict[str, str] | None = None
) -> Iterator[Answering]:
    written = body if isinstance(body, bytes) else json.dumps(body).encode()
    with Answering(status, written, kind, headers or {}) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def refused(server: Answering) -> str:
    with pytest.raises(AskingError) as caught:
        server.api.get("incidents")
    assert SECRET not in str(caught.value)
    return str(caught.value)


def test_a_question_goes_to_its_path_with_the_token_and_without_what_is_left_out() -> None:
    with answering({"items": []}) as server:
        assert server.api.get("mentions", 7, "a/../b?c", tone="negative", brand="", since=None, limit=5) == {
            "items": []
        }
        assert server.asked == [
            ("GET", "/api/v1/mentions/7/a%2F..%2Fb%3Fc?tone=negative&limit=5", f"Bearer {SECRET}", b"")
        ]


def test_a_body_is_sent_as_json() -> None:
    with answering({"number": 1}, 201) as server:
        assert server.api.post("incidents", 1, "proposals", body={"because": "Ä"}) == {"number": 1}
        ((method, path, _, sent),) = server.asked
    assert (method, path, json.loads(sent)) == ("POST", "/api/v1/incidents/1/proposals", {"because": "Ä"})


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (401, "may have expired or been revoked"),
        (403, "needs the scopes read and propose"),
        (404, "Look it up in a list"),
        (409, "Read it again"),
        (422, "Mend what was sent"),
        (500, "is the address of a Groundswell"),
        (503, "Try again in a moment"),
    ],
)
def test_a_problem_is_told_in_the_words_of_the_api_with_what_to_do(status: int, told: str) -> None:
    with answering({"title": "No", "detail": "So it is.\u202e"}, status, "application/problem+json") as server:
        said = refused(server)
    assert f"Groundswell ({status}): So it is.[U+202E]" in said
    assert told in said


@pytest.mark.parametrize(
    ("body", "status", "kind", "told"),
    [
        (b"<html>", 200, "text/html", "cannot be reached or its answer not be read"),
        (b"[]", 200, "application/json", "is the address of a Groundswell"),
        (b"<html>", 502, "text/html", "502"),
        (b"{", 400, "application/problem+json", "not be read"),
        (b"[1]", 400, "application/problem+json", "status 400"),
        (b'{"a": "' + b"x" * MOST_BYTES + b'"}', 200, "application/json", "more than 4,000,000 bytes"),
    ],
)
def test_what_is_no_answer_is_said_so(body: bytes, status: int, kind: str, told: str) -> None:
    with answering(body, status, kind) as server:
        assert told in refused(server)


def test_the_token_is_not_carried_elsewhere_by_a_redirect() -> None:
    with answering({"items": []}) as elsewhere:
        target = f"http://127.0.0.1:{elsewhere.server_port}/"
        with answering({}, 307, headers={"Location": target}) as server:
            assert "307" in refused(server)
        assert elsewhere.asked == []


def test_a_file_of_passwords_puts_nothing_in_place_of_the_token(tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login x password y\n", encoding="utf-8")
    program = "import sys; from assistant.asking import Api; Api(*sys.argv[1:]).get('incidents')"
    with answering({"items": []}) as server:
        arguments = [sys.executable, "-c", program, server.api.address, SECRET]
        subprocess.run(arguments, check=True, cwd=ROOT, env={**os.environ, "NETRC": str(netrc)})
        assert server.asked[0][2] == f"Bearer {SECRET}"


def test_what_goes_to_this_machine_passes_no_proxy_of_the_environment() -> None:
    with answering({}) as server, answering({}) as proxy:
        code = f"from assistant.asking import Api; Api({server.api.address!r}, {SECRET!r}).get('incidents')"
        named = dict.fromkeys(("http_proxy", "HTTP_PROXY", "ALL_PROXY"), proxy.api.address)
        kept = {name: value for name, value in os.environ.items() if name.lower() != "no_proxy"}
        subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, env={**kept, **named})
        assert proxy.asked == []
        assert server.asked[0][2] == f"Bearer {SECRET}"


def test_nobody_there_is_said_so() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        with pytest.raises(AskingError, match="cannot be reached") as caught:
            Api(f"http://127.0.0.1:{taken.getsockname()[1]}", SECRET).get("incidents")
    assert SECRET not in f"{caught.value}{caught.value.__cause__}"


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("http://127.0.0.1:8420", "http://127.0.0.1:8420"),
        ("http://localhost:8420/", "http://localhost:8420"),
        ("http://[::1]:8420", "http://[::1]:8420"),
        (" https://groundswell.example.com/ ", "https://groundswell.example.com"),
    ],
)
def test_the_environment_says_where_and_with_which_token(given: str, address: str) -> None:
    api = from_environment({URL: given, TOKEN: f" {SECRET}\n"})
    assert api == Api(address, SECRET)
    assert SECRET not in repr(api)


@pytest.mark.parametrize(
    ("url", "token", "told"),
    [
        ("", SECRET, "nothing says where"),
        ("127.0.0.1:8420", SECRET, "no address"),
        ("ftp://127.0.0.1", SECRET, "no address"),
        ("https://", SECRET, "no address"),
        ("https://[", SECRET, "no address"),
        ("https://me:word@example.com", SECRET, "no address"),
        ("https://example.com/console", SECRET, "no address"),
        ("https://example.com/?token=1", SECRET, "no address"),
        ("http://example.com", SECRET, "to another machine for everybody to read"),
        ("http://10.0.0.7:8420", SECRET, "to another machine for everybody to read"),
        ("https://example.com", "", "there is no token"),
        ("https://example.com", "two words", "there is no token"),
        ("https://example.com", "line\nbreak", "there is no token"),
        ("https://example.com", "gsw_ä", "there is no token"),
    ],
)
def test_what_the_environment_lacks_is_said_without_the_token(url: str, token: str, told: str) -> None:
    with pytest.raises(AskingError, match=told) as caught:
        from_environment({URL: url, TOKEN: token})
    assert not token or token not in str(caught.value)
