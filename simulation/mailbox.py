"""A mail server on this machine that keeps what it is given, for tests and for the demo.

It speaks SMTP through aiosmtpd (RFC 5321) at a free port of 127.0.0.1, in a thread of its own, and can be told to
fail the ways real ones do::

    with Mailbox() as mailbox:
        mailbox.refuse_with("451 4.7.1 Greylisted, try again later")
        ...  # the sender is turned away
        mailbox.behave()
        ...  # the sender tries again
        (received,) = mailbox.wait_for(1, timeout=5)
        assert received.message["Subject"] == "..."
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import Enum, auto
from threading import Condition
from types import TracebackType
from typing import Self, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

_ACCEPTED = "250 OK"


@dataclass(frozen=True, slots=True)
class Received:
    """A message the server has taken; recipients are those of the envelope, whom headers need not name."""

    at: datetime
    envelope_from: str
    recipients: tuple[str, ...]
    message: EmailMessage


class _Mood(Enum):
    WILLING = auto()
    REFUSING = auto()
    HANGING = auto()
    DROPPING = auto()


class Mailbox:
    """A context manager around a mail server; its methods may be called from any thread."""

    def __init__(self, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._received: list[Received] = []
        self._changed = Condition()
        self._mood = _Mood.WILLING
        self._reply = ""
        self._refused: frozenset[str] = frozenset()
        self._controller = _AnyPort(self, hostname="127.0.0.1", port=0)

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._controller.stop()

    @property
    def host(self) -> str:
        """Where it listens."""
        return self._controller.hostname

    @property
    def port(self) -> int:
        """Where it listens; 0 before the mailbox is entered."""
        return self._controller.port

    @property
    def received(self) -> tuple[Received, ...]:
        """Every message so far, oldest first."""
        with self._changed:
            return tuple(self._received)

    def wait_for(self, count: int, timeout: float) -> tuple[Received, ...]:
        """Every message so far, as soon as there are ``count``.

        Raises:
            TimeoutError: there were fewer after ``timeout`` seconds.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._received) >= count, timeout):
                raise TimeoutError(f"{len(self._received)} of {count} messages arrived within {timeout:g} s")
            return tuple(self._received)

    def behave(self) -> None:
        """Take what comes, after any of the methods below."""
        self._feel(_Mood.WILLING)

    def refuse_with(self, reply: str, *, only: frozenset[str] | set[str] = frozenset()) -> None:
        """Answer every recipient, or those in ``only``, with a reply such as ``451 4.3.0 Try again later``."""
        self._feel(_Mood.REFUSING, reply, frozenset(only))

    def hang(self) -> None:
        """Greet a sender, then answer no MAIL command until the mailbox is left."""
        self._feel(_Mood.HANGING)

    def drop_after_data(self) -> None:
        """Keep a message, then drop the connection instead of saying so: the sender cannot know."""
        self._feel(_Mood.DROPPING)

    def _feel(self, mood: _Mood, reply: str = "", refused: frozenset[str] = frozenset()) -> None:
        with self._changed:
            self._mood, self._reply, self._refused = mood, reply, refused

    # aiosmtpd calls these by name: https://aiosmtpd.aio-libs.org/en/latest/handlers.html

    async def handle_MAIL(  # noqa: N802 - see above
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the sender's address, or never answer."""
        if self._mood is _Mood.HANGING:
            await asyncio.Event().wait()  # ends when the server cancels its tasks
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return _ACCEPTED

    async def handle_RCPT(  # noqa: N802 - see above
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient's address, or refuse it."""
        if self._mood is _Mood.REFUSING and (not self._refused or address in self._refused):
            return self._reply
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return _ACCEPTED

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - see above
        """Keep the message."""
        content = envelope.original_content or b""
        message = message_from_bytes(content, EmailMessage, policy=policy.default)
        received = Received(self._clock(), envelope.mail_from or "", tuple(envelope.rcpt_tos), message)
        with self._changed:
            self._received.append(received)
            self._changed.notify_all()
        if self._mood is _Mood.DROPPING and server.transport:
            server.transport.close()
        return _ACCEPTED


class _AnyPort(Controller):
    """A controller that learns its port from the socket, which the original takes to be the port it was given."""

    def _trigger_server(self) -> None:
        self.port = cast("asyncio.Server", self.server).sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd leaves it bare
