from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.contract import DeliveryError, Letter
from alerts.mime import message_id, to_message

AT = datetime(2026, 5, 12, 12, 5, tzinfo=UTC)
Write = Callable[..., Letter]


def received(letter: Letter) -> EmailMessage:
    message = message_from_bytes(bytes(to_message(letter)), policy=default)
    assert isinstance(message, EmailMessage)
    assert [part.defects for part in message.walk() if part.defects] == []
    return message


def test_text_stands_beside_html_with_its_picture(write: Write) -> None:
    letter = write()
    message = received(letter)
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
    ]
    plain, related = message.iter_parts()
    html, image = related.iter_parts()
    assert plain.get_content().replace("\r\n", "\n").strip() == letter.text.strip()
    assert html.get_content().replace("\r\n", "\n").strip() == letter.html.strip()
    assert related.get_param("type") == "text/html"
    assert image["Content-ID"] == f"<{letter.images[0].cid}>"
    assert image.get_content_disposition() == "inline"
    assert image.get_content() == letter.images[0].png


def test_headers_say_what_mail_programs_and_servers_ask_for(write: Write) -> None:
    message = received(write())
    assert message["From"] == "Groundswell <alerts@example.com>"
    assert message["To"] == "dana@example.com"
    assert message["Date"].datetime == AT
    assert message["Message-ID"] == "<one@example.com>"
    assert message["List-Id"] == "<incidents.groundswell.example.com>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "References" not in message


def test_later_letters_join_the_thread_of_the_first(write: Write) -> None:
    message = received(write({"message_id": "<two@example.com>"}))
    assert message["In-Reply-To"] == message["References"] == "<one@example.com>"


def test_other_scripts_and_very_long_domains_arrive_unharmed(write: Write) -> None:
    domain = f"{'notifications.' * 8}example"
    letter = write(
        {
            "sender": f"Grünwelle 警報 <alerts@{domain}>",
            "message_id": f"<{'a' * 32}@{domain}>",
            "thread_id": f"<t@{domain}>",
        },
        brand="Müller & Søn ✈ 日本",
    )
    message = received(letter)
    assert message["From"].addresses[0].display_name == "Grünwelle 警報"
    assert message["Subject"] == letter.subject
    raw = bytes(to_message(letter))
    assert f"<t@{domain}>".encode() in raw
    assert f"<incidents.groundswell.{domain}>".encode() in raw
    assert max(len(line) for line in raw.split(b"\r\n")) < 998


def test_a_domain_in_another_script_is_written_in_ascii(write: Write) -> None:
    assert received(write({"recipient": "dana@bücher.example"}))["To"] == "dana@xn--bcher-kva.example"


def test_a_line_break_in_the_subject_starts_no_header(write: Write) -> None:
    message = received(replace(write(), subject="[SEV2] x\r\nBcc: all@example.com\r\n\r\nbody"))
    assert message["Subject"] == "[SEV2] x Bcc: all@example.com body"
    assert message["Bcc"] is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("recipient", "dana@example.com\r\nBcc: all@example.com"),
        ("recipient", "dana@example.com, all@example.com"),
        ("recipient", "dana"),
        ("recipient", ""),
        ("recipient", '"'),
        ("recipient", " ..:"),
        ("recipient", "b @[ "),
        ("recipient", " . ,é\\@\\[a??;>"),
        ("sender", "Groundswell\n <alerts@example.com>"),
        ("sender", "alerts@"),
        ("message_id", "<one@example.com>\r\nBcc: all@example.com"),
        ("message_id", "one@example.com"),
        ("thread_id", "<é@example.com>"),
    ],
)
def test_what_cannot_stand_in_a_header_is_refused_for_good_with_its_name(write: Write, field: str, value: str) -> None:
    changed: dict[str, Any] = {field: value}
    with pytest.raises(DeliveryError, match=r"sender|recipient|message id") as caught:
        to_message(replace(write(), **changed))
    assert caught.value.permanent
    assert "\n" not in str(caught.value)


@given(st.text(st.characters(codec=None), max_size=60))
def test_no_text_anywhere_adds_a_header_or_breaks_the_message(text: str) -> None:
    letter = Letter("<a@b.example>", "<a@b.example>", "s@b.example", "r@b.example", text, text, text, (), AT)
    named = {"from", "to", "subject", "date", "message-id", "list-id", "auto-submitted", "x-auto-response-suppress"}
    assert {name.lower() for name in received(letter)} <= named | {"mime-version", "content-type"}


@given(st.text(max_size=40))
def test_no_address_adds_a_header(text: str) -> None:
    letter = Letter("<a@b.example>", "<a@b.example>", "s@b.example", f"{text}@b.example", "x", "x", "x", (), AT)
    try:
        raw = bytes(to_message(letter))
    except DeliveryError:
        return
    message = message_from_bytes(raw, policy=default)
    assert message["Bcc"] is None
    assert message["Subject"] == "x"


def test_an_id_is_the_same_at_every_attempt_and_differs_where_the_letter_does() -> None:
    same = message_id(7, "opened", "Dana@example.com ", "example.com", opened_at=AT)
    others = {
        message_id(8, "opened", "dana@example.com", "example.com", opened_at=AT),
        message_id(7, "raised to SEV1", "dana@example.com", "example.com", opened_at=AT),
        message_id(7, "opened", "lee@example.com", "example.com", opened_at=AT),
        message_id(7, "opened", "dana@example.com", "example.com", opened_at=AT.replace(year=2027)),
    }
    assert same == message_id(7, "opened", "dana@example.com", "example.com", opened_at=AT)
    assert same.endswith("@example.com>")
    assert len({same, *others}) == 5
