from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from voices.answer import Mood, Window, answer, length_in_words, percent
from voices.crowd import Crowd, Familiarity, People, Tones

DAY = timedelta(days=1)
CALM = (Tones(5, 30, 5), Tones(4, 31, 5), Tones(6, 28, 6, 3), Tones(5, 30, 5))


def window(
    tones: Tones,
    *,
    people: int | None = None,
    angry: int | None = None,
    loudest: int = 1,
    stories: int | None = None,
    past: tuple[Tones, ...] = CALM,
) -> Window:
    """A window in which everybody speaks once, unless more is said."""
    voices = Crowd(tones.mentions, tones.mentions if people is None else people, loudest, tones.mentions)
    complaining = tones.negative if angry is None else angry
    complaints = Crowd(tones.negative, complaining, loudest, tones.negative if stories is None else stories)
    return Window(DAY, People(tones, voices, complaints, Familiarity()), past)


@pytest.mark.parametrize(
    ("asked", "mood"),
    [
        (window(Tones()), Mood.SILENCE),
        (window(Tones(unscored=9)), Mood.NOT_SCORED),
        (window(Tones(60, 20, 2), past=CALM[:2]), Mood.LEARNING),
        (window(Tones(5, 30, 5)), Mood.USUAL),
        (window(Tones(60, 20, 2)), Mood.ANGRIER),
        (window(Tones(60, 20, 2), loudest=31), Mood.FEW_LOUD),
        (window(Tones(60, 20, 2), angry=4), Mood.FEW_LOUD),
        (window(Tones(15, 90, 15)), Mood.BUSIER),  # three times as many of everything
        (window(Tones(5, 90, 5)), Mood.BUSIER),
        (window(Tones(4, 30, 40)), Mood.HAPPIER),
        (window(Tones(7, 30, 5)), Mood.USUAL),  # the most in a fortnight, and hardly more than usual
        (
            window(Tones(9, 9, 9), past=(Tones(1), *CALM, Tones(12))),
            Mood.USUAL,
        ),  # more than usual, but it has been more
        (window(Tones(12, 9, 9), past=(*CALM, Tones(12, 9, 9))), Mood.USUAL),  # as on another day
        (window(Tones(4, 0, 0), past=(Tones(), Tones(), Tones())), Mood.USUAL),  # four complaints are no crowd
    ],
)
def test_a_window_is_judged_against_those_before_it(asked: Window, mood: Mood) -> None:
    assert answer(asked).mood is mood


def test_an_angry_window_says_how_many_speak_how_many_they_are_and_what_is_usual() -> None:
    told = answer(window(Tones(151, 50, 11), people=190))
    assert told.headline == "People are angrier than usual."
    assert told.detail == ("212 posts in 24 hours by 190 people, 71% negative. Usually about 41 posts, 12% negative.")


def test_one_author_behind_most_complaints_is_named_as_one() -> None:
    told = answer(window(Tones(60, 20, 2), people=24, loudest=58))
    assert told.headline == "More complaints than usual, but few people make them."
    assert told.detail.endswith("One author wrote 58 of the 60 negative ones.")


def test_a_wave_of_copies_is_many_people_with_one_text_and_says_so() -> None:
    told = answer(window(Tones(200, 10, 0), stories=1))
    assert told.mood is Mood.ANGRIER
    assert told.detail.endswith("The 200 negative posts are copies of one text.")


def test_posts_that_are_not_scored_do_not_soften_the_share() -> None:
    assert "100% negative" in answer(window(Tones(60, unscored=600))).detail
    assert "none in a language that is scored" in answer(window(Tones(unscored=9))).detail


def test_silence_says_what_is_usual() -> None:
    assert answer(window(Tones())).detail == "No posts in 24 hours; usually about 41."
    assert answer(window(Tones(), past=())).detail == "No posts in 24 hours."


@given(some.builds(Tones, *[some.integers(0, 300)] * 4), some.lists(some.builds(Tones, *[some.integers(0, 300)] * 4)))
def test_more_complaints_never_make_people_less_angry(tones: Tones, past: list[Tones]) -> None:
    """Five people who take turns; what else is said stays as it is."""

    def mood(more: int) -> Mood:
        said = Tones(tones.negative + more, tones.neutral, tones.positive, tones.unscored)
        return answer(window(said, people=max(said.mentions, 1), past=tuple(past))).mood

    if mood(0) is Mood.ANGRIER:
        assert mood(50) is Mood.ANGRIER
    assert (mood(0) is Mood.LEARNING) <= (len(past) < 3)


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (DAY / 4, "6 hours"),
        (DAY, "24 hours"),
        (7 * DAY, "7 days"),
        (DAY / 24, "1 hour"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=5), "5 minutes"),
        (timedelta(minutes=61), "61 minutes"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(minutes=120), "2 hours"),
        (timedelta(minutes=150), "2.5 hours"),
        (2.5 * DAY, "2.5 days"),
    ],
)
def test_a_length_is_said_in_minutes_up_to_two_hours_and_in_hours_up_to_two_days(length: timedelta, words: str) -> None:
    assert length_in_words(length) == words


@pytest.mark.parametrize(
    ("share", "words"), [(0, "0%"), (0.004, "under 1%"), (0.71, "71%"), (0.996, "over 99%"), (1, "100%")]
)
def test_a_share_is_never_rounded_to_none_or_all(share: float, words: str) -> None:
    assert percent(share) == words
