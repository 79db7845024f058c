"""Writing down what the pages hand out."""

from __future__ import annotations

from fastapi import Request

from access.audit import AuditKind, Noted
from console import session_cookie
from console.bearers import token_of
from console.context import console_of
from console.identity import you
from services.auditing import Doer, note


def note_export(request: Request, subject: str, **facts: str) -> None:
    """Somebody takes something away; called before it is handed out.

    Raises:
        DatabaseError: it cannot be written down, so it must not be handed out.
    """
    inst, doer, token = console_of(request).installation, doer_of(request), token_of(request)
    if token:
        facts["token"] = token.id
    noted = Noted(AuditKind.EXPORTED, doer.person, subject, facts, doer.address)
    with inst.database.writing() as connection:
        note(connection, noted, inst.clock())


def doer_of(request: Request) -> Doer:
    """Who asks, and from where."""
    actor = you(request)
    return Doer(actor.id if actor else "", session_cookie.visitor(request).address)
