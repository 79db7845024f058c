"""Many people complain at once, fast or slowly."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import chain

import pytest

from detection import negative_wave
from detection.buckets import BUCKET
from detection.signal import Reason, Signal, Verdict
from detection.view import Said
from detection.waking import Sensitivity
from tests.detection.views import (
    DAY,
    HOUR,
    MINUTE,
    NEGATIVE,
    UNSCORED,
    Talk,
    burst,
    complaints,
    ordinary,
    posts,
)
from tests.installations import NOON

# Three complaints and six other mentions an hour at this time of day.
PAST = (*complaints(ordinary(1, per_day=60)), *posts(ordinary(2, per_day=120)))
FEW = complaints(ordinary(1, per_day=2))
FIRED, HELD, GOES_ON = Verdict.FIRED, Verdict.HELD, Verdict.GOES_ON


def said(past: Iterable[Said], *more: Iterable[Said]) -> list[Said]:
    return [*past, *chain(*more)]


def judged(past: Iterable[Said], *more: Iterable[Said], at: datetime = NOON) -> Signal | None:
    return negative_wave.evaluate(Talk(said(past, *more)).view(at))


CASES: list[tuple[str, list[Said], Verdict | None, Reason | None]] = [
    ("an ordinary hour", said(PAST), None, None),
    ("half a wave", said(PAST, complaints(burst(9))), GOES_ON, Reason.STILL_RAISED),
    ("a wave", said(PAST, complaints(burst(10))), FIRED, Reason.ABOVE_BASELINE),
    ("too few to wake anybody", said(FEW, complaints(burst(7))), HELD, Reason.TOO_FEW_MENTIONS),
    ("as many as wake somebody", said(FEW, complaints(burst(8))), FIRED, Reason.ABOVE_BASELINE),
    ("fewer than anybody looks at", said(FEW, complaints(burst(3))), None, None),
    ("one person all night", said(PAST, complaints(burst(40), authors=1)), HELD, Reason.ONE_LOUD_AUTHOR),
    (
        "one person and as usual otherwise",
        said(PAST, complaints(burst(6), authors=1), complaints(burst(7))),
        HELD,
        Reason.ONE_LOUD_AUTHOR,
    ),
    (
        "one person beside a wave",
        said(PAST, complaints(burst(9), authors=1), complaints(burst(12))),
        FIRED,
        Reason.ABOVE_BASELINE,
    ),
    (
        "more than half of it by one person, beside a wave",
        said(PAST, complaints(burst(40), authors=1), complaints(burst(25))),
        HELD,
        Reason.ONE_LOUD_AUTHOR,
    ),
    (
        "one story and as usual otherwise",
        said(PAST, complaints(burst(21), stories=1), complaints(burst(5))),
        HELD,
        Reason.ONE_STORY,
    ),
    (
        "one story beside a wave",
        said(PAST, complaints(burst(21), stories=1), complaints(burst(12))),
        FIRED,
        Reason.ABOVE_BASELINE,
    ),
    (
        "one story, and usually nobody complains",
        said(posts(ordinary(2, per_day=120)), complaints(burst(500), stories=1)),
        HELD,
        Reason.ONE_STORY,
    ),
    (
        "one person, and usually nobody complains",
        said(posts(ordinary(2, per_day=120)), complaints(burst(6), authors=1), complaints(burst(6), authors=3)),
        HELD,
        Reason.TOO_FEW_AUTHORS,
    ),
    ("a few people in a quarrel", said(FEW, complaints(burst(30), authors=4)), HELD, Reason.TOO_FEW_AUTHORS),
    ("five people in a quarrel", said(FEW, complaints(burst(30), authors=5)), FIRED, Reason.ABOVE_BASELINE),
    ("an hour known, many complaints", said((), complaints(burst(31, minutes=50))), None, None),
    (
        "an hour known, by few people",
        said((), complaints(burst(40, minutes=50), authors=19)),
        HELD,
        Reason.STILL_LEARNING,
    ),
    (
        "an hour known, by many people",
        said((), complaints(burst(32, minutes=50), authors=20)),
        FIRED,
        Reason.ABOVE_BASELINE,
    ),
    (
        "two mentions a week, one more",
        said(complaints(ordinary(6, per_day=0.3)), posts([NOON], NEGATIVE)),
        None,
        None,
    ),
]


@pytest.mark.parametrize(
    ("mentions", "verdict", "reason"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_what_is_decided_over_complaints(mentions: list[Said], verdict: Verdict | None, reason: Reason | None) -> None:
    signal = judged(mentions)
    assert (signal and signal.verdict, signal and signal.reason) == (verdict, reason)


@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        (
            "a wave",
            "13 people complained in the last hour (13 negative mentions); usually about 3 at this time of day.",
        ),
        ("half a wave", "12 negative mentions in the last hour; usually about 3 at this time of day."),
        (
            "too few to wake anybody",
            (
                "7 people complained in the last hour (7 negative mentions); usually hardly any at this time of day. "
                "Held: nobody is woken for fewer than 8."
            ),
        ),
        (
            "one person all night",
            (
                "4 people complained in the last hour (43 negative mentions); usually about 3 at this time of day. "
                "Held: 40 of 43 are by one author."
            ),
        ),
        (
            "one person and as usual otherwise",
            (
                "11 people complained in the last hour (16 negative mentions); usually about 3 at this time of day. "
                "Held: 6 of 16 are by one author, and without them it is as usual."
            ),
        ),
        (
            "one story and as usual otherwise",
            (
                "29 people complained in the last hour (29 negative mentions); usually about 3 at this time of day. "
                "Held: 21 of 29 tell one story again, and without them it is as usual."
            ),
        ),
        (
            "a few people in a quarrel",
            (
                "4 people complained in the last hour (30 negative mentions); usually hardly any at this time of day. "
                "Held: a wave needs at least 5 people."
            ),
        ),
        (
            "an hour known, by few people",
            (
                "19 people complained in the last hour (40 negative mentions); what is usual is still being learned. "
                "Held: less than two days are known, so what is usual is still being learned."
            ),
        ),
    ],
)
def test_the_sentence_says_how_many_what_is_usual_and_what_held_it(case: str, sentence: str) -> None:
    signal = judged(next(mentions for name, mentions, *_ in CASES if name == case))
    assert signal is not None
    assert signal.sentence == sentence


@pytest.mark.parametrize(
    ("sensitivity", "fewest"), [(Sensitivity.LOW, 12), (Sensitivity.NORMAL, 10), (Sensitivity.HIGH, 9)]
)
def test_a_sensitive_team_is_told_of_fewer(sensitivity: Sensitivity, fewest: int) -> None:
    found = [
        negative_wave.evaluate(Talk([*PAST, *complaints(burst(number))]).view(sensitivity=sensitivity))
        for number in (fewest - 1, fewest)
    ]
    assert [signal and signal.verdict for signal in found] == [GOES_ON, FIRED]


@pytest.mark.parametrize(
    ("least_people", "authors", "number", "reason"),
    [
        (1, 3, 30, Reason.ABOVE_BASELINE),
        (3, 3, 30, Reason.ABOVE_BASELINE),
        (4, 3, 30, Reason.TOO_FEW_AUTHORS),
        (12, 30, 11, Reason.TOO_FEW_MENTIONS),
        (12, 30, 12, Reason.ABOVE_BASELINE),
        (1, 30, 7, Reason.TOO_FEW_MENTIONS),
    ],
)
def test_a_team_says_how_many_people_a_wave_takes_but_eight_complaints_it_always_is(
    least_people: int, authors: int, number: int, reason: Reason
) -> None:
    talk = Talk([*FEW, *complaints(burst(number), authors=authors)])
    signal = negative_wave.evaluate(talk.view(least_people=least_people))
    assert signal is not None
    assert signal.reason is reason


@pytest.mark.parametrize(
    ("others", "reason"),
    [(0, Reason.ABOVE_BASELINE), (60, Reason.ABOVE_BASELINE), (200, Reason.LESS_NEGATIVE), (600, Reason.LESS_NEGATIVE)],
)
def test_more_talk_that_is_less_negative_than_ever_is_no_more_anger(others: int, reason: Reason) -> None:
    """A third of this brand's talk is complaint."""
    signal = judged(PAST, complaints(burst(30)), posts(burst(others)))
    assert signal is not None
    assert (signal.reason, signal.verdict) == (reason, HELD if reason is Reason.LESS_NEGATIVE else FIRED)


