from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, delete, select

from database.listening import About, Heard, store
from database.said import said_between
from database.session import Database
from database.tables import BrandMentionRow, MentionRow
from database.tags import Key, insert_tags, replace_tags, spoken_between, tag_counts, tags_of, values_of
from detection.view import voices_of
from mentions.matching import Match, MatchReason
from sentiment.score import Label, Score
from tests.installations import NOON, said
from topics.leading import Spoken
from topics.tag import CATEGORY, Tag

HOUR = timedelta(hours=1)
OUTAGE = Tag(CATEGORY, "outage", "is down")
PRICE = Tag(CATEGORY, "price", "hidden fees")
ECONOMY = Tag("product", "economy", "row 42")


def keep(  # a mention and what is known of it
    connection: Connection,
    number: int,
    *tags: Tag,
    brand: str = "a",
    author: str | None = None,
    at: datetime = NOON - HOUR,
    label: Label = Label.NEGATIVE,
    text: str = "",
) -> Key:
    mention = said(text or f"post {number}, like no other", at, number=number, author=author)
    about = About(Match(brand, MatchReason.PHRASE, brand), Score(0.0, label, "test"))
    store(connection, "forum", [Heard(mention, (about,))], NOON)
    mention_id = connection.execute(select(MentionRow.id).where(MentionRow.digest == mention.digest)).scalar_one()
    key = (mention_id, brand)
    insert_tags(connection, values_of(key, at, tags))
    return key


def test_the_tags_of_mentions_come_back_in_order_and_for_the_brand_asked_alone(database: Database) -> None:
    with database.writing() as connection:
        first = keep(connection, 1, ECONOMY, OUTAGE)
        other = keep(connection, 1, PRICE, brand="b")
        bare = keep(connection, 2)
        assert tags_of(connection, [first, bare]) == {first: (OUTAGE, ECONOMY)}
        assert tags_of(connection, {first, other}) == {first: (OUTAGE, ECONOMY), other: (PRICE,)}


def test_tags_that_are_there_already_are_kept_as_they_are(database: Database) -> None:
    with database.writing() as connection:
        key = keep(connection, 1, OUTAGE)
        insert_tags(connection, values_of(key, NOON, [Tag(CATEGORY, "outage", "other words"), PRICE]))
        insert_tags(connection, [])
        assert tags_of(connection, [key]) == {key: (OUTAGE, PRICE)}


def test_more_mentions_than_fit_a_statement_are_tagged_and_read(database: Database) -> None:
    with database.writing() as connection:
        keys = [keep(connection, number) for number in range(501)]
        assert replace_tags(connection, dict.fromkeys(keys, (OUTAGE,))) == 501
        assert len(tags_of(connection, keys)) == 501


def test_replacing_leaves_exactly_the_new_tags_and_tells_for_how_many_that_changed_something(
    database: Database,
) -> None:
    with database.writing() as connection:
        edited, same, bare = keep(connection, 1, OUTAGE, PRICE), keep(connection, 2, PRICE), keep(connection, 3)
        now = {edited: (ECONOMY, Tag(CATEGORY, "outage", "not working")), same: (PRICE,), bare: ()}
        assert replace_tags(connection, now) == 1
        assert tags_of(connection, now) == {edited: (Tag(CATEGORY, "outage", "not working"), ECONOMY), same: (PRICE,)}
        assert replace_tags(connection, now) == 0


def test_replaced_tags_stay_at_the_time_when_the_mention_was_published(database: Database) -> None:
    with database.writing() as connection:
        replace_tags(connection, {keep(connection, 1, at=NOON - 30 * HOUR): (OUTAGE,)})
        assert not tag_counts(connection, "a", NOON - 24 * HOUR, NOON)
        assert tag_counts(connection, "a", NOON - 30 * HOUR, NOON)


def test_a_mention_that_is_not_about_the_brand_any_more_is_passed_over(database: Database) -> None:
    with database.writing() as connection:
        gone = keep(connection, 1, OUTAGE)
        connection.execute(delete(BrandMentionRow))
        assert replace_tags(connection, {gone: (PRICE,), (99, "a"): (PRICE,)}) == 0
        assert tags_of(connection, [gone]) == {}


def test_tags_are_counted_by_posts_tone_voices_and_stories_within_the_window(database: Database) -> None:
    copied = "The booking site is down again, says everybody who wanted to travel on the long weekend"
    with database.writing() as connection:
        for number, author in enumerate(["ana", "ana", "ben"]):
            keep(connection, number, OUTAGE, author=author, text=copied)
        keep(connection, 3, Tag(CATEGORY, "outage", "not working"), ECONOMY, label=Label.NEUTRAL)
        keep(connection, 4, PRICE, at=NOON)
        keep(connection, 5, PRICE, at=NOON - 24 * HOUR)
        keep(connection, 6, PRICE, brand="b")
        outage, price, economy = tag_counts(connection, "a", NOON - 24 * HOUR, NOON)
    assert (outage.kind, outage.name, outage.evidence) == (CATEGORY, "outage", ("is down", "not working"))
    assert (outage.spoken, outage.negative) == (Spoken(mentions=4, voices=3, stories=2), 3)
    assert (price.spoken.mentions, economy.spoken.mentions, economy.negative) == (1, 1, 0)


def test_tags_are_counted_of_one_kind_and_of_one_tone(database: Database) -> None:
    with database.writing() as connection:
        keep(connection, 1, OUTAGE, ECONOMY)
        keep(connection, 2, OUTAGE, label=Label.POSITIVE)
        (economy,) = tag_counts(connection, "a", NOON - HOUR, NOON, "product")
        (outage,) = tag_counts(connection, "a", NOON - HOUR, NOON, CATEGORY, Label.NEGATIVE)
    assert economy.name == "economy"
    assert outage.spoken.mentions == outage.negative == 1


@pytest.mark.parametrize("label", [None, Label.NEGATIVE])
def test_what_was_said_is_counted_as_waves_count_it(database: Database, label: Label | None) -> None:
    with database.writing() as connection:
        for number, author in enumerate(["ana", "ana", None, None, "2"]):
            keep(connection, number, author=author, label=Label.NEGATIVE if number else Label.POSITIVE)
        spoken = spoken_between(connection, "a", NOON - HOUR, NOON, label)
        said = said_between(connection, "a", NOON - HOUR, NOON)
    voices = voices_of([one for one in said if label in {None, one.label}])
    assert (spoken.voices, spoken.stories) == (voices.authors, voices.stories)
    assert spoken.mentions == (5 if label is None else 4)
