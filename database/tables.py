"""The tables. A change here needs a migration beside it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Index, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from database.columns import Count, Table


class MentionRow(Table):
    """A mention, once, however many sources or brands it has; ``story_id`` is the id of a mention of its story."""

    __tablename__ = "mentions"
    __table_args__ = (
        Index(None, "story_id"),
        Index(
            "ix_mentions_to_erase",
            "published_at",
            sqlite_where=text("erased_at IS NULL"),
            postgresql_where=text("erased_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Count, primary_key=True)
    digest: Mapped[str] = mapped_column(String(32), unique=True)
    key: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(63))
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)
    author: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(String(16))
    published_at: Mapped[datetime]
    dating: Mapped[str] = mapped_column(String(16))
    seen_at: Mapped[datetime]
    likes: Mapped[int | None] = mapped_column(BigInteger)
    replies: Mapped[int | None] = mapped_column(BigInteger)
    reposts: Mapped[int | None] = mapped_column(BigInteger)
    followers: Mapped[int | None] = mapped_column(BigInteger)
    views: Mapped[int | None] = mapped_column(BigInteger)
    handle: Mapped[str | None] = mapped_column(Text)
    rating: Mapped[float | None]
    rating_worst: Mapped[float | None]
    rating_best: Mapped[float | None]
    rating_scale: Mapped[str | None] = mapped_column(String(16))
    story_id: Mapped[int | None] = mapped_column(Count)
    edited_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]


class StoryKeyRow(Table):
    """A mark of a mention; the order of columns finds its neighbours in time at once and keeps new ones together.

    ``second`` counts since 1970, and so does ``month``, of four weeks.
    """

    __tablename__ = "story_keys"
    __table_args__ = (Index(None, "mention_id"), {"sqlite_with_rowid": False})

    month: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    second: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    mention_id: Mapped[int] = mapped_column(Count, ForeignKey("mentions.id", ondelete="CASCADE"), primary_key=True)


class BrandMentionRow(Table):
    """That a mention is about a brand, why, and how it felt; time and author stand here too for fast reading."""

    __tablename__ = "brand_mentions"
    __table_args__ = (
        Index(None, "brand", "published_at"),
        Index(None, "brand", "label", "published_at"),
        Index(None, "brand", "author", "source", "published_at"),
    )

    mention_id: Mapped[int] = mapped_column(Count, ForeignKey("mentions.id", ondelete="CASCADE"), primary_key=True)
    brand: Mapped[str] = mapped_column(String(63), primary_key=True)
    reason: Mapped[str] = mapped_column(String(16))
    evidence: Mapped[str] = mapped_column(Text)
    compound: Mapped[float | None]
    label: Mapped[str] = mapped_column(String(16))
    flags: Mapped[str] = mapped_column(String(64))
    scorer: Mapped[str] = mapped_column(String(32))
    published_at: Mapped[datetime]
    source: Mapped[str] = mapped_column(String(63))
    author: Mapped[str | None] = mapped_column(Text)


class TagRow(Table):
    """What a mention of a brand is about, by a rule; the category of a crisis is a tag of the kind ``category``."""

    __tablename__ = "tags"
    __table_args__ = (
        Index(None, "brand", "kind", "name", "published_at"),
        ForeignKeyConstraint(
            ["mention_id", "brand"], ["brand_mentions.mention_id", "brand_mentions.brand"], ondelete="CASCADE"
        ),
    )

    mention_id: Mapped[int] = mapped_column(Count, primary_key=True)
    brand: Mapped[str] = mapped_column(String(63), primary_key=True)
    kind: Mapped[str] = mapped_column(String(63), primary_key=True)
    name: Mapped[str] = mapped_column(String(63), primary_key=True)
    evidence: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime]


class CorrectionRow(Table):
    """What somebody said of a mention of a brand: its tone, or that it is none; the last word on both.

    A mention that is none has no row among those of the brand; ``before`` keeps that row, to put it back.
    """

    __tablename__ = "corrections"
    __table_args__ = (Index(None, "brand", "at"),)

    mention_id: Mapped[int] = mapped_column(Count, ForeignKey("mentions.id", ondelete="CASCADE"), primary_key=True)
    brand: Mapped[str] = mapped_column(String(63), primary_key=True)
    verdict: Mapped[str] = mapped_column(String(16))
    by: Mapped[str] = mapped_column(String(63))
    at: Mapped[datetime]
    before: Mapped[dict[str, Any]]


class ForgottenRow(Table):
    """An author or an address that is to be known no more: a keyed digest, so that it does not come back."""

    __tablename__ = "forgotten"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime]


class BucketRow(Table):
    """Counts of a brand in five minutes, kept in the transaction that stores the mentions."""

    __tablename__ = "buckets"
    __table_args__ = (Index(None, "start"),)

    brand: Mapped[str] = mapped_column(String(63), primary_key=True)
    start: Mapped[datetime] = mapped_column(primary_key=True)
    mentions: Mapped[int]
    scored: Mapped[int]
    negative: Mapped[int]
    positive: Mapped[int]
    critical: Mapped[int] = mapped_column(default=0, server_default="0")


class CoverageRow(Table):
    """Since when a source has told of a brand: what lies before is unknown, not quiet."""

    __tablename__ = "coverage"

    brand: Mapped[str] = mapped_column(String(63), primary_key=True)
    source: Mapped[str] = mapped_column(String(63), primary_key=True)
    since: Mapped[datetime]


class SourceRow(Table):
    """Where a source was left off, and how it fares."""

    __tablename__ = "sources"

    id: Mapped[str] = mapped_column(String(63), primary_key=True)
    cursor: Mapped[dict[str, Any]]
    listening_for: Mapped[str] = mapped_column(String(32))
    asked_for: Mapped[str | None] = mapped_column(String(32))
    asked_at: Mapped[datetime | None]
    succeeded_at: Mapped[datetime | None]
    brought_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str | None] = mapped_column(Text)
    remedy: Mapped[str | None] = mapped_column(Text)
    warning: Mapped[str | None] = mapped_column(Text)
    added_at: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    newest_at: Mapped[datetime | None]
    interval_seconds: Mapped[int | None]
    silent_since: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    told_of: Mapped[str | None] = mapped_column(String(16))


class SourceHourRow(Table):
    """How many new posts a source showed in an hour, about a brand or not: what is usual of it."""

    __tablename__ = "source_hours"
    __table_args__ = (Index(None, "hour"),)

    source: Mapped[str] = mapped_column(String(63), primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    posts: Mapped[int]


class UsageRow(Table):
    """What a source used in a day (UTC): requests, and the units its service counts."""

    __tablename__ = "usage"
    __table_args__ = (Index(None, "day"),)

    source: Mapped[str] = mapped_column(String(63), primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    requests: Mapped[int] = mapped_column(default=0)
    units: Mapped[int] = mapped_column(default=0)


class HostRow(Table):
    """A host that wants to be left alone until a moment."""

    __tablename__ = "hosts"

    host: Mapped[str] = mapped_column(String(255), primary_key=True)
    until: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)


class ReceivedRow(Table):
    """A delivery that another program pushed, by the key it gave it: what was answered is answered again."""

    __tablename__ = "received"

    sender: Mapped[str] = mapped_column(String(63), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    body_digest: Mapped[str] = mapped_column(String(64))
    answer: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class SignalRow(Table):
    """A signal that fired, was held or was worth knowing; whether it opened its incident, whether people were told."""

    __tablename__ = "signals"
    __table_args__ = (Index(None, "brand", "kind", "at"), Index(None, "incident_id", "kind"))

    id: Mapped[int] = mapped_column(Count, primary_key=True)
    brand: Mapped[str] = mapped_column(String(63))
    kind: Mapped[str] = mapped_column(String(63))
    verdict: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(32))
    observed: Mapped[int]
    expected: Mapped[float]
    threshold: Mapped[float]
    window_seconds: Mapped[int]
    at: Mapped[datetime]
    since: Mapped[datetime | None]
    authors: Mapped[int]
    loudest_share: Mapped[float]
    sentence: Mapped[str] = mapped_column(Text)
    learning: Mapped[bool]
    incident_id: Mapped[int | None] = mapped_column(Count, ForeignKey("incidents.id"))
    stories: Mapped[int] = mapped_column(default=0, server_default="0")
    beyond: Mapped[float] = mapped_column(default=0.0, server_default="0")
    negative_share: Mapped[float | None]
    reach: Mapped[int | None] = mapped_column(BigInteger)
    category: Mapped[str | None] = mapped_column(String(63))
    opened: Mapped[bool] = mapped_column(default=False, server_default=false())
    told: Mapped[bool] = mapped_column(default=False, server_default=false())


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


class OutboxRow(Table):
    """A letter to one person: written with its cause, sent later, sent again under the same Message-ID if in doubt.

    A letter about Groundswell itself belongs to no incident.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index(None, "due_at", sqlite_where=text("due_at IS NOT NULL"), postgresql_where=text("due_at IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(Count, primary_key=True)
    incident_id: Mapped[int | None] = mapped_column(Count, ForeignKey("incidents.id"))
    message_id: Mapped[str] = mapped_column(String(255), unique=True)
    thread_id: Mapped[str] = mapped_column(String(255))
    person: Mapped[str] = mapped_column(String(63))
    address: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(Text)


class TickRow(Table):
    """One round of listening, for those who ask whether the system is awake."""

    __tablename__ = "ticks"

    id: Mapped[int] = mapped_column(Count, primary_key=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    collected: Mapped[int] = mapped_column(default=0)
    failed_sources: Mapped[int] = mapped_column(default=0)
    fired: Mapped[int] = mapped_column(default=0)
    sent: Mapped[int] = mapped_column(default=0)
