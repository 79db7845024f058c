"""How long somebody stays signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from access.roles import Role

# SP 800-63B-4, section 2.2.3: signing in anew after 30 days at the latest; a week away is long enough to be a stranger.
IDLE = timedelta(days=7)
ABSOLUTE = timedelta(days=30)
# Being seen is written down this often at most: a page that stays live would write at every change.
_WORTH_NOTING = timedelta(minutes=5)


class Means(StrEnum):
    """How somebody proved who they are."""

    PASSWORD = "password"  # noqa: S105  # the name of a means
    LINK = "link"  # the mail that let them choose a password
    COMPANY = "company"  # their company's own sign-in


class Ended(StrEnum):
    """Why a session is over."""

    REVOKED = "revoked"
    LEFT = "left"
    IDLE = "idle"
    TOO_OLD = "too_old"


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in.

    Attributes:
        address: where they were last seen, an IP address.
        browser: which one they use, in words.
        revoked_at: when it was ended by hand; None while nobody did.
    """

    id: int
    person: str
    created_at: datetime
    seen_at: datetime
    address: str
    browser: str
    means: Means
    revoked_at: datetime | None = None


def ended(session: Session, role: Role | None, now: datetime) -> Ended | None:
    """Why a session is over, None while it is good.

    Args:
        role: what its person may do now; None where they have left the settings.
    """
    if session.revoked_at is not None:
        return Ended.REVOKED
    if role is None:
        return Ended.LEFT
    if now - session.created_at >= ABSOLUTE:
        return Ended.TOO_OLD
    if now - session.seen_at >= IDLE:
        return Ended.IDLE
    return None


def worth_noting(session: Session, address: str, now: datetime) -> bool:
    """Whether it is written down that somebody was seen."""
    return address != session.address or now - session.seen_at >= _WORTH_NOTING
