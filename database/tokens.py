"""Storing tokens for programs."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, or_, select, update

from access.roles import Permission
from access.tokens import Token
from database.columns import storable
from database.token_tables import TokenRow


def add_token(connection: Connection, token: Token) -> None:
    """Keep a new token."""
    values = {**asdict(token), "name": storable(token.name), "scopes": " ".join(sorted(token.scopes))}
    connection.execute(insert(TokenRow).values(values))


def find_token(connection: Connection, token_id: str) -> Token | None:
    """The token with an id, None where there is none."""
    found = _tokens(connection, TokenRow.id == token_id)
    return found[0] if found else None


def tokens_of(connection: Connection, person: str | None) -> tuple[Token, ...]:
    """The tokens of a person, of everybody where none is named; the newest first."""
    return _tokens(connection, *([] if person is None else [TokenRow.person == person]))


def note_use(connection: Connection, token_id: str, minute: datetime) -> None:
    """Remember when a token was last used; an earlier moment changes nothing."""
    later = or_(TokenRow.last_used_at.is_(None), TokenRow.last_used_at < minute)
    connection.execute(update(TokenRow).where(TokenRow.id == token_id, later).values(last_used_at=minute))


def revoke_token(connection: Connection, token_id: str, at: datetime) -> None:
    """End a token for good; one that was ended before keeps its moment."""
    where = (TokenRow.id == token_id, TokenRow.revoked_at.is_(None))
    connection.execute(update(TokenRow).where(*where).values(revoked_at=at))


def _tokens(connection: Connection, *where: ColumnElement[bool]) -> tuple[Token, ...]:
    query = select(TokenRow.__table__).where(*where).order_by(TokenRow.created_at.desc(), TokenRow.id)
    return tuple(_token(row) for row in connection.execute(query))


def _token(row: Row[Any]) -> Token:
    # A scope that this version does not know allows nothing.
    scopes = frozenset(Permission(name) for name in row.scopes.split() if name in set(Permission))
    return Token(**{**row._mapping, "scopes": scopes})  # noqa: SLF001  # public API of Row
