"""How bad a wave is, as a table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.signal import Reason, Signal, Verdict
from incidents.severity import assess
from playbooks.playbook import Severity


def wave(observed: int, expected: float, authors: int, loudest: float = 0.04, kind: str = "negative_wave") -> Signal:
    return Signal(
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
        loudest_share=loudest,
        sentence="",
    )


@pytest.mark.parametrize(
    ("signal", "severity", "reason"),
    [
        (wave(84, 6, 58), Severity.SEV2, "Viral: 58 people, 14 times what is usual."),
        (wave(25, 5, 25), Severity.SEV2, "Viral: 25 people, 5.0 times what is usual."),
        (wave(26, 0.1, 25), Severity.SEV2, "26 times"),
        (wave(12, 1.5, 12), Severity.SEV3, "12 people, fewer than the 25 of a viral one."),
        (wave(900, 3, 24), Severity.SEV3, "24 people, fewer than"),
        (wave(450, 100, 400), Severity.SEV3, "400 people, but only 4.5 times what is usual."),
        (wave(200, 6, 60, loudest=0.7), Severity.SEV3, "70% of it is by one of 60 people."),
        (wave(200, 6, 60, loudest=0.5), Severity.SEV2, "Viral"),
        (wave(5000, 10, 4000, kind="volume_wave"), Severity.SEV3, "4000 people, 500 times what is usual. Complaints"),
    ],
)
def test_many_distinct_voices_far_beyond_the_usual_are_viral(signal: Signal, severity: Severity, reason: str) -> None:
    assessment = assess(signal)
    assert assessment.severity == severity
    assert reason in assessment.reason


@given(st.integers(0, 10**6), st.floats(0, 10**6), st.integers(0, 10**6), st.floats(0, 1))
def test_no_figures_open_a_sev4_or_a_sev1(observed: int, expected: float, authors: int, loudest: float) -> None:
    assert assess(wave(observed, expected, authors, loudest)).severity in {Severity.SEV2, Severity.SEV3}
