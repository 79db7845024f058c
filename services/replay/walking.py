"""The past of an installation judged bucket by bucket, by the service that judges the present."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select

from database import incidents as store
from database.tables import BucketRow
from detection.buckets import BUCKET, bucket_start
from detection.history import SPAN
from detection.signal import Signal, Verdict
from detection.silence import REFERENCE as SILENCE_REFERENCE
from incidents import lifecycle
from incidents.incident import SYSTEM, Change, Incident
from playbooks.playbook import Severity
from services.evaluating import evaluate
from services.replay.rehearsal import Rehearsal
from services.settling import Evaluated

# Nobody works on the incidents of a replay: each counts as resolved so long after its wave has ebbed.
RESOLVED_AFTER = timedelta(hours=24)
# What lies farther back is no part of what any brand is judged by.
_FORGOTTEN_AFTER = max(SPAN, SILENCE_REFERENCE) + timedelta(hours=1)


class News(StrEnum):
    """What people would have been told."""

    OPENED = "opened"
    REOPENED = "reopened"
    RAISED = "raised"
    NEW_WAVE = "new wave"


@dataclass(frozen=True, slots=True)
class Alarm:
    """A moment at which people would have been told.

    Attributes:
        at: when, the end of the bucket that brought it.
        incident: its number in the replay, from 1.
    """

    at: datetime
    news: News
    severity: Severity
    signal: Signal
    incident: int


@dataclass(frozen=True, slots=True)
class Replayed:
    """An incident as it would have gone, if nobody had worked on it.

    Attributes:
        ebbed_at, resolved_at: None where it was not over at the end.
    """

    number: int
    brand: str
    kind: str
    title: str
    severity: Severity
    opened_at: datetime
    ebbed_at: datetime | None
    resolved_at: datetime | None


@dataclass(slots=True)
class Walked:
    """What a replay found.

    Attributes:
        held: how often something was held, at most once an hour, by brand and reason.
        noticed: what would have been worth knowing.
    """

    since: datetime
    until: datetime
    alarms: list[Alarm] = field(default_factory=list)
    incidents: tuple[Replayed, ...] = ()
    held: Counter[tuple[str, str]] = field(default_factory=Counter)
    noticed: list[Signal] = field(default_factory=list)

    @property
    def weeks(self) -> float:
        """How long the past was."""
        return (self.until - self.since) / timedelta(weeks=1)


def span_of(done: Rehearsal) -> tuple[datetime, datetime] | None:
    """Start of the first bucket and end of the last one, None where there is none."""
    query = select(func.min(BucketRow.start), func.max(BucketRow.start))
    with done.inst.database.reading() as connection:
        first, last = connection.execute(query).one()
    return None if first is None else (first, last + BUCKET)


def steps_of(since: datetime, until: datetime) -> int:
    """How many buckets a walk looks at."""
    return max((bucket_start(until) - bucket_start(since)) // BUCKET, 0)


def walk(rehearsed: Rehearsal, walked: Walked) -> Iterator[datetime]:
    """Judge bucket after bucket and put down what comes of it; yields the end of each when it is done."""
    end, last = bucket_start(walked.since), bucket_start(walked.until)
    state: dict[int, Incident] = {}
    heard = _heard(rehearsed)
    while end < last:
        end += BUCKET
        rehearsed.clock.now = end
        answers = evaluate(rehearsed.inst, running=False)
        if answers:
            _put_down(rehearsed, walked, answers, end, state)
        if not _resolve(rehearsed, end):
            end = min(_passed_over(heard, end), last)
        yield end
    walked.incidents = tuple(_incidents(rehearsed))


def _heard(rehearsed: Rehearsal) -> Sequence[datetime]:
    """Starts of all buckets that hold anything, in order."""
    with rehearsed.inst.database.reading() as connection:
        return connection.execute(select(BucketRow.start).distinct().order_by(BucketRow.start)).scalars().all()


def _passed_over(heard: Sequence[datetime], end: datetime) -> datetime:
    """The end of the last bucket that need not be judged: of so long a silence nothing is known to be usual."""
    following = bisect_left(heard, end - _FORGOTTEN_AFTER)
    if following == len(heard):
        return datetime.max.replace(tzinfo=end.tzinfo)
    return max(end, heard[following])


def _put_down(
    rehearsed: Rehearsal, walked: Walked, answers: tuple[Evaluated, ...], end: datetime, state: dict[int, Incident]
) -> None:
    for answer in answers:
        signal = answer.signal
        if signal.verdict is Verdict.HELD:
            walked.held[signal.brand, signal.reason] += answer.kept
        elif signal.verdict is Verdict.NOTICED and answer.kept:
            walked.noticed.append(signal)
        if answer.told and answer.incident_id is not None:
            with rehearsed.inst.database.reading() as connection:
                incident = store.find(connection, answer.incident_id)
            news = _news(answer, state.get(answer.incident_id), incident)
            walked.alarms.append(Alarm(end, news, incident.severity, signal, answer.incident_id))
            state[answer.incident_id] = incident


def _news(answer: Evaluated, before: Incident | None, now: Incident) -> News:
    if answer.opened or before is None:
        return News.OPENED
    if answer.reopened:
        return News.REOPENED
    return News.RAISED if now.severity is not before.severity else News.NEW_WAVE


def _resolve(rehearsed: Rehearsal, now: datetime) -> bool:
    """Resolve what has ebbed for long enough; whether anything was open."""
    with rehearsed.inst.database.reading() as connection:
        is_open = store.every_open(connection)
    for incident in is_open:
        if incident.ebbed_at is None or now - incident.ebbed_at < RESOLVED_AFTER:
            continue
        change = lifecycle.resolve(incident, (), SYSTEM, now)
        if isinstance(change, Change):
            with rehearsed.inst.database.writing() as connection:
                store.change(connection, change)
    return bool(is_open)


def _incidents(rehearsed: Rehearsal) -> Iterator[Replayed]:
    with rehearsed.inst.database.reading() as connection:
        for incident in store.all_opened(connection):
            yield Replayed(
                number=incident.id or 0,
                brand=incident.brand,
                kind=incident.kind,
                title=incident.title,
                severity=incident.severity,
                opened_at=incident.opened_at,
                ebbed_at=incident.ebbed_at,
                resolved_at=incident.resolved_at,
            )
