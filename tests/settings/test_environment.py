from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from settings.environment import Expansion, escape, expand, holds_password, is_reference

ENVIRON = {"USER": "ops", "PASS": "p@ss/w:rd", "HOST": "db.example.com"}


@pytest.mark.parametrize(
    ("text", "expansion"),
    [
        ("plain", Expansion("plain")),
        ("${HOST}", Expansion("db.example.com")),
        ("http://${HOST}/x", Expansion("http://db.example.com/x")),
        ("$HOST and $", Expansion("$HOST and $")),
        ("$${HOST}", Expansion("${HOST}")),
        ("pg://${USER}:${PASS}@${HOST}/x", Expansion("pg://ops:p%40ss%2Fw%3Ard@db.example.com/x")),
        ("${PASS}", Expansion("p@ss/w:rd")),
        ("${A}${HOST}${B}", Expansion("db.example.com", unset=("A", "B"))),
        ("${", Expansion("", malformed=True)),
        ("${not a name}", Expansion("not a name}", malformed=True)),
    ],
)
def test_references_become_values_and_what_cannot_is_told(text: str, expansion: Expansion) -> None:
    assert expand(text, ENVIRON) == expansion


@given(st.text())
def test_an_escaped_text_expands_to_itself(text: str) -> None:
    assert expand(escape(text), {}).text == text


@pytest.mark.parametrize(
    ("text", "answer"),
    [("${A}", True), ("${A}${B_2}", True), ("x${A}", False), ("", False), ("$A", False), ("${A", False)],
)
def test_a_secret_is_nothing_but_references(text: str, answer: bool) -> None:  # noqa: FBT001  # a table's column
    assert is_reference(text) is answer


@pytest.mark.parametrize(
    ("address", "answer"),
    [
        ("pg://user:secret@host/db", True),
        ("pg://user:se@cret@host/db", True),
        ("pg://user:se/cret@host/db", True),
        ("pg://user:x${PASS}@host/db", True),
        ("pg://host/db?user=me&PassWord=secret", True),
        ("pg://host/db?sslpassword=secret", True),
        ("pg://user:${PASS}@host/db", False),
        ("pg://host/db?password=${PASS}", False),
        ("pg://user@host/db", False),
        ("sqlite:////folder/file:with@signs.db", False),
        ("https://example.com/feed?q=a:b@c", False),
        ("no address: me@example.com", False),
    ],
)
def test_a_password_written_into_an_address_is_seen(address: str, answer: bool) -> None:  # noqa: FBT001  # as above
    assert holds_password(address) is answer
