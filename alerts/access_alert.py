"""What a letter that lets somebody choose a password says, as it waits in the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from access.links import Purpose
from alerts.stored import read_stored

# What is left in the outbox of a letter that is sent or given up.
SPENT = '{"kind":"access","spent":true}'
# By which the outbox tells such letters from others.
MARK = '"kind":"access"'


@dataclass(frozen=True, slots=True)
class AccessAlert:
    """An invitation, or the way to a new password.

    Attributes:
        link: the page with the secret; it must not stay where it is stored once it was sent.
        good_until: when the link ends.
        invited_by: name of whoever invites; empty where nobody is named.
        time_zone: the recipient's.
    """

    purpose: Purpose
    recipient_name: str
    link: str
    good_until: datetime
    invited_by: str
    time_zone: ZoneInfo
    kind: Literal["access"] = "access"

    def to_json(self) -> str:
        """As text for the outbox."""
        return _ADAPTER.dump_json(self).decode()

    @classmethod
    def from_json(cls, text: str) -> AccessAlert:
        """The alert as it was stored.

        Raises:
            DeliveryError: the text is not such an alert; permanent.
        """
        return read_stored(_ADAPTER, text)


def tells_of_access(text: str) -> bool:
    """Whether what was stored is such a letter, or what is left of one."""
    return MARK in text


_ADAPTER = TypeAdapter(AccessAlert)
