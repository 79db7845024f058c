"""The tables of who may come in, and of what they did. A change here needs a migration beside it.

No secret is stored: of passwords their argon2 hash, of sessions and links the SHA-256 of what browsers and mails hold.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from database.columns import Count, Table


class AccountRow(Table):
    """That a person has a password."""

    __tablename__ = "accounts"

    person: Mapped[str] = mapped_column(String(63), primary_key=True)
    password_hash: Mapped[str] = mapped_column(Text)
    set_at: Mapped[datetime]


class SessionRow(Table):
    """Somebody who signed in (:class:`access.sessions.Session`)."""

    __tablename__ = "sessions"
    __table_args__ = (Index(None, "person"),)

    id: Mapped[int] = mapped_column(Count, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    person: Mapped[str] = mapped_column(String(63))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(Text)
    browser: Mapped[str] = mapped_column(Text)
    means: Mapped[str] = mapped_column(String(16))
    revoked_at: Mapped[datetime | None]


class LinkRow(Table):
    """A link that was sent by mail (:class:`access.links.Link`)."""

    __tablename__ = "links"
    __table_args__ = (Index(None, "person"),)

    id: Mapped[int] = mapped_column(Count, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    person: Mapped[str] = mapped_column(String(63))
    purpose: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AttemptsRow(Table):
    """How often something failed (:class:`access.attempts.Failures`); ``key`` is a digest of what is counted."""

    __tablename__ = "attempts"
    __table_args__ = (Index(None, "last_at"),)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    counted: Mapped[str] = mapped_column(String(16))
    count: Mapped[int]
    last_at: Mapped[datetime]


class AuditingRow(Table):
    """Something that was written down (:class:`access.audit.Noted`)."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "kind"), Index(None, "person"))

    id: Mapped[int] = mapped_column(Count, primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(32))
    person: Mapped[str] = mapped_column(String(63))
    subject: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, Any]]
    address: Mapped[str] = mapped_column(Text)


class KnownAccessRow(Table):
    """What a person might do when the console last started."""

    __tablename__ = "known_access"

    person: Mapped[str] = mapped_column(String(63), primary_key=True)
    access: Mapped[str] = mapped_column(String(16))
