"""Erasing mentions where other rows repeat them: letters, timelines, incidents, proposals, signals, marks, sources."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, select, tuple_, update

from database.detection_tables import MarkRow
from database.response_tables import (
    IncidentRow,
    ProposalRow,
    ReviewRow,
    StatementRow,
    StatementVersionRow,
    StepRow,
    TaskRow,
    TimelineRow,
)
from database.tables import OutboxRow, ReceivedRow, SignalRow, SourceRow
from incidents.incident import REPORTED, EventKind
from mentions.quoting import ERASED, Quotes

# Columns that may repeat what strangers wrote, by table and what its rows are called.
_PLACES: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("letters", OutboxRow, ("content", "problem")),
    ("timeline entries", TimelineRow, ("text", "facts")),
    ("incidents", IncidentRow, ("title", "why")),
    ("steps", StepRow, ("evidence", "skipped")),
    ("tasks", TaskRow, ("title",)),
    ("statements", StatementRow, ("title", "text")),
    ("versions of statements", StatementVersionRow, ("text",)),
    ("reviews", ReviewRow, ("texts",)),
    ("proposals", ProposalRow, ("what", "because", "declined_because")),
    ("signals", SignalRow, ("sentence",)),
    ("marks on alarms", MarkRow, ("note",)),
    ("problems of sources", SourceRow, ("problem", "remedy", "warning")),
    ("answers to deliveries", ReceivedRow, ("answer",)),
)
_AT_ONCE = 200  # rows of some kilobytes each
_TOO_LATE = "Not sent: it is older than texts are kept."


@dataclass(frozen=True, slots=True)
class Repeated:
    """Rows that repeat something: how many by what they are called, and the Message-IDs of letters among them."""

    rows: Mapping[str, int]
    letters: tuple[str, ...]


def erase_repeated(connection: Connection, quotes: Quotes, *, only_count: bool = False) -> Repeated:
    """Erase what rows repeat of some mentions; those that repeat nothing stay as they are."""
    found: Counter[str] = Counter()
    letters: list[str] = []
    for called, table, names in _PLACES:
        keys = tuple(table.__table__.primary_key.columns)
        for row in _rows(connection, table):
            changed = {name: new for name in names if (new := _without(row[name], quotes)) != row[name]}
            if not changed:
                continue
            found[called] += 1
            if table is OutboxRow:
                letters.append(row["message_id"])
            if not only_count:
                connection.execute(update(table).where(*(key == row[key.name] for key in keys)).values(changed))
    return Repeated(dict(found), tuple(letters))


def _rows(connection: Connection, table: Any) -> Iterator[RowMapping]:
    """All rows in the order of their keys, some at a time; they may be changed meanwhile."""
    keys = tuple(table.__table__.primary_key.columns)
    query = select(table.__table__).order_by(*keys).limit(_AT_ONCE)
    rows = connection.execute(query).mappings().all()
    while rows:
        yield from rows
        last = tuple_(*(rows[-1][key.name] for key in keys))
        rows = connection.execute(query.where(tuple_(*keys) > last)).mappings().all()


def _without(value: Any, quotes: Quotes) -> Any:
    """A column's value without quotes; a letter is kept as the text of a JSON object."""
    if isinstance(value, str) and value.startswith("{"):
        try:
            told = json.loads(value)
        except ValueError:
            return quotes.without(value)
        erased = quotes.without(told)
        return value if erased == told else json.dumps(erased)
    return quotes.without(value)


def letters_before(connection: Connection, moment: datetime, limit: int) -> list[str]:
    """Message-IDs of letters written before a moment that still say something."""
    old = (OutboxRow.created_at < moment, OutboxRow.content != "")
    return list(
        connection.execute(select(OutboxRow.message_id).where(*old).order_by(OutboxRow.id).limit(limit)).scalars()
    )


def erase_letters(connection: Connection, message_ids: list[str]) -> None:
    """Empty letters; one that still waits is too late to be sent. Their rows stay, so that none is written twice."""
    these = OutboxRow.message_id.in_(message_ids)
    late = (these, OutboxRow.due_at.is_not(None))
    connection.execute(update(OutboxRow).where(*late).values(due_at=None, problem=_TOO_LATE))
    connection.execute(update(OutboxRow).where(these).values(content=""))


def erase_reports_before(connection: Connection, moment: datetime, limit: int) -> int:
    """Erase what people reported by hand, of incidents that were resolved before a moment; how many reports."""
    of = and_(TimelineRow.incident_id == IncidentRow.id, IncidentRow.resolved_at < moment)
    kinds = TimelineRow.kind.in_((EventKind.OPENED, EventKind.JOINED))
    columns = (TimelineRow.id, TimelineRow.facts, IncidentRow.id.label("incident"), IncidentRow.kind, IncidentRow.title)
    query = select(*columns, IncidentRow.why).join(IncidentRow, of)
    unread = TimelineRow.text.not_like(f"{ERASED}%")
    rows = connection.execute(query.where(kinds, unread).order_by(TimelineRow.id)).all()
    reports = [row for row in rows if "words" in row.facts][:limit]
    for row in reports:
        facts = {**row.facts, "words": ERASED, "said_by": ERASED, "url": ""}
        connection.execute(
            update(TimelineRow).where(TimelineRow.id == row.id).values(text=f"{ERASED} was reported.", facts=facts)
        )
        if row.kind == REPORTED and not row.title.endswith(ERASED):
            title = f"{row.title.partition(': ')[0]}: {ERASED}"
            why = row.why.replace(row.facts["said_by"], ERASED, 1)
            connection.execute(update(IncidentRow).where(IncidentRow.id == row.incident).values(title=title, why=why))
    return len(reports)


def erase_answers_before(connection: Connection, moment: datetime) -> None:
    """Erase what answers to deliveries quote of entries that could not be read."""
    old = select(ReceivedRow.sender, ReceivedRow.key, ReceivedRow.answer).where(ReceivedRow.at < moment)
    for row in connection.execute(old).all():
        refused = row.answer.get("refused") or ()
        if any(one["reason"] != ERASED for one in refused):
            answer = {**row.answer, "refused": [{**one, "reason": ERASED} for one in refused]}
            its = (ReceivedRow.sender == row.sender, ReceivedRow.key == row.key)
            connection.execute(update(ReceivedRow).where(*its).values(answer=answer))
