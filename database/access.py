"""Storing passwords' hashes, sessions, links and failed attempts; secrets come in and are kept as digests."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from access.attempts import FORGOTTEN_AFTER, Counted, Failures
from access.links import Link, Purpose
from access.sessions import ABSOLUTE, Means, Session
from database.access_tables import AccountRow, AttemptsRow, LinkRow, SessionRow
from database.columns import storable
from database.inserting import insert_into

_SESSION = (
    SessionRow.id,
    SessionRow.person,
    SessionRow.created_at,
    SessionRow.seen_at,
    SessionRow.address,
    SessionRow.browser,
    SessionRow.means,
    SessionRow.revoked_at,
)
_LINK = (LinkRow.id, LinkRow.person, LinkRow.purpose, LinkRow.created_at, LinkRow.used_at)


@dataclass(frozen=True, slots=True)
class Account:
    """A person's password, and when it was set."""

    person: str
    password_hash: str
    set_at: datetime


def digest(secret: str) -> str:
    """What is kept of a random secret; one of 256 bits needs no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def account(connection: Connection, person: str) -> Account | None:
    """The password of a person, None where they have none."""
    row = connection.execute(select(AccountRow.__table__).where(AccountRow.person == person)).one_or_none()
    return Account(*row) if row else None


def accounts(connection: Connection) -> Mapping[str, Account]:
    """Everybody's passwords by person."""
    return {row.person: Account(*row) for row in connection.execute(select(AccountRow.__table__))}


def set_password(connection: Connection, person: str, password_hash: str, now: datetime) -> None:
    """Give a person a password in place of the one they had."""
    values = {"password_hash": password_hash, "set_at": now}
    statement = insert_into(connection.dialect.name, AccountRow).values(person=person, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["person"], set_=values))


def replace_hash(connection: Connection, old: Account, password_hash: str) -> None:
    """Keep the same password under another hash, unless it was changed meanwhile."""
    same = (AccountRow.person == old.person, AccountRow.password_hash == old.password_hash)
    connection.execute(update(AccountRow).where(*same).values(password_hash=password_hash))


def add_session(connection: Connection, token: str, session: Session) -> int:
    """Begin a session; its number. Sessions too old for anybody go."""
    connection.execute(delete(SessionRow).where(SessionRow.created_at < session.created_at - 2 * ABSOLUTE))
    names = ("person", "created_at", "seen_at", "browser", "means")
    values = {name: getattr(session, name) for name in names} | {"address": storable(session.address)}
    key = connection.execute(insert(SessionRow).values(digest=digest(token), **values)).inserted_primary_key
    return int(key[0]) if key else 0


def find_session(connection: Connection, token: str) -> Session | None:
    """The session of a token, over or not; None where there is none."""
    row = connection.execute(select(*_SESSION).where(SessionRow.digest == digest(token))).one_or_none()
    return _session(row) if row else None


def sessions(connection: Connection, person: str = "") -> tuple[Session, ...]:
    """Sessions of a person (of everybody where none is named) that nobody revoked, the last seen first."""
    where = (SessionRow.revoked_at.is_(None), *((SessionRow.person == person,) if person else ()))
    query = select(*_SESSION).where(*where).order_by(SessionRow.seen_at.desc(), SessionRow.id.desc())
    return tuple(_session(row) for row in connection.execute(query))


def last_seen(connection: Connection) -> Mapping[str, datetime]:
    """When each person was seen last, by person; whoever was not seen for long is not among them."""
    query = select(SessionRow.person, func.max(SessionRow.seen_at).label("at")).group_by(SessionRow.person)
    return {row.person: row.at for row in connection.execute(query)}


def saw(connection: Connection, session_id: int, address: str, now: datetime) -> None:
    """Somebody was seen."""
    seen = update(SessionRow).where(SessionRow.id == session_id)
    connection.execute(seen.values(seen_at=now, address=storable(address)))


def revoke(
    connection: Connection, person: str, now: datetime, *, only: int | None = None, but: int | None = None
) -> int:
    """End a person's sessions: all, ``only`` one, or all ``but`` one; how many there were."""
    where = [SessionRow.person == person, SessionRow.revoked_at.is_(None)]
    where += [SessionRow.id == only] if only is not None else []
    where += [SessionRow.id != but] if but is not None else []
    return connection.execute(update(SessionRow).where(*where).values(revoked_at=now)).rowcount


