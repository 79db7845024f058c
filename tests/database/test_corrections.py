"""What people say of mentions wins, moves the counts with it, and can be taken back without a trace."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Connection, delete, select, update

from database.buckets import buckets_between, counted
from database.correcting import correct, take_back, undo
from database.corrections import (
    TAKEN,
    Key,
    LabelledText,
    SaidAtOnce,
    Verdict,
    WrongMatches,
    corrections_of,
    excluded,
    labelled_texts,
    said_at_once,
    standing,
    wrong_matches,
)
from database.listening import About, Heard, store
from database.session import Database
from database.tables import BrandMentionRow, BucketRow, CorrectionRow, MentionRow, TagRow
from database.tags import tags_of
from detection.buckets import Bucket, bucket_start
from mentions.matching import Match, MatchReason
from sentiment.score import Flag, Label, Score
from tests.databases import lay_tables
from tests.installations import NOON, said
from topics.tag import Tag

FELT = {Label.NEGATIVE: -0.5, Label.NEUTRAL: 0.0, Label.POSITIVE: 0.7, Label.UNSCORED: None}
TAGS = (Tag("category", "outage", "down"), Tag("product", "app", "app"))


def heard(number: int, label: Label = Label.NEUTRAL, *, brands: Iterable[str] = "a", evidence: str = "air") -> Heard:
    """A mention whose words tell how it feels; two of them share a bucket."""
    flags = (Flag.TRUNCATED,) if label is Label.NEGATIVE else ()
    score = Score(FELT[label], label, f"test-{label}", flags)
    handle = f"@h{number}" if number % 3 else None
    mention = said(f"{label} {number}", NOON - number // 2 * timedelta(minutes=5), number=number, handle=handle)
    return Heard(mention, tuple(About(Match(brand, MatchReason.QUERY, evidence), score, TAGS) for brand in brands))


def keep(connection: Connection, *some: Heard, source: str = "forum") -> list[int]:
    """Store mentions; their ids."""
    store(connection, source, some, NOON)
    ids = dict(connection.execute(select(MentionRow.digest, MentionRow.id)).tuples().all())
    return [ids[one.mention.digest] for one in some]


def row_of(connection: Connection, key: Key) -> dict[str, Any] | None:
    where = (BrandMentionRow.mention_id == key[0], BrandMentionRow.brand == key[1])
    row = connection.execute(select(BrandMentionRow.__table__).where(*where)).mappings().one_or_none()
    return None if row is None else dict(row)


def tags_in(connection: Connection) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(select(TagRow.__table__).order_by(*TagRow.__table__.c))]


def buckets(connection: Connection, brand: str = "a") -> list[Bucket]:
    return [one for one in buckets_between(connection, brand, NOON - timedelta(days=1), NOON) if one.mentions]


@pytest.mark.parametrize(
    ("verdict", "counts"),
    [
        (Verdict.NEGATIVE, Bucket(NOON, 1, 1, negative=1)),
        (Verdict.NEUTRAL, Bucket(NOON, 1, 1)),
        (Verdict.POSITIVE, Bucket(NOON, 1, 1, positive=1)),
        (Verdict.NOT_ABOUT_US, None),
        (Verdict.WRONG_MATCH, None),
    ],
)
@pytest.mark.parametrize("found", list(Label))
def test_a_word_moves_the_counts_and_taking_it_back_leaves_everything_as_it_was(
    database: Database, found: Label, verdict: Verdict, counts: Bucket | None
) -> None:
    with database.writing() as connection:
        key = (keep(connection, heard(1, found))[0], "a")
        before = row_of(connection, key), tags_in(connection), buckets(connection)
        correct(connection, [key], verdict, "dana", NOON)
        row = row_of(connection, key)
        assert buckets(connection) == ([counts] if counts else [])
        assert tags_in(connection) == (before[1] if verdict.is_tone else [])
        assert (row is None) == (verdict in TAKEN)
        assert row is None or (row["label"] == verdict and row["flags"].split()[-1] == "corrected")
        undo(connection, [key])
        assert (row_of(connection, key), tags_in(connection), buckets(connection)) == before
        assert corrections_of(connection, [key]) == {}


def test_the_last_word_wins_and_taking_it_back_does_not_bring_the_one_before(database: Database) -> None:
    with database.writing() as connection:
        key = (keep(connection, heard(1, Label.NEGATIVE))[0], "a")
        before = row_of(connection, key)
        for verdict, by in ((Verdict.POSITIVE, "dana"), (Verdict.WRONG_MATCH, "lee"), (Verdict.NEUTRAL, "dana")):
            correct(connection, [key], verdict, by, NOON)
        stands = corrections_of(connection, [key])[key]
        assert (stands.verdict, stands.by, stands.found) == (Verdict.NEUTRAL, "dana", "negative")
        undo(connection, [key])
        assert row_of(connection, key) == before


def test_what_was_taken_from_a_brand_does_not_come_back_to_it_and_stays_with_others(database: Database) -> None:
    with database.writing() as connection:
        number = keep(connection, heard(1, brands="ab"))[0]
        correct(connection, [(number, "a")], Verdict.NOT_ABOUT_US, "dana", NOON)
        for source in ("forum", "elsewhere"):
            store(connection, source, [heard(1, brands="ab")], NOON)
        store(connection, "forum", [heard(1, Label.NEGATIVE, brands="ab")], NOON)
        assert excluded(connection, [number, 99]) == {(number, "a")}
        assert (row_of(connection, (number, "a")), buckets(connection, "a")) == (None, [])
        assert buckets(connection, "b") == [Bucket(NOON, 1, 1, negative=1)]


def test_an_edit_is_scored_again_and_keeps_the_label_that_somebody_gave(database: Database) -> None:
    with database.writing() as connection:
        key = (keep(connection, heard(1))[0], "a")
        correct(connection, [key], Verdict.POSITIVE, "dana", NOON)
        store(connection, "forum", [heard(1, Label.NEGATIVE)], NOON)
        row = row_of(connection, key) or {}
        assert (row["label"], row["compound"], row["flags"]) == ("positive", -0.5, "truncated corrected")
        undo(connection, [key])
        row = row_of(connection, key) or {}
        assert (row["label"], row["flags"]) == ("negative", "truncated")
        assert buckets(connection) == [Bucket(NOON, 1, 1, negative=1)]


def retold(one: Heard, text: str, *tags: Tag, brands: Iterable[str] = "a") -> Heard:
    """A mention as its author edited it."""
    about = {each.match.brand: replace(each, tags=tags) for each in one.about}
    return Heard(replace(one.mention, text=text), tuple(about[brand] for brand in brands))


def test_a_correction_that_is_taken_back_leaves_what_the_edited_words_are_about(database: Database) -> None:
    with database.writing() as connection:
        one = heard(1)
        key = (keep(connection, one)[0], "a")
        correct(connection, [key], Verdict.WRONG_MATCH, "dana", NOON)
        keep(connection, retold(one, "other words", Tag("category", "price", "fee")))
        undo(connection, [key])
        assert tags_of(connection, [key])[key] == (Tag("category", "price", "fee"),)


def test_an_edit_that_names_a_brand_no_more_leaves_it_unless_somebody_said_otherwise(database: Database) -> None:
    with database.writing() as connection:
        one, other = heard(2, brands="ab"), heard(3, brands="ab")
        ids = keep(connection, one, other)
        correct(connection, [(ids[1], "a")], Verdict.NEGATIVE, "dana", NOON)
        keep(connection, *(retold(each, "about b alone", brands="b") for each in (one, other)))
        assert row_of(connection, (ids[0], "a")) is None
        assert (row_of(connection, (ids[1], "a")) or {})["label"] == "negative"
        assert [sum(bucket.mentions for bucket in buckets(connection, brand)) for brand in "ab"] == [1, 2]


def test_who_wrote_it_is_not_kept_a_second_time(database: Database) -> None:
    with database.writing() as connection:
        number = keep(connection, heard(1))[0]
        correct(connection, [(number, "a")], Verdict.WRONG_MATCH, "dana", NOON)
        assert "h1" not in json.dumps(connection.execute(select(CorrectionRow.before)).scalar_one())
        connection.execute(update(MentionRow).values(author=None, handle=None))
        undo(connection, [(number, "a")])
        assert (row_of(connection, (number, "a")) or {})["author"] is None
        connection.execute(delete(MentionRow))
        assert connection.execute(select(CorrectionRow)).all() == []


def test_only_what_is_or_was_of_a_brand_can_be_corrected(database: Database) -> None:
    with database.writing() as connection:
        number = keep(connection, heard(1))[0]
        assert standing(connection, (number, "b")) is None
        assert standing(connection, (number + 1, "a")) is None
        correct(connection, [(number, "a")], Verdict.WRONG_MATCH, "dana", NOON)
        now = standing(connection, (number, "a"))
        assert now
        assert (now.label, now.correction and now.correction.by) == ("neutral", "dana")


def test_tones_that_people_gave_are_texts_to_learn_from_until_they_are_erased(database: Database) -> None:
    with database.writing() as connection:
        ids = keep(connection, *(heard(number, brands="ab") for number in range(4)))
        for number, verdict in zip(ids, (Verdict.NEGATIVE, Verdict.WRONG_MATCH, Verdict.NEUTRAL), strict=False):
            correct(connection, [(number, "a")], verdict, "dana", NOON)
        correct(connection, [(ids[3], "b")], Verdict.POSITIVE, "dana", NOON)
        connection.execute(update(MentionRow).where(MentionRow.id == ids[2]).values(text="", erased_at=NOON))
        connection.execute(update(MentionRow).where(MentionRow.id == ids[3]).values(title="Late", language="en"))
        first = LabelledText("neutral 0", "negative", "a", None, ids[0])
        assert labelled_texts(connection, ["a"]) == (first,)
        last = LabelledText("Late\nneutral 3", "positive", "b", "en", ids[3])
        assert set(labelled_texts(connection, ["b", "a"])) == {first, last}
        assert labelled_texts(connection, []) == ()


def test_evidence_is_blamed_for_its_wrong_matches_among_all_it_found(database: Database) -> None:
    with database.writing() as connection:
        ids = keep(connection, *(heard(number, evidence="air") for number in range(5)))
        ids += keep(connection, *(heard(number, evidence="line") for number in range(5, 9)))
        for number in (*ids[:2], ids[5]):
            correct(connection, [(number, "a")], Verdict.WRONG_MATCH, "dana", NOON)
        correct(connection, [(ids[2], "a")], Verdict.NOT_ABOUT_US, "dana", NOON)
        assert wrong_matches(connection, "a", NOON - timedelta(days=1)) == (
            WrongMatches("air", 2, 5),
            WrongMatches("line", 1, 4),
        )
        assert wrong_matches(connection, "a", NOON - timedelta(minutes=5)) == (WrongMatches("air", 2, 4),)
        assert wrong_matches(connection, "b", NOON - timedelta(days=1)) == ()


Word = tuple[Verdict, datetime]
numbers, felt = st.integers(0, 2), st.sampled_from(list(Label))
brands = st.sampled_from("ab")


class CorrectionMachine(RuleBasedStateMachine):
    """Mentions arrive, are edited and come again while people correct them; a small model says what must be true."""

    database: Database

    @initialize()
    def empty(self) -> None:
        self.labels: dict[int, Label] = {}
        self.ids: dict[int, int] = {}
        self.words: dict[tuple[int, str], tuple[Word, Word | None]] = {}
        self.spoken = 0
        with self.database.writing() as connection:
            for table in (MentionRow, BucketRow):
                connection.execute(delete(table))

    @staticmethod
    def brands_of(number: int) -> str:
        return ("ab", "a")[number % 2]

    @rule(number=numbers, label=felt, source=st.sampled_from(["forum", "forum", "elsewhere"]))
    def arrive(self, number: int, label: Label, source: str) -> None:
        with self.database.writing() as connection:
            one = heard(number, label, brands=self.brands_of(number))
            [self.ids[number]] = keep(connection, one, source="forum" if number not in self.labels else source)
        if number not in self.labels or source == "forum":
            self.labels[number] = label

    @rule(number=numbers, brand=brands, verdict=st.sampled_from(list(Verdict)))
    def say(self, number: int, brand: str, verdict: Verdict) -> None:
        if number in self.labels and brand in self.brands_of(number):
            with self.database.writing() as connection:
                correct(connection, [(self.ids[number], brand)], verdict, "dana", NOON)
            self.stands((number, brand), (verdict, NOON))

    @rule(brand=brands, verdict=st.sampled_from(list(Verdict)))
    def say_of_all(self, brand: str, verdict: Verdict) -> None:
        self.spoken += 1
        word = (verdict, NOON + timedelta(seconds=self.spoken))
        keys = [(number, brand) for number in self.labels if brand in self.brands_of(number)]
        with self.database.writing() as connection:
            correct(connection, [(self.ids[number], brand) for number, _ in keys], verdict, "dana", word[1])
        for key in keys:
            self.stands(key, word)

    @rule(brand=brands)
    def take_all_back(self, brand: str) -> None:
        spoken = sorted({word for (_, of), (word, _) in self.words.items() if of == brand}, key=lambda one: one[1])
        for verdict, at in spoken[-1:]:
            with self.database.writing() as connection:
                gone = take_back(connection, ["a", "b"], verdict, "dana", at)
            mine = {key: before for key, (word, before) in self.words.items() if word == (verdict, at)}
            assert gone == {(self.ids[number], brand) for number, brand in mine}
            for key, before in mine.items():
                self.words.pop(key)
                if before:
                    self.words[key] = (before, (verdict, at))

    def stands(self, key: tuple[int, str], word: Word) -> None:
        before = self.words.get(key)
        self.words[key] = (word, before and before[0])

    @rule(number=numbers, brand=brands)
    def take_one_back(self, number: int, brand: str) -> None:
        if number in self.labels:
            with self.database.writing() as connection:
                undo(connection, [(self.ids[number], brand)])
            self.words.pop((number, brand), None)

    @invariant()
    def every_row_is_what_was_found_or_what_was_said(self) -> None:
        with self.database.reading() as connection:
            for number, label in self.labels.items():
                for brand in self.brands_of(number):
                    row, words = row_of(connection, (self.ids[number], brand)), self.words.get((number, brand))
                    verdict = words and words[0][0]
                    assert (row is None) == (verdict in TAKEN)
                    if row is not None:
                        scored = (row["compound"], row["scorer"], row["author"])
                        assert row["label"] == (verdict or label)
                        assert (Flag.CORRECTED in row["flags"]) == (verdict is not None)
                        assert scored == (FELT[label], f"test-{label}", f"@h{number}" if number % 3 else "someone")

    @invariant()
    def tags_and_buckets_are_those_of_the_rows(self) -> None:
        with self.database.reading() as connection:
            rows = connection.execute(select(BrandMentionRow.__table__)).mappings().all()
            tagged = {(mention_id, brand, kind) for mention_id, brand, kind, *_ in tags_in(connection)}
            assert tagged == {(row["mention_id"], row["brand"], tag.kind) for row in rows for tag in TAGS}
            for brand in "ab":
                assert buckets(connection, brand) == recount([row for row in rows if row["brand"] == brand])


def recount(rows: Sequence[Any]) -> list[Bucket]:
    sums: dict[Any, list[int]] = {}
    for row in rows:
        counts = sums.setdefault(bucket_start(row["published_at"]), [0, 0, 0, 0, 0])
        for at, more in enumerate(counted(row["label"], critical=False).values()):
            counts[at] += more
    return [Bucket(start, *sums[start]) for start in sorted(sums)]


def test_what_was_said_of_several_at_once_is_found_by_its_moment(database: Database) -> None:
    def moment(minutes: int) -> datetime:
        return NOON + timedelta(minutes=minutes)

    with database.writing() as connection:
        keys = [(number, "a") for number in keep(connection, *(heard(number) for number in range(6)))]
        for some, verdict, minutes in (
            (keys[:2], Verdict.NEUTRAL, 1),
            (keys[2:3], Verdict.NEUTRAL, 2),
            (keys[3:], Verdict.WRONG_MATCH, 3),
        ):
            correct(connection, some, verdict, "dana", moment(minutes))
        first, last = (
            SaidAtOnce(Verdict.NEUTRAL, "dana", moment(1), 2),
            SaidAtOnce(Verdict.WRONG_MATCH, "dana", moment(3), 3),
        )
        assert said_at_once(connection, ["a"], NOON, 9) == (last, first)
        assert said_at_once(connection, ["a"], moment(2), 9) == (last,)
        assert said_at_once(connection, ["a"], NOON, 1) == (last,)
        assert said_at_once(connection, ["b"], NOON, 9) == ()


def test_no_sequence_of_posts_and_corrections_parts_the_counts_from_the_rows(tmp_path: Path) -> None:
    with Database(lay_tables(f"sqlite:///{tmp_path / 'groundswell.db'}")) as database:
        machine = type("Machine", (CorrectionMachine,), {"database": database})
        run_state_machine_as_test(machine, settings=settings(max_examples=40, stateful_step_count=25))
