"""Playbooks as they were: which version is in force of a team's own, and the text of each that was."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from database.response_tables import PlaybookRow


def text_of(connection: Connection, playbook_id: str, version: str) -> str | None:
    """What a version said, None where it was not kept."""
    where = (PlaybookRow.id == playbook_id, PlaybookRow.version == version)
    return connection.execute(select(PlaybookRow.text).where(*where)).scalar()


def current_version(connection: Connection, playbook_id: str) -> str | None:
    """The version of a team's own playbook that was last in force, None where there is none."""
    where = (PlaybookRow.id == playbook_id, PlaybookRow.current)
    return connection.execute(select(PlaybookRow.version).where(*where)).scalar()


def keep_version(
    connection: Connection, playbook_id: str, version: str, text: str, now: datetime, *, current: bool = False
) -> None:
    """Keep a version, and where it is the one in force, say so of it alone."""
    if current:
        connection.execute(update(PlaybookRow).where(PlaybookRow.id == playbook_id).values(current=False))
    known = update(PlaybookRow).where(PlaybookRow.id == playbook_id, PlaybookRow.version == version)
    if not connection.execute(known.values(current=current)).rowcount:
        values = {"id": playbook_id, "version": version, "text": text, "seen_at": now, "current": current}
        connection.execute(insert(PlaybookRow).values(values))


def forget_current(connection: Connection, besides: Collection[str]) -> None:
    """Files that a team has taken away are in force no more; what they said is kept for incidents that follow it."""
    gone = update(PlaybookRow).where(PlaybookRow.current, PlaybookRow.id.not_in(besides))
    connection.execute(gone.values(current=False))
