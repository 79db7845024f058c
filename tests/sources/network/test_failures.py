"""What failed requests mean for people."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.network.failures import LONGEST_WAIT, name_of, of_status, wait_asked, wait_before_next

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "120"}, 120),
        ({"retry-after": " 7 "}, 7),
        ({"retry-after": "Tue, 10 Mar 2026 12:05:00 GMT"}, 300),
        ({"retry-after": "Tue, 10 Mar 2026 12:05:00 GMT", "date": "Tue, 10 Mar 2026 12:04:00 GMT"}, 60),
        ({"retry-after": "Tue, 10 Mar 2026 11:00:00 GMT"}, 0),
        ({"retry-after": "-5"}, 0),
        ({"retry-after": "99999999"}, LONGEST_WAIT),
        ({"retry-after": "inf"}, LONGEST_WAIT),
        ({"x-ratelimit-reset": "2026-03-10T12:02:30.5Z"}, 150.5),
        ({"x-ratelimit-reset": str(int(NOW.timestamp()) + 90)}, 90),
        ({"x-ratelimit-reset": "42.5"}, 42.5),
        ({"retry-after": "10", "x-ratelimit-reset": "500"}, 10),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "nan"}, None),
        ({}, None),
    ],
)
def test_the_wait_is_read_in_every_encoding_and_is_at_most_a_day(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert wait_asked(headers, NOW) == seconds


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_rate_limit_header_can_break_the_reading(asked: str, date: str) -> None:
    wait = wait_asked({"retry-after": asked, "date": date}, NOW)
    assert wait is None or 0 <= wait <= LONGEST_WAIT


@pytest.mark.parametrize(
    ("status", "permanent"),
    [(400, True), (401, True), (403, True), (404, True), (410, True), (304, True), (408, False), (429, False),
     (500, False), (503, False)],
)  # fmt: skip
def test_only_what_asking_again_cannot_help_is_permanent(status: int, *, permanent: bool) -> None:
    error = of_status("https://acme.example/feed", status, {}, NOW)
    assert error.permanent is permanent
    assert str(status) in error.problem
    assert error.gone is (status == 410)


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (429, {"retry-after": "5"}, 5),
        (429, {"x-ratelimit-reset": "2026-03-10T12:05:00.000Z"}, 300),
        (429, {"x-ratelimit-reset": "1773144060"}, 60),
        (429, {"x-ratelimit-reset": "7.0"}, 7),
        (429, {"x-rate-limit-reset": "1773144060"}, 60),
        (429, {"ratelimit-reset": "1773144060"}, 60),
        (429, {}, 60),
        (429, {"retry-after": "soon"}, 60),
        (503, {"retry-after": "Tue, 10 Mar 2026 12:01:30 GMT"}, 90),
        (503, {}, None),
        (403, {"retry-after": "30"}, 30),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1773144060"}, 60),
        (403, {"x-ratelimit-remaining": "12", "x-ratelimit-reset": "1773144060"}, None),
        (200, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1773144060"}, 60),
        (200, {"x-ratelimit-remaining": "0.0", "x-ratelimit-reset": "12"}, 12),
        (200, {"x-ratelimit-remaining": "none", "x-ratelimit-reset": "12"}, None),
        (200, {"x-ratelimit-remaining": "1", "x-ratelimit-reset": "12"}, None),
        (200, {"retry-after": "5"}, None),
        (404, {"retry-after": "5"}, None),
    ],
)
def test_a_host_is_left_alone_when_it_refuses_or_says_that_nothing_is_left(
    status: int, headers: dict[str, str], seconds: float | None
) -> None:
    assert wait_before_next(status, headers, NOW) == seconds


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://me:secret@acme.example:8443/feed?key=secret#secret", "https://acme.example:8443/feed"),
        ("HTTP://Acme.example", "http://acme.example"),
        ("http://[broken", "the address of this source"),
        ("http://acme.example:port/x", "the address of this source"),
    ],
)
def test_addresses_in_messages_hold_no_secrets(url: str, name: str) -> None:
    assert name_of(url) == name
