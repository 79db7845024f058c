from __future__ import annotations

import smtplib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from simulation.mailbox import Mailbox, Received

NOON = datetime(2026, 9, 7, 12, tzinfo=UTC)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox(clock=lambda: NOON) as mailbox:
        yield mailbox


def letter(subject: str = "A wave of complaints ✈️") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "alerts@groundswell.example"
    message["To"] = "mara@northwind.example"
    message["Subject"] = subject
    message.set_content("Zwölf Beschwerden in fünf Minuten.\n")
    message.add_alternative("<p>Zwölf Beschwerden in fünf Minuten.</p>", subtype="html")
    return message


def send(mailbox: Mailbox, message: EmailMessage, *recipients: str, timeout: float = 5) -> dict[str, tuple[int, bytes]]:
    with smtplib.SMTP(mailbox.host, mailbox.port, timeout=timeout) as smtp:
        return smtp.send_message(message, to_addrs=recipients or ("mara@northwind.example",))


def only(mailbox: Mailbox) -> Received:
    (received,) = mailbox.wait_for(1, timeout=5)
    return received


def test_a_message_arrives_whole_with_its_envelope(mailbox: Mailbox) -> None:
    send(mailbox, letter(), "mara@northwind.example", "ivo@northwind.example")
    received = only(mailbox)
    assert received.at == NOON
    assert received.envelope_from == "alerts@groundswell.example"
    assert received.recipients == ("mara@northwind.example", "ivo@northwind.example")
    assert received.message["Subject"] == "A wave of complaints ✈️"
    text, page = received.message.iter_parts()
    assert "Zwölf Beschwerden" in text.get_content()
    assert page.get_content_type() == "text/html"


def test_waiting_for_more_than_arrives_says_how_many_there_are(mailbox: Mailbox) -> None:
    send(mailbox, letter())
    with pytest.raises(TimeoutError, match="1 of 2 messages"):
        mailbox.wait_for(2, timeout=0.05)


def test_waiting_ends_when_messages_of_other_threads_are_in(mailbox: Mailbox) -> None:
    with ThreadPoolExecutor(4) as threads:
        waiting = threads.submit(mailbox.wait_for, 6, 5)
        for number in range(6):
            threads.submit(send, mailbox, letter(f"Number {number}"))
        subjects = {received.message["Subject"] for received in waiting.result()}
    assert subjects == {f"Number {number}" for number in range(6)}


@pytest.mark.parametrize(("reply", "code"), [("451 4.7.1 Try again later", 451), ("550 5.1.1 No such person", 550)])
def test_a_refusal_reaches_the_sender_and_keeps_nothing(mailbox: Mailbox, reply: str, code: int) -> None:
    mailbox.refuse_with(reply)
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(mailbox, letter())
    ((answered, words),) = refused.value.recipients.values()
    assert f"{answered} {words.decode()}" == reply
    assert answered == code
    assert mailbox.received == ()


def test_one_recipient_may_be_refused_while_the_other_is_served(mailbox: Mailbox) -> None:
    mailbox.refuse_with("550 5.1.1 No such person", only={"ghost@northwind.example"})
    refused = send(mailbox, letter(), "mara@northwind.example", "ghost@northwind.example")
    assert list(refused) == ["ghost@northwind.example"]
    assert only(mailbox).recipients == ("mara@northwind.example",)


def test_a_hanging_server_answers_nothing_and_can_still_be_left() -> None:
    with Mailbox() as mailbox:
        mailbox.hang()
        with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
            send(mailbox, letter(), timeout=0.2)
        assert mailbox.received == ()


def test_a_dropped_connection_leaves_the_message_here_and_the_sender_in_doubt(mailbox: Mailbox) -> None:
    mailbox.drop_after_data()
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(mailbox, letter())
    assert only(mailbox).message["From"] == "alerts@groundswell.example"


def test_it_takes_messages_again_once_it_behaves(mailbox: Mailbox) -> None:
    for spoil in (mailbox.drop_after_data, mailbox.hang, lambda: mailbox.refuse_with("451 4.3.0 Later")):
        spoil()
    mailbox.behave()
    assert send(mailbox, letter()) == {}
    assert only(mailbox).recipients == ("mara@northwind.example",)


def test_nobody_answers_after_it_is_left() -> None:
    with Mailbox() as mailbox:
        host, port = mailbox.host, mailbox.port
    with pytest.raises(ConnectionRefusedError):
        smtplib.SMTP(host, port, timeout=1)
