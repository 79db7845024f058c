"""Many people praise at once."""

from __future__ import annotations

import pytest

from detection import praise_wave, volume_wave
from detection.signal import Reason, Signal, Verdict
from detection.view import Said
from detection.waking import Sensitivity
from tests.detection.views import HOUR, POSITIVE, Talk, burst, complaints, ordinary, posts

# Three words of praise and twelve other mentions an hour at this time of day.
PAST = [*posts(ordinary(2, per_day=200)), *posts(ordinary(3, per_day=40), POSITIVE)]

CASES: list[tuple[str, list[Said], bool]] = [
    ("an ordinary hour", [], False),
    ("too few to be worth knowing", posts(burst(11), POSITIVE), False),
    ("a wave", posts(burst(20), POSITIVE), True),
    ("talk without praise", posts(burst(200)), False),
    ("complaints", complaints(burst(200)), False),
    ("one who is delighted", posts(burst(50), POSITIVE, authors=1), False),
    ("a few who are delighted", posts(burst(50), POSITIVE, authors=6), False),
    ("ten who are delighted", posts(burst(50), POSITIVE, authors=10), True),
    ("one story told again", posts(burst(50), POSITIVE, stories=1), False),
    ("beside complaints", [*posts(burst(20), POSITIVE), *complaints(burst(90))], True),
]


def judged(mentions: list[Said], sensitivity: Sensitivity = Sensitivity.NORMAL) -> Signal | None:
    return praise_wave.evaluate(Talk([*PAST, *mentions]).view(sensitivity=sensitivity))


@pytest.mark.parametrize(("mentions", "noticed"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_praise_is_noticed_where_many_praise(mentions: list[Said], *, noticed: bool) -> None:
    signal = judged(mentions)
    assert (signal is not None) is noticed
    if signal:
        assert (signal.verdict, signal.reason) == (Verdict.NOTICED, Reason.ABOVE_BASELINE)


@pytest.mark.parametrize("number", [20, 60, 2_000])
def test_nobody_is_woken_for_praise_however_much_it_is(number: int) -> None:
    view = Talk([*PAST, *posts(burst(number), POSITIVE)]).view()
    praise, talk = praise_wave.evaluate(view), volume_wave.evaluate(view)
    assert praise is not None
    assert praise.verdict is Verdict.NOTICED
    assert talk is None or talk.verdict is not Verdict.FIRED


def test_the_sentence_says_how_many_praised() -> None:
    signal = judged(posts(burst(20), POSITIVE))
    assert signal is not None
    assert signal.sentence == (
        "23 people praised in the last hour (23 positive mentions); usually about 3 at this time of day."
    )
    assert signal.window == HOUR


@pytest.mark.parametrize(
    ("sensitivity", "fewest"), [(Sensitivity.LOW, 16), (Sensitivity.NORMAL, 12), (Sensitivity.HIGH, 10)]
)
def test_a_sensitive_team_is_told_of_fewer(sensitivity: Sensitivity, fewest: int) -> None:
    praised = posts(ordinary(9, per_day=80), POSITIVE)
    found = [judged([*praised, *posts(burst(number), POSITIVE)], sensitivity) for number in (fewest - 1, fewest)]
    assert [signal is not None for signal in found] == [False, True]
