"""What holds for every detector."""

from __future__ import annotations

from functools import cache

import pytest

from detection.signal import Signal, Verdict, kinds, load
from detection.waking import Sensitivity
from tests.detection.views import (
    DAY,
    HOUR,
    NEGATIVE,
    POSITIVE,
    MadeView,
    Talk,
    burst,
    complaints,
    ordinary,
    posts,
)
from tests.installations import NOON
from tests.seeds import seeds

RATES = (1, 20, 200, 2_000)


@cache
def ordinary_talk(seed: int, per_day: int) -> Talk:
    """Three weeks of talk by day and by night, a sixth of it complaints and a sixth praise."""
    return Talk(
        [
            *complaints(ordinary(seed, per_day=per_day / 4)),
            *posts(ordinary(seed + 100, per_day=per_day / 4), POSITIVE),
            *posts(ordinary(seed + 200, per_day=per_day)),
            *posts(ordinary(seed + 300, per_day=per_day / 100), critical=("recall",)),
            *posts(ordinary(seed + 400, per_day=per_day / 10), NEGATIVE, reach=30_000),
        ],
        reaches=range(100, 60_100, 100),
    )


def crisis() -> list[Talk]:
    """Three weeks of talk with one wave of each kind at its end."""
    past = ordinary_talk(1, 20).said
    return [
        Talk([*past, *more], reaches=range(100, 600))
        for more in (
            complaints(burst(60)),
            posts(burst(80)),
            posts(burst(60), POSITIVE),
            posts(burst(40), stories=1),
            posts(burst(9), critical=("recall", "lawsuit")),
            posts(burst(1), NEGATIVE, reach=2_000_000),
        )
    ]


def test_every_kind_of_trouble_has_its_detector() -> None:
    assert kinds() == (
        "brand_silence",
        "critical_words",
        "loud_voice",
        "negative_wave",
        "praise_wave",
        "repost_wave",
        "volume_wave",
    )


@pytest.mark.parametrize("kind", [kind for kind in kinds() if kind != "brand_silence"])
class TestEveryDetector:
    @pytest.mark.parametrize("sensitivity", Sensitivity)
    def test_a_brand_of_which_nobody_spoke_has_no_signal(self, kind: str, sensitivity: Sensitivity) -> None:
        assert load(kind).evaluate(Talk([]).view(sensitivity=sensitivity)) is None
        assert load(kind).evaluate(Talk([], since=NOON - 30 * DAY).view(sensitivity=sensitivity)) is None

    def test_of_a_quiet_brand_nothing_is_looked_up(self, kind: str) -> None:
        past = [*complaints(ordinary(1, per_day=20, until=NOON - 6 * HOUR)), *posts(burst(7))]
        view = Talk([*past, *posts(burst(3), POSITIVE)]).view()
        assert load(kind).evaluate(view) is None
        assert not view.asked

    def test_the_same_view_gives_the_same_signal(self, kind: str) -> None:
        for talk in crisis():
            assert load(kind).evaluate(talk.view()) == load(kind).evaluate(talk.view())

    @pytest.mark.parametrize("seed", seeds(3, 8))
    @pytest.mark.parametrize("per_day", RATES)
    def test_a_first_look_at_three_weeks_of_ordinary_talk_is_no_alarm(self, kind: str, seed: int, per_day: int) -> None:
        signal = load(kind).evaluate(ordinary_talk(seed, per_day).view())
        assert signal is None or signal.verdict is not Verdict.FIRED

    def test_a_wave_of_its_kind_is_told(self, kind: str) -> None:
        told = [signal for talk in crisis() if (signal := load(kind).evaluate(talk.view()))]
        assert {Verdict.FIRED, Verdict.NOTICED} & {signal.verdict for signal in told}

    def test_every_signal_tells_its_figures_and_a_sentence(self, kind: str) -> None:
        for talk in crisis():
            for minutes in range(0, 60, 10):
                view = talk.view(NOON + minutes * HOUR / 60)
                if signal := load(kind).evaluate(view):
                    tells_all(kind, view, signal)


def tells_all(kind: str, view: MadeView, signal: Signal) -> None:
    """Every figure of a signal is in its range, and its sentence is one."""
    assert (signal.brand, signal.kind, signal.at) == (view.brand, kind, view.at)
    assert signal.observed > 0
    assert signal.expected >= 0
    assert signal.threshold >= 0
    assert signal.beyond >= 0
    assert 0 <= signal.authors <= signal.observed
    assert 0 <= signal.stories <= signal.observed
    assert 0 <= signal.loudest_share <= 1
    assert signal.negative_share is None or 0 <= signal.negative_share <= 1
    assert signal.since is None or signal.since < signal.at
    assert signal.sentence.endswith(".")
    assert not signal.sentence.endswith("..")
    assert signal.sentence[0].isupper() or signal.sentence[0].isdigit()
    assert ("Held: " in signal.sentence) is (signal.verdict is Verdict.HELD)
