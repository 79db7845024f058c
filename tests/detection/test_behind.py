"""Which mentions show what a signal is about."""

from __future__ import annotations

from datetime import timedelta

import pytest

from detection.behind import behind
from detection.view import Said
from sentiment.score import Label
from tests.installations import NOON

SAID = [
    Said(1, NOON, "a", 7, Label.NEGATIVE, reach=50),
    Said(2, NOON, "b", 8, Label.NEGATIVE, reach=90_000, critical=("recall",)),
    Said(3, NOON, "c", 7, Label.NEUTRAL, reach=10),
    Said(4, NOON, "d", 7, Label.NEUTRAL, reach=900),
    Said(5, NOON, "b", 9, Label.NEGATIVE, reach=90_000, critical=("death",)),
    Said(6, NOON, "e", 7, Label.POSITIVE, reach=500_000),
    Said(7, NOON + timedelta(minutes=1), "f", 10, Label.NEUTRAL, critical=("lawsuit",)),
]


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("critical_words", (2, 7)),
        ("loud_voice", (5, 2)),
        ("repost_wave", (1, 6, 4)),
        ("negative_wave", ()),
        ("a_kind_to_come", ()),
    ],
)
def test_a_signal_shows_what_it_is_about(kind: str, shown: tuple[int, ...]) -> None:
    assert behind(kind, SAID) == shown


@pytest.mark.parametrize("kind", ["critical_words", "loud_voice", "repost_wave"])
def test_of_nothing_nothing_is_shown(kind: str) -> None:
    assert behind(kind, []) == ()
