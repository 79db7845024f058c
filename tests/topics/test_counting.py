from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.topics.talk import each, said
from topics.counting import MOST_CHARACTERS, MOST_WORDS, Read, Tally, frequent, tally, wanted
from topics.phrases import whole_phrases
from topics.said import RING, Said, everything, piece
from topics.terms import Key, Kind, Reader, Term

sentences = some.lists(some.sampled_from(("late", "bag", "on", "hold", "the", "crew")), min_size=1, max_size=8).map(
    " ".join
)


def read(texts: Sequence[Said]) -> list[Read]:
    return [(one, Reader().read(one)) for one in texts]


def row(phrase: str) -> Term:
    return Kind.WORDS, tuple(phrase.split())


def counted(texts: Sequence[Said], *phrases: str) -> Tally:
    return tally(read(texts), wanted(map(row, phrases)))


def keys(texts: Sequence[Said], least: int) -> set[Key]:
    return {key for kind, key in frequent([terms for _, terms in read(texts)], least) if kind is Kind.WORDS}


@given(some.lists(sentences, max_size=12), some.integers(1, 4))
def test_frequent_rows_are_those_that_enough_texts_hold(contents: list[str], least: int) -> None:
    found = keys(each(contents), least)
    for phrase in ("late", "bag", "on hold", "bag on hold", "hold the crew", "late late"):
        texts = sum(f" {phrase} " in f" {content} " for content in contents)
        assert (tuple(phrase.split()) in found) == (texts >= least)


def test_rows_are_no_longer_than_three_words_and_twelve_characters() -> None:
    told = each(["lost bag late crew", "航班取消了没有人告诉我们怎么办"] * 3)
    assert {len(key) for key in keys(told, 3) if isinstance(key, tuple)} == set(range(1, MOST_WORDS + 1))
    assert max(len(key) for key in keys(told, 3) if isinstance(key, str)) == MOST_CHARACTERS


@given(some.lists(some.tuples(sentences, some.sampled_from("abc"), some.integers(1, 3)), max_size=20))
def test_no_term_counts_for_more_than_its_voices_its_stories_or_the_whole(
    given_texts: list[tuple[str, str, int]],
) -> None:
    told = [said(n, text, voice=voice, story_id=story) for n, (text, voice, story) in enumerate(given_texts)]
    found = counted(told, "late", "on hold", "bag")
    assert found.texts == len(told)
    for uses in (found.whole, *found.by_term.values()):
        assert uses.count <= min(uses.voices, uses.stories)
        assert (uses.count > 0) == (uses.voices > 0)


def test_a_term_that_is_used_twice_in_a_text_counts_once_and_its_first_use_is_its_example() -> None:
    found = counted(each(["so late, so very late", "late again"], first=7), "late").by_term[row("late")]
    assert (found.count, found.first) == (2, 7)


def test_a_day_is_that_of_utc_wherever_the_time_was_written() -> None:
    east = timezone(timedelta(hours=9))
    moments = (datetime(2026, 3, 4, 23, 0, tzinfo=UTC), datetime(2026, 3, 5, 8, 30, tzinfo=east))
    told = [said(n, "late", at, voice="ana") for n, at in enumerate(moments)]
    assert counted(told, "late").count(row("late")) == 1


@pytest.mark.parametrize(
    ("contents", "found", "kept"),
    [
        # Most of its uses are of the phrase: it is the phrase.
        (["on hold"] * 5 + ["hold it"], ["hold", "on hold"], {"on hold"}),
        # A third of them: the words say as much, and more.
        (["lost bag"] * 2 + ["lost"] * 4 + ["bag"] * 4, ["lost", "bag", "lost bag"], {"lost", "bag"}),
        # A phrase whose words are usual by themselves stays.
        (["flight 3411"] * 3 + ["flight"] * 9, ["flight 3411"], {"flight 3411"}),
        # The longest of those that account for one another.
        (
            ["customer service desk"] * 4,
            ["service", "customer service", "customer service desk"],
            {"customer service desk"},
        ),
        # It ends in a word that turns nothing here.
        (["bag on"] * 3 + ["bag"] * 9, ["bag", "bag on"], {"bag"}),
    ],
)
def test_phrases_and_their_parts(contents: list[str], found: list[str], kept: set[str]) -> None:
    told = counted(each(contents), *found, "flight", "bag", "hold")
    assert whole_phrases(map(row, found), told) == set(map(row, kept))


@given(some.integers(1, 10_000), some.integers(0, 10**7))
def test_a_piece_of_the_ring_holds_everything_or_the_part_that_is_wanted(most: int, total: int) -> None:
    share = piece(most, total) / RING
    assert share == 1 if total <= most else share == pytest.approx(most / total, abs=1 / RING)


def test_a_sample_of_a_sample_that_is_small_enough_is_itself() -> None:
    some_of = everything(each(["late"] * 500)).sample(100)
    assert some_of.total == 500
    assert some_of.sample(len(some_of.said)) == some_of
