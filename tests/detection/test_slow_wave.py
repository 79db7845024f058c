"""Many people complain at an hour at which they never did, too slowly for a wave of the last hour."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

import pytest

from detection import negative_wave
from detection.planned import PlannedEvent
from detection.rhythm import SWELL
from detection.signal import Reason, Signal, Verdict
from detection.view import Said
from detection.waking import Sensitivity
from tests.detection.views import DAY, HOUR, Talk, burst, complaints, ordinary, posts
from tests.installations import NOON

# Of 200 complaints and as many other mentions a day two an hour come in the night.
NIGHT = NOON.replace(hour=4)
BUSY = (*complaints(ordinary(3, per_day=200, until=NIGHT)), *posts(ordinary(4, per_day=200, until=NIGHT)))


def said(past: Iterable[Said], *more: Iterable[Said]) -> list[Said]:
    return [*past, *chain(*more)]


def judged(past: Iterable[Said], *more: Iterable[Said]) -> Signal | None:
    return negative_wave.evaluate(Talk(said(past, *more)).view(NIGHT))


def night(number: int, *, authors: int | None = None, stories: int | None = None) -> list[Said]:
    return complaints(burst(number, minutes=180, until=NIGHT), authors=authors, stories=stories)


SWELLS: list[tuple[str, list[Said], bool]] = [
    ("an ordinary night", said(BUSY), False),
    ("less than an ordinary evening", said(BUSY, night(36)), False),
    ("more than ever", said(BUSY, night(44)), True),
    ("by as many people as three hours need", said(BUSY, night(50, authors=15)), True),
    ("one person", said(BUSY, night(60, authors=1)), False),
    ("one person beside some", said(BUSY, night(12, authors=1), night(36)), False),
    ("one person beside a wave", said(BUSY, night(12, authors=1), night(48)), True),
    ("more than half of it by one person, beside a wave", said(BUSY, night(120, authors=1), night(60)), False),
    ("one story", said(BUSY, night(60, stories=1)), False),
    ("one story beside some", said(BUSY, night(12, stories=1), night(36)), False),
    ("more talk", said(BUSY, night(44), posts(burst(300, minutes=180, until=NIGHT))), False),
    (
        "one day known",
        said([one for one in BUSY if one.at > NIGHT - 2 * DAY + HOUR], night(44)),
        False,
    ),
    ("fewer than anybody is woken for", said((*complaints(ordinary(1, per_day=2)),), night(23)), False),
]


@pytest.mark.parametrize(("mentions", "swells"), [case[1:] for case in SWELLS], ids=[case[0] for case in SWELLS])
def test_a_wave_that_grows_in_the_night_is_found_when_no_night_had_so_many(
    mentions: list[Said], *, swells: bool
) -> None:
    signal = judged(mentions)
    reason = Reason.MORE_THAN_EVER_AT_THIS_TIME
    assert (signal is not None and (signal.verdict, signal.reason) == (Verdict.FIRED, reason)) is swells


def test_a_slow_wave_says_what_three_hours_ever_came_to() -> None:
    signal = judged(BUSY, night(44))
    assert signal is not None
    assert signal.sentence == (
        "54 people complained in the last three hours (54 negative mentions), more than on any known day at this time "
        "(14 at most); usually about 7."
    )
    assert signal.window == SWELL
    assert signal.observed >= signal.threshold
    assert signal.beyond == pytest.approx(signal.observed / signal.threshold, abs=0.01)


@pytest.mark.parametrize(
    ("sensitivity", "fewest"), [(Sensitivity.LOW, 60), (Sensitivity.NORMAL, 50), (Sensitivity.HIGH, 46)]
)
def test_a_sensitive_team_is_told_of_a_slow_wave_that_is_less_above_the_highest(
    sensitivity: Sensitivity, fewest: int
) -> None:
    """The same hours of one night held 45 complaints: a third more are 60, ten of which are an ordinary night's."""
    before = complaints([one - 3 * DAY for one in burst(36, minutes=180, until=NIGHT)])
    found = [
        negative_wave.evaluate(Talk([*BUSY, *before, *night(number)]).view(NIGHT, sensitivity=sensitivity))
        for number in (fewest - 1, fewest)
    ]
    assert [signal and signal.reason for signal in found] == [None, Reason.MORE_THAN_EVER_AT_THIS_TIME]


@pytest.mark.parametrize(("stories", "reason"), [(50, Reason.MORE_THAN_EVER_AT_THIS_TIME), (1, None)])
def test_what_one_story_leaves_of_a_planned_night_is_weighed_as_that_night_is(
    stories: int, reason: Reason | None
) -> None:
    event = PlannedEvent("launch", NIGHT - 4 * HOUR, NIGHT + HOUR, expect=2)
    talk = Talk([*BUSY, *night(70), *night(50, stories=stories)], events=[event])
    signal = negative_wave.evaluate(talk.view(NIGHT))
    assert (signal.reason if signal and signal.verdict is Verdict.FIRED else None) is reason