def test_more_talk_says_what_part_of_it_is_negative_and_what_part_usually_is() -> None:
    signal = judged(PAST, complaints(burst(30)), posts(burst(300)))
    assert signal is not None
    assert signal.sentence.endswith(
        "Held: of what could be judged 10% is negative, usually 34%: more talk, not more anger."
    )


def test_what_could_not_be_judged_is_no_talk_without_anger() -> None:
    signal = judged(PAST, complaints(burst(30)), posts(burst(600), UNSCORED))
    assert signal is not None
    assert signal.verdict is FIRED
    assert signal.negative_share == pytest.approx(33 / 36)


def test_while_too_little_is_known_it_is_not_known_what_part_is_negative() -> None:
    day = [one for one in PAST if one.at > NOON - 20 * HOUR]
    signal = judged(day, complaints(burst(60)), posts(burst(600)))
    assert signal is not None
    assert (signal.verdict, signal.learning) == (FIRED, True)


@pytest.mark.parametrize("hours", [0.5, 1, 1.5, 2, 2.5])
def test_talk_without_anger_is_no_slow_wave_either_once_it_is_over(hours: float) -> None:
    signal = judged(PAST, complaints(burst(30)), posts(burst(600)), at=NOON + hours * HOUR)
    assert signal is None or signal.verdict is not FIRED


