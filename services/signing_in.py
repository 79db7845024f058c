"""Signing in and out: passwords are checked, sessions begin, are looked up and end."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import Connection

from access.attempts import Counted, Throttled, counted_on, line_of, throttled
from access.audit import AuditKind, Noted
from access.sessions import Means, Session, ended, worth_noting
from database import access as store
from services import passwords
from services.auditing import note
from services.installation import Installation
from settings.model import Person

_TOKEN_BYTES = 32
_LONGEST_TOLD = 200  # characters of what a browser says of itself
_PASSWORD_COUNTS = (Counted.PAIR, Counted.ACCOUNT, Counted.ADDRESS)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where somebody comes from: an IP address, and their browser in words."""

    address: str
    browser: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody is in; ``token`` is for their browser alone."""

    person: str
    token: str


class Wrong(Enum):
    """A mail address and a password that do not belong together; which of them is wrong is nobody's business."""

    PASSWORD = "password"  # noqa: S105  # the name of what is wrong


def sign_in(inst: Installation, mail: str, password: str, visitor: Visitor) -> SignedIn | Wrong | Throttled:
    """Let somebody in who knows their password.

    An address that nobody has is answered like a wrong password, and takes as long.

    Raises:
        DatabaseError: nothing was stored, nobody is in.
    """
    person = person_with(inst, mail)
    checked = check_password(inst, person.id if person else "", password, visitor, known_as=mail)
    if isinstance(checked, Throttled):
        return checked
    if person is None or not checked:
        return Wrong.PASSWORD
    return SignedIn(person.id, open_session(inst, person.id, Means.PASSWORD, visitor.address, visitor.browser))


def open_session(inst: Installation, person_id: str, means: Means, address: str, browser: str) -> str:
    """Begin a session of a person who has proved who they are; the token for their browser is returned.

    Raises:
        DatabaseError: nothing was stored, nobody is in.
    """
    with inst.database.writing() as connection:
        return begin(connection, person_id, means, Visitor(address, browser), inst.clock())


def begin(connection: Connection, person_id: str, means: Means, visitor: Visitor, now: datetime) -> str:
    """As :func:`open_session`, within a transaction."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    browser = visitor.browser[:_LONGEST_TOLD]
    store.add_session(connection, token, Session(0, person_id, now, now, visitor.address, browser, means))
    facts = {"means": str(means), "browser": browser}
    note(connection, Noted(AuditKind.SIGNED_IN, person_id, person_id, facts, visitor.address), now)
    return token


def session_of(inst: Installation, token: str, address: str) -> Session | None:
    """The session of a token, None where it is over or there never was one; that its person was seen is kept.

    Raises:
        DatabaseError: it cannot be looked up.
    """
    if not token:
        return None
    now = inst.clock()
    with inst.database.reading() as connection:
        session = store.find_session(connection, token)
    if session is None or ended(session, inst.settings.access_of(session.person), now):
        return None
    if not _holds(inst, session.means):
        return None
    if worth_noting(session, address, now):
        with inst.database.writing() as connection:
            store.saw(connection, session.id, address, now)
    return session


def sessions_of(inst: Installation, person_id: str) -> tuple[Session, ...]:
    """The sessions of a person that are not over, the last seen first."""
    now, role = inst.clock(), inst.settings.access_of(person_id)
    with inst.database.reading() as connection:
        return tuple(one for one in store.sessions(connection, person_id) if not ended(one, role, now))


def _holds(inst: Installation, means: Means) -> bool:
    """Whether people still come in that way: who takes one out of the settings means those who are in by it, too."""
    console = inst.settings.console
    return console.oidc is not None if means is Means.COMPANY else console.passwords


def sign_out(inst: Installation, session: Session, address: str) -> None:
    """End a session from within it.

    Raises:
        DatabaseError: it goes on.
    """
    now = inst.clock()
    with inst.database.writing() as connection:
        if store.revoke(connection, session.person, now, only=session.id):
            note(connection, Noted(AuditKind.SIGNED_OUT, session.person, session.person, address=address), now)


def revoke(inst: Installation, person_id: str, by: str, address: str, *, only: int | None = None) -> int:
    """End one session of a person, or all; how many there were.

    Args:
        by: id of whoever does it; empty for the command line.

    Raises:
        DatabaseError: they go on.
    """
    now = inst.clock()
    with inst.database.writing() as connection:
        count = store.revoke(connection, person_id, now, only=only)
        if count:
            facts = {"sessions": str(count)}
            note(connection, Noted(AuditKind.SESSION_REVOKED, by, person_id, facts, address), now)
        return count


def person_with(inst: Installation, mail: str) -> Person | None:
    """The person of a mail address; case is not looked at, because mail programs do not keep it."""
    wanted = mail.strip().casefold()
    return next((one for one in inst.settings.people if one.email.casefold() == wanted), None)


def check_password(
    inst: Installation, person_id: str, password: str, visitor: Visitor, *, known_as: str
) -> bool | Throttled:
    """Whether a password is a person's; a failure counts before it is known, so that many at once gain nothing.

    Args:
        person_id: empty where nobody has the mail address.
        known_as: what was typed to say who it is.
    """
    keys = _keys(counted_as(person_id, known_as), line_of(visitor.address))
    with inst.database.writing() as connection:
        held, next_held = _attempt(connection, person_id, keys, visitor.address, inst.clock())
        kept = store.account(connection, person_id)
    if held:
        return held
    right = passwords.is_right(password, kept.password_hash if kept else None)
    fresh = passwords.hashed(password) if right and kept and passwords.is_outdated(kept.password_hash) else None
    with inst.database.writing() as connection:
        if not right:
            for kind in (AuditKind.SIGN_IN_FAILED, *((AuditKind.THROTTLED,) if next_held else ())):
                note(connection, Noted(kind, "", person_id, address=visitor.address), inst.clock())
            return False
        store.forgive(connection, keys, Counted.PAIR, whole=True)
        store.forgive(connection, keys, Counted.ACCOUNT, whole=True)
        # Whoever has one account must not be able to make the guesses at others forgotten.
        store.forgive(connection, keys, Counted.ADDRESS, whole=False)
        if fresh and kept:
            store.replace_hash(connection, kept, fresh)
    return True


def _attempt(
    connection: Connection, person_id: str, keys: dict[Counted, str], address: str, now: datetime
) -> tuple[Throttled | None, Throttled | None]:
    """Whether this attempt has to wait, and whether the next one will if this one fails.

    Those that have to wait leave no trace: whoever makes a million of them fills nothing.
    """
    before = tuple(store.hold_failures(connection, keys, now).values())
    known_here = bool(person_id) and store.was_here(connection, person_id, address)
    if held := throttled(before, now, known_here=known_here):
        store.let_go(connection, keys)
        return held, held
    after = tuple(counted_on(one, now) for one in before)
    store.keep_failures(connection, keys, after)
    return None, throttled(after, now, known_here=known_here)


def counted_as(person_id: str, known_as: str) -> str:
    """Whose attempts are counted; ids and what was typed are kept apart, or waits would tell whose address it is."""
    return f"person\n{person_id}" if person_id else f"typed\n{known_as.strip().casefold()}"


def _keys(account: str, address: str) -> dict[Counted, str]:
    named = {Counted.PAIR: f"{account}\n{address}", Counted.ACCOUNT: account, Counted.ADDRESS: address}
    return {counted: named[counted] for counted in _PASSWORD_COUNTS}
