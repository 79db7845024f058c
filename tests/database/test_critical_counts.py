"""The counts of critical words in buckets are those of the rows, whatever changed these."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Connection, delete, select

from database.buckets import buckets_between, counted
from database.correcting import correct, undo
from database.corrections import Verdict, standing
from database.erasing import erase_before, erase_mentions
from database.listening import About, Heard, store
from database.session import Database
from database.tables import BrandMentionRow, BucketRow, MentionRow
from database.tags import critical_among, replace_tags
from detection.buckets import Bucket, bucket_start
from mentions.matching import Match, MatchReason
from sentiment.score import Label, Score
from tests.databases import lay_tables
from tests.installations import NOON, said
from topics.tag import CATEGORY, CRITICAL, Tag

DEATH, RECALL = Tag(CRITICAL, "death", "killed by your"), Tag(CRITICAL, "recall", "product recall*")
OUTAGE = Tag(CATEGORY, "outage", "is down")


def heard(number: int, words: str, tags: Collection[Tag], brands: Collection[str], label: Label) -> Heard:
    """A mention that is about brands; of two in a row the first two share a bucket."""
    mention = said(words, NOON - number // 2 * timedelta(minutes=5), number=number)
    score = Score(None if label is Label.UNSCORED else 0.1, label, "test", ())
    matched = [Match(brand, MatchReason.PHRASE, brand) for brand in brands]
    # Near the brand "a" alone, as where the text names two.
    return Heard(mention, tuple(About(one, score, (*tags, OUTAGE) if one.brand == "a" else ()) for one in matched))


def keep(connection: Connection, one: Heard, source: str = "forum") -> int:
    store(connection, source, [one], NOON)
    found = select(MentionRow.id).where(MentionRow.digest == one.mention.digest)
    return connection.execute(found).scalar_one()


def kept(connection: Connection, brand: str) -> list[Bucket]:
    stored = buckets_between(connection, brand, NOON - timedelta(days=1), NOON)
    return [one for one in stored if one != Bucket(one.start)]


def recounted(connection: Connection, brand: str) -> list[Bucket]:
    """The buckets as the rows of mentions and tags say that they are."""
    query = select(BrandMentionRow.__table__).where(BrandMentionRow.brand == brand)
    rows: list[Any] = [*connection.execute(query)]
    critical = critical_among(connection, [row.mention_id for row in rows])
    sums: dict[Any, Counter[str]] = {}
    for row in rows:
        counts = counted(row.label, critical=(row.mention_id, brand) in critical)
        sums.setdefault(bucket_start(row.published_at), Counter()).update(counts)
    return [Bucket(start, **sums[start]) for start in sorted(sums)]


def critical(connection: Connection, brand: str = "a") -> int:
    return sum(bucket.critical for bucket in kept(connection, brand))


def test_a_mention_counts_once_however_many_critical_words_it_holds(database: Database) -> None:
    with database.writing() as connection:
        keep(connection, heard(0, "a and b", [DEATH, RECALL], "ab", Label.NEGATIVE))
        keep(connection, heard(1, "a and b", [], "ab", Label.NEGATIVE))
        assert kept(connection, "a") == [Bucket(NOON, 2, 2, 2, critical=1)]
        assert kept(connection, "b") == [Bucket(NOON, 2, 2, 2)]
        keep(connection, heard(0, "a and b", [DEATH, RECALL], "ab", Label.NEGATIVE), source="elsewhere")
        assert critical(connection) == 1


@dataclass(frozen=True)
class _Edit:
    tags: tuple[Tag, ...]
    brands: str
    counts: int


@pytest.mark.parametrize(
    "edit",
    [_Edit((), "a", 0), _Edit((RECALL,), "a", 1), _Edit((DEATH, RECALL), "ab", 1), _Edit((DEATH,), "b", 0)],
)
def test_an_edit_moves_the_count_with_the_words(database: Database, edit: _Edit) -> None:
    with database.writing() as connection:
        keep(connection, heard(0, "a", [DEATH], "a", Label.NEGATIVE))
        keep(connection, heard(0, "other words", edit.tags, edit.brands, Label.NEUTRAL))
        assert critical(connection) == edit.counts
        assert kept(connection, "a") == recounted(connection, "a")


def test_what_is_taken_from_a_brand_counts_no_more_until_it_comes_back(database: Database) -> None:
    with database.writing() as connection:
        key = (keep(connection, heard(0, "a", [DEATH], "a", Label.NEGATIVE)), "a")
        correct(connection, [key], Verdict.NOT_ABOUT_US, "dana", NOON)
        assert critical(connection) == 0
        undo(connection, [key])
        assert critical(connection) == 1
        correct(connection, [key], Verdict.POSITIVE, "dana", NOON)
        assert kept(connection, "a") == [Bucket(NOON, 1, 1, positive=1, critical=1)]


def test_what_is_erased_still_counts(database: Database) -> None:
    with database.writing() as connection:
        keep(connection, heard(0, "a", [DEATH], "a", Label.NEGATIVE))
        assert erase_before(connection, NOON + timedelta(days=1), 10, NOON) == 1
        assert critical(connection) == 1


def test_other_tags_move_no_count(database: Database) -> None:
    with database.writing() as connection:
        key = (keep(connection, heard(0, "a", [DEATH], "a", Label.NEGATIVE)), "a")
        other = Tag(CRITICAL, "death", "shot dead")
        for tags, counts in (
            ((DEATH,), 1),
            ((other,), 1),
            ((other, RECALL, OUTAGE), 1),
            ((OUTAGE,), 0),
            ((RECALL,), 1),
        ):
            assert replace_tags(connection, {key: tags, (key[0], "stranger"): (DEATH,)}) == 1
            assert critical(connection) == counts
        assert kept(connection, "stranger") == []


numbers, brands = st.integers(0, 3), st.sampled_from(["a", "ab", "b"])
tags = st.sampled_from([(), (DEATH,), (RECALL,), (DEATH, RECALL), (OUTAGE,)])


class CountingMachine(RuleBasedStateMachine):
    """Mentions arrive, are edited, corrected, tagged again and erased in any order."""

    database: Database

    @initialize()
    def empty(self) -> None:
        self.ids: dict[int, int] = {}
        with self.database.writing() as connection:
            for table in (MentionRow, BucketRow):
                connection.execute(delete(table))

    @rule(number=numbers, words=st.integers(0, 2), tags=tags, brands=brands, label=st.sampled_from(list(Label)))
    def arrive(self, number: int, words: int, tags: tuple[Tag, ...], brands: str, label: Label) -> None:
        distinct = tuple(tag for tag in tags if tag != OUTAGE)
        with self.database.writing() as connection:
            self.ids[number] = keep(connection, heard(number, f"words {words}", distinct, brands, label))

    @rule(number=numbers, tags=tags)
    def come_from_elsewhere(self, number: int, tags: tuple[Tag, ...]) -> None:
        distinct = tuple(tag for tag in tags if tag != OUTAGE)
        with self.database.writing() as connection:
            one = heard(number, "shortened", distinct, "a", Label.NEUTRAL)
            self.ids[number] = keep(connection, one, "elsewhere")

    @rule(number=numbers)
    def withdraw(self, number: int) -> None:
        with self.database.writing() as connection:
            store(connection, "forum", (), NOON, [said("nothing of anybody", NOON, number=number)])

    @rule(number=numbers, brand=st.sampled_from("ab"), verdict=st.sampled_from(list(Verdict)))
    def say(self, number: int, brand: str, verdict: Verdict) -> None:
        with self.database.writing() as connection:
            if number in self.ids and standing(connection, (self.ids[number], brand)):
                correct(connection, [(self.ids[number], brand)], verdict, "dana", NOON)

    @rule(number=numbers, brand=st.sampled_from("ab"))
    def take_back(self, number: int, brand: str) -> None:
        with self.database.writing() as connection:
            if number in self.ids:
                undo(connection, [(self.ids[number], brand)])

    @rule(tags=tags, brand=st.sampled_from("ab"))
    def tag_again(self, tags: tuple[Tag, ...], brand: str) -> None:
        with self.database.writing() as connection:
            replace_tags(connection, {(number, brand): tags for number in self.ids.values()})

    @rule(number=numbers)
    def erase(self, number: int) -> None:
        with self.database.writing() as connection:
            if number in self.ids:
                erase_mentions(connection, [self.ids[number]], NOON)

    @invariant()
    def buckets_are_those_of_the_rows(self) -> None:
        with self.database.reading() as connection:
            for brand in "ab":
                assert kept(connection, brand) == recounted(connection, brand)


def test_no_sequence_of_changes_parts_the_counts_from_the_rows(tmp_path: Path) -> None:
    with Database(lay_tables(f"sqlite:///{tmp_path / 'groundswell.db'}")) as database:
        machine = type("Machine", (CountingMachine,), {"database": database})
        run_state_machine_as_test(machine, settings=settings(max_examples=50, stateful_step_count=25))
