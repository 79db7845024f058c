"""Whom and what to know no more: authors and pages that were forgotten, so that they do not come back.

Only an HMAC-SHA256 of each is kept. Its key is drawn when the first is forgotten and kept in the same table: all
machines that store mentions need it, and a key elsewhere could be lost or replaced, whereupon everybody who was
forgotten would be heard again. So nobody can read the list; who holds the whole database can try names against it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, insert, select

from database import inserting
from database.tables import ForgottenRow
from mentions.mention import Mention
from mentions.redaction import fingerprints, is_of_one_source

_AT_ONCE = 500
_KEY = "key."  # begins the row that holds the key; no digest has a dot in it
_KEY_BYTES = 30
# Made once: it is asked with everything that is stored.
_KEY_ROW = select(ForgottenRow.digest).where(ForgottenRow.digest.like(f"{_KEY}%"))


class Heard(Protocol):
    """What is about to be stored: :class:`database.listening.Heard`."""

    @property
    def mention(self) -> Mention:
        """What was said, redacted or not."""


AnyHeard = TypeVar("AnyHeard", bound=Heard)


def not_forgotten(connection: Connection, source: str, heard: Sequence[AnyHeard]) -> Sequence[AnyHeard]:
    """Those of the mentions that nobody asked to forget, neither by their author nor by their page.

    Where nobody ever asked, that costs one look at an empty table. To be called while stories are held
    (:func:`database.stories.hold_stories`), so that nothing is forgotten between this and storing.
    """
    key = _key(connection)
    if key is None or not heard:
        return heard
    digests = [{_digest(key, source, each) for each in fingerprints(one.mention)} for one in heard]
    known = _known(connection, set().union(*digests))
    return [one for one, its in zip(heard, digests, strict=True) if not its & known] if known else heard


def are_forgotten(connection: Connection, source: str, known_by: Iterable[str]) -> bool:
    """Whether any of some fingerprints at a source is forgotten."""
    key = _key(connection)
    return key is not None and bool(_known(connection, {_digest(key, source, each) for each in known_by}))


def remember_forgotten(connection: Connection, source: str, known_by: Iterable[str], now: datetime) -> None:
    """Forget what has these fingerprints at a source, from now on."""
    key = _key(connection)
    if key is None:
        written = secrets.token_hex(_KEY_BYTES)
        connection.execute(insert(ForgottenRow).values(digest=f"{_KEY}{written}", at=now))
        key = bytes.fromhex(written)
    if rows := [{"digest": _digest(key, source, each), "at": now} for each in sorted(set(known_by))]:
        inserting.insert(connection, ForgottenRow, rows, _once)


def _once(statement: Any) -> Any:
    return statement.on_conflict_do_nothing(index_elements=["digest"])


def _key(connection: Connection) -> bytes | None:
    written = connection.execute(_KEY_ROW).scalar()
    return bytes.fromhex(written.removeprefix(_KEY)) if written else None


def _known(connection: Connection, digests: Iterable[str]) -> set[str]:
    wanted, known = sorted(digests), set[str]()
    for at in range(0, len(wanted), _AT_ONCE):
        some = ForgottenRow.digest.in_(wanted[at : at + _AT_ONCE])
        known.update(connection.execute(select(ForgottenRow.digest).where(some)).scalars())
    return known


def _digest(key: bytes, source: str, fingerprint: str) -> str:
    where = source if is_of_one_source(fingerprint) else ""
    return hmac.digest(key, f"{where}\0{fingerprint}".encode("utf-8", "surrogatepass"), hashlib.sha256).hex()
