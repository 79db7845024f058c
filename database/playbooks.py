"""Playbooks as they were: which version is in force of a team's own, and the text of each that was."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from database.inserting import insert
from database.response_tables import PlaybookRow


def text_of(connection: Connection, playbook_id: str, version: str) -> str | None:
    """What a version said, None where it was not kept."""
    where = (PlaybookRow.id == playbook_id, PlaybookRow.version == version)
    return connection.execute(select(PlaybookRow.text).where(*where)).scalar()


def current_version(connection: Connection, playbook_id: str) -> str | None:
    """The version of a team's own playbook that was last in force, None where there is none."""
    where = (PlaybookRow.id == playbook_id, PlaybookRow.current)
    return connection.execute(select(PlaybookRow.version).where(*where)).scalar()


def all_current(connection: Connection) -> tuple[str, ...]:
    """Ids of a team's own playbooks that were last in force."""
    return tuple(
        connection.execute(select(PlaybookRow.id).where(PlaybookRow.current).order_by(PlaybookRow.id)).scalars()
    )


def keep_version(
    connection: Connection, playbook_id: str, version: str, text: str, now: datetime, *, current: bool = False
) -> None:
    """Keep a version, and where it is the one in force, say so of it alone; two who keep it at once keep it once."""
    if current:
        connection.execute(update(PlaybookRow).where(PlaybookRow.id == playbook_id).values(current=False))
    values = {"id": playbook_id, "version": version, "text": text, "seen_at": now, "current": current}
    insert(connection, PlaybookRow, [values], _now_current if current else _known)


def _now_current(statement: Any) -> Any:
    return statement.on_conflict_do_update(index_elements=["id", "version"], set_={"current": True})


def _known(statement: Any) -> Any:
    return statement.on_conflict_do_nothing(index_elements=["id", "version"])


def forget_current(connection: Connection, besides: Collection[str]) -> None:
    """Files that a team has taken away are in force no more; what they said is kept for incidents that follow it."""
    gone = update(PlaybookRow).where(PlaybookRow.current, PlaybookRow.id.not_in(besides))
    connection.execute(gone.values(current=False))