@pytest.mark.parametrize("number", range(8, 40))
def test_where_all_is_complaint_as_ever_a_wave_is_not_less_negative(number: int) -> None:
    signal = judged(complaints(ordinary(1, per_day=10)), complaints(burst(number)))
    assert signal is not None
    assert signal.reason is Reason.ABOVE_BASELINE


def test_the_figures_of_a_wave_are_those_of_its_hour() -> None:
    signal = judged(PAST, complaints(burst(58)), complaints(burst(2), authors=1))
    assert signal is not None
    assert (signal.observed, signal.authors, signal.stories, signal.window) == (63, 62, 63, HOUR)
    assert signal.loudest_share == pytest.approx(2 / 63, abs=0.001)
    assert signal.since == NOON - 20 * MINUTE
    assert signal.expected == pytest.approx(3.4, abs=0.1)
    assert signal.beyond > 5


def test_a_wave_goes_on_while_it_is_far_beyond_the_usual_and_is_over_an_hour_later() -> None:
    talk = Talk([*PAST, *complaints(burst(14))])
    found = [negative_wave.evaluate(talk.view(NOON + place * BUCKET)) for place in range(24)]
    verdicts = [signal and signal.verdict for signal in found]
    assert verdicts[0] is FIRED
    assert GOES_ON in verdicts
    assert FIRED not in verdicts[verdicts.index(GOES_ON) :]
    assert not any(verdicts[12:])


def test_what_people_say_all_day_every_day_is_usual() -> None:
    """Ten times as much as before, for a fortnight."""
    before = ordinary(1, per_day=40, days=14, until=NOON - 14 * DAY)
    assert judged(complaints([*before, *ordinary(2, per_day=400, days=14)])) is None


def test_somebody_without_an_author_is_a_voice_by_themselves() -> None:
    signal = judged(FEW, posts(burst(8), NEGATIVE))
    assert signal is not None
    assert signal.authors == 8
