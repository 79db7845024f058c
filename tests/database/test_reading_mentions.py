from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, update

from database.correcting import correct
from database.corrections import Key, Verdict
from database.exported import oldest_first
from database.listening import About, Heard, store
from database.reading_mentions import (
    BrandMention,
    Place,
    Wanted,
    count_mentions,
    find_mention,
    languages_present,
    list_corrected,
    list_mentions,
    names_present,
)
from database.session import Database
from database.tables import MentionRow
from mentions.matching import Match, MatchReason
from mentions.mention import Rating
from sentiment.score import Label, Score
from tests.installations import NOON, said
from topics.tag import CATEGORY, Tag

OUTAGE, PRICE, APP = Tag(CATEGORY, "outage", "down"), Tag(CATEGORY, "price", "fee"), Tag("product", "app", "app")


def heard(number: int, tags: Sequence[Tag], brands: str = "a", *, minutes: int = 0) -> Heard:
    score = Score(0.0, Label.NEUTRAL, "test")
    mention = said(f"words {number}", NOON - timedelta(minutes=minutes), number=number, handle="@ann")
    about = (About(Match(brand, MatchReason.PHRASE, brand), score, tuple(tags)) for brand in brands)
    return Heard(mention, tuple(about))


def keep(connection: Connection, *some: Heard) -> None:
    connection.execute(delete(MentionRow))
    store(connection, "forum", some, NOON)


def numbers(mentions: Sequence[BrandMention]) -> list[str]:
    return [one.text.removeprefix("words ") for one in mentions]


def key_of(connection: Connection, number: int) -> Key:
    [found] = list_mentions(connection, Wanted(("a",), text=f"words {number}"), None, 2)
    return found.key


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"tag": "category:outage"}, ["1", "2"]),
        ({"tag": "category:price"}, ["2"]),
        ({"tag": "product:app"}, ["3"]),
        ({"tag": "category:app"}, []),
        ({"tag": "nonsense"}, []),
        ({"tag": "category:outage", "since": NOON - timedelta(minutes=1)}, ["1"]),
        ({"tag": "category:outage", "until": NOON - timedelta(minutes=1)}, ["2"]),
        ({"tag": "category:outage", "text": "words 2"}, ["2"]),
        ({"tag": "category:outage", "brands": ("b",)}, []),
    ],
)
def test_a_tag_chooses_for_the_list_its_count_and_the_file(
    database: Database, wanted: dict[str, object], found: list[str]
) -> None:
    asked = Wanted(**{"brands": ("a",), **wanted})  # type: ignore[arg-type]  # a table of fields
    with database.writing() as connection:
        keep(connection, heard(1, [OUTAGE], minutes=1), heard(2, [OUTAGE, PRICE], minutes=2), heard(3, [APP]))
        assert numbers(list_mentions(connection, asked, None, 9)) == found
        assert count_mentions(connection, asked, 9) == len(found)
        exported = [one.text for brand in asked.brands for one in oldest_first(connection, brand, asked, None, 9)]
        assert exported == [f"words {one}" for one in reversed(found)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    posts=st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.sampled_from(["a", "b", "ab"])), max_size=12),
    limit=st.integers(1, 4),
)
def test_page_by_page_every_mention_of_a_tag_comes_once(
    database: Database, posts: list[tuple[int, bool, str]], limit: int
) -> None:
    with database.reading() as connection:
        keep(
            connection,
            *(
                heard(n, [OUTAGE] if tagged else [APP], brands, minutes=at)
                for n, (at, tagged, brands) in enumerate(posts)
            ),
        )
        pages: list[Place] = []
        asked = Wanted(("a", "b"), tag="category:outage")
        while page := list_mentions(connection, asked, pages[-1] if pages else None, limit):
            pages += [one.place for one in page]
        connection.rollback()
    assert pages == sorted(pages, reverse=True)
    assert len(pages) == len(set(pages)) == sum(len(brands) for _, tagged, brands in posts if tagged)


def test_the_names_of_a_kind_are_those_that_mentions_of_these_brands_have(database: Database) -> None:
    with database.writing() as connection:
        keep(connection, heard(1, [PRICE, OUTAGE]), heard(2, [OUTAGE], "b"), heard(3, [APP], "b"))
        assert names_present(connection, ["a", "b"], CATEGORY) == ("outage", "price")
        assert names_present(connection, ["b"], CATEGORY) == ("outage",)
        assert names_present(connection, ["a"], "product") == names_present(connection, [], CATEGORY) == ()


