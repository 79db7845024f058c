from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from alerts.contract import load
from alerts.incident_alert import IncidentAlert, LetterKind
from database import incidents as store
from database import outbox
from database.outbox import Pending
from database.tables import OutboxRow
from detection.signal import Signal
from reports.chart import ChartPoint, Mark, WaveChart, png
from services import response, statements
from services.announcing import News, announce, route
from services.delivery import Delivered, deliver, pause_after, write
from services.installation import Installation
from settings.model import Mail
from simulation.mailbox import Mailbox
from tests.database.incident_rows import opening, signal
from tests.installations import NOON, HandClock, installation


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as opened:
        yield opened


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def inst(tmp_path: Path, database_address: str, mailbox: Mailbox, clock: HandClock) -> Installation:
    return mailing(tmp_path, database_address, mailbox.port, clock)


def mailing(folder: Path, address: str, port: int, clock: HandClock) -> Installation:
    options = load("smtp").Options.model_validate({"host": "127.0.0.1", "port": port, "security": "none", "timeout": 2})
    mail = Mail(transport="smtp", sender="Groundswell <alerts@example.com>", options=options)
    return installation(folder, clock, mail=mail, database=SecretStr(address))


def open_one(inst: Installation, raised: Signal | None = None) -> int:
    """An incident with a letter to each of the two people."""
    decided = opening()
    routed = route(inst.settings.routing, "northwind", "negative_wave", decided.incident.severity)
    with inst.database.writing() as connection:
        number = store.add(connection, decided)
        incident = replace(decided.incident, id=number)
        announce(connection, inst, News(LetterKind.OPENED, incident, decided.steps, raised or signal(), routed, NOON))
    return number


def rows(inst: Installation) -> list[str]:
    with inst.database.reading() as connection:
        return [event.kind.value for event in store.timeline(connection, 1)]


def test_each_letter_is_sent_once_and_the_timeline_says_who_was_told(inst: Installation, mailbox: Mailbox) -> None:
    open_one(inst)
    assert deliver(inst) == Delivered(sent=2)
    assert deliver(inst) == Delivered()
    assert sorted(address for mail in mailbox.received for address in mail.recipients) == [
        "dana@example.com",
        "lee@example.com",
    ]
    assert rows(inst).count("alerted") == 2


def test_a_letter_that_was_refused_for_now_is_sent_later_under_the_same_message_id(
    inst: Installation, mailbox: Mailbox, clock: HandClock
) -> None:
    open_one(inst)
    mailbox.refuse_with("451 4.7.1 Try again later")
    assert deliver(inst).failed == 2
    assert deliver(inst) == Delivered(), "it is not due yet"
    with inst.database.reading() as connection:
        expected = set(connection.execute(select(OutboxRow.message_id)).scalars())
    mailbox.behave()
    clock.advance(minutes=1)
    assert deliver(inst).sent == 2
    assert {mail.message["Message-ID"] for mail in mailbox.received} == expected
    assert (rows(inst).count("alert_failed"), rows(inst).count("alerted")) == (2, 2)


def test_an_unknown_recipient_is_given_up_and_the_others_are_told(
    inst: Installation, mailbox: Mailbox, clock: HandClock
) -> None:
    open_one(inst)
    mailbox.refuse_with("550 5.1.1 No such mailbox", only={"dana@example.com"})
    report = deliver(inst)
    assert (report.sent, report.failed) == (1, 1)
    clock.advance(days=2)
    assert deliver(inst) == Delivered()
    with inst.database.reading() as connection:
        assert outbox.waiting(connection) == 0
        assert any("It is not tried again." in event.text for event in store.timeline(connection, 1))


def test_a_server_that_is_away_is_named_with_a_remedy_and_every_letter_waits(
    tmp_path: Path, database_address: str, clock: HandClock
) -> None:
    with Mailbox() as gone:
        port = gone.port
    inst = mailing(tmp_path, database_address, port, clock)
    open_one(inst)
    report = deliver(inst)
    assert report.failed == 2
    (problem,) = report.problems
    assert f"127.0.0.1:{port}" in problem
    with inst.database.reading() as connection:
        assert outbox.waiting(connection) == 2


def test_a_connection_dropped_after_the_message_leads_to_a_second_one_of_the_same_id(
    inst: Installation, mailbox: Mailbox, clock: HandClock
) -> None:
    open_one(inst)
    mailbox.drop_after_data()
    assert deliver(inst).sent == 0
    mailbox.behave()
    clock.advance(minutes=1)
    assert deliver(inst).sent == 2
    ids = Counter(mail.message["Message-ID"] for mail in mailbox.received)
    assert len(ids) == 2
    assert max(ids.values()) == 2


