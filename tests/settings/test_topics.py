from __future__ import annotations

import pytest

from tests.settings.conftest import COMPLETE, Desk

# The line in which what the tests add begins.
FIRST = COMPLETE.count("\n") + 1


def complaint(desk: Desk, topics: str) -> str:
    """The one thing that is wrong, with its line counted from the section's own first line."""
    (line,) = desk.complaints(COMPLETE + topics)
    number, _, said = line.partition(": ")
    return f"{int(number) - FIRST}: {said}"


def test_categories_and_tags_are_read_as_they_are_written(desk: Desk) -> None:
    topics = desk.load(
        COMPLETE
        + """\
topics:
  categories:
    outage: '"pipe burst" OR flood*'
    price: ""
  critical:
    strike: strike OR walkout
    leadership: ""
  tags:
    product: {economy: 'economy OR "row ${ROW}"'}
    region:
      north: >-
        Oslo OR
        Bergen
""",
        {"SMTP_PASSWORD": "correct horse", "ROW": "42"},
    ).topics
    assert topics.categories == {"outage": '"pipe burst" OR flood*', "price": ""}
    assert topics.critical == {"strike": "strike OR walkout", "leadership": ""}
    assert topics.tags == {"product": {"economy": 'economy OR "row 42"'}, "region": {"north": "Oslo OR Bergen"}}


def test_without_them_there_are_the_categories_that_come_with_groundswell(desk: Desk) -> None:
    assert (desk.load().topics.categories, desk.load().topics.tags) == ({}, {})


@pytest.mark.parametrize(
    ("topics", "said"),
    [
        (
            "topics:\n  categories:\n    outage: down AND (late OR",
            '2: topics.categories.outage: "down AND (late OR" is not a query: at character 18, nothing stands after OR',
        ),
        ("topics:\n  tags:\n    product:\n      one: NOT x", '3: topics.tags.product.one: "NOT x" is not a query'),
        ("topics:\n  tags:\n    product: {one: ''}", '2: topics.tags.product.one: "" is empty. Write what it finds'),
        ("topics:\n  tags:\n    product:\n      one:", "3: topics.tags.product.one: is empty. Write its value"),
        ("topics:\n  tags:\n    product: economy", "2: topics.tags.product: must be a section."),
        ("topics:\n  tags: {product: {one: [a, b]}}", "1: topics.tags.product.one: must be a single text."),
        ("topics:\n  tags: {product: {One: a}}", '1: topics.tags.product.One: "a" is not an id.'),
        ("topics:\n  tags: {category: {a: b}}", "1: topics.tags.category: is the kind of the crisis categories."),
        (
            'topics:\n  categories: {outge: ""}',
            '1: topics.categories.outge: "" removes a category that Groundswell does not bring. Did you mean "outage"?',
        ),
        ("topics:\n  tags: {critical: {a: b}}", "1: topics.tags.critical: is the kind of the critical words."),
        (
            'topics:\n  critical: {reccall: ""}',
            '1: topics.critical.reccall: "" removes a group that Groundswell does not bring. Did you mean "recall"?',
        ),
        ("topics:\n  critical: {death: died OR}", '1: topics.critical.death: "died OR" is not a query: at character 8'),
        ("topics:\n  tag: {}", '1: topics.tag: is not a key that belongs here. Did you mean "tags"?'),
        ("topics:\n  tags: {product: {one: a, one: b}}", "1: topics.tags.product.one: is there already, in line "),
        ("topics:\n  tags: {product: {one: '${ROW}'}}", "1: topics.tags.product.one: needs the environment variable"),
    ],
)
def test_what_is_wrong_with_a_rule_is_told_with_its_line_and_place(desk: Desk, topics: str, said: str) -> None:
    assert complaint(desk, topics).startswith(said)


def test_of_a_query_too_long_to_show_the_place_is_told_by_what_stands_before_it(desk: Desk) -> None:
    said = complaint(desk, f"topics:\n  tags:\n    product:\n      one: {'word ' * 20}AND OR x")
    assert said.startswith('3: topics.tags.product.one: "word word ')
    assert f'It stands behind " {"word " * 7}AND ". Write what is to be found' in said
