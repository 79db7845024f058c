from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest
from pydantic import SecretStr
from sqlalchemy import update

from database.corrections import Correction, Key, Verdict, corrections_of
from database.reading_mentions import find_mention
from database.tables import MentionRow
from database.tags import tags_of
from incidents.incident import Refusal
from services.correcting import Corrected, correct, in_words, seen_as, undo
from services.installation import Installation
from services.tagging import retag
from tests.console.seeding import hear
from tests.installations import NOON, HandClock, installation, said
from topics.rules import rules_of
from topics.tag import Tag

UNTOUCHED = seen_as(None, None)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def inst(tmp_path: Path, clock: HandClock, database_address: str) -> Installation:
    return installation(tmp_path, clock, database=SecretStr(database_address))


@pytest.fixture
def key(inst: Installation) -> Key:
    """A mention that everybody sees as it was found."""
    hear(inst, [said("Northwind Air is awful", NOON, number=1)])
    return (1, "northwind")


def stands(inst: Installation, key: Key) -> Correction | None:
    with inst.database.reading() as connection:
        return corrections_of(connection, [key]).get(key)


def test_who_has_seen_what_stands_has_the_last_word(inst: Installation, key: Key, clock: HandClock) -> None:
    first = correct(inst, key, Verdict.NEUTRAL, "dana", UNTOUCHED)
    assert isinstance(first, Corrected)
    clock.advance(minutes=2)
    second = correct(inst, key, Verdict.NOT_ABOUT_US, "lee", first.seen)
    assert isinstance(second, Corrected)
    assert stands(inst, key) == Correction(*key, Verdict.NOT_ABOUT_US, "lee", clock.now, "negative")
    assert undo(inst, key, second.seen) == Corrected(None, UNTOUCHED)
    assert stands(inst, key) is None


def test_who_has_not_seen_it_is_told_what_stands_and_changes_nothing(inst: Installation, key: Key) -> None:
    correct(inst, key, Verdict.WRONG_MATCH, "lee", UNTOUCHED)
    for late in (correct(inst, key, Verdict.POSITIVE, "dana", UNTOUCHED), undo(inst, key, UNTOUCHED)):
        assert isinstance(late, Refusal)
        assert late.text == (
            "Lee Okafor was faster and says “wrong match” on 2026-03-04 at 12:00 UTC. "
            "That stands; if you see it otherwise, say so again."
        )
    now = stands(inst, key)
    assert now
    assert now.verdict is Verdict.WRONG_MATCH


def test_who_comes_after_one_who_took_it_back_is_told_so(inst: Installation, key: Key) -> None:
    said_first = correct(inst, key, Verdict.POSITIVE, "lee", UNTOUCHED)
    assert isinstance(said_first, Corrected)
    undo(inst, key, said_first.seen)
    late = correct(inst, key, Verdict.NEUTRAL, "dana", said_first.seen)
    assert isinstance(late, Refusal)
    assert "took back what was said of it" in late.text


def test_words_that_changed_since_are_to_be_read_again(inst: Installation, key: Key, clock: HandClock) -> None:
    clock.advance(minutes=1)
    hear(inst, [said("Northwind Air is lovely", NOON, number=1)])
    late = correct(inst, key, Verdict.NEGATIVE, "dana", UNTOUCHED)
    assert isinstance(late, Refusal)
    assert late.text.startswith("Its author has changed the words")
    with inst.database.reading() as connection:
        now = find_mention(connection, key)
    assert now
    assert isinstance(correct(inst, key, Verdict.NEGATIVE, "dana", seen_as(None, now.edited_at)), Corrected)


def test_saying_the_same_twice_says_it_once(inst: Installation, key: Key, clock: HandClock) -> None:
    once = correct(inst, key, Verdict.NEUTRAL, "dana", UNTOUCHED)
    clock.advance(minutes=1)
    assert correct(inst, key, Verdict.NEUTRAL, "dana", UNTOUCHED) == once


@pytest.mark.parametrize("wrong", [(99, "northwind"), (1, "bluebird")])
def test_what_is_not_there_is_refused_in_words(inst: Installation, key: Key, wrong: Key) -> None:
    assert key != wrong
    for late in (correct(inst, wrong, Verdict.NEUTRAL, "dana", UNTOUCHED), undo(inst, wrong, UNTOUCHED)):
        assert isinstance(late, Refusal)
        assert late.text.startswith("There is no such mention of")


def test_of_two_who_press_at_once_one_is_heard_and_the_other_told(inst: Installation, key: Key) -> None:
    together = Barrier(2)

    def press(person: str, verdict: Verdict) -> Corrected | Refusal:
        together.wait()
        return correct(inst, key, verdict, person, UNTOUCHED)

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(press, ("dana", "lee"), (Verdict.POSITIVE, Verdict.WRONG_MATCH)))
    [heard] = [one for one in answers if isinstance(one, Corrected)]
    [told] = [one for one in answers if isinstance(one, Refusal)]
    now = stands(inst, key)
    assert now
    assert now.verdict is heard.verdict
    assert f"{inst.name_of(now.by)} was faster and says “{in_words(now.verdict)}”" in told.text


def tagged(inst: Installation, product: str) -> Installation:
    """The same installation under a rule of the team's own."""
    return replace(inst, rules=rules_of({}, {"product": {"bag": product}}))


@pytest.mark.parametrize("ran", [True, False], ids=["retag ran", "retag did not run"])
@pytest.mark.parametrize("back", [None, Verdict.NEUTRAL], ids=["undone", "a tone after all"])
def test_what_comes_back_to_its_brand_has_the_tags_of_the_rules_of_today(
    inst: Installation, key: Key, back: Verdict | None, *, ran: bool
) -> None:
    retag(tagged(inst, "awful"))
    taken = correct(inst, key, Verdict.NOT_ABOUT_US, "dana", UNTOUCHED)
    assert isinstance(taken, Corrected)
    today = tagged(inst, "air")
    if ran:
        retag(today)
    _ = correct(today, key, back, "dana", taken.seen) if back else undo(today, key, taken.seen)
    with inst.database.reading() as connection:
        assert tags_of(connection, [key]) == {key: (Tag("product", "bag", "air"),)}


def test_what_was_erased_while_it_was_away_comes_back_with_the_tags_it_had(inst: Installation, key: Key) -> None:
    retag(tagged(inst, "awful"))
    taken = correct(inst, key, Verdict.WRONG_MATCH, "dana", UNTOUCHED)
    assert isinstance(taken, Corrected)
    with inst.database.writing() as connection:
        connection.execute(update(MentionRow).values(title="", text="", erased_at=NOON))
    undo(tagged(inst, "air"), key, taken.seen)
    with inst.database.reading() as connection:
        assert tags_of(connection, [key]) == {key: (Tag("product", "bag", "awful"),)}
