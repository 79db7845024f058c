"""Watching over the sources themselves: noticing which are not heard, and telling the person who runs Groundswell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from enum import StrEnum

from sqlalchemy import Connection

from alerts.health_alert import DeafSource, HealthAlert, HeardSource
from alerts.mime import message_id
from database import outbox, reading, source_health, visits
from database.outbox import Pending
from detection.silence import HOUR, judge_silence
from detection.source_state import SourceFacts, SourceState
from errors import GroundswellError
from services.installation import Installation
from services.rounds import host_of
from services.source_reports import SourceReport, source_reports, view_of
from settings.model import Person, Source

BETWEEN_LETTERS = HOUR
# A budget that is used up every day is told of once a week.
BUDGET_TOLD_AGAIN = timedelta(weeks=1)
# Nothing is silent that spoke so short a time ago, so its past need not be read.
_SPOKE_LATELY = 3 * HOUR


class UnknownSourceError(GroundswellError):
    """No source of the settings has this id."""


class SourceNews(StrEnum):
    """What people are to be told of a source."""

    DEAF = "deaf"
    HEARD_AGAIN = "heard again"


@dataclass(frozen=True, slots=True)
class Watched:
    """What watching over the sources showed.

    Attributes:
        deaf: ids of those that are not heard, the worst first.
        told: news that a letter was written about, by id.
    """

    deaf: tuple[str, ...] = ()
    told: Mapping[str, SourceNews] = field(default_factory=dict)


def watch_sources(inst: Installation) -> Watched:
    """Judge every source, and write a letter where one went deaf or is heard again; once per tick, after collecting.

    Raises:
        DatabaseError: nothing could be stored; the same is noticed in the next tick.
    """
    now = inst.clock()
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    with inst.database.reading() as connection:
        facts = source_health.source_facts(connection)
        known = [(source, facts[source.id]) for source in inst.settings.sources if source.id in facts]
        struck = is_new_hour(reading.last_tick(connection), now)
        silent = {source.id: _silent_since(connection, source, row, now, struck=struck) for source, row in known}
    with inst.database.writing() as connection:
        heard = (source.id for source, row in known if row.succeeded_at and row.succeeded_at >= hour)
        source_health.mark_heard(connection, heard, now)
        for source, row in known:
            if silent[source.id] != row.silent_since:
                visits.save_source(connection, source.id, silent_since=silent[source.id])
        reports = source_reports(connection, inst)
        told = _tell(connection, inst, reports, now)
    return Watched(tuple(report.source.id for report in reports if report.health.deaf), told)


def news_of(report: SourceReport, now: datetime) -> SourceNews | None:
    """What is to be told of a source, given what people were told last; None where they know."""
    facts, health = report.facts, report.health
    told_of, told_at = facts.told_of, facts.told_at
    if health.deaf:
        known = told_of is not None and not _is_other_news(told_of, health.state)
        again = told_of == health.state == SourceState.BUDGET_SPENT and told_at and now - told_at >= BUDGET_TOLD_AGAIN
        return SourceNews.DEAF if not known or again else None
    if told_of in {None, SourceState.BUDGET_SPENT} or not health.state.well:
        return None
    answered = told_at is None or (facts.succeeded_at is not None and facts.succeeded_at > told_at)
    return SourceNews.HEARD_AGAIN if answered else None


def is_new_hour(before: datetime | None, now: datetime) -> bool:
    """Whether the clock has struck between two moments; within an hour no source falls silent."""
    return before is None or before > now or int(before.timestamp()) // 3600 != int(now.timestamp()) // 3600


def wake_source(inst: Installation, source_id: str) -> bool:
    """Have a source asked in the next round, whatever its service or its host said; False where it is due anyway.

    Raises:
        UnknownSourceError: the settings have no such source; nothing was changed.
    """
    source = next((one for one in inst.settings.sources if one.id == source_id), None)
    if source is None:
        ids = ", ".join(one.id for one in inst.settings.sources) or "none"
        raise UnknownSourceError(f'source "{source_id}"', "is not in the settings.", f"There are: {ids}.")
    with inst.database.writing() as connection:
        return source_health.wake(connection, source.id, [host_of(source)])


def _is_other_news(told_of: str, state: SourceState) -> bool:
    """Whether a source is worse off than people know: most troubles come and go into each other."""
    return told_of != state and (state is SourceState.STOPPED or told_of == SourceState.BUDGET_SPENT)


def _silent_since(
    connection: Connection, source: Source, facts: SourceFacts, now: datetime, *, struck: bool
) -> datetime | None:
    """When a source last spoke before it fell silent, None where it speaks."""
    if facts.silent_since:
        return None if source_health.spoke_since(connection, source.id, facts.silent_since) else facts.silent_since
    if not struck or (facts.brought_at and timedelta(0) <= now - facts.brought_at < _SPOKE_LATELY):
        return None
    interval = view_of(source, facts, now).interval
    heard = source_health.heard_hours(connection, source.id, facts.added_at)
    silence = judge_silence(heard, now, interval=interval)
    return silence.since if silence.silent else None


def _tell(
    connection: Connection, inst: Installation, reports: Sequence[SourceReport], now: datetime
) -> Mapping[str, SourceNews]:
    """Write one letter about all that is news, unless one was written within the hour; the news waits for the next."""
    found = [(report, news) for report in reports if (news := news_of(report, now))]
    operator = _operator(inst)
    before = source_health.last_told(connection)
    too_soon = before is not None and timedelta(0) <= now - before < BETWEEN_LETTERS
    if not found or operator is None or too_soon:
        return {}
    outbox.post(connection, _pending(inst, operator, _alert(inst, operator, reports, found, now)))
    for report, news in found:
        state = report.health.state if news is SourceNews.DEAF else None
        visits.save_source(connection, report.source.id, told_at=now, told_of=state)
    return {report.source.id: news for report, news in found}


def _operator(inst: Installation) -> Person | None:
    """The person who is told: the operator, else who owns what no rule of the routing names others for."""
    routing = inst.settings.routing
    wanted = routing.operator or routing.owner
    return next((person for person in inst.settings.people if person.id == wanted), None)


def _alert(
    inst: Installation,
    operator: Person,
    reports: Sequence[SourceReport],
    found: Sequence[tuple[SourceReport, SourceNews]],
    now: datetime,
) -> HealthAlert:
    deaf = (report for report, news in found if news is SourceNews.DEAF)
    heard = (report for report, news in found if news is SourceNews.HEARD_AGAIN)
    return HealthAlert(
        deaf=tuple(_deaf(inst, report) for report in deaf),
        heard=tuple(HeardSource(report.source.id, report.facts.told_at or now) for report in heard),
        deaf_now=sum(report.health.deaf for report in reports),
        sources=len(reports),
        happened_at=now,
        recipient_name=operator.name,
        reason="the settings name you as the operator"
        if inst.settings.routing.operator
        else "the settings name no operator, and you own what no routing rule gives to others",
        link=f"{inst.settings.console.base_url}/sources",
        time_zone=inst.settings.time_zone,
    )


def _deaf(inst: Installation, report: SourceReport) -> DeafSource:
    health = report.health
    about = tuple(inst.name_of_brand(brand) for brand in report.source.about)
    waking = f"groundswell sources wake {report.source.id} asks it once more." if health.state.can_be_woken else ""
    remedy = " ".join(filter(None, (health.remedy, waking)))
    return DeafSource(report.source.id, about, health.state, health.since, health.sentence, remedy)


def _pending(inst: Installation, operator: Person, alert: HealthAlert) -> Pending:
    domain = parseaddr(inst.settings.mail.sender)[1].rpartition("@")[2] or "localhost"
    # Letters about no incident have no number; the moment tells them apart.
    name = message_id(0, "sources", operator.id, domain, opened_at=alert.happened_at)
    return Pending(
        id=0,
        incident_id=None,
        message_id=name,
        thread_id=name,
        person=operator.id,
        address=operator.email,
        content=alert.to_json(),
        created_at=alert.happened_at,
        attempts=0,
    )
