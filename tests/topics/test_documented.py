"""What the documentation says of categories and critical words is what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mentions.nearby import NEAR, SENTENCE, SHORT
from settings.loading import load_text
from settings.understanding import Topics
from tests.conftest import ROOT
from tests.settings.test_documented import REST
from topics import categories, critical
from topics.categories import Category
from topics.rules import rules_of

PAGE = (ROOT / "docs" / "categories.md").read_text(encoding="utf-8")
CRITICAL_PAGE = (ROOT / "docs" / "critical-words.md").read_text(encoding="utf-8")
SOURCES = "sources:\n  - {id: forum, kind: rss, url: https://forum.example.com/feed.xml}\n"


@pytest.mark.parametrize(
    ("page", "brought"),
    [(PAGE, categories.built_in()), (CRITICAL_PAGE, critical.built_in())],
    ids=["category", "group"],
)
def test_every_one_is_described_in_its_order(page: str, brought: tuple[Category, ...]) -> None:
    described = re.findall(r"^\| `([\w-]+)` \| ([^|]+) \| ([^|]+) \|", page, re.MULTILINE)
    assert [row for row in described if row[1][0].isalpha()] == [(one.id, one.name, one.about) for one in brought]


def example(page: str) -> Topics:
    (written,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    return load_text(written + SOURCES + REST, Path("groundswell.yaml"), {}).topics


def test_the_examples_can_be_used_as_they_are() -> None:
    topics = example(PAGE)
    names = rules_of(topics.categories, topics.tags).names
    assert names["category"][0] == "strike-at-sea"
    assert "leadership" not in names["category"]
    assert names["region"] == ("north", "iberia")
    groups = rules_of({}, {}, example(CRITICAL_PAGE).critical).names["critical"]
    assert groups[0] == "well-control"
    assert "leadership" not in groups


def test_the_distances_are_those_that_are_said() -> None:
    page = " ".join(CRITICAL_PAGE.split())
    assert f"of a long one the {SENTENCE} words on either side" in page
    assert f"as far as {NEAR} words from the name" in page
    assert f"In a text of at most {SHORT} words the distance" in page
    assert f"the headline and the first {SHORT} words" in page
