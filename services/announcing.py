"""Writing letters about an incident into the outbox, in the transaction of their cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

from sqlalchemy import Connection

from alerts.incident_alert import IncidentAlert, LetterKind, NextStep, Post, Told, WavePoint
from alerts.mime import message_id
from alerts.routing import DEFAULT, Routed, RouteRule, RoutingTree, decide
from database.columns import storable
from database.incidents import signal_of, timeline
from database.outbox import Pending, post
from database.responses import steps
from detection.signal import Signal
from incidents.drills import is_drill, real_brand
from incidents.incident import Change, EventKind, Incident, TimelineEvent
from incidents.reports import newest_report, report_in
from incidents.severity import COMPLAINTS
from playbooks.checklist import current
from playbooks.playbook import ChecklistStep, Severity
from reports.wave import WaveChart
from sentiment.score import Label
from services.installation import Installation
from services.leading import leading_told
from services.picturing import chart_on
from services.speaking import posts_behind
from settings.model import Person, Routing

PICTURED = timedelta(hours=24)
OFFERED = "offered"  # in place of a routing rule
_MADE_UP = "a made-up network"


def route(routing: Routing, brand: str, kind: str, severity: Severity, owner: str | None = None) -> Routed:
    """Who owns an incident and who is told, by the settings; one that has an owner keeps them.

    A drill goes to whom a real incident would go.
    """
    rules = tuple(
        RouteRule(rule.owner, rule.match.brand, rule.match.kind, rule.match.severity, rule.notify)
        for rule in routing.routes
    )
    tree = RoutingTree(routing.owner, routing.notify, rules)
    routed = decide(tree, brand=real_brand(brand), kind=kind, severity=severity)
    if owner is None:
        return routed
    return replace(routed, owner=owner, notify=tuple(dict.fromkeys((owner, *routed.notify))))


# What the recipient is asked or told personally; what happened stands in the routing's sentence.
_ASKED_OF_YOU = {LetterKind.OFFERED, LetterKind.DECLINED}


@dataclass(frozen=True, slots=True)
class News:
    """What people are told of an incident.

    Attributes:
        incident: as it is now, stored.
        signal: what opened or raised it, or its newest where people raised it; None where it has none.
        at: when it happened.
        raised_from: the severity before, where it was raised.
        report: the row that records what somebody told us, where this is the news or all there is.
    """

    kind: LetterKind

    incident: Incident
    steps: Sequence[ChecklistStep]
    signal: Signal | None
    routed: Routed
    at: datetime
    raised_from: Severity | None = None
    report: TimelineEvent | None = None


def announce_owner(connection: Connection, inst: Installation, change: Change) -> None:
    """Tell the new owner of an incident that it is theirs."""
    incident = change.incident
    routed = Routed(incident.owner, (incident.owner,), DEFAULT, change.event.text)
    news = news_of(connection, LetterKind.HANDED_OVER, incident, routed, change.event.at)
    announce(connection, inst, news)


def announce_offer(connection: Connection, inst: Installation, change: Change) -> None:
    """Tell somebody that they are asked to take an incident over."""
    incident = change.incident
    asked = incident.offered_to or incident.owner
    routed = Routed(incident.owner, (asked,), OFFERED, change.event.text)
    announce(connection, inst, news_of(connection, LetterKind.OFFERED, incident, routed, change.event.at))


def announce_declined(connection: Connection, inst: Installation, change: Change) -> None:
    """Tell the owner of an incident that it stays with them."""
    incident = change.incident
    routed = Routed(incident.owner, (incident.owner,), DEFAULT, change.event.text)
    announce(connection, inst, news_of(connection, LetterKind.DECLINED, incident, routed, change.event.at))


def announce_update(
    connection: Connection, inst: Installation, change: Change, readers: Sequence[str], but: str
) -> None:
    """Send an internal update to those who read along, the owner and whoever was told of the incident.

    Args:
        readers: ids of those who read along.
        but: id of the person who wrote it and need not read it again.
    """
    incident = change.incident
    routed = route(inst.settings.routing, incident.brand, incident.kind, incident.severity, incident.owner)
    everybody = tuple(one for one in dict.fromkeys((*routed.notify, *readers)) if one != but)
    news = news_of(connection, LetterKind.UPDATE, incident, replace(routed, notify=everybody), change.event.at)
    # As the timeline has it: letters are JSON until they are written, and that takes no half of a character.
    said = replace(change.event, text=storable(change.event.text))
    announce(connection, inst, replace(news, report=said))


def news_of(connection: Connection, kind: LetterKind, incident: Incident, routed: Routed, at: datetime) -> News:
    """News of something that people did, with what is known of the incident: its newest signal, else its report."""
    number = incident.id or 0
    signal = signal_of(connection, number)
    report = None if signal else newest_report(timeline(connection, number))
    return News(kind, incident, steps(connection, number), signal, routed, at, report=report)


def announce(connection: Connection, inst: Installation, news: News) -> None:
    """Put a letter for everybody who is to be told into the outbox; people who left the settings are passed over."""
    chart = chart_on(connection, inst, news.incident.brand, news.at - PICTURED, news.at)
    said = _said(connection, inst, news.signal) if news.signal else _Said()
    people = {person.id: person for person in inst.settings.people}
    for person in (people[person_id] for person_id in news.routed.notify if person_id in people):
        post(connection, _pending(inst, news, _alert(inst, news, person, chart, said), person))


@dataclass(frozen=True, slots=True)
class _Said:
    """What people say, as every letter of a piece of news tells it; fields as in :class:`IncidentAlert`."""

    about: str = ""
    posts: tuple[Post, ...] = ()


def _alert(inst: Installation, news: News, person: Person, chart: WaveChart, said: _Said) -> IncidentAlert:
    incident, step = news.incident, current(news.steps)
    return IncidentAlert(
        kind=news.kind,
        incident_id=incident.id or 0,
        brand=inst.name_of_brand(incident.brand),
        severity=incident.severity,
        title=incident.title,
        why=_why(inst, news),
        happened_at=news.at,
        about=said.about,
        posts=said.posts,
        owner_id=incident.owner,
        owner_name=inst.name_of(incident.owner),
        recipient_id=person.id,
        recipient_name=person.name,
        reason=_reason(inst, incident, news.routed, person),
        acknowledge_by=None if incident.acknowledged_at else incident.acknowledge_by,
        next_step=NextStep(step.position, step.title, step.due_at) if step else None,
        link=f"{inst.settings.console.base_url}/incidents/{incident.id}",
        time_zone=inst.settings.time_zone,
        points=_points(chart) if news.signal or any(point.observed for point in chart.points) else (),
        raised_from=news.raised_from,
        told=_told(inst, news.report) if news.report else None,
        drill=incident.drill,
        **_figures(news.signal),
    )


def _points(chart: WaveChart) -> tuple[WavePoint, ...]:
    return tuple(
        WavePoint(point.start, point.observed, point.expected, high, point.negative)
        for point, high in zip(chart.points, chart.highs, strict=True)
    )


def _why(inst: Installation, news: News) -> str:
    if news.report is None and news.signal and news.kind not in _ASKED_OF_YOU:
        return news.signal.sentence
    if news.kind in _ASKED_OF_YOU:
        return news.routed.reason
    if news.report and news.report.kind is EventKind.UPDATE:
        return f"{inst.name_of(news.report.actor)} wrote to everybody who reads along."
    if news.report and news.report.kind is EventKind.JOINED:
        return f"{report_in(news.report.facts)['said_by']} reported something that belongs to this incident."
    return news.incident.why


def _told(inst: Installation, report: TimelineEvent) -> Told:
    if report.kind is EventKind.UPDATE:
        return Told(report.text, inst.name_of(report.actor), None, report.at)
    said = report_in(report.facts)
    return Told(said["words"], said["said_by"], said["url"] or None, report.at)


def _figures(signal: Signal | None) -> dict[str, Any]:
    """The figures of a letter by the names of its fields; an incident that was reported by hand has none."""
    if signal is None:
        return {"observed": 0, "expected": 0.0, "ratio": 0.0, "authors": 0, "since": None, "measured": False}
    return {
        "observed": signal.observed,
        "expected": signal.expected,
        "ratio": signal.ratio,
        "authors": signal.authors,
        "since": signal.since,
        "learning": signal.learning,
        "counted": "complaints" if signal.kind == COMPLAINTS else "mentions",
    }


def _reason(inst: Installation, incident: Incident, routed: Routed, person: Person) -> str:
    if person.id == incident.owner:
        return "you own this incident"
    if routed.rule == OFFERED:
        return "you are asked to take this incident over"
    if person.id not in route(inst.settings.routing, incident.brand, incident.kind, incident.severity).notify:
        return "you read along on this incident"
    if routed.rule == "default":
        return "you are told of every incident that no routing rule names others for"
    return f"routing rule {routed.rule} names you"


def _said(connection: Connection, inst: Installation, signal: Signal) -> _Said:
    label = Label.NEGATIVE if signal.kind == COMPLAINTS else None
    window = (connection, inst, signal.brand, signal.at - signal.window, signal.at)
    rows = posts_behind(*window, kind=signal.kind)
    place = _MADE_UP if is_drill(signal.brand) else ""
    posts = (Post(row.author, place or row.source, row.text or row.title, row.url, row.published_at) for row in rows)
    return _Said(leading_told(*window, label=label), tuple(posts))


def _pending(inst: Installation, news: News, alert: IncidentAlert, person: Person) -> Pending:
    domain = parseaddr(inst.settings.mail.sender)[1].rpartition("@")[2] or "localhost"
    # One letter of an incident to a person for each of its versions.
    kind = LetterKind.OPENED if alert.kind is LetterKind.OPENED else f"{alert.kind}-{news.incident.version}"

    def named(kind: str) -> str:
        return message_id(alert.incident_id, kind, person.id, domain, opened_at=news.incident.opened_at)

    return Pending(
        id=0,
        incident_id=alert.incident_id,
        message_id=named(kind),
        thread_id=named(LetterKind.OPENED),
        person=person.id,
        address=person.email,
        content=alert.to_json(),
        created_at=alert.happened_at,
        attempts=0,
    )
