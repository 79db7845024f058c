from __future__ import annotations

import pytest
from pydantic import ValidationError

from settings.model import Brand, Console, Mail, Person
from settings.user_agent import user_agent
from sources.contract import SourceOptions


@pytest.mark.parametrize(
    ("console", "address"),
    [
        (Console(), "http://127.0.0.1:8420"),
        (Console(host="::1", port=80), "http://[::1]:80"),
        (Console(address="https://alerts.example.com/"), "https://alerts.example.com"),
    ],
)
def test_mails_point_to_the_console(console: Console, address: str) -> None:
    assert console.base_url == address


def test_phrases_are_trimmed() -> None:
    assert Brand(id="a", name=" A ", phrases=("  A  b ",)).phrases == ("A  b",)


@pytest.mark.parametrize("email", ["", "ana", "a@b@c", "a b@c", "a@b\nBcc: c@d", "Ana <a@b>", "a@b,c@d"])
def test_a_person_has_one_bare_mail_address(email: str) -> None:
    with pytest.raises(ValidationError, match="is not a mail address"):
        Person(id="ana", name="Ana", email=email)


def test_a_validation_error_does_not_show_what_was_given() -> None:
    with pytest.raises(ValidationError) as caught:
        Mail(transport="smtp", sender="hunter2", options=SourceOptions())  # type: ignore[arg-type]  # wrong on purpose
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("contact", "ending"),
    [
        ("", ""),
        ("https://example.com/us", " (+https://example.com/us)"),
        ("ana@example.com", " (+ana@example.com)"),
        ("x) evil\r\nCookie: é", " (+x evilCookie: )"),
    ],
)
def test_the_user_agent_names_the_product_and_whom_to_ask(contact: str, ending: str) -> None:
    product, _, rest = user_agent(contact).partition(" ")
    assert product.startswith("groundswell/0.")
    assert rest == ending.strip()
