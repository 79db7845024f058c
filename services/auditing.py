"""The audit: who came in, who may do what, who took something away. Written in the transaction of what it tells of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from access.audit import AuditKind, Noted
from access.roles import Role
from database import auditing as store
from services.installation import Installation

_NONE = "none"


@dataclass(frozen=True, slots=True)
class Doer:
    """Who does something (id), and from which address; both are empty at this machine's command line."""

    person: str = ""
    address: str = ""


COMMAND_LINE = Doer()


def note(connection: Connection, noted: Noted, now: datetime) -> None:
    """Write something down.

    Raises:
        DatabaseError: it cannot be stored; then what it tells of is not done either.
    """
    store.add(connection, noted, now)


def note_access_changes(inst: Installation) -> None:
    """Write down whose access the settings have changed since it was last looked at.

    Raises:
        DatabaseError: it cannot be stored.
    """
    people = (person.id for person in inst.settings.people)
    now: dict[str, Role] = {person: role for person in people if (role := inst.settings.access_of(person))}
    with inst.database.writing() as connection:
        before = store.known_access(connection)
        if before == now:
            return
        for person in (
            sorted(before.keys() | now.keys()) if before else ()
        ):  # whoever starts with somebody changed nothing
            if before.get(person) is not now.get(person):
                facts = {"before": before.get(person, _NONE), "after": now.get(person, _NONE)}
                note(connection, Noted(AuditKind.ACCESS_CHANGED, subject=person, facts=facts), inst.clock())
        store.keep_access(connection, now)
