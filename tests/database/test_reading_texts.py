from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from database.listening import About, Heard, store
from database.reading_texts import texts_between
from database.session import Database
from database.tables import MentionRow
from mentions.matching import Match, MatchReason
from mentions.mention import Mention
from sentiment.score import Label, Score
from tests.installations import NOON, said

HOUR = timedelta(hours=1)


def keep(database: Database, *mentions: Mention, brand: str = "northwind") -> None:
    about = About(Match(brand, MatchReason.PHRASE, brand), Score(-0.5, Label.NEGATIVE, "test"))
    with database.writing() as connection:
        store(connection, "forum", [Heard(one, (about,)) for one in mentions], NOON)


def test_texts_of_a_brand_and_a_time_come_with_what_tells_them_apart(database: Database) -> None:
    first = said("The very same words about a bag that is lost", NOON - HOUR, number=1, author="ana")
    again = said("The very same words about a bag that is lost", NOON - HOUR / 2, number=2, author=None)
    keep(database, first, again, said("too early", NOON - 3 * HOUR, number=3), said("too late", NOON, number=4))
    keep(database, said("of another brand", NOON - HOUR, number=5), brand="contoso")
    with database.reading() as connection:
        found = texts_between(connection, "northwind", NOON - 2 * HOUR, NOON, 100)
    one, other = sorted(found.said, key=lambda text: text.published_at)
    assert found.total == 2
    assert (one.content, one.voice, one.source, one.label) == (first.text, "forum @ana", "forum", Label.NEGATIVE)
    assert (one.published_at, one.url) == (NOON - HOUR, first.url)
    assert one.story_id == other.story_id
    assert other.voice == f"#{other.id}"


def test_a_title_stands_before_the_text_and_the_end_of_a_long_text_is_not_read(database: Database) -> None:
    long = said("x" * 10_000, NOON - HOUR, number=1)
    keep(database, Mention(long.key, "Bags lost", long.text, long.published))
    with database.reading() as connection:
        [one] = texts_between(connection, "northwind", NOON - 2 * HOUR, NOON, 100).said
    assert one.content == "Bags lost\n" + "x" * 2000


def test_of_very_many_an_even_sample_is_read_and_what_was_erased_is_not(database: Database) -> None:
    keep(database, *(said(f"text {n}", NOON - HOUR, number=n) for n in range(400)))
    with database.writing() as connection:
        connection.execute(update(MentionRow).where(MentionRow.id <= 100).values(text="", erased_at=NOON))
    with database.reading() as connection:
        some = texts_between(connection, "northwind", NOON - 2 * HOUR, NOON, 100)
        again = texts_between(connection, "northwind", NOON - 2 * HOUR, NOON, 100)
        everything = texts_between(connection, "northwind", NOON - 2 * HOUR, NOON, 400)
    assert some == again
    assert (some.total, everything.total, len(everything.said)) == (400, 300, 300)
    assert len(some.said) == pytest.approx(75, abs=8)
    assert set(some.said) < set(everything.said)
