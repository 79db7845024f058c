from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as some

from mentions.matching import BrandMatcher
from mentions.query.parsing import parse, write
from mentions.query.terms import And, Near, Not, Or, Query, Term, holds_of_nothing
from tests.installations import NOON, said
from topics.categories import built_in
from topics.rules import Rules, rules_of
from topics.tag import CATEGORY, CRITICAL, Tag

BUILT_IN = rules_of({}, {})
WORDS = ("late", "bag", "rude", "crew", "app", "down")


def told(text: str, rules: Rules = BUILT_IN) -> list[str]:
    return [tag.name for tag in rules.tags(said(text, NOON, number=1))]


def sentences(kind: str) -> Iterator[tuple[str, str]]:
    table = yaml.safe_load(Path(__file__).with_name("category_sentences.yaml").read_text(encoding="utf-8"))
    assert list(table) == [category.id for category in built_in()], "each category has sentences, in the same order"
    return ((category, sentence) for category, kinds in table.items() for sentence in kinds[kind])


@pytest.mark.parametrize(("category", "sentence"), sentences("told"))
def test_a_sentence_that_tells_of_a_category_gets_it(category: str, sentence: str) -> None:
    assert category in told(sentence)


@pytest.mark.parametrize(("category", "sentence"), sentences("not_told"))
def test_a_sentence_that_only_sounds_like_a_category_does_not_get_it(category: str, sentence: str) -> None:
    assert category not in told(sentence)


def test_every_category_has_what_a_page_shows_of_it() -> None:
    for category in built_in():
        assert category.name
        assert category.about.endswith(".")


def test_a_tag_says_which_words_led_to_it() -> None:
    mention = said("The website is down and I was charged twice.", NOON, number=1)
    assert BUILT_IN.tags(mention) == (
        Tag(CATEGORY, "outage", "website NEAR/1 down"),
        Tag(CATEGORY, "price", "charged twice"),
    )


def test_a_rule_tags_once_however_many_of_its_words_are_found() -> None:
    rules = rules_of({}, {"product": {"economy": '"row 42" OR economy OR coach'}})
    mention = said("Economy is coach, coach is economy, row 42", NOON, number=1)
    assert rules.tags(mention) == (Tag("product", "economy", "row 42"),)


def test_rules_may_ask_for_the_source_and_other_fields_of_a_mention() -> None:
    rules = rules_of({}, {"stage": {"survey": "source:nps", "spanish": "lang:es"}})
    mention = said("Todo bien", NOON, number=1, language="es")
    assert [tag.name for tag in rules.tags(mention, "nps")] == ["survey", "spanish"]
    assert [tag.name for tag in rules.tags(mention, "forum")] == ["spanish"]


def test_a_team_adds_replaces_and_removes_categories() -> None:
    rules = rules_of({"north-sea": "rig", "outage": '"pipe burst"', "price": ""}, {})
    assert told("The rig is closed, overcharged, the site is down", rules) == ["north-sea"]
    assert told("A pipe burst at pump 3", rules) == ["outage"]
    assert (rules.categories[0].id, rules.categories[0].name) == ("north-sea", "North sea")
    assert "price" not in rules.names[CATEGORY]


def test_the_names_of_a_kind_are_known_in_their_order() -> None:
    rules = rules_of({}, {"region": {"north": "Oslo", "south": "Rome"}, "stage": {"booking": "booked"}})
    assert {kind: names for kind, names in rules.names.items() if kind not in {CATEGORY, CRITICAL}} == {
        "region": ("north", "south"),
        "stage": ("booking",),
    }


def test_no_rules_tag_nothing() -> None:
    assert Rules({}).tags(said("anything", NOON, number=1)) == ()


def queries() -> some.SearchStrategy[Query]:
    terms = some.builds(lambda word: Term((word,)), some.sampled_from(WORDS))
    leaves = terms | some.builds(Near, terms, terms, some.integers(0, 3))

    def grown(inner: some.SearchStrategy[Query]) -> some.SearchStrategy[Query]:
        parts = some.lists(inner, min_size=2, max_size=3).map(tuple)
        return some.builds(Or, parts) | some.builds(And, parts) | some.builds(Not, inner)

    return some.recursive(leaves, grown, max_leaves=8).filter(lambda query: not holds_of_nothing(query))


@given(some.lists(queries(), min_size=1, max_size=4), some.lists(some.sampled_from(WORDS), max_size=8).map(" ".join))
def test_rules_hold_wherever_their_queries_match(wanted: list[Query], text: str) -> None:
    rules = Rules({("kind", str(number)): query for number, query in enumerate(wanted)})
    matcher = BrandMatcher({str(number): parse(write(query)) for number, query in enumerate(wanted)})
    mention = said(text, NOON, number=1)
    assert {tag.name for tag in rules.tags(mention)} == {match.brand for match in matcher.match(mention)}
