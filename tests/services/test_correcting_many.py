"""One word on many mentions: kept in one transaction, each only where it is still as it was seen, taken back as one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from pydantic import SecretStr
from sqlalchemy import event, func, select

from database.buckets import buckets_between
from database.corrections import Correction, Key, Verdict, corrections_of
from database.tables import BrandMentionRow
from detection.buckets import Bucket
from services.correcting import Corrected, correct, seen_as, undo
from services.correcting_many import MOST, Sorted, Word, correct_many, sort, undo_many
from services.installation import Installation
from tests.console.seeding import hear
from tests.installations import NOON, HandClock, installation, said

UNTOUCHED = seen_as(None, None)
WORD = Word(Verdict.NOT_ABOUT_US, "dana", NOON)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def inst(tmp_path: Path, clock: HandClock, database_address: str) -> Installation:
    return installation(tmp_path, clock, database=SecretStr(database_address))


def heard(inst: Installation, many: int) -> dict[Key, str]:
    """Complaints, two in each five minutes, and as what everybody sees them."""
    at = NOON - timedelta(hours=2)
    some = [said(f"Northwind Air is awful {n}", at + n // 2 * timedelta(seconds=1), number=n) for n in range(many)]
    hear(inst, some)
    with inst.database.reading() as connection:
        ids = connection.execute(select(BrandMentionRow.mention_id).order_by(BrandMentionRow.mention_id)).scalars()
        return {(number, "northwind"): UNTOUCHED for number in ids}


def stands(inst: Installation, keys: dict[Key, str]) -> dict[Key, Correction]:
    with inst.database.reading() as connection:
        return dict(corrections_of(connection, keys))


def counts(inst: Installation) -> list[Bucket]:
    with inst.database.reading() as connection:
        found = buckets_between(connection, "northwind", NOON - timedelta(days=1), NOON)
    return [one for one in found if one.mentions]


def test_what_is_said_of_many_moves_all_counts_and_one_way_back_brings_them_again(inst: Installation) -> None:
    seen = heard(inst, 20)
    before = counts(inst)
    assert sum(one.negative for one in before) == 20
    assert correct_many(inst, seen, WORD) == Sorted(heard=frozenset(seen))
    assert counts(inst) == []
    assert {one.verdict for one in stands(inst, seen).values()} == {Verdict.NOT_ABOUT_US}
    assert undo_many(inst, WORD) == 20
    assert (counts(inst), stands(inst, seen)) == (before, {})


def test_a_tone_of_many_is_counted_as_if_each_had_been_said_alone(inst: Installation) -> None:
    seen = heard(inst, 6)
    some = dict(list(seen.items())[:3])
    correct_many(inst, some, replace(WORD, verdict=Verdict.POSITIVE))
    many = counts(inst)
    undo_many(inst, replace(WORD, verdict=Verdict.POSITIVE))
    for key in some:
        assert isinstance(correct(inst, key, Verdict.POSITIVE, "lee", UNTOUCHED), Corrected)
    assert counts(inst) == many
    assert sum(one.positive for one in many) == 3


def test_what_somebody_changed_meanwhile_is_left_alone_and_told(inst: Installation, clock: HandClock) -> None:
    seen = heard(inst, 4)
    first, second, third, fourth = seen
    correct(inst, first, Verdict.NEUTRAL, "lee", UNTOUCHED)
    clock.advance(minutes=1)
    hear(inst, [said("Northwind Air is lovely", NOON - timedelta(hours=2), number=1)])
    correct(inst, third, WORD.verdict, "dana", UNTOUCHED)
    gone = (99, "northwind")
    done = correct_many(inst, {**seen, gone: UNTOUCHED}, WORD)
    assert done == Sorted(frozenset({fourth}), frozenset({third}), frozenset({first, second}), frozenset({gone}))
    assert stands(inst, seen)[first].by == "lee"
    assert second not in stands(inst, seen)


def test_taking_it_back_brings_what_others_had_said_before(inst: Installation) -> None:
    seen = heard(inst, 3)
    first = next(iter(seen))
    told = correct(inst, first, Verdict.POSITIVE, "lee", UNTOUCHED)
    assert isinstance(told, Corrected)
    before = counts(inst), stands(inst, seen)
    assert len(correct_many(inst, {**seen, first: told.seen}, WORD).heard) == 3
    assert undo_many(inst, WORD) == 3
    assert (counts(inst), stands(inst, seen)) == before
    assert undo_many(inst, WORD) == 0


def test_taking_it_back_leaves_alone_what_was_said_since(inst: Installation, clock: HandClock) -> None:
    seen = heard(inst, 3)
    first, second, _ = seen
    correct_many(inst, seen, WORD)
    clock.advance(minutes=1)
    now = seen_as(stands(inst, seen)[first], None)
    assert isinstance(correct(inst, first, Verdict.NEUTRAL, "lee", now), Corrected)
    undo(inst, second, now)
    assert undo_many(inst, WORD) == 1
    assert {key: one.by for key, one in stands(inst, seen).items()} == {first: "lee"}


def test_of_two_who_speak_of_the_same_at_once_each_mention_hears_one(inst: Installation) -> None:
    seen = heard(inst, 30)
    together = Barrier(2)
    words = (WORD, Word(Verdict.POSITIVE, "lee", NOON))

    def press(word: Word) -> Sorted:
        together.wait()
        return correct_many(inst, seen, word)

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(press, words))
    assert sorted(len(one.heard) for one in answers) == [0, 30]
    assert sorted(len(one.changed) for one in answers) == [0, 30]
    assert len({one.by for one in stands(inst, seen).values()}) == 1


def test_what_it_costs_hardly_grows_with_how_many_they_are(inst: Installation) -> None:
    seen = heard(inst, MOST)
    statements = 0

    def count(*_: object) -> None:
        nonlocal statements
        statements += 1

    with inst.database.writing() as connection:
        engine = connection.engine
    event.listen(engine, "before_cursor_execute", count)
    assert len(correct_many(inst, seen, WORD).heard) == MOST
    assert undo_many(inst, WORD) == MOST
    event.remove(engine, "before_cursor_execute", count)
    assert statements < 60
    with inst.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(BrandMentionRow)).scalar() == MOST


def test_nobody_is_spoken_of_where_nothing_was_seen() -> None:
    assert sort({}, {}, WORD) == Sorted()
