"""Tokens for programs: what one looks like, how long it lives, and what it allows at a moment.

A token is ``gsw_<id>_<secret>``: 12 characters that name it, and 43 (256 bits) that only its holder knows. Of the
secret a digest is kept; one round of SHA-256 is enough where nobody can guess (no password has 256 bits).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from access.roles import GRANTS, Permission, Role

MARK = "gsw"
ID_LENGTH, SECRET_LENGTH = 12, 43
USUAL_DAYS, MOST_DAYS = 90, 365
NAME_LIMIT = 100
_FORM = re.compile(rf"{MARK}_([A-Za-z0-9]{{{ID_LENGTH}}})_([A-Za-z0-9_-]{{{SECRET_LENGTH}}})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Presented:
    """What somebody shows: the id of a token, and what they hold for its secret."""

    id: str
    secret: str

    @property
    def text(self) -> str:
        """As it is handed out and sent."""
        return f"{MARK}_{self.id}_{self.secret}"


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is kept.

    Attributes:
        name: what it is for, in its owner's words.
        person: id of its owner.
        digest: of the secret (:func:`digest_of`).
        last_used_at: in whole minutes, None where it was never used.
    """

    id: str
    name: str
    person: str
    scopes: frozenset[Permission]
    digest: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None


class Fault(StrEnum):
    """Why a token allows nothing."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    REVOKED = "revoked"
    OWNER_LEFT = "owner left"
    SCOPE_MISSING = "scope missing"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a token allows at a moment.

    Attributes:
        permissions: what its scopes and its owner's role both have; empty where there is a fault.
        fault: why it allows nothing, None where it is good.
    """

    permissions: frozenset[Permission]
    fault: Fault | None = None


def read(text: str) -> Presented | None:
    """The token that a text is, None where it is none."""
    found = _FORM.fullmatch(text)
    return Presented(found[1], found[2]) if found else None


def holds_token(text: str) -> bool:
    """Whether a token stands anywhere in a text."""
    return _FORM.search(text) is not None


def digest_of(secret: str) -> str:
    """What is kept of a secret: SHA-256, 64 hexadecimal digits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def standing(token: Token | None, shown: Presented, role: Role | None, now: datetime) -> Standing:
    """What a token allows.

    Args:
        token: what is kept under the id that was shown, None where nothing is.
        role: its owner's now, None where they have left the settings.
    """
    fault = _fault(token, shown, role, now)
    if fault or token is None or role is None:
        return Standing(frozenset(), fault)
    return Standing(token.scopes & GRANTS[role])


def lacking(token: Token, permission: Permission) -> Fault | None:
    """Whether a good token lacks the scope for something; where it has it, what is missing is its owner's role."""
    return None if permission in token.scopes else Fault.SCOPE_MISSING


def refuse_wanted(name: str, scopes: Iterable[Permission], days: int, role: Role | None) -> str:
    """Why nobody of a role is given such a token, a sentence for people; empty where they are."""
    wanted = frozenset(scopes)
    if not name.strip() or len(name.strip()) > NAME_LIMIT:
        return f"Say in 1 to {NAME_LIMIT} characters what the token is for, so that you know it again."
    if role is None:
        return "Only somebody who stands under people in the settings can have a token."
    if not wanted:
        return "Choose at least one thing that the token may do."
    if beyond := sorted(wanted - GRANTS[role]):
        return f"Your own access, {role}, does not include: {', '.join(beyond)}. Leave that out."
    if not 1 <= days <= MOST_DAYS:
        return f"A token lives from 1 to {MOST_DAYS} days; {USUAL_DAYS} are usual."
    return ""


def expiry(days: int, now: datetime) -> datetime:
    """When a token ends that lives so many days."""
    return now + timedelta(days=days)


def _fault(token: Token | None, shown: Presented, role: Role | None, now: datetime) -> Fault | None:
    # Compared also where there is no such token: how long an answer takes tells nothing.
    same = hmac.compare_digest(token.digest if token else digest_of(""), digest_of(shown.secret))
    if token is None or not same:
        return Fault.UNKNOWN
    if token.revoked_at:
        return Fault.REVOKED
    if now >= token.expires_at:
        return Fault.EXPIRED
    return Fault.OWNER_LEFT if role is None else None
