from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.output import ago, counted, plain

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (-5, "just now"),
        (0.5, "just now"),
        (3, "3 min ago"),
        (60, "1 h ago"),
        (47 * 60, "47 h ago"),
        (2880, "2 days ago"),
    ],
)
def test_ages_are_told_in_one_unit(minutes: float, words: str) -> None:
    assert ago(NOW - timedelta(minutes=minutes), NOW) == words


def test_numbers_agree_with_their_nouns() -> None:
    assert [counted(1, "entry", "entries"), counted(2, "entry", "entries"), counted(5000, "brand")] == [
        "1 entry",
        "2 entries",
        "5,000 brands",
    ]


@given(st.text(st.characters() | st.sampled_from("\x1b\x9b\u202e\ud800\n")))
def test_nothing_that_steers_a_terminal_is_left_in_a_strangers_text(text: str) -> None:
    shown = plain(text)
    assert len(shown) == len(text)
    assert not set(shown) & set("\x1b\x9b\u202e\n\x07\x08")
    shown.encode()


def test_letters_of_any_script_stay() -> None:
    assert plain("Zoë 名前 \U0001f469\u200d\U0001f4bb العربية") == "Zoë 名前 \U0001f469\u200d\U0001f4bb العربية"