def was_here(connection: Connection, person: str, address: str) -> bool:
    """Whether a person has signed in from an address."""
    query = select(SessionRow.id).where(SessionRow.person == person, SessionRow.address == address).limit(1)
    return connection.execute(query).first() is not None


def add_link(connection: Connection, token: str, person: str, purpose: Purpose, now: datetime) -> Link:
    """Keep that a link was sent."""
    values = {"digest": digest(token), "person": person, "purpose": purpose, "created_at": now}
    key = connection.execute(insert(LinkRow).values(values)).inserted_primary_key
    return Link(int(key[0]) if key else 0, person, purpose, now)


def find_link(connection: Connection, token: str) -> tuple[Link | None, int]:
    """The link of a token with the number of the newest that its person was sent; None where there is none."""
    row = connection.execute(select(*_LINK).where(LinkRow.digest == digest(token))).one_or_none()
    if row is None:
        return None, 0
    newest = connection.execute(select(func.max(LinkRow.id)).where(LinkRow.person == row.person)).scalar()
    return Link(row.id, row.person, Purpose(row.purpose), row.created_at, row.used_at), newest or 0


def newest_links(connection: Connection) -> Mapping[str, Link]:
    """The newest link that each person was sent, by person."""
    newest = select(func.max(LinkRow.id)).group_by(LinkRow.person)
    rows = connection.execute(select(*_LINK).where(LinkRow.id.in_(newest)))
    return {row.person: Link(row.id, row.person, Purpose(row.purpose), row.created_at, row.used_at) for row in rows}


def use_link(connection: Connection, link_id: int, now: datetime) -> bool:
    """Use a link up; False where somebody was faster."""
    unused = (LinkRow.id == link_id, LinkRow.used_at.is_(None))
    return connection.execute(update(LinkRow).where(*unused).values(used_at=now)).rowcount == 1


def hold_failures(connection: Connection, keys: Mapping[Counted, str], now: datetime) -> Mapping[Counted, Failures]:
    """What failed before, by what is counted; nobody else counts the same until the transaction ends."""
    connection.execute(delete(AttemptsRow).where(AttemptsRow.last_at < now - FORGOTTEN_AFTER))
    ordered = sorted(
        (digest(f"{counted}\n{key}"), counted) for counted, key in keys.items()
    )  # in one order: no deadlock
    found = {}
    for key, counted in ordered:
        statement = insert_into(connection.dialect.name, AttemptsRow)
        fresh = statement.values(key=key, counted=counted, count=0, last_at=now)
        connection.execute(fresh.on_conflict_do_nothing(index_elements=["key"]))
        query = select(AttemptsRow.count, AttemptsRow.last_at).where(AttemptsRow.key == key).with_for_update()
        count, last_at = connection.execute(query).one()
        found[counted] = Failures(counted, count, last_at)
    return found


def let_go(connection: Connection, keys: Mapping[Counted, str]) -> None:
    """Leave nothing of what was held and never failed, so that attempts that are refused unread fill nothing."""
    held = [digest(f"{counted}\n{key}") for counted, key in keys.items()]
    connection.execute(delete(AttemptsRow).where(AttemptsRow.key.in_(held), AttemptsRow.count == 0))


def keep_failures(connection: Connection, keys: Mapping[Counted, str], failures: Sequence[Failures]) -> None:
    """Write down how often something has failed now."""
    for one in failures:
        where = AttemptsRow.key == digest(f"{one.counted}\n{keys[one.counted]}")
        connection.execute(update(AttemptsRow).where(where).values(count=one.count, last_at=one.last_at))


def forgive(connection: Connection, keys: Mapping[Counted, str], counted: Counted, *, whole: bool) -> None:
    """Take back one failure that was none, or all of them."""
    where = AttemptsRow.key == digest(f"{counted}\n{keys[counted]}")
    fewer: Any = 0 if whole else AttemptsRow.count - 1
    connection.execute(update(AttemptsRow).where(where, AttemptsRow.count > 0).values(count=fewer))


def _session(row: Row[Any]) -> Session:
    return Session(**{**row._mapping, "means": Means(row.means)})  # noqa: SLF001  # public API of Row
