from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from console import wording
from console.highlighting import MOST_BYTES, marked
from mentions.query.parsing import parse
from mentions.query.terms import of_phrases
from tests.installations import NOON

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-3, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (7500, "2 h 5 min"),
        (86400, "1 d"),
        (86400 * 3 + 3600 * 4 + 59, "3 d 4 h"),
    ],
)
def test_a_duration_has_two_units_at_most(seconds: float, words: str) -> None:
    assert wording.duration(timedelta(seconds=seconds)) == words


def test_times_count_down_and_then_up() -> None:
    minutes = timedelta(minutes=12)
    assert wording.due(NOON + minutes, NOON) == "due in 12 min"
    assert wording.due(NOON - minutes, NOON) == "late by 12 min"
    assert wording.due(NOON, NOON) == "due now"
    assert wording.due(NOON - minutes / 12, NOON) == "late by 1 min"
    assert wording.until(NOON + minutes, NOON) == "in 12 min"
    assert wording.until(NOON, NOON) == "now"
    assert wording.ago(NOON - minutes, NOON) == "12 min ago"
    assert wording.ago(NOON, NOON) == "just now"


def test_clock_times_are_the_readers_and_name_the_day_where_it_is_another() -> None:
    assert wording.clock(NOON, NOON, BERLIN) == "13:00"
    assert wording.clock(NOON - timedelta(hours=14), NOON, BERLIN) == "Tue 3 Mar, 23:00"
    assert wording.exact(NOON, BERLIN) == "Wednesday 4 March 2026, 13:00:00 CET"


@pytest.mark.parametrize(
    ("value", "words"), [(0, "0"), (0.04, "0"), (2.34, "2.3"), (0.98, "1"), (10.4, "10"), (1204, "1,204")]
)
def test_figures_are_no_more_exact_than_they_are_useful(value: float, words: str) -> None:
    assert wording.number(value) == words


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 followers"),
        (1, "1 follower"),
        (9_999, "9,999 followers"),
        (12_345, "12k followers"),
        (1_234_567, "1.2M followers"),
        (3 * 10**7, "30M followers"),
    ],
)
def test_reach_is_short(count: int, words: str) -> None:
    assert wording.followers(count) == words


@pytest.mark.parametrize(
    ("observed", "usual", "words"),
    [
        (84, 6, "14 times usual"),
        (64, 20, "3.2 times usual"),
        (25, 20, "as usual"),
        (10, 20, "less than usual"),
        (0, 0.2, "as usual"),
        (5, None, "no usual yet"),
    ],
)
def test_a_count_is_put_against_what_is_usual(observed: int, usual: float | None, words: str) -> None:
    assert wording.against_usual(observed, usual) == words


def test_an_instruction_may_span_lines() -> None:
    how = "Read the newest.\nSet the severity: SEV2 spreading fast or in the\ntrade press.\n\nIn doubt?\nThe worse\n"
    assert wording.instructions(how) == (
        "Read the newest.",
        "Set the severity: SEV2 spreading fast or in the trade press.",
        "In doubt?",
        "The worse",
    )


@pytest.mark.parametrize(
    ("text", "phrase", "shown"),
    [
        ("I flew Northwind Air!", "northwind air", "I flew <mark>Northwind Air</mark>!"),
        ("NORTHWIND\n AIR & co", "Northwind Air", "<mark>NORTHWIND\n AIR</mark> &amp; co"),
        ("Northwind Airs", "Northwind Air", "Northwind Airs"),
        ("ﬁne, ﬁne Straße", "STRASSE", "ﬁne, ﬁne <mark>Straße</mark>"),
        ("O\u2019Leary\u2019s <b>", "O'Leary's", "<mark>O\u2019Leary\u2019s</mark> &lt;b&gt;"),
        ("cafe\u0301 cafe\u0301", "café", "<mark>cafe\u0301</mark> <mark>cafe\u0301</mark>"),
        ("\u0301 odd", "odd", "\u0301 <mark>odd</mark>"),
        ("a+b a+bc", "a+b", "<mark>a+b</mark> a+bc"),
        ("nothing", "", "nothing"),
    ],
)
def test_the_matched_phrase_is_marked_as_it_was_written(text: str, phrase: str, shown: str) -> None:
    assert marked(text, of_phrases([phrase]) if phrase else None) == shown


def test_what_a_query_found_is_marked_and_what_it_excludes_is_not() -> None:
    query = parse("acme NEAR/2 late* NOT jobs")
    assert marked("Acme is lately late", query) == "<mark>Acme</mark> is <mark>lately</mark> <mark>late</mark>"
    assert marked("jobs", query) == "jobs"


@pytest.mark.parametrize(
    ("sought", "shown"),
    [
        ("refund", 'Acme <mark class="sought">Refunds</mark>, no <mark class="sought">refund</mark>! Prerefund'),
        ("acme", "<mark>Acme</mark> Refunds, no refund! Prerefund"),
        ('no -refund -"acme no"', 'Acme Refunds, <mark class="sought">no</mark> refund! Prerefund'),
        ("( [a+ \\", "Acme Refunds, no refund! Prerefund"),
        ("", "Acme Refunds, no refund! Prerefund"),
    ],
)
def test_words_that_somebody_searches_for_are_marked(sought: str, shown: str) -> None:
    shown = shown if "<mark>" in shown else shown.replace("Acme", "<mark>Acme</mark>", 1)
    assert marked("Acme Refunds, no refund! Prerefund", of_phrases(["acme"]), (), 99, sought) == shown


def test_a_text_of_a_megabyte_is_cut_for_the_list() -> None:
    assert len(marked("x" * 10**6, of_phrases(["x"]))) == MOST_BYTES + 2


@pytest.mark.parametrize("letter", ["x", "&", "\u9577", "\U0001f6eb", "'"])
def test_a_long_text_weighs_the_same_in_every_script(letter: str) -> None:
    weight = len(marked(letter * 10**5, None).removesuffix(" …").encode())
    assert MOST_BYTES - 6 < weight <= MOST_BYTES
