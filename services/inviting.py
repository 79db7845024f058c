"""Letting people choose a password: invitations, forgotten passwords, and the change of one that is known."""

from __future__ import annotations

import secrets
from datetime import datetime
from email.utils import parseaddr

from sqlalchemy import Connection

from access.attempts import Counted, Throttled, counted_on, line_of, throttled
from access.audit import AuditKind, Noted
from access.links import Link, Purpose, Stale
from access.links import judge as judge_link
from access.passwords import Unsuitable
from access.passwords import judge as judge_password
from access.sessions import Means, Session
from alerts.access_alert import MARK, SPENT, AccessAlert
from alerts.mime import message_id
from database import access as store
from database import outbox
from database.outbox import Pending
from services import passwords
from services.auditing import note
from services.installation import Installation
from services.signing_in import SignedIn, Visitor, Wrong, begin, check_password, counted_as, person_with
from settings.model import Person, SignIn

_TOKEN_BYTES = 32
PATHS = {Purpose.INVITATION: "/invitation", Purpose.RESET: "/reset"}


def invite(inst: Installation, person_id: str, by: str = "", address: str = "") -> str:
    """Send a person a link to choose a password with, which is also returned; links sent before count no more.

    Args:
        by: id of whoever invites; empty for the command line.

    Raises:
        KeyError: there is no such person.
        DatabaseError: nothing was stored, nothing is sent.
    """
    person, now = inst.settings.person(person_id), inst.clock()
    with inst.database.writing() as connection:
        link = _send(connection, inst, person, Purpose.INVITATION, now, by)
        note(connection, Noted(AuditKind.INVITED, by, person_id, address=address), now)
    return link


def first_invitation(inst: Installation) -> str:
    """A link for whoever administers Groundswell where nobody has a password yet, else empty.

    Raises:
        DatabaseError: it cannot be looked up or stored.
    """
    routing = inst.settings.routing
    if inst.settings.console.sign_in is SignIn.NONE or not inst.settings.console.passwords:
        return ""
    with inst.database.reading() as connection:
        known = store.accounts(connection)
    administrator = routing.operator or routing.owner
    return "" if known.keys() & inst.names.keys() else invite(inst, administrator)


def ask_reset(inst: Installation, mail: str, visitor: Visitor) -> None:
    """Send whoever has a mail address a link to choose a new password with; for others nothing happens.

    The same person gets a few such mails at once and then one an hour, whoever asks for them; whoever asks for many
    people has to wait, too.

    Raises:
        DatabaseError: nothing was stored, nothing is sent.
    """
    person, now = person_with(inst, mail), inst.clock()
    asked_for = counted_as(person.id if person else "", mail)
    keys = {Counted.LETTER: asked_for, Counted.ADDRESS: f"letters\n{line_of(visitor.address)}"}
    with inst.database.writing() as connection:
        before = tuple(store.hold_failures(connection, keys, now).values())
        if throttled(before, now):
            store.let_go(connection, keys)
            return
        store.keep_failures(connection, keys, [counted_on(one, now) for one in before])
        asked = Noted(AuditKind.RESET_ASKED, "", person.id if person else "", address=visitor.address)
        note(connection, asked, now)
        if person:
            _send(connection, inst, person, Purpose.RESET, now)


def opened(inst: Installation, token: str) -> Link | Stale:
    """The link that somebody opened, or why it is good for nothing. Opening it uses nothing up: mail scanners do.

    Raises:
        DatabaseError: it cannot be looked up.
    """
    with inst.database.reading() as connection:
        link, newest = store.find_link(connection, token)
    stale = judge_link(link, newest, inst.settings.access_of(link.person) if link else None, inst.clock())
    return stale or link or Stale.UNKNOWN


def choose(inst: Installation, token: str, password: str, visitor: Visitor) -> SignedIn | Unsuitable | Stale:
    """Set the password that somebody chose after a link, end all their sessions and begin a new one.

    Raises:
        DatabaseError: nothing was stored.
    """
    link = opened(inst, token)
    if isinstance(link, Stale):
        return link
    unsuitable = judge_password(password, _about(inst, link.person))
    if unsuitable:
        return unsuitable
    password_hash, now = passwords.hashed(password), inst.clock()
    with inst.database.writing() as connection:
        if not store.use_link(connection, link.id, now):
            return Stale.USED
        _set(connection, link.person, password_hash, now, visitor)
        return SignedIn(link.person, begin(connection, link.person, Means.LINK, visitor, now))


def change(
    inst: Installation, session: Session, old: str, new: str, visitor: Visitor
) -> SignedIn | Unsuitable | Wrong | Throttled:
    """Change a password that is known; the person goes on in a new session, and all others end.

    Raises:
        DatabaseError: nothing was stored.
    """
    checked = check_password(inst, session.person, old, visitor, known_as=session.person)
    if isinstance(checked, Throttled):
        return checked
    if not checked:
        return Wrong.PASSWORD
    unsuitable = judge_password(new, _about(inst, session.person))
    if unsuitable:
        return unsuitable
    password_hash, now = passwords.hashed(new), inst.clock()
    with inst.database.writing() as connection:
        _set(connection, session.person, password_hash, now, visitor)
        return SignedIn(session.person, begin(connection, session.person, session.means, visitor, now))


def _set(connection: Connection, person: str, password_hash: str, now: datetime, visitor: Visitor) -> None:
    store.set_password(connection, person, password_hash, now)
    store.revoke(connection, person, now)
    outbox.withdraw(connection, person, MARK, SPENT)  # whoever was shown the link needs no mail with it any more
    note(connection, Noted(AuditKind.PASSWORD_SET, person, person, address=visitor.address), now)


def _about(inst: Installation, person_id: str) -> tuple[str, ...]:
    """What others would try first for a person."""
    person, brands = inst.settings.person(person_id), inst.settings.brands
    named = (name for brand in brands for name in (brand.id, brand.name, *brand.phrases))
    return ("Groundswell", person.id, person.name, person.email, *named)


def _send(
    connection: Connection, inst: Installation, person: Person, purpose: Purpose, now: datetime, by: str = ""
) -> str:
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    sent = store.add_link(connection, token, person.id, purpose, now)
    address = f"{inst.settings.console.base_url}{PATHS[purpose]}/{token}"
    alert = AccessAlert(
        purpose, person.name, address, sent.good_until, inst.name_of(by) if by else "", inst.settings.time_zone
    )
    outbox.withdraw(connection, person.id, MARK, SPENT)
    outbox.post(connection, _pending(inst, person, alert, sent))
    return address


def _pending(inst: Installation, person: Person, alert: AccessAlert, sent: Link) -> Pending:
    domain = parseaddr(inst.settings.mail.sender)[1].rpartition("@")[2] or "localhost"
    name = message_id(0, f"{sent.purpose} {sent.id}", person.id, domain, opened_at=sent.created_at)
    return Pending(
        id=0,
        incident_id=None,
        message_id=name,
        thread_id=name,
        person=person.id,
        address=person.email,
        content=alert.to_json(),
        created_at=sent.created_at,
        attempts=0,
    )
