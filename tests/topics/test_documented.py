"""What the documentation says of categories is what there is."""

from __future__ import annotations

import re
from pathlib import Path

from settings.loading import load_text
from tests.conftest import ROOT
from tests.settings.test_documented import REST
from topics.categories import built_in
from topics.rules import rules_of

PAGE = (ROOT / "docs" / "categories.md").read_text(encoding="utf-8")
SOURCES = "sources:\n  - {id: forum, kind: rss, url: https://forum.example.com/feed.xml}\n"


def test_every_category_is_described_in_its_order() -> None:
    described = re.findall(r"^\| `([\w-]+)` \| ([^|]+) \| ([^|]+) \|", PAGE, re.MULTILINE)
    assert [row for row in described if row[1][0].isalpha()] == [
        (category.id, category.name, category.about) for category in built_in()
    ]


def test_the_example_can_be_used_as_it_is() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    topics = load_text(example + SOURCES + REST, Path("groundswell.yaml"), {}).topics
    names = rules_of(topics.categories, topics.tags).names
    assert names["category"][0] == "strike-at-sea"
    assert "leadership" not in names["category"]
    assert names["region"] == ("north", "iberia")
