"""What is written down of who came in, who may do what, and who took something away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class AuditKind(StrEnum):
    """What happened."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    THROTTLED = "throttled"
    COMPANY_REFUSED = "company_refused"
    SIGNED_OUT = "signed_out"
    SESSION_REVOKED = "session_revoked"
    INVITED = "invited"
    RESET_ASKED = "reset_asked"
    PASSWORD_SET = "password_set"  # noqa: S105  # the name of a kind
    ACCESS_CHANGED = "access_changed"
    EXPORTED = "exported"
    TOKEN_MADE = "token_made"  # noqa: S105  # as above
    TOKEN_REVOKED = "token_revoked"  # noqa: S105  # as above


# {person}: who did it; {subject}: whom or what it is about; the rest are facts.
SENTENCES: Mapping[AuditKind, str] = {
    AuditKind.SIGNED_IN: "{person} signed in ({means}).",
    AuditKind.SIGN_IN_FAILED: "A sign-in as {subject} failed: wrong password or address.",
    AuditKind.THROTTLED: "Sign-ins as {subject} had to wait after too many attempts.",
    AuditKind.COMPANY_REFUSED: "The company's sign-in brought {subject}, who was not let in ({reason}).",
    AuditKind.SIGNED_OUT: "{person} signed out.",
    AuditKind.SESSION_REVOKED: "{person} ended a session of {subject}.",
    AuditKind.INVITED: "{person} invited {subject}.",
    AuditKind.RESET_ASKED: "Somebody asked for a new password of {subject}.",
    AuditKind.PASSWORD_SET: "{person} set a password.",
    AuditKind.ACCESS_CHANGED: "The access of {subject} changed from {before} to {after}.",
    AuditKind.EXPORTED: "{person} took away {subject}.",
    AuditKind.TOKEN_MADE: "{person} made the token {subject} of {owner}, for: {scopes}.",
    AuditKind.TOKEN_REVOKED: "{person} revoked the token {subject} of {owner}.",
}


@dataclass(frozen=True, slots=True)
class Noted:
    """Something to be written down.

    Attributes:
        person: id of whoever did it; empty where that is not known.
        subject: id of the person, or name of the thing, that it is about; may be empty.
        facts: what else its sentence says.
        address: where it was done from; empty where it was this machine's command line.
    """

    kind: AuditKind
    person: str = ""
    subject: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    address: str = ""


@dataclass(frozen=True, slots=True)
class AuditRow:
    """Something that was written down, and when."""

    id: int
    at: datetime
    noted: Noted


def sentence(noted: Noted, names: Mapping[str, str]) -> str:
    """What happened, for people; ``names`` are those of people by their ids."""
    nobody = "Somebody" if noted.address else "Somebody at the command line"
    person = names.get(noted.person, noted.person) or nobody
    subject = names.get(noted.subject, noted.subject) or "somebody unknown"
    return SENTENCES[noted.kind].format_map(_Facts({**noted.facts, "person": person, "subject": subject}))


class _Facts(dict[str, str]):
    """Facts of which an older version may have kept fewer."""

    def __missing__(self, name: str) -> str:
        return "unknown"
