"""A console on a real socket, certificates made on the spot, and a small proxy before it."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import cast
from urllib.parse import urlencode

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse

from console.clients import client_address
from console.serving import ConsoleServer, listen
from services.installation import Installation
from settings.serving import Tls

# Whence the small proxy asks; every address that begins with 127 is this machine's own.
PROXY = "127.0.0.2"


def certify(folder: Path, *names: str, days: int = 1, passphrase: bytes = b"", number: int = 1) -> Tls:
    """A certificate for 127.0.0.1 and further names, which vouches for itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"test authority {number}")])
    now = datetime.now(UTC)
    alternatives = [x509.IPAddress(ip_address("127.0.0.1")), *(x509.DNSName(one) for one in names)]
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), number)
        .not_valid_before(now - timedelta(days=9))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    hidden = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    tls = Tls(certificate=folder / "console.pem", key=folder / "console.key")
    tls.certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    tls.key.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, hidden))
    return tls


@contextmanager
def served(inst: Installation, host: str = "127.0.0.1") -> Iterator[tuple[ConsoleServer, int]]:
    """A running console and its port; ``/whence`` answers from where it was asked."""
    opened, server = listen(host, 0), ConsoleServer(inst)
    app = cast("FastAPI", server.config.app)
    app.get("/whence")(_whence)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [opened]})
    thread.start()
    try:
        yield server, opened.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(10)


def _whence(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"{request.url.scheme} {client_address(request)}")


class _Forward(BaseHTTPRequestHandler):
    """Passes a request on and adds for whom, as proxies do."""

    def do_GET(self) -> None:
        server = cast("SmallProxy", self.server)
        said = {name: value for name, value in self.headers.items() if name.lower() != "x-forwarded-for"}
        before = [value for name, value in self.headers.items() if name.lower() == "x-forwarded-for"]
        said |= {"X-Forwarded-For": ", ".join((*before, self.client_address[0])), "X-Forwarded-Proto": "https"}
        connection = http.client.HTTPConnection("127.0.0.1", server.behind, timeout=20, source_address=(PROXY, 0))
        connection.request("GET", self.path, headers=said)
        answer = connection.getresponse()
        body = answer.read()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        connection.close()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # named so by http.server
        """Say nothing."""


class SmallProxy(ThreadingHTTPServer):
    """Encrypts, as far as it says."""

    def __init__(self, behind: int) -> None:
        super().__init__(("127.0.0.1", 0), _Forward)
        self.behind = behind


@contextmanager
def proxied(behind: int) -> Iterator[int]:
    """The port of a proxy before a console."""
    with SmallProxy(behind) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield proxy.server_port
        finally:
            proxy.shutdown()
            thread.join()


def asked(
    port: int, path: str, headers: Mapping[str, str], source: str = "127.0.0.1", form: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """Status and text of an answer to somebody at an address of this machine, who sends a form or none."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20, source_address=(source, 0))
    try:
        kind = {"content-type": "application/x-www-form-urlencoded"} if form else {}
        connection.request("POST" if form else "GET", path, urlencode(form) if form else None, {**headers, **kind})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()
