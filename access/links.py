"""Links that are sent by mail: each lets one person choose a password, once, for some time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from access.roles import Role


class Purpose(StrEnum):
    """What a link is for."""

    INVITATION = "invitation"
    RESET = "reset"


GOOD_FOR = {Purpose.INVITATION: timedelta(days=3), Purpose.RESET: timedelta(hours=1)}


@dataclass(frozen=True, slots=True)
class Link:
    """A link that was sent; ``used_at`` is None until a password was chosen with it."""

    id: int
    person: str
    purpose: Purpose
    created_at: datetime
    used_at: datetime | None = None

    @property
    def good_until(self) -> datetime:
        """When it ends."""
        return self.created_at + GOOD_FOR[self.purpose]


class Stale(StrEnum):
    """Why a link is good for nothing; its words are for whoever opened it."""

    UNKNOWN = "This link is not one of ours, or only a part of it arrived."
    USED = "This link was used already."
    REPLACED = "A newer link was sent; only the newest counts."
    OLD = "This link is too old."
    LEFT = "Your name is not in the settings of Groundswell any more."


def judge(link: Link | None, newest: int, role: Role | None, now: datetime) -> Stale | None:
    """Why a link is good for nothing, None where it is good.

    Args:
        link: None where nobody sent it.
        newest: number of the last link that its person was sent.
        role: what its person may do now; None where they have left the settings.
    """
    if link is None:
        return Stale.UNKNOWN
    if role is None:
        return Stale.LEFT
    if link.used_at is not None:
        return Stale.USED
    if link.id != newest:
        return Stale.REPLACED
    return None if now < link.good_until else Stale.OLD
