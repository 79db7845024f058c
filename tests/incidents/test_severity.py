"""How bad a wave is, as a table."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.signal import Reason, Signal, Verdict, kinds
from incidents.severity import Matrix, assess, built_in
from incidents.severity_row import SeverityRow
from playbooks.playbook import Severity
from topics import categories

SEV1, SEV2, SEV3, SEV4 = Severity


def wave(observed: int, expected: float, authors: int, kind: str = "negative_wave", **figures: Any) -> Signal:
    usual = Signal(
        brand="northwind",
        kind=kind,
        verdict=Verdict.FIRED,
        reason=Reason.ABOVE_BASELINE,
        observed=observed,
        expected=expected,
        threshold=10.0,
        window=timedelta(hours=1),
        at=datetime(2031, 5, 6, 13, 50, tzinfo=UTC),
        since=None,
        authors=authors,
        loudest_share=0.04,
        sentence="",
    )
    return replace(usual, **figures)


@pytest.mark.parametrize(
    ("signal", "severity", "reason"),
    [
        (wave(84, 6, 58), SEV2, "Viral: 58 people, 14 times what is usual."),
        (wave(25, 5, 25), SEV2, "Viral: 25 people, 5.0 times what is usual."),
        (wave(26, 0.1, 25), SEV2, "Viral: 25 people, 26 times what is usual."),
        (wave(12, 1.5, 12), SEV3, "A repeated pattern: 12 people, fewer than the 25 of a SEV2."),
        (wave(900, 3, 24), SEV3, "A repeated pattern: 24 people, fewer than the 25 of a SEV2."),
        (wave(450, 100, 400), SEV3, "A repeated pattern: 400 people, but only 4.5 times what is usual."),
        (wave(200, 6, 60, loudest_share=0.7), SEV3, "A repeated pattern: 70% of it is by one of 60 people."),
        (wave(200, 6, 60, loudest_share=0.5), SEV2, "Viral: 60 people, 33 times what is usual."),
        (
            wave(84, 6, 58, learning=True),
            SEV3,
            "A repeated pattern: 58 people, while what is usual is still being learned.",
        ),
    ],
)
def test_many_distinct_voices_far_beyond_the_usual_are_viral(signal: Signal, severity: Severity, reason: str) -> None:
    assessment = assess(signal)
    assert (assessment.severity, assessment.reason) == (severity, reason)


@pytest.mark.parametrize(
    ("authors", "ratio", "category", "severity", "reason"),
    [
        (10, 3, "safety", SEV2, "People may be harmed: 10 people, 3.0 times what is usual (safety)."),
        (10, 3, "breach", SEV2, "People may be harmed: 10 people"),
        (10, 3, "discrimination", SEV2, "People may be harmed: 10 people"),
        (9, 90, "safety", SEV3, "A repeated pattern: 9 people, fewer than the 10 of a SEV2."),
        (10, 2.9, "safety", SEV3, "A repeated pattern: 10 people, but only 2.9 times what is usual."),
        (15, 4, "product-defect", SEV2, "A matter that outsiders take up: 15 people, 4.0 times"),
        (15, 4, "legal", SEV2, "what is usual (legal)."),
        (14, 40, "fraud", SEV3, "14 people, fewer than the 15 of a SEV2."),
        (15, 3.9, "leadership", SEV3, "but only 3.9 times"),
        (24, 9, "outage", SEV3, "24 people, fewer than the 25 of a SEV2."),
        (25, 5, "outage", SEV2, "Viral: 25 people, 5.0 times what is usual."),
        (24, 9, "strike-of-ours", SEV3, "24 people, fewer than the 25 of a SEV2."),
    ],
)
def test_what_people_complain_of_makes_fewer_of_them_weigh_as_much(
    authors: int, ratio: float, category: str, severity: Severity, reason: str
) -> None:
    assessment = assess(wave(round(ratio * 100), 100, authors, category=category))
    assert assessment.severity == severity
    assert reason in assessment.reason


@pytest.mark.parametrize(
    ("signal", "severity", "reason"),
    [
        (
            wave(5000, 10, 4000, "volume_wave"),
            SEV3,
            "Much talk: 4,000 people, 500 times what is usual, in a tone that is not known.",
        ),
        (
            wave(5000, 10, 4000, "volume_wave", negative_share=0.59),
            SEV3,
            "Much talk: 4,000 people, 500 times what is usual, but only 59% of it negative.",
        ),
        (
            wave(5000, 10, 4000, "repost_wave", negative_share=0.6),
            SEV2,
            "Much talk and most of it angry: 4,000 people, 500 times what is usual, 60% of it negative.",
        ),
        (wave(99, 1, 24, "repost_wave", negative_share=1.0), SEV3, "One story passed on: 24 people, fewer than the 25"),
        (wave(99, 25, 99, "volume_wave", negative_share=1.0), SEV3, "Much talk: 99 people, but only 4.0 times"),
        (wave(1, 0, 1, "loud_voice", reach=10**6), SEV2, "Heard by a million: 1 person, followed by up to 1,000,000."),
        (
            wave(1, 0, 1, "loud_voice", reach=10**6, loudest_share=1.0, learning=True),
            SEV2,
            "Heard by a million: 1 person, followed by up to 1,000,000.",
        ),
        (
            wave(1, 0, 1, "loud_voice", reach=999_999),
            SEV3,
            "A loud voice: 1 person, followed by 999,999 at most, fewer than the 1,000,000 of a SEV2.",
        ),
        (wave(1, 0, 1, "loud_voice"), SEV3, "A loud voice: 1 person, with no known number of followers."),
        (wave(5, 0, 5, "critical_words"), SEV2, "Critical words by several: 5 people."),
        (wave(5, 0, 5, "critical_words", learning=True), SEV2, "Critical words by several: 5 people."),
        (wave(9, 0, 4, "critical_words"), SEV3, "Critical words: 4 people, fewer than the 5 of a SEV2."),
        (wave(9, 0, 5, "critical_words", loudest_share=0.6), SEV3, "Critical words: 60% of it is by one of 5 people."),
        (wave(90, 2, 80, "a_new_kind"), SEV3, "Out of the ordinary: 80 people, 45 times what is usual."),
    ],
)
def test_other_kinds_of_signal_have_rows_of_their_own(signal: Signal, severity: Severity, reason: str) -> None:
    assessment = assess(signal)
    assert assessment.severity == severity
    assert reason in assessment.reason


PRESS = SeverityRow(SEV1, category=("safety",), people=20)


@pytest.mark.parametrize(
    ("own", "severity", "reason"),
    [
        (PRESS, SEV1, "By your own rule: 30 people (safety)."),
        (replace(PRESS, people=31), SEV2, "People may be harmed: 30 people, 12 times what is usual (safety)."),
        (replace(PRESS, category=("outage",)), SEV2, "People may be harmed:"),
        (replace(PRESS, kind=("volume_wave",)), SEV2, "People may be harmed:"),
        (SeverityRow(SEV4, kind=("negative_wave",)), SEV4, "By your own rule: 30 people, 12 times what is usual."),
        (SeverityRow(SEV1, reach=5000), SEV1, "By your own rule: 30 people, followed by up to 5,000."),
        (SeverityRow(SEV1, reach=5001), SEV2, "People may be harmed:"),
        (SeverityRow(SEV1, times=12), SEV1, "By your own rule: 30 people, 12 times what is usual."),
        (SeverityRow(SEV1, negative_share=0.9), SEV1, "By your own rule: 30 people, 12 times what is usual, 90% of it"),
    ],
)
def test_a_teams_own_row_is_tried_before_the_built_in_ones_and_says_whose_it_is(
    own: SeverityRow, severity: Severity, reason: str
) -> None:
    signal = wave(60, 5, 30, category="safety", reach=5000, negative_share=0.9)
    assessment = assess(signal, Matrix((own,)))
    assert assessment.severity == severity
    assert assessment.reason.startswith(reason)


def test_of_a_teams_own_rows_the_first_that_holds_decides() -> None:
    rows = (replace(PRESS, people=99), SeverityRow(SEV4, people=5), PRESS)
    assert assess(wave(60, 5, 30, category="safety"), Matrix(rows)).severity is SEV4


def test_what_a_mild_wave_lacks_is_told_by_the_row_that_asks_for_fewest_people() -> None:
    rows = (SeverityRow(SEV2, people=8), SeverityRow(SEV2, people=40), SeverityRow(SEV2, reach=9), PRESS)
    told = assess(wave(60, 5, 7), Matrix(rows)).reason
    assert told == "A repeated pattern: 7 people, fewer than the 8 of a SEV2."


@given(
    st.builds(
        wave,
        st.integers(0, 10**6),
        st.floats(0, 10**6),
        st.integers(0, 10**6),
        st.sampled_from([kind for row in built_in() for kind in row.kind]),
        loudest_share=st.floats(0, 1),
        learning=st.booleans(),
        negative_share=st.none() | st.floats(0, 1),
        reach=st.none() | st.integers(0, 10**9),
        category=st.none() | st.sampled_from([one.id for one in categories.built_in()]),
    )
)
def test_no_figures_open_a_sev4_or_a_sev1_and_every_reason_is_a_sentence(signal: Signal) -> None:
    assessment = assess(signal)
    assert assessment.severity in {SEV2, SEV3}
    assert assessment.reason.endswith(".")
    assert "None" not in assessment.reason


@pytest.mark.parametrize("kind", [kind for kind in kinds() if kind not in {"praise_wave", "brand_silence"}])
def test_every_kind_that_can_open_an_incident_is_called_something_when_it_is_mild(kind: str) -> None:
    assert not assess(wave(1, 1, 1, kind)).reason.startswith("Out of the ordinary")


def test_rows_speak_of_categories_that_there_are() -> None:
    assert {name for row in built_in() for name in row.category} <= {one.id for one in categories.built_in()}


def test_no_row_stands_behind_one_that_takes_all_it_could() -> None:
    rows = built_in()
    for place, later in enumerate(rows):
        for earlier in rows[:place]:
            takes_all = not earlier.asks_for_figures and not earlier.category and set(later.kind) <= set(earlier.kind)
            assert not takes_all, f"{later.name} is never reached, for {earlier.name}"
