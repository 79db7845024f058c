"""The tables of incidents: what they are, what is done about them, what is said, and the plans they follow."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from database.columns import Count, Table


class IncidentRow(Table):
    """An incident; at most one unresolved one of a brand and kind of signal, and any number that people reported."""

    __tablename__ = "incidents"
    __table_args__ = (
        Index(
            "ux_incidents_one_open",
            "brand",
            "kind",
            unique=True,
            sqlite_where=text("resolved_at IS NULL AND kind <> 'reported'"),
            postgresql_where=text("resolved_at IS NULL AND kind <> 'reported'"),
        ),
        Index(None, "opened_at"),
    )

    id: Mapped[int] = mapped_column(Count, primary_key=True)
    brand: Mapped[str] = mapped_column(String(63))
    kind: Mapped[str] = mapped_column(String(63))
    title: Mapped[str] = mapped_column(Text)
    severity: Mapped[str] = mapped_column(String(8))
    status: Mapped[str] = mapped_column(String(16))
    owner: Mapped[str] = mapped_column(String(63))
    why: Mapped[str] = mapped_column(Text)
    playbook: Mapped[str] = mapped_column(String(63))
    playbook_version: Mapped[str] = mapped_column(String(64))
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    acknowledge_by: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    update_due_at: Mapped[datetime | None]
    version: Mapped[int]
    observed: Mapped[int]
    severity_by: Mapped[str] = mapped_column(String(63))
    wave_at: Mapped[datetime]
    peak: Mapped[int] = mapped_column(default=0, server_default="0")
    ebbed_at: Mapped[datetime | None]
    category: Mapped[str | None] = mapped_column(String(63))
    offered_to: Mapped[str | None] = mapped_column(String(63))
    merged_into: Mapped[int | None] = mapped_column(Count, ForeignKey("incidents.id"))
    first_public_by: Mapped[datetime | None]
    first_public_at: Mapped[datetime | None]
    briefing_due_at: Mapped[datetime | None]
    drill: Mapped[bool] = mapped_column(default=False, server_default=false())


class StepRow(Table):
    """A step of an incident's checklist, with the text it had when the incident opened."""

    __tablename__ = "steps"

    incident_id: Mapped[int] = mapped_column(Count, ForeignKey("incidents.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(63))
    title: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    how: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    you_may: Mapped[str] = mapped_column(Text)
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None] = mapped_column(String(63))
    phase: Mapped[str] = mapped_column(Text, default="", server_default="")
    after: Mapped[str] = mapped_column(String(63), default="", server_default="")
    evidence_asked: Mapped[str] = mapped_column(Text, default="", server_default="")
    evidence: Mapped[str] = mapped_column(Text, default="", server_default="")
    approval: Mapped[str] = mapped_column(Text, default="", server_default="")
    approved_by: Mapped[str | None] = mapped_column(String(63))
    approved_at: Mapped[datetime | None]
    statement: Mapped[str] = mapped_column(String(63), default="", server_default="")
    skipped: Mapped[str] = mapped_column(Text, default="", server_default="")


class TimelineRow(Table):
    """What happened to an incident; rows are only ever added."""

    __tablename__ = "timeline"
    __table_args__ = (Index(None, "incident_id", "id"),)

    id: Mapped[int] = mapped_column(Count, primary_key=True)
    incident_id: Mapped[int] = mapped_column(Count, ForeignKey("incidents.id"))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(16))
    actor: Mapped[str] = mapped_column(String(63))
    text: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, Any]]


class TaskRow(Table):
    """Something to do that stands in no playbook."""

    __tablename__ = "tasks"

    incident_id: Mapped[int] = mapped_column(Count, ForeignKey("incidents.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    assignee: Mapped[str | None] = mapped_column(String(63))
    due_at: Mapped[datetime | None]
    added_by: Mapped[str] = mapped_column(String(63))
    added_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None] = mapped_column(String(63))


class StatementRow(Table):
    """Words for the public in their newest version."""

    __tablename__ = "statements"

    incident_id: Mapped[int] = mapped_column(Count, ForeignKey("incidents.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(63))
    kind: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    author: Mapped[str] = mapped_column(String(63))
    written_at: Mapped[datetime]
    approved_by: Mapped[str | None] = mapped_column(String(63))
    approved_at: Mapped[datetime | None]
    published_by: Mapped[str | None] = mapped_column(String(63))
    published_at: Mapped[datetime | None]
    url: Mapped[str | None] = mapped_column(Text)


class StatementVersionRow(Table):
    """Words for the public as somebody wrote them once; rows are only ever added."""

    __tablename__ = "statement_versions"

    incident_id: Mapped[int] = mapped_column(Count, ForeignKey("incidents.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(63))
    written_at: Mapped[datetime]


class FollowerRow(Table):
    """Somebody who reads along."""

    __tablename__ = "followers"

    incident_id: Mapped[int] = mapped_column(Count, ForeignKey("incidents.id"), primary_key=True)
    person: Mapped[str] = mapped_column(String(63), primary_key=True)
    added_by: Mapped[str] = mapped_column(String(63))
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class ReviewRow(Table):
    """What people wrote of an incident afterwards."""

    __tablename__ = "reviews"

    incident_id: Mapped[int] = mapped_column(Count, ForeignKey("incidents.id"), primary_key=True)
    texts: Mapped[dict[str, Any]]
    version: Mapped[int]
    written_by: Mapped[str] = mapped_column(String(63))
    written_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class ProposalRow(Table):
    """What a program proposes for an incident, and what people decided about it."""

    __tablename__ = "proposals"

    incident_id: Mapped[int] = mapped_column(Count, ForeignKey("incidents.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[dict[str, Any]]
    because: Mapped[str] = mapped_column(Text)
    program: Mapped[str] = mapped_column(Text)
    person: Mapped[str] = mapped_column(String(63))
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16))
    decided_by: Mapped[str | None] = mapped_column(String(63))
    decided_at: Mapped[datetime | None]
    declined_because: Mapped[str] = mapped_column(Text)


class PlaybookRow(Table):
    """A playbook as it was at some time: incidents keep the one they started with, a spoiled file its last good one.

    ``current`` marks the version that new incidents get.
    """

    __tablename__ = "playbooks"

    id: Mapped[str] = mapped_column(String(63), primary_key=True)
    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    seen_at: Mapped[datetime]
    current: Mapped[bool]
