"""Nobody fills the machine with a body, or brings in letters that cannot be kept; least of all strangers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console.bodies import MOST_BYTES
from services.installation import Installation
from tests.console.signed_in import SignedIn, asking_who, stranger

_URLENCODED = {"content-type": "application/x-www-form-urlencoded"}


def parts(count: int) -> Iterator[bytes]:
    """A form of many fields, each small enough, that does not say how long it is."""
    for number in range(count):
        yield f"field{number}=".encode() + b"x" * 500_000 + b"&"


@pytest.mark.parametrize("path", ["/sign-in", "/reset", "/incidents/1/notes"])
def test_what_is_longer_than_any_form_is_not_read(inst: Installation, path: str) -> None:
    browser = stranger(asking_who(inst))
    announced = browser.post(path, content=b"mail=" + b"x" * MOST_BYTES, headers=_URLENCODED)
    assert announced.status_code == 413
    unread = iter(parts(1_000))
    assert browser.post(path, content=unread, headers=_URLENCODED).status_code == 413


def test_a_megabyte_of_words_is(inst: Installation) -> None:
    answer = stranger(asking_who(inst)).post("/tip", data={"words": "\u0436" * 150_000})
    assert answer.status_code == 401
    assert "\u0436" * 150_000 in answer.text


@pytest.mark.parametrize("charset", ["unicode_escape", "utf-16", "punycode"])
@pytest.mark.parametrize("path", ["/sign-in", "/account/tokens", "/incidents/1/notes", "/api/v1/tips"])
def test_forms_in_other_letters_are_refused_and_no_fault(inst: Installation, path: str, charset: str) -> None:
    body = b'--B\r\nContent-Disposition: form-data; name="mail"\r\n\r\n\\ud800\r\n--B--\r\n'
    headers = {"content-type": f"multipart/form-data; boundary=B; charset={charset}"}
    assert stranger(asking_who(inst)).post(path, content=body, headers=headers).status_code == 415


@pytest.mark.parametrize("charset", ["", "; charset=utf-8", "; charset=UTF-8"])
def test_forms_of_browsers_are_read(inst: Installation, charset: str) -> None:
    body = b'--B\r\nContent-Disposition: form-data; name="mail"\r\n\r\nx\r\n--B--\r\n'
    headers = {"content-type": f"multipart/form-data; boundary=B{charset}"}
    assert stranger(asking_who(inst)).post("/sign-in", content=body, headers=headers).status_code == 401


def test_a_session_cannot_bring_a_long_form_to_the_api_either(inst: Installation) -> None:
    lee = SignedIn(asking_who(inst), "lee")
    answer = lee.post("/api/v1/tips", content=parts(1_000), headers=_URLENCODED)
    assert answer.status_code in {400, 413}
