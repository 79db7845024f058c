"""Hashing and checking passwords: argon2id with the library's own parameters (RFC 9106, second recommendation)."""

from __future__ import annotations

import secrets
import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from access.passwords import LONGEST, normal

_HASHER = PasswordHasher()
# Each takes 64 MB for a fifth of a second; strangers must not make it many at once.
_AT_ONCE = threading.BoundedSemaphore(2)


def hashed(password: str) -> str:
    """What is kept of a password."""
    with _AT_ONCE:
        return _HASHER.hash(normal(password))


def is_right(password: str, password_hash: str | None) -> bool:
    """Whether a password is the one that was hashed. It takes as long where there is none."""
    # What nobody could have chosen is not worth the time its length takes.
    given = normal(password) if len(password) <= LONGEST else ""
    with _AT_ONCE:
        try:
            _HASHER.verify(password_hash or _nobodys(), given)
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether it was made with parameters that are not those of today."""
    return _HASHER.check_needs_rehash(password_hash)


@cache
def _nobodys() -> str:
    return _HASHER.hash(secrets.token_urlsafe())
