"""The picture of a brand's mentions, as pages and mails show it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from database.buckets import buckets_between, listening_since, mentions_between
from detection.baseline import counts_until, usual_day
from detection.buckets import BUCKET, bucket_start
from detection.history import HOUR, REFERENCE
from incidents.incident import EventKind, TimelineEvent
from incidents.reports import report_in
from reports.binning import points
from reports.chart import Mark, MarkKind, WaveChart
from services.installation import Installation

# Enough points to see the shape of a wave, few enough to see each.
MOST_POINTS = 96
_STEPS = tuple(timedelta(minutes=minutes) for minutes in (5, 10, 15, 30, 60, 180, 360, 1440))
_MARKS = {
    EventKind.OPENED: (MarkKind.ALARM, "Alarm"),
    EventKind.JOINED: (MarkKind.ALARM, "Grew"),
    EventKind.ACKNOWLEDGED: (MarkKind.ACTION, "Acknowledged"),
    EventKind.STATEMENT: (MarkKind.ACTION, "Published"),
    EventKind.RESOLVED: (MarkKind.ACTION, "Resolved"),
    EventKind.DISMISSED: (MarkKind.ACTION, "Dismissed"),
    EventKind.MERGED: (MarkKind.ACTION, "Merged"),
    EventKind.REOPENED: (MarkKind.ALARM, "Back"),
}
MARKED = frozenset(_MARKS)


def brand_chart(
    inst: Installation, brand: str, since: datetime, until: datetime, events: Sequence[TimelineEvent] = ()
) -> WaveChart:
    """Mentions of a brand against what is usual for it, with what happened to an incident marked."""
    with inst.database.reading() as connection:
        return chart_on(connection, inst, brand, since, until, events)


def chart_on(  # the picture of a brand between two moments on a connection is that many things
    connection: Connection,
    inst: Installation,
    brand: str,
    since: datetime,
    until: datetime,
    events: Sequence[TimelineEvent] = (),
) -> WaveChart:
    """As :func:`brand_chart`, inside a transaction that has more to do."""
    step = next((step for step in _STEPS if (until - since) / step <= MOST_POINTS), _STEPS[-1])
    first, until = _ends(since, until, step, inst.clock())
    past = mentions_between(connection, brand, min(first, until - REFERENCE), until)
    known_since = listening_since(connection, brand)
    # A wave is no part of what it stands out from.
    judged = min([until, *(event.at for event in events if event.kind is EventKind.OPENED)])
    usual = usual_day(counts_until(past, judged, known_since), judged, step)
    heard = _heard(first, until, known_since, step)
    buckets = buckets_between(connection, brand, first, until)
    drawn = points(buckets, heard, until, step, lambda start: usual[start.hour].mean)
    return WaveChart(
        title="",
        points=drawn,
        expected_high=tuple(usual[point.start.hour].high for point in drawn),
        marks=marks_of(event for event in events if since <= event.at <= until),
        time_zone=inst.settings.time_zone,
        until=until,
    )


def _ends(since: datetime, until: datetime, step: timedelta, now: datetime) -> tuple[datetime, datetime]:
    """Where the first step begins, and up to when is counted.

    That is the end of the last step where it is over by now: only what still runs cannot be counted whole. Long steps
    end with the five minutes that run, which are a small part of them: a day that began a minute ago says nothing.
    """
    if step >= HOUR:
        end = bucket_start(until) + BUCKET
        return end + (since - end) // step * step, end
    first = bucket_start(since)
    end = first + -((first - until) // step) * step
    return first, end if end <= now else until


def _heard(first: datetime, until: datetime, known_since: datetime | None, step: timedelta) -> datetime:
    """The first point at which the brand was heard: what lies before is unknown, neither quiet nor usual."""
    if known_since is None:
        return first
    # Between fewer than two points there is no line.
    begin = min(known_since, until - 2 * step)
    return first + max((begin - first) // step, 0) * step


def marks_of(events: Iterable[TimelineEvent], address: str = "") -> tuple[Mark, ...]:
    """What of a timeline is marked in a picture: what woke people, and the most that they did."""
    return tuple(_mark(event, address) for event in events if event.kind in _MARKS and not _is_draft(event))


def _is_draft(event: TimelineEvent) -> bool:
    return event.kind is EventKind.STATEMENT and event.facts.get("did") != "published"


def _mark(event: TimelineEvent, address: str) -> Mark:
    kind, label = _MARKS[event.kind]
    if report_in(event.facts):
        label = "Reported"
    return Mark(event.at, label, kind, event.text, address=address)
