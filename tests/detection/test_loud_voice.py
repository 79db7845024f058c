"""One complaint by somebody whom extremely many follow."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from detection import loud_voice
from detection.signal import Reason, Signal, Verdict
from detection.view import Said
from detection.waking import Sensitivity
from sentiment.score import Label
from tests.detection.views import HOUR, NEGATIVE, NEUTRAL, POSITIVE, Talk, burst, complaints, posts
from tests.installations import NOON

# A thousand authors: most have some hundred followers, one in fifty 20,000, and eight 60,000.
MANY = [*range(1, 981), *[20_000] * 12, *[60_000] * 8]
SMALL = [*range(1, 981), *[2_000] * 12, *[6_000] * 8]


def judged(
    *mentions: Said, reaches: Sequence[int] = MANY, sensitivity: Sensitivity = Sensitivity.NORMAL
) -> Signal | None:
    talk = Talk([*complaints(burst(3)), *mentions], reaches=reaches)
    return loud_voice.evaluate(talk.view(sensitivity=sensitivity))


def complaint(reach: int | None) -> Said:
    return posts([NOON - 10 * HOUR / 60], NEGATIVE, reach=reach)[0]


CASES: list[tuple[str, int | None, Sequence[int], bool]] = [
    ("nobody knows", None, MANY, False),
    ("nobody", 0, MANY, False),
    ("an ordinary author", 700, MANY, False),
    ("one more than the loudest", 60_001, MANY, True),
    ("one of the louder ones", 20_000, MANY, False),
    ("between the louder ones and the loudest", 40_000, MANY, False),
    ("as many as the loudest", 60_000, MANY, False),
    ("more than anybody", 500_000, MANY, True),
    ("more than anybody, and not many", 9_999, SMALL, False),
    ("more than anybody, and enough", 10_000, SMALL, True),
    ("enough, and one in twenty has more", 10_000, [*range(1, 951), *range(20_000, 70_000, 1_000)], False),
    ("enough, but who usually speaks is not known", 10_000, SMALL[:49], False),
    ("ten times enough", 100_000, (), False),
    ("ten times enough and more", 100_001, (), True),
    ("ten times enough and more, but usual here", 100_000, [200_000] * 50, False),
]


@pytest.mark.parametrize(("reach", "reaches", "fires"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_voice_is_loud_where_nobody_who_spoke_lately_has_as_many_followers(
    reach: int | None, reaches: Sequence[int], *, fires: bool
) -> None:
    signal = judged(complaint(reach), reaches=reaches)
    assert (signal is not None) is fires
    if signal:
        assert (signal.verdict, signal.reason, signal.reach) == (Verdict.FIRED, Reason.EXTREME_REACH, reach)


@pytest.mark.parametrize("tone", [NEUTRAL, POSITIVE])
def test_praise_and_talk_by_a_loud_voice_are_no_trouble(tone: Label) -> None:
    assert judged(*posts(burst(1), tone, reach=5_000_000)) is None


def test_a_complaint_of_more_than_an_hour_ago_is_none_of_now() -> None:
    assert judged(*posts([NOON - 1.2 * HOUR], NEGATIVE, reach=5_000_000)) is None


def test_who_is_known_to_be_heard_far_is_no_news_again() -> None:
    """A newspaper with five million readers writes of the brand every week."""
    assert judged(complaint(5_000_000), reaches=[*MANY, 5_000_000]) is None


def test_the_loudest_of_several_is_told_with_all_that_they_said() -> None:
    three = posts(burst(3), NEGATIVE, authors=1, reach=300_000)
    signal = judged(complaint(90_000), *three)
    assert signal is not None
    assert (signal.observed, signal.authors, signal.stories, signal.loudest_share) == (3, 1, 3, 1.0)
    assert (signal.reach, signal.since) == (300_000, three[-1].at)
    assert signal.negative_share == 1.0


def test_the_sentence_says_how_many_follow_them_and_how_few_have_more() -> None:
    signal = judged(complaint(90_000))
    assert signal is not None
    assert signal.sentence == (
        "Somebody with 90,000 followers complained: more than any of the 1,000 authors of the last two weeks has, the "
        "farthest heard of whom has 60,000."
    )
    assert signal.beyond == 1.5
    unknown = judged(complaint(120_000), reaches=())
    assert unknown is not None
    assert unknown.sentence == (
        "Somebody with 120,000 followers complained: how many follow those who usually speak is not known yet."
    )
    assert unknown.beyond == 1.2


@pytest.mark.parametrize(
    ("sensitivity", "fires"),
    [
        (Sensitivity.LOW, (False, False, False, True)),
        (Sensitivity.NORMAL, (False, False, True, True)),
        (Sensitivity.HIGH, (False, True, True, True)),
    ],
)
def test_a_sensitive_team_is_told_of_less_extreme_ones(sensitivity: Sensitivity, fires: tuple[bool, ...]) -> None:
    """The farthest heard has 60,000 followers: low takes half as many again, high seven tenths."""
    found = (judged(complaint(reach), sensitivity=sensitivity) for reach in (42_000, 43_000, 61_000, 91_000))
    assert tuple(signal is not None for signal in found) == fires


def test_followers_are_looked_up_for_loud_voices_only() -> None:
    view = Talk([complaint(9_999)], reaches=MANY).view()
    assert loud_voice.evaluate(view) is None
    assert view.asked["reaches"] == 0
