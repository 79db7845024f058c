"""Real mail servers on 127.0.0.1, as friendly or as hostile as a test asks."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Protocol

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class AnyPort(Controller):
    """A controller that takes a free port and remembers which; it counts conversations."""

    handler: MailServer

    def factory(self) -> SMTP:
        self.handler.connections += 1
        return SMTP(self.handler, **self.SMTP_kwargs)

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd leaves it untyped


@dataclass
class MailServer:
    """What a server was told and is to answer.

    ``to_recipients`` and ``to_data`` hold answers still to be given before it accepts again; ``hang up`` in place of an
    answer ends the connection.
    """

    to_recipients: list[str] = field(default_factory=list)
    to_data: list[str] = field(default_factory=list)
    hang_up_after_each: bool = False
    connections: int = 0
    accepted: list[EmailMessage] = field(default_factory=list)
    logins: list[bytes] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(  # noqa: N802
        self, _: SMTP, __: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.to_recipients:
            return self.to_recipients.pop(0)
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.to_data.pop(0) if self.to_data else "250 OK"
        if answer == "hang up" or self.hang_up_after_each:
            assert server.transport
            asyncio.get_running_loop().call_soon(server.transport.close)
        if answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            message = message_from_bytes(envelope.content, policy=default)
            assert isinstance(message, EmailMessage)
            self.accepted.append(message)
        if answer == "hang up":
            await asyncio.Event().wait()
        return answer

    def login(self, _: SMTP, __: Session, ___: Envelope, ____: str, data: Any) -> AuthResult:
        self.logins.append(data.login)
        return AuthResult(success=(data.login, data.password) == (b"groundswell", b"swordfish"), handled=False)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate for 127.0.0.1, and the server side of TLS with it."""

    path: Path
    context: ssl.SSLContext


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(secret)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return Certificate(folder / "cert.pem", context)


class StartServer(Protocol):
    """Starts a server that stops with the test; with TLS it asks for the login ``groundswell``, ``swordfish``."""

    def __call__(self, security: str = "none") -> MailServer: ...


@pytest.fixture
def start(certificate: Certificate) -> Iterator[StartServer]:
    with ExitStack() as stack:

        def start_one(security: str = "none") -> MailServer:
            server = MailServer()
            ways: dict[str, dict[str, Any]] = {
                "none": {},
                "tls": {"ssl_context": certificate.context, "authenticator": server.login, "auth_require_tls": False},
                "starttls": {
                    "tls_context": certificate.context,
                    "require_starttls": True,
                    "authenticator": server.login,
                    "auth_required": True,
                },
            }
            controller = AnyPort(server, hostname="127.0.0.1", port=0, **ways[security])
            controller.start()
            stack.callback(controller.stop)
            server.port, server.connections = controller.port, 0
            return server

        yield start_one
