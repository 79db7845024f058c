"""One story is told again and again by many."""

from __future__ import annotations

from dataclasses import replace

import pytest

from detection import negative_wave, repost_wave, volume_wave
from detection.signal import Reason, Signal, Verdict
from detection.view import Said
from detection.waking import Sensitivity
from sentiment.score import Label
from tests.detection.views import HOUR, MINUTE, NEGATIVE, NEUTRAL, Talk, burst, complaints, ordinary, posts
from tests.installations import NOON

# Thirteen mentions an hour at this time of day, of which four are complaints.
PAST = (*posts(ordinary(2, per_day=140)), *complaints(ordinary(1, per_day=60)))


def told(number: int, *, authors: int | None = None, stories: int = 1) -> list[Said]:
    return posts(burst(number), authors=authors, stories=stories)


def one_story(some: list[Said], others: list[Said]) -> list[Said]:
    return [*some, *(replace(one, story=some[0].story) for one in others)]


def judged(*mentions: Said, past: tuple[Said, ...] = PAST) -> Signal | None:
    return repost_wave.evaluate(Talk([*past, *mentions]).view())


CASES: list[tuple[str, list[Said], bool]] = [
    ("an ordinary hour", [], False),
    ("too few", told(14), False),
    ("the least that is one", told(20), True),
    ("5,000 times", told(5_000), True),
    ("by too few people", told(100, authors=14), False),
    ("by as many people as it takes", told(100, authors=15), True),
    ("more than half of it by one", one_story(told(40, authors=1), told(30)), False),
    ("half of it by one", one_story(told(30, authors=1), told(30)), True),
    ("many stories", posts(burst(500)), False),
    ("two stories that are as large", told(80, stories=2), False),
    ("one story beside a wave of many", [*told(100), *posts(burst(60))], False),
    ("one story beside some talk", [*told(100), *posts(burst(5))], True),
    ("complaints of one story", complaints(burst(30), stories=1), True),
    ("complaints of many stories", complaints(burst(30)), False),
]


@pytest.mark.parametrize(("mentions", "fires"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_wave_of_one_story_is_many_people_who_tell_it_and_as_usual_without_them(
    mentions: list[Said], *, fires: bool
) -> None:
    signal = judged(*mentions)
    assert (signal is not None) is fires
    if signal:
        assert (signal.verdict, signal.reason) == (Verdict.FIRED, Reason.ONE_STORY_MANY_VOICES)


def test_complaints_of_one_story_are_found_where_they_are_lost_in_the_talk() -> None:
    past = (*posts(ordinary(2, per_day=500)), *complaints(ordinary(1, per_day=20)))
    assert judged(*posts(burst(16), stories=1), past=past) is None
    signal = judged(*complaints(burst(16), stories=1), past=past)
    assert signal is not None
    assert signal.expected < 2


def test_a_story_without_complaint_is_no_wave_because_others_complain() -> None:
    past = (*posts(ordinary(2, per_day=4_000)), *complaints(ordinary(1, per_day=60)))
    assert judged(*told(40), *complaints(burst(30)), past=past) is None
    assert judged(*told(40), *complaints(burst(30), stories=1), past=past) is not None


def test_of_complaints_the_sentence_counts_complaints() -> None:
    past = (*posts(ordinary(2, per_day=500)), *complaints(ordinary(1, per_day=20)))
    signal = judged(*complaints(burst(16), stories=1), past=past)
    assert signal is not None
    assert signal.sentence == (
        "16 people told one story in the last hour (16 of 16 complaints); of complaints there are usually about 1 at "
        "this time of day."
    )


@pytest.mark.parametrize("tone", [NEUTRAL, NEGATIVE])
@pytest.mark.parametrize("past", [PAST, PAST[:2]], ids=["a brand people speak of", "a brand nobody speaks of"])
def test_one_text_reposted_5000_times_is_one_wave_of_that_kind_and_no_other(
    tone: Label, past: tuple[Said, ...]
) -> None:
    view = Talk([*past, *posts(burst(5_000), tone, stories=1)], since=NOON - 480 * HOUR).view()
    signal, complained, spoke = (kind.evaluate(view) for kind in (repost_wave, negative_wave, volume_wave))
    assert signal is not None
    assert (signal.verdict, signal.observed, signal.stories) == (Verdict.FIRED, 5_000, 1)
    assert spoke is not None
    assert (spoke.verdict, spoke.reason) == (Verdict.HELD, Reason.ONE_STORY)
    assert complained is None or (complained.verdict, complained.reason) == (Verdict.HELD, Reason.ONE_STORY)


def test_a_text_of_5000_reposts_is_not_a_wave_of_complaints_an_hour_later() -> None:
    talk = Talk([*PAST, *complaints(burst(5_000), stories=1)])
    found = [negative_wave.evaluate(talk.view(NOON + place * 10 * MINUTE)) for place in range(19)]
    assert [signal for signal in found if signal and signal.verdict is Verdict.FIRED] == []


def test_the_sentence_says_how_many_tell_it_of_how_many_and_what_is_usual() -> None:
    signal = judged(*told(5_000, authors=4_000))
    assert signal is not None
    assert signal.sentence == (
        "4,000 people told one story in the last hour (5,000 of 5,013 mentions); of anything there are usually about "
        "12 at this time of day."
    )
    assert (signal.authors, signal.stories, signal.window) == (4_000, 1, HOUR)
    assert signal.loudest_share == pytest.approx(2 / 5_000, abs=0.001)
    assert signal.since is not None
    assert NOON - 20 * MINUTE < signal.since < NOON - 19 * MINUTE


@pytest.mark.parametrize(("tone", "share"), [(NEUTRAL, 0.0), (NEGATIVE, 1.0)])
def test_the_negative_part_is_that_of_those_who_tell_the_story(tone: Label, share: float) -> None:
    signal = judged(*posts(burst(40), tone, stories=1))
    assert signal is not None
    assert signal.negative_share == share


def test_the_most_who_follow_one_of_them_are_told() -> None:
    signal = judged(*told(40), *posts(burst(1), reach=90_000))
    assert signal is not None
    assert signal.reach is None
    followed = [
        Said(one.id, one.at, one.author, one.story, one.label, reach=place) for place, one in enumerate(told(40))
    ]
    signal = judged(*followed)
    assert signal is not None
    assert signal.reach == 39


def test_while_too_little_is_known_it_takes_four_times_as_many() -> None:
    found = [judged(*told(number), past=()) for number in (59, 60)]
    assert found[0] is None
    assert found[1] is not None
    assert found[1].learning


@pytest.mark.parametrize(
    ("sensitivity", "fewest"), [(Sensitivity.LOW, 21), (Sensitivity.NORMAL, 18), (Sensitivity.HIGH, 16)]
)
def test_a_sensitive_team_is_told_of_fewer(sensitivity: Sensitivity, fewest: int) -> None:
    talk = posts(ordinary(2, per_day=400))
    found = [
        repost_wave.evaluate(Talk([*talk, *told(number)]).view(sensitivity=sensitivity))
        for number in (fewest - 1, fewest)
    ]
    assert [signal is not None for signal in found] == [False, True]
