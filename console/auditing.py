"""Writing down what the pages hand out."""

from __future__ import annotations

from fastapi import Request

from access.audit import AuditKind, Noted
from console import session_cookie
from console.context import console_of
from console.identity import you
from services.auditing import note


def note_export(request: Request, subject: str, **facts: str) -> None:
    """Somebody takes something away; called before it is handed out.

    Raises:
        DatabaseError: it cannot be written down, so it must not be handed out.
    """
    inst, actor = console_of(request).installation, you(request)
    noted = Noted(
        AuditKind.EXPORTED, actor.id if actor else "", subject, facts, session_cookie.visitor(request).address
    )
    with inst.database.writing() as connection:
        note(connection, noted, inst.clock())
