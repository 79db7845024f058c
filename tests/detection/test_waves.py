from __future__ import annotations

from datetime import timedelta

import pytest

from detection import negative_wave, volume_wave
from detection.signal import BrandView, Reason, Verdict, Voices, kinds, load
from tests.detection.views import DAY, HOUR, at_random, burst, view
from tests.installations import NOON


@pytest.mark.parametrize("kind", kinds())
class TestEveryDetector:
    def test_nothing_known_is_quiet(self, kind: str) -> None:
        signal = load(kind).evaluate(view())
        assert (signal.kind, signal.verdict, signal.observed) == (kind, Verdict.QUIET, 0)

    def test_the_same_view_gives_the_same_signal(self, kind: str) -> None:
        seen = view(complaints=[*at_random(1, per_day=30), *burst(60)])
        assert load(kind).evaluate(seen) == load(kind).evaluate(seen)

    @pytest.mark.parametrize("seed", range(8))
    @pytest.mark.parametrize("per_day", [1, 20, 200, 2000])
    def test_a_first_look_at_three_weeks_of_ordinary_talk_is_no_alarm(self, kind: str, seed: int, per_day: int) -> None:
        seen = view(complaints=at_random(seed, per_day=per_day / 4), others=at_random(seed + 99, per_day=per_day))
        assert load(kind).evaluate(seen).verdict is not Verdict.FIRED

    def test_a_wave_over_an_ordinary_past_fires_and_says_how_many_people(self, kind: str) -> None:
        signal = load(kind).evaluate(view(complaints=[*at_random(2, per_day=20), *burst(60)]))
        assert (signal.verdict, signal.reason) == (Verdict.FIRED, Reason.ABOVE_BASELINE)
        assert signal.observed >= 60 > signal.expected
        assert f"{signal.authors} people" in signal.sentence
        assert "usually" in signal.sentence
        assert signal.since is not None
        assert NOON - HOUR / 2 < signal.since < NOON

    def test_a_source_that_catches_up_on_three_hours_of_ordinary_talk_is_no_alarm(self, kind: str) -> None:
        """What was missed counts when it was published, so that catching up looks like never having been away."""
        seen = view(complaints=at_random(3, per_day=40), others=at_random(4, per_day=160))
        assert load(kind).evaluate(seen).verdict is not Verdict.FIRED


CASES: list[tuple[str, BrandView, Verdict, Reason]] = [
    (
        "too few to wake anybody",
        view(complaints=[*at_random(1, per_day=2), *burst(5)]),
        Verdict.QUIET,
        Reason.TOO_FEW_MENTIONS,
    ),
    (
        "one person all night",
        view(complaints=[*at_random(1, per_day=20), *burst(40)], voices=Voices(authors=8, loudest=33, stories=40)),
        Verdict.HELD,
        Reason.ONE_LOUD_AUTHOR,
    ),
    (
        "three people in a quarrel",
        view(complaints=[*at_random(1, per_day=20), *burst(30)], voices=Voices(authors=3, loudest=10, stories=30)),
        Verdict.HELD,
        Reason.TOO_FEW_AUTHORS,
    ),
    ("an hour known, ten complaints", view(complaints=burst(10, minutes=50)), Verdict.QUIET, Reason.WITHIN_BASELINE),
    (
        "an hour known, many complaints by few",
        view(complaints=burst(40, minutes=50), voices=Voices(authors=12, loudest=5, stories=40)),
        Verdict.HELD,
        Reason.STILL_LEARNING,
    ),
    ("an hour known, many people", view(complaints=burst(40, minutes=50)), Verdict.FIRED, Reason.ABOVE_BASELINE),
    (
        "a busy brand added today",
        view(complaints=at_random(5, per_day=1400, days=0.5, rhythm=False)),
        Verdict.QUIET,
        Reason.WITHIN_BASELINE,
    ),
    (
        "two mentions a week, one more",
        view(complaints=[*at_random(6, per_day=0.3), NOON]),
        Verdict.QUIET,
        Reason.TOO_FEW_MENTIONS,
    ),
]


@pytest.mark.parametrize(("seen", "verdict", "reason"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_is_decided_over_complaints(seen: BrandView, verdict: Verdict, reason: Reason) -> None:
    signal = negative_wave.evaluate(seen)
    assert (signal.verdict, signal.reason) == (verdict, reason)


def test_a_held_signal_says_what_held_it() -> None:
    signal = negative_wave.evaluate(CASES[1][1])
    assert signal.sentence.endswith(f"Held: 33 of {signal.observed} are by one author.")


def test_a_wave_of_praise_is_no_alarm() -> None:
    signal = volume_wave.evaluate(view(others=at_random(1, per_day=40), praise=burst(80)))
    assert (signal.verdict, signal.reason) == (Verdict.HELD, Reason.MOSTLY_PRAISE)


def test_what_people_say_all_day_every_day_becomes_usual() -> None:
    """A brand at a tenfold level for a fortnight is at its usual level."""
    past = at_random(1, per_day=40, days=14, until=NOON - 14 * DAY)
    assert (
        negative_wave.evaluate(view(complaints=[*past, *at_random(2, per_day=400, days=14)])).verdict is Verdict.QUIET
    )


def test_a_wave_that_ended_an_hour_ago_is_over() -> None:
    seen = view(complaints=[*at_random(1, per_day=20), *burst(60, until=NOON - timedelta(minutes=70))])
    assert negative_wave.evaluate(seen).verdict is Verdict.QUIET
