"""Who is behind some mentions, and since when they rise."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.buckets import BUCKET, Bucket
from detection.signal import Reason, Signal, Verdict
from detection.view import RECENT, Said, Series, Voices, counted, voices_of
from detection.wave import people, since_of
from tests.detection.views import HOUR, MINUTE, NEGATIVE, UNSCORED, Talk, burst, complaints, posts
from tests.installations import NOON


def said(author: str, story: int, reach: int | None = None) -> Said:
    return Said(1, NOON, author, story, NEGATIVE, reach)


@pytest.mark.parametrize(
    ("mentions", "voices"),
    [
        ([], Voices()),
        ([said("a", 1)], Voices(1, 1, 1, 1, 1, 1)),
        ([said("a", 1, 7), said("a", 2), said("b", 2, 9)], Voices(3, 2, 2, 2, 2, 2, 9)),
        ([said("a", 1), said("a", 1), said("b", 2), said("c", 2)], Voices(4, 3, 2, 2, 2, 1)),
        ([said("a", 1, 0)], Voices(1, 1, 1, 1, 1, 1, 0)),
    ],
)
def test_voices_are_counted_by_author_and_by_story(mentions: list[Said], voices: Voices) -> None:
    assert voices_of(mentions) == voices


@given(st.lists(st.builds(said, st.sampled_from("abcd"), st.integers(1, 4), st.none() | st.integers(0, 9))))
def test_no_voice_is_louder_than_all_and_none_is_lost(mentions: list[Said]) -> None:
    voices = voices_of(mentions)
    assert voices.mentions == len(mentions)
    assert voices.loudest <= voices.mentions <= voices.loudest * voices.authors
    assert voices.retold_by <= voices.retold <= voices.mentions <= voices.retold * voices.stories
    assert voices == voices_of([*reversed(mentions)])


@pytest.mark.parametrize(
    ("counts", "raised", "buckets"),
    [
        ([], 1, None),
        ([1, 1, 1], 1, None),
        ([1, 1, 2], 1, 1),
        ([2, 1, 2], 1, 3),
        ([9, 1, 1, 2, 2], 1, 2),
        ([9, 9, 1, 9, 1], 1, 5),
        ([9, 1, 1], 1, None),
        ([1, 9, 9, 1, 9, 9, 9, 9, 9], 2.5, 8),
    ],
)
def test_the_rise_began_where_the_counts_rose(counts: list[int], raised: float, buckets: int | None) -> None:
    first = NOON - len(counts) * BUCKET
    made = [Bucket(first + n * BUCKET, negative=count) for n, count in enumerate(counts)]
    assert since_of(made, Series.NEGATIVE, raised) == (None if buckets is None else NOON - buckets * BUCKET)


def test_an_hour_is_twelve_buckets_of_which_the_last_may_not_be_over() -> None:
    view = Talk([*complaints(burst(24, minutes=120)), *posts(burst(5), UNSCORED)]).view()
    assert counted(view, Series.NEGATIVE) == 12
    assert counted(view, Series.NEGATIVE, 2 * HOUR) == 24
    assert (counted(view, "scored"), counted(view, Series.MENTIONS)) == (12, 17)
    assert counted(Talk(complaints(burst(24, minutes=120))).view(NOON + MINUTE), Series.NEGATIVE) == 11


def test_a_view_holds_the_newest_buckets_in_order_and_the_mentions_of_a_window() -> None:
    view = Talk(complaints(burst(30, minutes=180))).view()
    assert len(view.recent) * BUCKET == RECENT
    assert [bucket.start for bucket in view.recent[-2:]] == [NOON - 2 * BUCKET, NOON - BUCKET]
    assert len(view.said(HOUR)) == 10
    assert len(view.weighed(Series.NEGATIVE)) == len(view.recent)


@pytest.mark.parametrize(("number", "words"), [(0, "0 people"), (1, "1 person"), (1_234, "1,234 people")])
def test_people_are_told_in_words(number: int, words: str) -> None:
    assert people(number) == words


@pytest.mark.parametrize(
    ("observed", "expected", "window", "ratio", "hourly"),
    [(30, 10, HOUR, 3, 30), (30, 0.2, HOUR, 30, 30), (31, 10, 3 * HOUR, 3.1, 11), (7, 1, HOUR / 4, 7, 7)],
)
def test_signals_over_windows_of_different_length_compare(
    observed: int, expected: float, window: timedelta, ratio: float, hourly: int
) -> None:
    reason = Reason.ABOVE_BASELINE
    kept = (observed, expected, 9.0, window, NOON, None, 5, 0.1, "Many.")
    signal = Signal("northwind", "negative_wave", Verdict.FIRED, reason, *kept)
    assert signal.ratio == pytest.approx(ratio)
    assert signal.hourly == hourly
