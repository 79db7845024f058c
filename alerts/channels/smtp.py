"""Hands letters to a mail server (RFC 5321) with STARTTLS (RFC 3207), TLS from the start (RFC 8314), or neither."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ipaddress import ip_address
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator

from alerts.contract import ChannelOptions, Letter
from alerts.mime import to_message
from alerts.smtp_replies import explain

_OK = 250
# Timeouts that a whole conversation over a letter may take.
STEPS_AT_MOST = 3


class Options(ChannelOptions):
    """The mail server and how to speak to it.

    ``security`` is ``starttls`` (usually port 587), ``tls`` (usually port 465) or ``none``. ``ca_file`` names the
    certificates of a company's own authority. ``timeout`` is in seconds, for each step of the conversation.
    """

    host: str = Field(min_length=1)
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password: SecretStr | None = None
    ca_file: Path | None = None
    timeout: float = Field(default=15, gt=0)

    @model_validator(mode="after")
    def _check_login(self) -> Self:
        if (self.user is None) != (self.password is None):
            raise ValueError("user and password belong together: give both or neither")
        if self.password and self.security == "none" and not _is_this_machine(self.host):
            raise ValueError("a password would travel unencrypted: set security to starttls or tls")
        return self


class SmtpCarrier:
    """One conversation with a mail server, opened again for the next letter when the server ended it."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._session = _open(options)

    def deliver(self, letter: Letter) -> None:
        """Send one letter; returns once the server has taken responsibility for it.

        Raises:
            DeliveryError: it did not, or the connection broke before it could say so.
        """
        message = to_message(letter)
        if not self._is_alive():
            self._session = _open(self._options)
        with _explained(self._options, f"the letter to {letter.recipient}"), _patience(self._session, self._options):
            self._session.send_message(message)

    def _is_alive(self) -> bool:
        """Servers end conversations after a time or a number of letters; asking first costs one short exchange."""
        try:
            with _patience(self._session, self._options):
                return self._session.noop()[0] == _OK
        except (smtplib.SMTPException, OSError):
            return False

    def close(self) -> None:
        """Say goodbye; what was delivered stays delivered if the server no longer listens."""
        with suppress(smtplib.SMTPException, OSError), _patience(self._session, self._options):
            self._session.quit()


@contextmanager
def connect(options: Options) -> Iterator[SmtpCarrier]:
    """Open a conversation, logged in.

    Raises:
        DeliveryError: the server cannot be reached, trusted or logged in to.
    """
    carrier = SmtpCarrier(options)
    try:
        yield carrier
    finally:
        carrier.close()


class _Session(smtplib.SMTP):
    """A session that is there before it is connected, so that connecting can be given up too."""

    def __init__(self, options: Options) -> None:
        super().__init__(timeout=options.timeout)
        self._host = options.host  # whom STARTTLS expects a certificate of; smtplib sets it only while it connects


class _SessionInTls(smtplib.SMTP_SSL):
    """As :class:`_Session`, in TLS from the start."""

    def __init__(self, options: Options) -> None:
        super().__init__(timeout=options.timeout, context=_trust(options))
        self._host = options.host


def _open(options: Options) -> smtplib.SMTP:
    with _explained(options, "the connection"):
        session = _SessionInTls(options) if options.security == "tls" else _Session(options)
        try:
            with _patience(session, options):
                session.connect(options.host, options.port)
                _secure_and_log_in(session, options)
        except BaseException:
            session.close()
            raise
        return session


@contextmanager
def _patience(session: smtplib.SMTP, options: Options) -> Iterator[None]:
    """Hang up after a while: a server that sends a byte now and then never runs into the timeout of a step."""
    clock = threading.Timer(options.timeout * STEPS_AT_MOST, _hang_up, (session,))
    clock.daemon = True
    clock.start()
    try:
        yield
    finally:
        clock.cancel()


def _hang_up(session: smtplib.SMTP) -> None:
    if session.sock is not None:
        with suppress(OSError):
            session.sock.shutdown(socket.SHUT_RDWR)


def _secure_and_log_in(session: smtplib.SMTP, options: Options) -> None:
    if options.security == "starttls":
        session.starttls(context=_trust(options))
    if options.user is not None and options.password is not None:
        session.login(options.user, options.password.get_secret_value())


def _trust(options: Options) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=options.ca_file)


@contextmanager
def _explained(options: Options, doing: str) -> Iterator[None]:
    try:
        yield
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        raise explain(error, f"{options.host}:{options.port}", doing) from error


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
