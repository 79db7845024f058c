"""What an alert channel is, and what travels through it."""

from __future__ import annotations

import importlib
import pkgutil
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict

from errors import GroundswellError


@dataclass(frozen=True, slots=True)
class InlineImage:
    """A picture that the HTML shows by ``cid:<cid>``."""

    cid: str
    png: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to one person, ready to send.

    Attributes:
        message_id: RFC 5322 Message-ID with its angle brackets, the same at every attempt.
        thread_id: Message-ID that all letters of an incident refer to; equal to ``message_id`` for the first.
        sender: address with optional display name, as in ``Groundswell <alerts@example.com>``.
        recipient: one address.
        subject: one line; channels refuse line breaks.
        topic: what mail programs may sort it by (RFC 2919), one word.
    """

    message_id: str
    thread_id: str
    sender: str
    recipient: str
    subject: str
    text: str
    html: str
    images: tuple[InlineImage, ...]
    written_at: datetime
    topic: str = "incidents"


class Carrier(Protocol):
    """An open way out; used from one thread."""

    def deliver(self, letter: Letter) -> None:
        """Hand over one letter.

        Raises:
            DeliveryError: it was not accepted; ``permanent`` says whether to try again.
        """


class ChannelOptions(BaseModel):
    """What a channel lets a team set; channels add their own fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Channel(Protocol):
    """The shape of a module in ``alerts/channels/``; found by name, registered nowhere."""

    Options: type[ChannelOptions]

    def connect(self, options: Any) -> AbstractContextManager[Carrier]:
        """Open the channel with its own ``Options``.

        Raises:
            DeliveryError: it cannot be reached.
        """


class DeliveryError(GroundswellError):
    """A message did not go out.

    Attributes:
        permanent: trying again cannot help (unknown recipient); otherwise the outbox retries.
    """

    def __init__(self, subject: str, problem: str, remedy: str, *, permanent: bool = False) -> None:
        super().__init__(subject, problem, remedy)
        self.permanent = permanent


def kinds() -> tuple[str, ...]:
    """Names of all channels, sorted."""
    return tuple(sorted(m.name for m in pkgutil.iter_modules(importlib.import_module("alerts.channels").__path__)))


def load(kind: str) -> Channel:
    """The channel of a kind; the kind comes from :func:`kinds`."""
    module: Channel = importlib.import_module(f"alerts.channels.{kind}")  # the contract test checks every file
    return module
