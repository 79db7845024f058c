from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.wording import clock, host, one_line, times_usual, usually, web_address

AT = datetime(2026, 5, 12, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "limit", "line"),
    [
        ("short", 10, "short"),
        ("  two\r\nlines\tand \x00 more ", 40, "two lines and more"),
        ("cut at the end of a word", 16, "cut at the end…"),
        ("cut, here please", 6, "cut…"),
        ("x" * 50, 10, "xxxxxxxxx…"),
        ("飛行機が欠航しました", 6, "飛行機が欠…"),
        ("safe\u202egnp.exe\u200b", 20, "safegnp.exe"),
        ("half \ud83d pair", 20, "half pair"),
    ],
)
def test_text_of_strangers_becomes_one_line(text: str, limit: int, line: str) -> None:
    assert one_line(text, limit) == line


@given(st.text(), st.integers(2, 50))
def test_a_line_is_never_longer_than_asked_and_can_always_be_encoded(text: str, limit: int) -> None:
    line = one_line(text, limit)
    assert len(line) <= limit
    assert len(line.splitlines()) <= 1
    line.encode()


@pytest.mark.parametrize(
    ("zone", "written", "words"),
    [
        ("UTC", AT, "22:30 UTC"),
        ("Europe/Berlin", AT, "00:30 CEST"),
        ("Europe/Berlin", AT - timedelta(hours=2), "Wed 13 May, 00:30 CEST"),
        ("America/Sao_Paulo", AT, "19:30 UTC-03"),
    ],
)
def test_times_are_in_the_zone_of_the_reader_with_the_date_where_it_differs(
    zone: str, written: datetime, words: str
) -> None:
    assert clock(AT, ZoneInfo(zone), written) == words


@pytest.mark.parametrize(
    ("ratio", "words"),
    [(14.0, "14 times usual"), (13.6, "14 times usual"), (2.5, "2.5 times usual"), (3.0, "3 times usual")],
)
def test_a_ratio_is_told_as_people_say_it(ratio: float, words: str) -> None:
    assert times_usual(ratio) == words


def test_hardly_any_is_said_where_hardly_any_is_usual() -> None:
    assert (usually(6.2), usually(0.1), usually(1200)) == ("usually 6", "usually none", "usually 1,200")


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://host.example/",
        "//host.example/",
        "https://",
        "https://host.example/a b",
        'https://host.example/"onclick=x',
        "https://host.example/\r\nBcc:x",
        "http://[::1",
        "https://host.example/" + "a" * 2000,
    ],
)
def test_only_plain_web_addresses_become_links(url: str | None) -> None:
    assert web_address(url) == ""


def test_the_host_is_the_one_a_link_really_leads_to() -> None:
    assert web_address("https://social.example/@a/1?x=1&y=2#z") == "https://social.example/@a/1?x=1&y=2#z"
    assert host("https://bank.example@evil.example/") == "evil.example"
