"""What pages ask of the whole: how brands and sources fare, which incidents there are, whether the system is awake."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from database import incidents, responses
from database.detection_tables import MarkRow
from database.drill_tables import real
from database.response_tables import IncidentRow, ProposalRow, TimelineRow
from database.tables import BucketRow, CorrectionRow, MentionRow, SignalRow, SourceRow, TickRow
from detection.buckets import Bucket
from incidents.incident import Incident, Statement, Task
from playbooks.playbook import ChecklistStep

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class BrandDay:
    """The 24 hours of a brand that end now.

    Attributes:
        buckets: those with mentions, in order of time.
    """

    buckets: tuple[Bucket, ...] = ()

    @property
    def mentions(self) -> int:
        """All mentions."""
        return sum(bucket.mentions for bucket in self.buckets)

    @property
    def negative(self) -> int:
        """Mentions judged negative."""
        return sum(bucket.negative for bucket in self.buckets)

    @property
    def positive(self) -> int:
        """Mentions judged positive."""
        return sum(bucket.positive for bucket in self.buckets)

    @property
    def neutral(self) -> int:
        """Mentions judged neither."""
        return sum(bucket.scored for bucket in self.buckets) - self.negative - self.positive

    @property
    def unscored(self) -> int:
        """Mentions whose tone was not judged."""
        return self.mentions - sum(bucket.scored for bucket in self.buckets)


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """An incident with what is done about it."""

    incident: Incident
    steps: tuple[ChecklistStep, ...]
    tasks: tuple[Task, ...] = ()
    statements: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of the last signal that fired for an incident; those of :class:`detection.signal.Signal`."""

    observed: int
    expected: float
    authors: int
    loudest_share: float
    learning: bool
    window: timedelta
    since: datetime | None
    at: datetime


def brand_days(connection: Connection, now: datetime) -> dict[str, BrandDay]:
    """The last 24 hours by brand id; brands without a mention in them are not in it."""
    today: defaultdict[str, list[Bucket]] = defaultdict(list)
    where = (BucketRow.start > now - DAY, BucketRow.start <= now)
    for row in connection.execute(select(BucketRow.__table__).where(*where).order_by(BucketRow.start)):
        counts = (row.mentions, row.scored, row.negative, row.positive, row.critical)
        today[row.brand].append(Bucket(row.start, *counts))
    return {brand: BrandDay(tuple(buckets)) for brand, buckets in today.items()}


def heard_anything(connection: Connection) -> bool:
    """Whether there was ever a mention of any brand, drills left out."""
    return connection.execute(select(BucketRow.brand).where(real(BucketRow.brand)).limit(1)).first() is not None


def last_tick(connection: Connection) -> datetime | None:
    """When the last round of listening finished, None before the first."""
    finished = select(TickRow.finished_at).where(TickRow.finished_at.is_not(None))
    return connection.execute(finished.order_by(TickRow.id.desc()).limit(1)).scalar()


def open_incidents(connection: Connection) -> tuple[OpenIncident, ...]:
    """All unresolved incidents, the worst first, then the oldest."""
    opened = sorted(incidents.every_open(connection), key=lambda one: (one.severity, one.opened_at))
    ids = [one.id or 0 for one in opened]
    steps, tasks, statements = responses.of_several(connection, ids)
    return tuple(
        OpenIncident(one, tuple(steps.get(key, ())), tuple(tasks.get(key, ())), tuple(statements.get(key, ())))
        for key, one in zip(ids, opened, strict=True)
    )


def resolved_incidents(connection: Connection, before: int | None, limit: int) -> tuple[Incident, ...]:
    """Resolved incidents with numbers below ``before``, newest first."""
    query = select(IncidentRow.id).where(IncidentRow.resolved_at.is_not(None))
    if before is not None:
        query = query.where(IncidentRow.id < before)
    keys = connection.execute(query.order_by(IncidentRow.id.desc()).limit(limit)).scalars().all()
    return tuple(incidents.find(connection, key) for key in keys)


def figures(connection: Connection, incident: Incident) -> Figures | None:
    """The figures behind an incident, None where no signal of it was kept.

    Signals of another kind that joined it count other mentions and are left out.
    """
    columns = [getattr(SignalRow, name) for name in Figures.__slots__ if name != "window"]
    where = (SignalRow.incident_id == incident.id, SignalRow.kind == incident.kind)
    query = select(*columns, SignalRow.window_seconds).where(*where)
    row = connection.execute(query.order_by(SignalRow.id.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    values = {name: value for name, value in row._mapping.items() if name != "window_seconds"}  # noqa: SLF001  # public API of Row
    return Figures(window=timedelta(seconds=row.window_seconds), **values)


def pulse(connection: Connection) -> str:
    """A word that changes whenever a page would; comparing two of them is all it is for.

    Numbers alone would miss a row whose transaction took its number first and committed last, hence the sums.
    """
    told = connection.execute(_PULSE).one()
    return ".".join(f"{value.timestamp():.0f}" if isinstance(value, datetime) else str(value or 0) for value in told)


# One question, and made once: every page asks it, and so does each open one as long as it is open.
_PULSE = select(
    *(
        query.scalar_subquery()
        for query in (
            select(func.count()).select_from(IncidentRow),
            select(func.sum(IncidentRow.version)),
            select(func.max(TimelineRow.id)),
            select(func.max(MentionRow.id)),
            select(func.max(TickRow.id)),
            select(func.count()).select_from(CorrectionRow),
            select(func.max(CorrectionRow.at)),
            select(func.max(SignalRow.id)),
            select(func.count()).select_from(MarkRow),
            select(func.sum(MarkRow.id)),
            select(func.max(MarkRow.at)),
            select(func.max(SourceRow.asked_at)),
            select(func.sum(SourceRow.failures)),
            select(func.max(SourceRow.told_at)),
            select(func.count()).select_from(ProposalRow),
            select(func.count(ProposalRow.decided_at)),
            select(func.count(SourceRow.next_at)),
            select(func.count(SourceRow.stopped_at)),
            select(func.count(SourceRow.silent_since)),
        )
    )
)
