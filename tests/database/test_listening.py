from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from database.buckets import buckets_between, listening_since
from database.listening import About, Heard, store
from database.said import said_between
from database.session import Database
from database.tables import BrandMentionRow, MentionRow
from database.visits import save_source, source_row
from detection.buckets import BUCKET, Bucket, bucket_start
from detection.view import voices_of
from mentions.matching import Match, MatchReason
from sentiment.score import Label, Score
from tests.installations import NOON, said


def heard(
    text: str = "hello",
    at: datetime = NOON,
    *,
    number: int | str = 1,
    label: Label = Label.NEUTRAL,
    brands: str = "a",
    author: str | None = "someone",
) -> Heard:
    score = Score(None if label is Label.UNSCORED else 0.0, label, "test")
    about = tuple(About(Match(brand, MatchReason.PHRASE, brand), score) for brand in brands)
    return Heard(said(text, at, number=number, author=author), about)


def keep(database: Database, *some: Heard) -> int:
    with database.writing() as connection:
        return store(connection, "forum", some, NOON).mentions


def buckets(database: Database, brand: str = "a") -> list[Bucket]:
    with database.reading() as connection:
        return buckets_between(connection, brand, NOON - timedelta(days=30), NOON)


def test_the_same_mention_twice_is_stored_and_counted_once(database: Database) -> None:
    assert keep(database, heard(), heard()) == 1
    assert keep(database, heard()) == 0
    assert buckets(database) == [Bucket(NOON, 1, 1)]


def test_a_mention_counts_in_the_bucket_of_its_published_time_by_its_tone(database: Database) -> None:
    earlier = NOON - timedelta(days=3, minutes=2)
    keep(
        database,
        heard(number=1, at=earlier, label=Label.NEGATIVE),
        heard(number=2, at=earlier, label=Label.POSITIVE),
        heard(number=3, at=earlier, label=Label.UNSCORED),
    )
    assert buckets(database) == [Bucket(bucket_start(earlier), mentions=3, scored=2, negative=1, positive=1)]


def test_a_known_mention_can_become_new_to_another_brand(database: Database) -> None:
    keep(database, heard(brands="a"))
    with database.writing() as connection:
        stored = store(connection, "forum", [heard(brands="ab")], NOON)
    assert (stored.mentions, dict(stored.brands)) == (0, {"b": 1})
    assert [bucket.mentions for bucket in buckets(database, "a") + buckets(database, "b")] == [1, 1]


def test_what_a_database_cannot_hold_is_replaced_and_the_mention_kept(database: Database) -> None:
    keep(database, heard("null \x00 and half a pair \ud83d"))
    with database.reading() as connection:
        assert connection.execute(select(MentionRow.text)).scalar() == "null  and half a pair ?"


def test_more_mentions_than_fit_a_statement_are_all_stored(database: Database) -> None:
    assert keep(database, *(heard(number=n, at=NOON - n * BUCKET) for n in range(1201))) == 1201
    assert len(buckets(database)) == 1201


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(0, 12), st.sampled_from(list(Label)), st.sampled_from(["a", "b", "ab"])), max_size=25
    ),
    st.lists(st.integers(0, 30), max_size=4),
)
def test_buckets_add_up_to_the_stored_mentions_however_they_arrive(
    database: Database, drawn: Sequence[tuple[int, Label, str]], cuts: Sequence[int]
) -> None:
    with database.writing() as connection:
        for table in ("brand_mentions", "mentions", "buckets"):
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608  # names are written two lines above
    all_heard = [heard(number=n, at=NOON - n * BUCKET, label=label, brands=brands) for n, label, brands in drawn]
    bounds = sorted({0, *(min(cut, len(all_heard)) for cut in cuts), len(all_heard)})
    for start, end in pairwise(bounds):
        keep(database, *all_heard[start:end])
    for brand in "ab":
        with database.reading() as connection:
            rows = (
                connection.execute(select(BrandMentionRow.label).where(BrandMentionRow.brand == brand)).scalars().all()
            )
        summed = buckets(database, brand)
        assert sum(bucket.mentions for bucket in summed) == len(rows)
        assert sum(bucket.negative for bucket in summed) == rows.count("negative")
        assert sum(bucket.scored for bucket in summed) == len(rows) - rows.count("unscored")


def test_voices_are_people_and_every_unknown_author_is_one(database: Database) -> None:
    keep(
        database,
        heard("one", number=1, author="ann", label=Label.NEGATIVE),
        heard("two", number=2, author="ann", label=Label.NEGATIVE),
        heard("TWO ", number=3, author=None, label=Label.NEGATIVE),
        heard("two", number=4, author=None, label=Label.NEGATIVE),
        heard("five", number=5, author="eve", label=Label.POSITIVE),
    )
    with database.reading() as connection:
        said = said_between(connection, "a", NOON - BUCKET, NOON + BUCKET)
        assert said_between(connection, "b", NOON - BUCKET, NOON + BUCKET) == []
    complaints = voices_of([one for one in said if one.label is Label.NEGATIVE])
    assert (complaints.authors, complaints.loudest, complaints.stories) == (3, 2, 2)
    assert (complaints.retold, complaints.retold_by) == (3, 3)
    everybody = voices_of(said)
    assert (everybody.authors, everybody.loudest, everybody.stories) == (4, 2, 3)


def test_listening_began_with_the_oldest_bucket(database: Database) -> None:
    keep(database, heard(number=1, at=NOON - timedelta(days=2)), heard(number=2))
    with database.reading() as connection:
        assert listening_since(connection, "a") == NOON - timedelta(days=2)
        assert listening_since(connection, "b") is None


def test_a_source_keeps_what_is_not_named_when_it_is_saved_again(database: Database) -> None:
    with database.writing() as connection:
        save_source(connection, "forum", cursor={"etag": "x"}, asked_at=NOON)
        save_source(connection, "forum", failures=2, problem="away")
        row = source_row(connection, "forum")
        assert row
        assert (row.cursor, row.asked_at, row.failures, row.problem) == ({"etag": "x"}, NOON, 2, "away")
        assert connection.execute(select(func.count()).select_from(text("sources"))).scalar() == 1