def test_two_workers_on_one_outbox_send_no_letter_twice(
    inst: Installation, mailbox: Mailbox, database_address: str, tmp_path: Path, clock: HandClock
) -> None:
    open_one(inst)
    with inst.database.writing() as connection:
        first = outbox.due(connection, NOON, 1)[0]
        for n in range(20):
            outbox.post(connection, replace(first, message_id=f"<{n}@example.com>"))
    workers = [mailing(tmp_path, database_address, mailbox.port, clock) for _ in range(2)]
    threads = [threading.Thread(target=deliver, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = Counter(mail.message["Message-ID"] for mail in mailbox.received)
    assert (len(ids), set(ids.values())) == (22, {1})


def test_a_letter_that_cannot_be_read_any_more_is_given_up_with_its_reason(inst: Installation) -> None:
    number = open_one(inst)
    with inst.database.writing() as connection:
        outbox.post(connection, Pending(0, number, "<odd@x>", "<odd@x>", "dana", "dana@example.com", "{", NOON, 0))
    report = deliver(inst)
    assert (report.sent, report.failed) == (2, 1)
    assert "cannot be read" in report.problems[0]


def test_a_server_in_trouble_is_left_alone_until_the_next_tick(inst: Installation, mailbox: Mailbox) -> None:
    open_one(inst)
    with inst.database.writing() as connection:
        first = outbox.due(connection, NOON, 1)[0]
        for n in range(10):
            outbox.post(connection, replace(first, message_id=f"<{n}@example.com>"))
    mailbox.refuse_with("451 4.3.2 Overloaded")
    assert deliver(inst).failed == 3
    mailbox.behave()
    assert deliver(inst).sent == 9, "those that were not tried are due at once"


def test_a_letter_about_an_incident_that_is_resolved_wakes_nobody(inst: Installation, mailbox: Mailbox) -> None:
    number = open_one(inst)
    response.resolve(inst, number, "dana")
    assert deliver(inst) == Delivered()
    assert mailbox.received == ()
    with inst.database.reading() as connection:
        assert outbox.waiting(connection) == 0


def test_what_somebody_wrote_to_those_who_follow_it_reaches_them_also_when_it_is_over(
    inst: Installation, mailbox: Mailbox
) -> None:
    number = open_one(inst)
    deliver(inst)
    before = len(mailbox.received)
    statements.brief(inst, number, "dana", "It is over; thank you all.")
    response.resolve(inst, number, "dana")
    statements.brief(inst, number, "dana", "What we learned follows next week.")
    assert deliver(inst).sent == 2
    assert len(mailbox.received) == before + 2


def test_a_letter_dated_in_the_future_by_a_wrong_clock_goes_out(inst: Installation, clock: HandClock) -> None:
    with inst.database.writing() as connection:
        number = store.add(connection, opening())
        later = NOON + timedelta(days=365)
        content = "{"
        outbox.post(connection, Pending(0, number, "<far@x>", "<far@x>", "dana", "dana@example.com", content, later, 0))
    clock.now = NOON
    assert deliver(inst).failed == 1, "it was tried: what it says cannot be read, which is another matter"


def test_a_corrected_address_reaches_a_letter_that_waits(
    tmp_path: Path, database_address: str, mailbox: Mailbox, clock: HandClock, inst: Installation
) -> None:
    open_one(inst)
    corrected = mailing(tmp_path, database_address, mailbox.port, clock)
    people = tuple(person.model_copy(update={"email": f"new-{person.email}"}) for person in inst.settings.people)
    deliver(replace(corrected, settings=corrected.settings.model_copy(update={"people": people})))
    assert {address for mail in mailbox.received for address in mail.recipients} == {
        "new-dana@example.com",
        "new-lee@example.com",
    }


def test_the_picture_ends_with_what_was_counted_when_it_happened(inst: Installation) -> None:
    open_one(inst)
    with inst.database.reading() as connection:
        pending = outbox.due(connection, NOON, 1)[0]
    alert = IncidentAlert.from_json(pending.content)
    running = replace(alert, happened_at=alert.points[-1].start + timedelta(minutes=2))
    [image] = write(inst, replace(pending, content=running.to_json()), NOON).images
    drawn = WaveChart(
        title="",
        points=tuple(ChartPoint(one.start, one.observed, one.expected, one.negative) for one in running.points),
        expected_high=tuple(one.expected_high for one in running.points),
        marks=(Mark(running.happened_at, "SEV2 opened"),),
        time_zone=running.time_zone,
        until=running.happened_at,
    )
    assert image.png == png(drawn) != png(replace(drawn, until=None))


def test_two_people_who_share_a_mailbox_are_both_told(
    tmp_path: Path, database_address: str, mailbox: Mailbox, clock: HandClock
) -> None:
    inst = mailing(tmp_path, database_address, mailbox.port, clock)
    people = tuple(person.model_copy(update={"email": "team@example.com"}) for person in inst.settings.people)
    shared = replace(inst, settings=inst.settings.model_copy(update={"people": people}))
    open_one(shared)
    assert deliver(shared).sent == 2


@pytest.mark.parametrize(("attempts", "pause"), [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (50, 60)])
def test_pauses_double_up_to_an_hour(attempts: int, pause: int) -> None:
    assert pause_after(attempts) == timedelta(minutes=pause)


@pytest.mark.parametrize("seed", range(5))
def test_whatever_the_server_does_every_letter_is_accepted_in_the_end(
    inst: Installation, mailbox: Mailbox, clock: HandClock, seed: int
) -> None:
    moods: list[Callable[[], None]] = [
        mailbox.behave,
        mailbox.drop_after_data,
        lambda: mailbox.refuse_with("421 4.3.2 Going down"),
    ]
    rng = random.Random(seed)  # noqa: S311  # order of faults, not secrets
    open_one(inst)
    for _ in range(6):
        rng.choice(moods)()
        deliver(inst)
        clock.advance(hours=1)
    mailbox.behave()
    deliver(inst)
    assert {address for mail in mailbox.received for address in mail.recipients} == {
        "dana@example.com",
        "lee@example.com",
    }
    assert len({mail.message["Message-ID"] for mail in mailbox.received}) == 2
