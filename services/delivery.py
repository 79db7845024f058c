"""Sending what waits in the outbox."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from alerts import contract
from alerts.access_alert import SPENT, AccessAlert, tells_of_access
from alerts.access_mail import write_access_letter
from alerts.contract import Carrier, DeliveryError, Letter
from alerts.health_alert import HealthAlert
from alerts.health_mail import write_health_letter
from alerts.incident_alert import IncidentAlert, LetterKind
from alerts.incident_mail import write_letter
from database import outbox
from database.incidents import find, record
from database.outbox import Pending
from incidents.incident import SYSTEM, EventKind, TimelineEvent
from reports.chart import ChartPoint, Mark, WaveChart, png
from services.installation import Installation

# Several times the timeout of a step of SMTP, so that an attempt seldom meets its own retry; if it does, the letter
# goes out twice under one Message-ID, which mail programs show once.
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
AT_ONCE = 100
# So many letters in a row that the server does not take now are enough to leave it alone until the next tick.
TROUBLE = 3
logger = logging.getLogger(__name__)


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
    letters = tuple(letter for letter in letters if not _is_over(inst, letter))
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
            if _is_given_up(failures):
                break
            if _claim(inst, pending):
                failure = _send(inst, carrier, pending) if carrier else unreachable
                _remember(inst, pending, failure)
                failures.append(failure)
        return failures


def _is_given_up(failures: Sequence[DeliveryError | None]) -> bool:
    """Whether the server is in trouble: what is left stays due, and the tick has other things to do than wait."""
    last = failures[-TROUBLE:]
    return len(last) == TROUBLE and all(failure and not failure.permanent for failure in last)


def _is_over(inst: Installation, pending: Pending) -> bool:
    """Whether the incident was over before anybody could be told; then nobody needs to be woken.

    What people wrote to those who follow it still goes: how it ended is what they wait for.
    """
    if pending.incident_id is None:
        return tells_of_access(pending.content) and _is_out_of_date(inst, pending)
    with inst.database.reading() as connection:
        resolved_at = find(connection, pending.incident_id).resolved_at
    if resolved_at is None or _is_written_by_people(pending):
        return False
    with inst.database.writing() as connection:
        outbox.mark_failed(connection, pending.id, "Not sent: the incident was resolved before.", permanent=True)
    return True


def _is_out_of_date(inst: Installation, pending: Pending) -> bool:
    """Whether the link in a letter has ended before it could be sent."""
    try:
        if inst.clock() < AccessAlert.from_json(pending.content).good_until:
            return False
    except DeliveryError:
        return False
    with inst.database.writing() as connection:
        outbox.mark_failed(connection, pending.id, "Not sent: its link has ended before.", permanent=True)
        outbox.empty(connection, pending.id, SPENT)
    return True


def _is_written_by_people(pending: Pending) -> bool:
    try:
        return IncidentAlert.from_json(pending.content).kind is LetterKind.UPDATE
    except DeliveryError:
        return False


def _claim(inst: Installation, pending: Pending) -> bool:
    with inst.database.writing() as connection:
        return outbox.claim(connection, pending, inst.clock() + pause_after(pending.attempts + 1))


def _send(inst: Installation, carrier: Carrier, pending: Pending) -> DeliveryError | None:
    try:
        carrier.deliver(write(inst, pending, inst.clock()))
    except DeliveryError as error:
        return error
    except Exception as error:  # the edge between letters: one that cannot be written must not hold up the others
        logger.exception("letter %s could not be written", pending.message_id)
        problem = f"could not be written ({type(error).__name__}: {error})."
        return DeliveryError(f"the letter to {pending.person}", problem, "It is tried again; please report it.")
    return None


def write(inst: Installation, pending: Pending, now: datetime) -> Letter:
    """The letter as it will be sent.

    Raises:
        DeliveryError: what was stored cannot be written as a letter; permanent.
    """
    if pending.incident_id is None:
        return _write_plain(inst, pending, now)
    alert = IncidentAlert.from_json(pending.content)
    return write_letter(
        alert,
        sender=inst.settings.mail.sender,
        recipient=_recipient(inst, alert.recipient_name, pending),
        message_id=pending.message_id,
        thread_id=pending.thread_id,
        chart_png=_picture(alert),
        written_at=now,
    )


def _write_plain(inst: Installation, pending: Pending, now: datetime) -> Letter:
    """A letter about Groundswell itself, or about somebody's own way in."""
    if tells_of_access(pending.content):
        access = AccessAlert.from_json(pending.content)
        write, name = partial(write_access_letter, access), access.recipient_name
    else:
        health = HealthAlert.from_json(pending.content)
        write, name = partial(write_health_letter, health), health.recipient_name
    return write(
        sender=inst.settings.mail.sender,
        recipient=_recipient(inst, name, pending),
        message_id=pending.message_id,
        thread_id=pending.thread_id,
        written_at=now,
    )


def _recipient(inst: Installation, recipient_name: str, pending: Pending) -> str:
    """The address that the settings name now: a correction reaches letters that wait."""
    address = {person.id: person.email for person in inst.settings.people}.get(pending.person, pending.address)
    name = "".join(character for character in recipient_name if character not in '"\\').strip()
    return f'"{name}" <{address}>' if name else address


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
            until=alert.happened_at,
        )
    )


def _remember(inst: Installation, pending: Pending, failure: DeliveryError | None) -> None:
    now = inst.clock()
    with inst.database.writing() as connection:
        if failure is None:
            outbox.mark_sent(connection, pending.id, now)
        else:
            outbox.mark_failed(connection, pending.id, str(failure), permanent=failure.permanent)
        if tells_of_access(pending.content) and (failure is None or failure.permanent):
            outbox.empty(connection, pending.id, SPENT)
        event = _told(now, inst.name_of(pending.person), pending, failure)
        if event and pending.incident_id is not None:
            record(connection, pending.incident_id, event)


def _told(now: datetime, name: str, pending: Pending, failure: DeliveryError | None) -> TimelineEvent | None:
    """The row of the timeline; None for one more failure like the one before."""
    if failure is None:
        return _event(now, EventKind.ALERTED, f"{name} was told by mail.")
    if not failure.permanent and pending.attempts:
        return None
    told = "It is not tried again." if failure.permanent else "It is tried again until it is accepted."
    return _event(now, EventKind.ALERT_FAILED, f"{name} could not be told by mail. {failure} {told}")


def _event(now: datetime, kind: EventKind, text: str) -> TimelineEvent:
    return TimelineEvent(now, kind, SYSTEM.id, text)
