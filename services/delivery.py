"""Sending what waits in the outbox."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import formataddr

from alerts import contract
from alerts.contract import Carrier, DeliveryError, Letter
from alerts.incident_alert import IncidentAlert
from alerts.incident_mail import write_letter
from database import outbox
from database.incidents import record
from database.outbox import Pending
from incidents.incident import SYSTEM, EventKind, TimelineEvent
from reports.chart import ChartPoint, Mark, WaveChart, png
from services.installation import Installation

# Several times the timeout of a step of SMTP, so that an attempt seldom meets its own retry; if it does, the letter
# goes out twice under one Message-ID, which mail programs show once.
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of the letters that were due.

    Attributes:
        problems: each distinct problem with its remedy, once.
    """

    sent: int = 0
    failed: int = 0
    problems: tuple[str, ...] = ()


def deliver(inst: Installation) -> Delivered:
    """Send every letter that is due. Each is accepted at least once, and always under the same Message-ID.

    Raises:
        DatabaseError: the outbox cannot be read or written; letters wait.
    """
    with inst.database.reading() as connection:
        letters = outbox.due(connection, inst.clock(), AT_ONCE)
    if not letters:
        return Delivered()
    failures = _send_all(inst, letters)
    problems = tuple(dict.fromkeys(str(failure) for failure in failures if failure))
    return Delivered(failures.count(None), len(failures) - failures.count(None), problems)


def pause_after(attempts: int) -> timedelta:
    """How long to wait after this many attempts at a letter."""
    return min(FIRST_PAUSE * (1 << min(attempts - 1, 10)), LONGEST_PAUSE)


def _send_all(inst: Installation, letters: tuple[Pending, ...]) -> list[DeliveryError | None]:
    """What went wrong with each letter that this process could claim, None where nothing did."""
    with ExitStack() as stack:
        unreachable: DeliveryError | None = None
        carrier: Carrier | None = None
        failures: list[DeliveryError | None] = []
        try:
            channel = contract.load(inst.settings.mail.transport)
            carrier = stack.enter_context(channel.connect(inst.settings.mail.options))
        except DeliveryError as error:
            unreachable = error
        for pending in letters:
            if _claim(inst, pending):
                failure = _send(inst, carrier, pending) if carrier else unreachable
                _remember(inst, pending, failure)
                failures.append(failure)
        return failures


def _claim(inst: Installation, pending: Pending) -> bool:
    with inst.database.writing() as connection:
        return outbox.claim(connection, pending, inst.clock() + pause_after(pending.attempts + 1))


def _send(inst: Installation, carrier: Carrier, pending: Pending) -> DeliveryError | None:
    try:
        carrier.deliver(write(inst, pending, inst.clock()))
    except DeliveryError as error:
        return error
    return None


def write(inst: Installation, pending: Pending, now: datetime) -> Letter:
    """The letter as it will be sent.

    Raises:
        DeliveryError: what was stored cannot be written as a letter; permanent.
    """
    alert = IncidentAlert.from_json(pending.content)
    return write_letter(
        alert,
        sender=inst.settings.mail.sender,
        recipient=formataddr((alert.recipient_name, pending.address)),
        message_id=pending.message_id,
        thread_id=pending.thread_id,
        chart_png=_picture(alert),
        written_at=now,
    )


def _picture(alert: IncidentAlert) -> bytes | None:
    if not alert.points:
        return None
    return png(
        WaveChart(
            title="",
            points=tuple(ChartPoint(p.start, p.observed, p.expected, p.negative) for p in alert.points),
            expected_high=tuple(point.expected_high for point in alert.points),
            marks=(Mark(alert.happened_at, f"{alert.severity} {alert.kind}"),),
            time_zone=alert.time_zone,
        )
    )


def _remember(inst: Installation, pending: Pending, failure: DeliveryError | None) -> None:
    now = inst.clock()
    name = inst.name_of(pending.person)
    with inst.database.writing() as connection:
        if failure is None:
            outbox.mark_sent(connection, pending.id, now)
            record(connection, pending.incident_id, _event(now, EventKind.ALERTED, f"{name} was told by mail."))
            return
        outbox.mark_failed(connection, pending.id, str(failure), permanent=failure.permanent)
        if failure.permanent or pending.attempts == 0:
            told = "It is not tried again." if failure.permanent else "It is tried again until it is accepted."
            text = f"{name} could not be told by mail. {failure} {told}"
            record(connection, pending.incident_id, _event(now, EventKind.ALERT_FAILED, text))


def _event(now: datetime, kind: EventKind, text: str) -> TimelineEvent:
    return TimelineEvent(now, kind, SYSTEM.id, text)
