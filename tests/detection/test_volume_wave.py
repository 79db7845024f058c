"""Many people talk at once, whatever their tone."""

from __future__ import annotations

import pytest

from detection import volume_wave
from detection.signal import Reason, Signal, Verdict
from detection.view import Said, Series, counted
from detection.waking import Sensitivity
from tests.detection.views import HOUR, POSITIVE, UNSCORED, Talk, burst, complaints, ordinary, posts
from tests.installations import NOON

# Some thirty mentions an hour at this time of day.
PAST = posts(ordinary(2, per_day=500))
FEW = posts(ordinary(3, per_day=20))
FIRED, HELD, GOES_ON = Verdict.FIRED, Verdict.HELD, Verdict.GOES_ON

CASES: list[tuple[str, list[Said], Verdict | None, Reason | None]] = [
    ("an ordinary hour", PAST, None, None),
    ("a lively hour", [*PAST, *posts(burst(14))], GOES_ON, Reason.STILL_RAISED),
    ("a wave", [*PAST, *posts(burst(30))], FIRED, Reason.ABOVE_BASELINE),
    ("a wave of what cannot be judged", [*PAST, *posts(burst(30), UNSCORED)], FIRED, Reason.ABOVE_BASELINE),
    ("a wave of complaints", [*PAST, *complaints(burst(30))], FIRED, Reason.ABOVE_BASELINE),
    ("too few to be urgent", [*FEW, *posts(burst(27))], HELD, Reason.TOO_FEW_MENTIONS),
    ("as many as are urgent", [*FEW, *posts(burst(29))], FIRED, Reason.ABOVE_BASELINE),
    ("one person", [*PAST, *posts(burst(60), authors=1)], HELD, Reason.ONE_LOUD_AUTHOR),
    ("one story", [*PAST, *posts(burst(60), stories=1)], HELD, Reason.ONE_STORY),
    ("a dozen people", [*FEW, *posts(burst(60), authors=12)], HELD, Reason.TOO_FEW_AUTHORS),
    ("fifteen people", [*FEW, *posts(burst(60), authors=15)], FIRED, Reason.ABOVE_BASELINE),
    ("praise", [*PAST, *posts(burst(60), POSITIVE)], HELD, Reason.MOSTLY_PRAISE),
    ("praise in half of it", [*PAST, *posts(burst(60), POSITIVE), *posts(burst(60))], FIRED, Reason.ABOVE_BASELINE),
    ("praise and blame", [*PAST, *posts(burst(80), POSITIVE), *complaints(burst(45))], FIRED, Reason.ABOVE_BASELINE),
    ("praise, little blame", [*PAST, *posts(burst(80), POSITIVE), *complaints(burst(35))], HELD, Reason.MOSTLY_PRAISE),
    ("an hour known", posts(burst(119, minutes=50)), None, None),
    ("an hour known, by few", posts(burst(120, minutes=50), authors=59), HELD, Reason.STILL_LEARNING),
    ("an hour known, by many", posts(burst(120, minutes=50), authors=60), FIRED, Reason.ABOVE_BASELINE),
]


def judged(mentions: list[Said], sensitivity: Sensitivity = Sensitivity.NORMAL) -> Signal | None:
    return volume_wave.evaluate(Talk(mentions).view(sensitivity=sensitivity))


@pytest.mark.parametrize(
    ("mentions", "verdict", "reason"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_what_is_decided_over_talk(mentions: list[Said], verdict: Verdict | None, reason: Reason | None) -> None:
    signal = judged(mentions)
    assert (signal and signal.verdict, signal and signal.reason) == (verdict, reason)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (posts(burst(60)), "92 people spoke in the last hour (92 mentions); usually about 31 at this time of day."),
        (
            posts(burst(60), POSITIVE),
            (
                "92 people spoke in the last hour (92 mentions); usually about 31 at this time of day. "
                "Held: most of it is praise."
            ),
        ),
        (posts(burst(14)), "46 mentions in the last hour; usually about 31 at this time of day."),
    ],
    ids=["a wave", "praise", "a lively hour"],
)
def test_the_sentence_says_how_many_spoke(more: list[Said], sentence: str) -> None:
    signal = judged([*PAST, *more])
    assert signal is not None
    assert signal.sentence == sentence


@pytest.mark.parametrize(
    ("sensitivity", "fewest"), [(Sensitivity.LOW, 21), (Sensitivity.NORMAL, 17), (Sensitivity.HIGH, 14)]
)
def test_a_sensitive_team_is_told_of_fewer(sensitivity: Sensitivity, fewest: int) -> None:
    found = [judged([*PAST, *posts(burst(number))], sensitivity) for number in (fewest - 1, fewest)]
    assert [signal and signal.verdict for signal in found] == [GOES_ON, FIRED]


def test_how_many_people_a_wave_of_complaints_takes_is_no_matter() -> None:
    talk = Talk([*PAST, *posts(burst(60))])
    found = [volume_wave.evaluate(talk.view(least_people=number)) for number in (1, 500)]
    assert found[0] is not None
    assert found[0] == found[1]


@pytest.mark.parametrize("hours", [1.5, 2, 4, 6, 9])
def test_an_ordinary_hour_after_a_flood_is_ordinary(hours: float) -> None:
    """The last twelve hours are far beyond the usual then, and the last one is not."""
    after = posts(ordinary(7, per_day=500, days=0.5, until=NOON + 12 * HOUR))
    view = Talk([*PAST, *after, *posts(burst(5_000))]).view(NOON + hours * HOUR)
    assert counted(view, Series.MENTIONS) > 15
    assert volume_wave.evaluate(view) is None
