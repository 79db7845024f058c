"""What belongs to an incident besides itself and its timeline: steps, tasks, statements, readers, the review.

It is changed only together with its incident (:func:`database.incidents.change`), whose version guards all of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Select, and_, delete, insert, select, update

from database.columns import Table, storable
from database.response_tables import FollowerRow, ReviewRow, StatementRow, StatementVersionRow, StepRow, TaskRow
from incidents.incident import Checklist, Follower, Record, Review, Statement, Task
from playbooks.playbook import ChecklistStep, StatementKind

AnyRecord = TypeVar("AnyRecord", ChecklistStep, Task, Statement, Follower, Review)


def steps(connection: Connection, incident_id: int) -> tuple[ChecklistStep, ...]:
    """The checklist of an incident, in order."""
    return tuple(_as(ChecklistStep, row) for row in connection.execute(_of(StepRow, incident_id, "position")))


def tasks(connection: Connection, incident_id: int) -> tuple[Task, ...]:
    """What is to be done besides the checklist, in the order in which it was written down."""
    return tuple(_as(Task, row) for row in connection.execute(_of(TaskRow, incident_id, "number")))


def statements(connection: Connection, incident_id: int) -> tuple[Statement, ...]:
    """The words for the public in their newest versions, the first drafted first."""
    rows = connection.execute(_of(StatementRow, incident_id, "number"))
    return tuple(_as(Statement, row, kind=StatementKind(row.kind)) for row in rows)


def versions(connection: Connection, incident_id: int, number: int) -> tuple[Row[Any], ...]:
    """All versions of a statement, the first one first: ``version``, ``text``, ``author``, ``written_at``."""
    query = _of(StatementVersionRow, incident_id, "version").where(StatementVersionRow.number == number)
    return tuple(connection.execute(query))


def followers(connection: Connection, incident_id: int) -> tuple[Follower, ...]:
    """Who reads along or did, in the order in which they began."""
    return tuple(_as(Follower, row) for row in connection.execute(_of(FollowerRow, incident_id, "since")))


def review(connection: Connection, incident_id: int) -> Review | None:
    """What people wrote of an incident afterwards, None where nobody has."""
    row = connection.execute(_of(ReviewRow, incident_id, "version")).one_or_none()
    return _as(Review, row) if row else None


def of_several(
    connection: Connection, ids: Sequence[int]
) -> tuple[Mapping[int, list[ChecklistStep]], Mapping[int, list[Task]], Mapping[int, list[Statement]]]:
    """Steps, tasks and statements of incidents, each in its order; those of an incident without any are left out."""
    found: tuple[defaultdict[int, list[Any]], ...] = (defaultdict(list), defaultdict(list), defaultdict(list))
    for row in connection.execute(_of_all(StepRow, ids, "position")):
        found[0][row.incident_id].append(_as(ChecklistStep, row))
    for row in connection.execute(_of_all(TaskRow, ids, "number")):
        found[1][row.incident_id].append(_as(Task, row))
    for row in connection.execute(_of_all(StatementRow, ids, "number")):
        found[2][row.incident_id].append(_as(Statement, row, kind=StatementKind(row.kind)))
    return found[0], found[1], found[2]


def save(connection: Connection, incident_id: int, record: Record) -> None:
    """Store one in place of the one before; of a statement each version is kept."""
    match record:
        case Checklist():
            connection.execute(delete(StepRow).where(StepRow.incident_id == incident_id))
            for step in record.steps:
                _put(connection, incident_id, StepRow, step, "position")
        case ChecklistStep():
            _put(connection, incident_id, StepRow, record, "position")
        case Task():
            _put(connection, incident_id, TaskRow, record, "number")
        case Statement():
            _put(connection, incident_id, StatementRow, record, "number")
            _keep_version(connection, incident_id, record)
        case Follower():
            _put(connection, incident_id, FollowerRow, record, "person")
        case Review():
            _put(connection, incident_id, ReviewRow, record)


def _keep_version(connection: Connection, incident_id: int, statement: Statement) -> None:
    key = {"incident_id": incident_id, "number": statement.number, "version": statement.version}
    known = select(StatementVersionRow.version).filter_by(**key)
    if connection.execute(known).first() is None:
        words = {"text": storable(statement.text), "author": statement.author, "written_at": statement.written_at}
        connection.execute(insert(StatementVersionRow).values(**key, **words))


def _put(connection: Connection, incident_id: int, table: type[Table], record: Any, key: str = "") -> None:
    values = {name: _storable(value) for name, value in asdict(record).items()}
    columns = table.__table__.columns
    this = and_(columns.incident_id == incident_id, *([columns[key] == values[key]] if key else []))
    if not connection.execute(update(table).where(this).values(values)).rowcount:
        connection.execute(insert(table).values({**values, "incident_id": incident_id}))


def _storable(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _storable(one) for name, one in value.items()}
    return storable(str(value)) if isinstance(value, str) else value


def _of(table: type[Table], incident_id: int, order: str) -> Select[Any]:
    columns = table.__table__.columns
    return select(table.__table__).where(columns.incident_id == incident_id).order_by(columns[order])


def _of_all(table: type[Table], ids: Sequence[int], order: str) -> Select[Any]:
    columns = table.__table__.columns
    return select(table.__table__).where(columns.incident_id.in_(ids)).order_by(columns[order])


def _as(record: type[AnyRecord], row: Row[Any], **exact: Any) -> AnyRecord:
    return record(**{field.name: getattr(row, field.name) for field in fields(record)} | exact)
