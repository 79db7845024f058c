"""Saved views: filters of the mentions under a name, one's own and those that a team shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, or_, select, update

from database import inserting
from database.inserting import insert_into
from database.tables import MentionRow
from database.view_tables import ViewLookRow, ViewRow


@dataclass(frozen=True, slots=True)
class View:
    """Filters under a name.

    Attributes:
        person: id of whom it belongs to.
        query: the filters as they stand in an address.
        shared: everybody sees it.
    """

    id: int
    person: str
    name: str
    query: str
    shared: bool


_COLUMNS = (ViewRow.id, ViewRow.person, ViewRow.name, ViewRow.query, ViewRow.shared)


def views_for(connection: Connection, person: str) -> tuple[View, ...]:
    """What somebody sees: their own views, then what others share, each in the order of their names."""
    query = select(*_COLUMNS).where(or_(ViewRow.person == person, ViewRow.shared.is_(True)))
    found = [View(*row) for row in connection.execute(query.order_by(ViewRow.folded, ViewRow.id))]
    return tuple(sorted(found, key=lambda view: view.person != person))


def find_view(connection: Connection, view_id: int) -> View | None:
    """A view, None where there is none."""
    row = connection.execute(select(*_COLUMNS).where(ViewRow.id == view_id)).one_or_none()
    return View(*row) if row else None


def count_views(connection: Connection, person: str) -> int:
    """How many belong to somebody."""
    return connection.execute(select(func.count()).where(ViewRow.person == person)).scalar() or 0


def add_view(connection: Connection, values: Mapping[str, Any]) -> int | None:
    """Keep a view; its id, or None where this person has one of that name.

    Args:
        values: of the columns of :class:`database.view_tables.ViewRow` but the id.
    """
    statement = insert_into(connection.dialect.name, ViewRow).values(**values)
    kept = statement.on_conflict_do_nothing(index_elements=["person", "folded"]).returning(ViewRow.id)
    found: int | None = connection.execute(kept).scalar_one_or_none()
    return found


def is_named(connection: Connection, person: str, folded: str, but: int) -> bool:
    """Whether another view of somebody has a name."""
    where = (ViewRow.person == person, ViewRow.folded == folded, ViewRow.id != but)
    return connection.execute(select(ViewRow.id).where(*where)).first() is not None


def change_view(connection: Connection, view_id: int, values: Mapping[str, Any]) -> None:
    """Give a view other values of its columns."""
    connection.execute(update(ViewRow).where(ViewRow.id == view_id).values(**values))


def drop_view(connection: Connection, view_id: int) -> None:
    """Forget a view, and who looked at it."""
    connection.execute(delete(ViewRow).where(ViewRow.id == view_id))


def look_at(connection: Connection, view_id: int, person: str, at: datetime) -> None:
    """Keep that somebody looks at a view now."""
    row = {"view_id": view_id, "person": person, "newest": newest_mention(connection), "at": at}
    inserting.insert(connection, ViewLookRow, [row], _looked)


def _looked(statement: Any) -> Any:
    values = {name: getattr(statement.excluded, name) for name in ("newest", "at")}
    return statement.on_conflict_do_update(index_elements=["view_id", "person"], set_=values)


def looks_of(connection: Connection, person: str) -> Mapping[int, int]:
    """The newest mention when somebody last looked, by the view that they looked at."""
    query = select(ViewLookRow.view_id, ViewLookRow.newest).where(ViewLookRow.person == person)
    return dict(connection.execute(query).tuples().all())


def newest_mention(connection: Connection) -> int:
    """Id of the mention that was stored last, 0 where none was."""
    return connection.execute(select(func.max(MentionRow.id))).scalar() or 0


def stored_after(connection: Connection, mention_id: int, limit: int) -> tuple[int, ...]:
    """Ids of the mentions that were stored last, and after one."""
    query = select(MentionRow.id).where(MentionRow.id > mention_id).order_by(MentionRow.id.desc()).limit(limit)
    return tuple(connection.execute(query).scalars())
