"""Tokens that a service hands out for a password, kept until they expire.

They travel in the cursor, which is stored with the system's own data, so that a service is not asked for one at every
visit; services count that more strictly than anything else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from sources.contract import Cursor, SourceError

_Result = TypeVar("_Result")
# A visit that starts with a token should be able to end with it.
_MARGIN = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Token:
    """What a service handed out.

    Attributes:
        until: when it expires.
    """

    text: str = field(repr=False)
    until: datetime


def with_token(
    cursor: Cursor, now: datetime, log_in: Callable[[], Token], use: Callable[[str], _Result]
) -> tuple[_Result, dict[str, str]]:
    """What ``use`` makes of a token, and the entries that keep the token in the next cursor.

    A kept token that the service refuses is replaced by a new one, once.

    Raises:
        SourceError: from ``log_in`` or ``use``.
    """
    kept = _kept(cursor, now)
    if kept is not None:
        try:
            return use(kept.text), _entries(kept)
        except SourceError as error:
            if not error.permanent:
                raise
    token = log_in()
    return use(token.text), _entries(token)


def _kept(cursor: Cursor, now: datetime) -> Token | None:
    text, until = cursor.get("token"), cursor.get("token_until", "")
    if not text or not until.isdecimal() or int(until) <= (now + _MARGIN).timestamp():
        return None
    return Token(text, datetime.fromtimestamp(int(until), UTC))


def _entries(token: Token) -> dict[str, str]:
    return {"token": token.text, "token_until": str(int(token.until.timestamp()))}
