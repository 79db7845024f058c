from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from mentions.nearby import Named, Nearby
from mentions.query.parsing import parse
from mentions.query.terms import of_phrases
from tests.installations import NOON, said
from topics import categories
from topics.critical import built_in, groups_of
from topics.rules import Rules, rules_of
from topics.tag import CRITICAL, Tag, is_critical

NEARBY = Nearby({name: Named(of_phrases([name]), parse(name)) for name in ("acme", "bolt")})
RULES = rules_of({}, {}, {}, NEARBY)


def told(text: str, rules: Rules = RULES) -> list[str]:
    return [tag.name for tag in rules.tags(said(text, NOON, number=1)) if tag.kind == CRITICAL]


def near(text: str, rules: Rules = RULES) -> dict[str, list[str]]:
    tags = rules.tags_of(said(text, NOON, number=1), "forum", ["acme", "bolt"])
    return {brand: [tag.name for tag in some if tag.kind == CRITICAL] for brand, some in tags.items()}


def sentences(kind: str) -> Iterator[tuple[str, str]]:
    table = yaml.safe_load(Path(__file__).with_name("critical_sentences.yaml").read_text(encoding="utf-8"))
    assert list(table) == [group.id for group in built_in()], "each group has sentences, in the same order"
    return ((group, sentence) for group, kinds in table.items() for sentence in kinds[kind])


@pytest.mark.parametrize(("group", "sentence"), [*sentences("told")])
def test_a_sentence_that_tells_of_something_critical_holds_its_words(group: str, sentence: str) -> None:
    assert group in told(sentence)


@pytest.mark.parametrize(("group", "sentence"), [*sentences("not_told")])
def test_a_sentence_that_only_sounds_critical_holds_none(group: str, sentence: str) -> None:
    assert group not in told(sentence)


def test_a_group_may_take_the_query_of_a_category_that_comes_with_groundswell() -> None:
    queries = {category.id: category.query for category in categories.built_in()}
    assert {group.id for group in built_in() if group.query == queries.get(group.id)} == {"breach", "discrimination"}


def test_a_team_adds_replaces_and_removes_groups() -> None:
    groups = groups_of({"well-control": "kick OR blowout", "recall": "rework", "leadership": ""})
    assert (groups[0].id, groups[0].name, groups[1].id) == ("well-control", "Well control", "death")
    assert "leadership" not in {group.id for group in groups}
    rules = rules_of({}, {}, {"well-control": "kick OR blowout", "recall": "rework", "leadership": ""}, NEARBY)
    assert told("A blowout, a rework, and the CEO resigns", rules) == ["well-control", "recall"]


@pytest.mark.parametrize(
    ("text", "acme", "bolt"),
    [
        ("Acme: a factory fire broke out", ["fire"], []),
        ("Acme is fine. Bolt has a data breach", [], ["breach"]),
        ("Acme and Bolt face a lawsuit", ["lawsuit"], ["lawsuit"]),
        ("Lawsuit against Acme. Bolt had a data breach", ["lawsuit"], ["breach"]),
        ("A lawsuit. " + "So much text here. " * 20 + "Acme", [], ["lawsuit"]),
        (
            "So much text here about Bolt. " * 20 + "A data breach? Acme is quiet. " + "And more text. " * 20,
            [],
            ["breach"],
        ),
        ("Acme has a lawsuit. " + "So much text here. " * 30 + "Also a data breach", ["lawsuit"], []),
    ],
)
def test_critical_words_count_for_a_brand_only_near_it(text: str, acme: list[str], bolt: list[str]) -> None:
    assert near(text) == {"acme": acme, "bolt": bolt}


def test_other_tags_are_those_of_the_whole_text_for_every_brand() -> None:
    mention = said("Acme is fine. Bolt has a data breach", NOON, number=1)
    tags = RULES.tags_of(mention, "forum", ["acme", "bolt"])
    assert tags["acme"] == (Tag("category", "breach", '"data breach*"'),)
    assert set(tags["bolt"]) == {*tags["acme"], Tag(CRITICAL, "breach", '"data breach*"')}
    assert [is_critical(tags[brand]) for brand in ("acme", "bolt")] == [False, True]


def test_the_words_that_are_shown_are_those_that_stand_near_the_brand() -> None:
    text = "Bolt was hit by ransomware. At Acme customer data was stolen; customer data!"
    tags = RULES.tags_of(said(text, NOON, number=1), "forum", ["acme", "bolt"])
    shown = {brand: [tag.evidence for tag in some if tag.kind == CRITICAL] for brand, some in tags.items()}
    assert shown == {"acme": ['stolen NEAR/4 "customer data"'], "bolt": ["ransomware"]}
