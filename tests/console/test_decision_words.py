from __future__ import annotations

import pytest

from console.decision_words import in_short, kind_words, reason_words, told_apart, unlikely, why_held
from database.reading_signals import Tally
from detection.signal import Reason, kinds
from incidents.outcome import Outcome


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("negative_wave", "Complaints"),
        ("volume_wave", "Talk"),
        ("loud_voice", "A loud voice"),
        ("critical_words", "Critical words"),
        ("repost_wave", "Reposts"),
        ("brand_silence", "Silence"),
        ("praise_wave", "Praise"),
        ("a_kind_to_come", "A kind to come"),
    ],
)
def test_a_kind_reads_as_what_was_looked_at(kind: str, words: str) -> None:
    assert kind_words(kind) == words


def test_every_detector_and_every_reason_reads_as_words() -> None:
    assert [kind for kind in kinds() if "_" in kind_words(kind)] == []
    assert [reason for reason in Reason if "_" in reason_words(reason)] == []


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        ("27 posts. Held: 21 of 27 are by one author.", ("21 of 27 are by one author.", "27 posts.")),
        ("27 posts. Held: most of it is praise.", ("Most of it is praise.", "27 posts.")),
        ("27 posts; usually 3.", ("", "27 posts; usually 3.")),
        ("Held: nothing", ("Nothing", "")),
    ],
)
def test_why_it_was_held_stands_before_what_was_seen(sentence: str, parts: tuple[str, str]) -> None:
    assert told_apart(sentence) == parts


@pytest.mark.parametrize(
    ("beyond", "words"),
    [(0.96, "1"), (2.34, "2.3"), (41.2, "41"), (140.0, "over 100")],
)
def test_how_unlikely_it_is_is_a_short_figure(beyond: float, words: str) -> None:
    assert unlikely(beyond) == words


def test_what_was_decided_is_told_in_one_line_and_why_it_was_held_in_another() -> None:
    counted = Tally(
        {Outcome.HELD: 1_204, Outcome.ALARM: 1, Outcome.JOINED: 2, Outcome.OPPORTUNITY: 1},
        {"one_loud_author": 1_200, "still_learning": 4},
    )
    assert in_short(counted) == "1 alarm, 2 joined open incidents, 1 opportunity, 1,204 held"
    assert why_held(counted) == "one loud author (1,200), still learning what is usual (4)"
    assert (in_short(Tally({}, {})), why_held(Tally({}, {}))) == ("", "")