@pytest.mark.parametrize("verdict", [None, Verdict.NEGATIVE, Verdict.WRONG_MATCH])
def test_a_mention_is_found_as_it_stands_also_when_it_was_taken(database: Database, verdict: Verdict | None) -> None:
    with database.writing() as connection:
        keep(connection, heard(1, []))
        key = key_of(connection, 1)
        before = find_mention(connection, key)
        if verdict:
            correct(connection, [key], verdict, "dana", NOON)
        found = find_mention(connection, key)
        assert before
        assert found
        assert found.label == ("negative" if verdict is Verdict.NEGATIVE else "neutral")
        assert (found.author, found.place, found.evidence) == ("@ann", before.place, "a")
        assert find_mention(connection, (key[0], "b")) is None


def test_what_was_said_is_listed_with_the_last_word_first(database: Database) -> None:
    with database.writing() as connection:
        keep(connection, *(heard(number, [], minutes=number) for number in range(4)))
        for number, verdict in ((2, Verdict.POSITIVE), (0, Verdict.WRONG_MATCH), (1, Verdict.NEGATIVE)):
            correct(connection, [key_of(connection, number)], verdict, "lee", NOON - timedelta(minutes=number // 2))
        found = list_corrected(connection, ["a"], None, 2)
        assert {one.text for _, one in found} == {"words 0", "words 1"}
        assert {one.label for _, one in found} == {"neutral", "negative"}
        [(_, last)] = list_corrected(connection, ["a"], found[-1][0], 2)
        assert (last.text, last.label) == ("words 2", "positive")
        connection.execute(update(MentionRow).values(author=None, handle=None))
        assert [one.author for _, one in list_corrected(connection, ["a", "b"], None, 9)] == [None] * 3
        assert list_corrected(connection, ["b"], None, 2) == ()


def rated(number: int, language: str | None, rating: Rating | None) -> Heard:
    """A mention by ``@ann<number>`` with as many followers, each telling a story of its own."""
    words = f"words{number} " * 9
    mention = said(
        words, NOON, number=number, handle=f"@ann{number}", followers=number, language=language, rating=rating
    )
    return Heard(mention, (About(Match("a", MatchReason.PHRASE, "a"), Score(0.0, Label.NEUTRAL, "test")),))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"author": "@ann2"}, {2}),
        ({"author": "ann2"}, set()),
        ({"reach": 3}, {3, 4}),
        ({"language": "de"}, {1, 3}),
        ({"language": "unknown"}, {4}),
        ({"rating": "any"}, {1, 2, 3}),
        ({"rating": "low"}, {1}),
        ({"rating": "middle"}, {2}),
        ({"rating": "high"}, {3}),
        ({"corrected": True}, {2}),
        ({"language": "de", "rating": "high", "reach": 2}, {3}),
    ],
)
def test_mentions_are_told_apart_by_voice_reach_language_rating_and_correction(
    database: Database, wanted: dict[str, object], found: set[int]
) -> None:
    some = [
        rated(1, "de", Rating(2, 1, 5)),
        rated(2, "en", Rating(3, 1, 5)),
        rated(3, "de", Rating(1, 6, 1)),  # a mark of a school, where one is the best
        rated(4, None, None),
    ]
    with database.writing() as connection:
        keep(connection, *some)
        [second] = list_mentions(connection, Wanted(("a",), author="@ann2"), None, 9)
        correct(connection, [second.key], Verdict.NEUTRAL, "dana", NOON)
        asked = Wanted(("a",), **wanted)  # type: ignore[arg-type]  # names of its fields
        assert {one.followers for one in list_mentions(connection, asked, None, 9)} == found
        assert count_mentions(connection, asked, 9) == len(found)
        assert {one.followers for one in oldest_first(connection, "a", asked, None, 9)} == found


def test_a_story_is_all_that_tell_it_and_some_mentions_may_be_asked_for_alone(database: Database) -> None:
    with database.writing() as connection:
        words = "the hotline of the airline has been dead since early this morning and nobody knows why"
        alike = [replace(heard(n, ()), mention=said(words, NOON, number=n)) for n in (1, 2)]
        keep(connection, *alike, heard(3, ()))
        every = list_mentions(connection, Wanted(("a",)), None, 9)
        story = {one.story_id for one in every if one.text == words}
        assert len(story) == 1
        told = list_mentions(connection, Wanted(("a",), story=story.pop() or 0), None, 9)
        assert [one.text for one in told] == [words, words]
        alone = next(one for one in every if one.text != words)
        assert list_mentions(connection, Wanted(("a",), story=alone.id), None, 9) == (alone,)
        assert list_mentions(connection, Wanted(("a",), among=(alone.id, 99)), None, 9) == (alone,)
        assert list_mentions(connection, Wanted(("a",), among=()), None, 9) == ()
        assert languages_present(connection, ["a"]) == ()


def test_languages_that_were_heard_are_offered(database: Database) -> None:
    with database.writing() as connection:
        keep(connection, rated(1, "de", None), rated(2, "en", None), rated(3, None, None))
        assert languages_present(connection, ["a", "b"]) == ("de", "en")
