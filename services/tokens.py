"""Tokens for programs: made, told once, looked at with every request, and ended."""

from __future__ import annotations

import secrets
import string
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from access.audit import AuditKind, Noted
from access.roles import Permission
from access.tokens import (
    ID_LENGTH,
    USUAL_DAYS,
    Fault,
    Presented,
    Standing,
    Token,
    digest_of,
    expiry,
    read,
    refuse_wanted,
    standing,
)
from database import tokens as store
from incidents.incident import Refusal
from services.auditing import COMMAND_LINE, Doer, note
from services.installation import Installation

_LETTERS = string.ascii_letters + string.digits
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Created:
    """A new token; ``text`` is what its holder sends, and stands nowhere after this."""

    token: Token
    text: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A token that was shown, and what it allows; ``token`` is None where nothing is known under its id."""

    token: Token | None
    standing: Standing


def create(  # what a token is made of, and who makes it
    inst: Installation,
    person: str,
    name: str,
    scopes: Iterable[Permission],
    days: int = USUAL_DAYS,
    by: Doer = COMMAND_LINE,
) -> Created | Refusal:
    """Make a token for a person; that it was made is written down.

    Raises:
        DatabaseError: it cannot be stored; there is no token.
    """
    wanted, now = frozenset(scopes), inst.clock()
    refused = refuse_wanted(name, wanted, days, inst.settings.access_of(person))
    if refused:
        return Refusal(refused)
    named = "".join(secrets.choice(_LETTERS) for _ in range(ID_LENGTH))
    made = Presented(named, secrets.token_urlsafe(_SECRET_BYTES))
    token = Token(made.id, name.strip(), person, wanted, digest_of(made.secret), now, expiry(days, now))
    with inst.database.writing() as connection:
        store.add_token(connection, token)
        note(connection, _noted(AuditKind.TOKEN_MADE, inst, token, by), now)
    return Created(token, made.text)


def check(inst: Installation, text: str) -> Checked:
    """What a token that somebody shows allows now; that it was used is remembered to the minute.

    Raises:
        DatabaseError: the database cannot be read.
    """
    shown, now = read(text), inst.clock()
    if shown is None:
        return Checked(None, Standing(frozenset(), Fault.UNKNOWN))
    with inst.database.reading() as connection:
        token = store.find_token(connection, shown.id)
    role = inst.settings.access_of(token.person) if token else None
    found = standing(token, shown, role, now)
    if token and found.fault is None:
        _note_use(inst, token, now)
    return Checked(None if found.fault is Fault.UNKNOWN else token, found)


def owned_by(inst: Installation, person: str | None) -> tuple[Token, ...]:
    """The tokens of a person, of everybody where none is named; the newest first."""
    with inst.database.reading() as connection:
        return store.tokens_of(connection, person)


def revoke(inst: Installation, token_id: str, person: str | None = None, by: Doer = COMMAND_LINE) -> Token | Refusal:
    """End a token for good; it comes back as it is then, and that it was ended is written down.

    Args:
        person: whose it has to be; anybody's where none is named.
    """
    with inst.database.writing() as connection:
        found = store.find_token(connection, token_id)
        if found is None or person not in {None, found.person}:
            return Refusal(f"There is no token {token_id}. Look at the list of tokens.")
        if found.revoked_at is None:
            store.revoke_token(connection, token_id, inst.clock())
            note(connection, _noted(AuditKind.TOKEN_REVOKED, inst, found, by), inst.clock())
        return store.find_token(connection, token_id) or found


def _noted(kind: AuditKind, inst: Installation, token: Token, by: Doer) -> Noted:
    facts = {"owner": inst.name_of(token.person), "scopes": ", ".join(sorted(token.scopes))}
    return Noted(kind, by.person, f"{token.name} ({token.id})", facts, by.address)


def _note_use(inst: Installation, token: Token, now: datetime) -> None:
    """Written once a minute at most: a program that reads a hundred times a minute writes once."""
    minute = now.replace(second=0, microsecond=0)
    if token.last_used_at is None or token.last_used_at < minute:
        with inst.database.writing() as connection:
            store.note_use(connection, token.id, minute)
