"""Several people use words after which a team wants to know at once."""

from __future__ import annotations

import pytest

from detection import critical_words
from detection.signal import Reason, Signal, Verdict
from detection.view import Said
from detection.waking import Sensitivity
from tests.detection.views import Talk, burst, ordinary, posts
from tests.installations import NOON

TALK = posts(ordinary(2, per_day=200))
# An airline's talk, in which a word or two of them is always heard.
HEARD = posts(ordinary(5, per_day=40), critical=("crash",))
FIRED, HELD, GOES_ON = Verdict.FIRED, Verdict.HELD, Verdict.GOES_ON


def critical(number: int, *words: str, authors: int | None = None, stories: int | None = None) -> list[Said]:
    return posts(burst(number), critical=words or ("recall",), authors=authors, stories=stories)


CASES: list[tuple[str, list[Said], Verdict | None, Reason | None]] = [
    ("nobody", TALK, None, None),
    ("one is a figure of speech", [*TALK, *critical(1)], None, None),
    ("two may answer each other", [*TALK, *critical(2)], HELD, Reason.TOO_FEW_MENTIONS),
    ("three people", [*TALK, *critical(3)], FIRED, Reason.ABOVE_BASELINE),
    ("one person again and again", [*TALK, *critical(9, authors=1)], HELD, Reason.ONE_LOUD_AUTHOR),
    ("two people in turn", [*TALK, *critical(8, authors=2)], HELD, Reason.TOO_FEW_AUTHORS),
    ("three people in turn", [*TALK, *critical(9, authors=3)], FIRED, Reason.ABOVE_BASELINE),
    ("one story told again", [*TALK, *critical(9, stories=1)], HELD, Reason.ONE_STORY),
    ("as many as ever", HEARD, None, None),
    ("a few more than ever", [*HEARD, *critical(6)], GOES_ON, Reason.STILL_RAISED),
    ("many more than ever", [*HEARD, *critical(12)], FIRED, Reason.ABOVE_BASELINE),
    ("an hour known", critical(11), None, None),
    ("an hour known, and four times as many", critical(12), FIRED, Reason.ABOVE_BASELINE),
    ("an hour known, by few people", critical(12, authors=11), HELD, Reason.STILL_LEARNING),
]


def judged(mentions: list[Said]) -> Signal | None:
    return critical_words.evaluate(Talk(mentions).view())


@pytest.mark.parametrize(
    ("mentions", "verdict", "reason"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_what_is_decided_over_critical_words(
    mentions: list[Said], verdict: Verdict | None, reason: Reason | None
) -> None:
    signal = judged(mentions)
    assert (signal and signal.verdict, signal and signal.reason) == (verdict, reason)


def test_the_sentence_names_the_words_the_most_frequent_first_and_equals_by_name() -> None:
    signal = judged([*TALK, *critical(2, "recall", "death"), *critical(2, "breach"), *critical(2, "death")])
    assert signal is not None
    assert signal.sentence == (
        "6 people used critical words (death, breach, recall) in the last hour (6 such mentions); usually hardly any "
        "at this time of day."
    )


def test_a_held_one_names_them_too_and_one_that_goes_on_only_how_many() -> None:
    held, goes_on = judged([*TALK, *critical(2)]), judged([*HEARD, *critical(6)])
    assert held is not None
    assert held.sentence.startswith("2 people used critical words (recall) in the last hour (2 such mentions);")
    assert held.sentence.endswith("Held: nobody is woken for fewer than 3.")
    assert goes_on is not None
    assert goes_on.sentence.endswith(" such mentions in the last hour; usually about 3 at this time of day.")


@pytest.mark.parametrize("sensitivity", Sensitivity)
@pytest.mark.parametrize("least_people", [1, 20])
def test_three_people_are_enough_whatever_a_wave_of_complaints_takes(
    sensitivity: Sensitivity, least_people: int
) -> None:
    view = Talk([*TALK, *critical(3)]).view(sensitivity=sensitivity, least_people=least_people)
    signal = critical_words.evaluate(view)
    assert signal is not None
    assert signal.verdict is FIRED


def test_words_of_whatever_tone_count() -> None:
    """Bad news is often told soberly, and then no complaint is counted."""
    signal = judged([*TALK, *critical(4)])
    assert signal is not None
    assert (signal.observed, signal.negative_share, signal.at) == (4, 0.0, NOON)
