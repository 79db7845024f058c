"""What the documentation shows of settings is right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from settings.loading import load_text
from sources.contract import kinds
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
COMMON = {"every", "slowest", "about", "internal"}
REST = """
brands:
  - {id: northwind, name: Northwind Air, phrases: [Northwind Air]}
people:
  - {id: ana, name: Ana, email: ana@example.com}
routing: {owner: ana}
mail: {transport: file, sender: ana@example.com, folder: outbox}
"""


@pytest.fixture
def environ() -> dict[str, str]:
    secrets = dict.fromkeys(re.findall(r"\$\{(\w+)\}", PAGE), "secret")
    return {**secrets, "GOOGLE_ALERT_FEED": "https://www.google.com/alerts/feeds/123/456"}


def test_every_kind_of_source_is_described_and_shown(environ: dict[str, str]) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    shown = load_text(example + REST, Path("groundswell.yaml"), environ)
    assert {source.kind for source in shown.sources} == set(kinds())
    described = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)
    assert set(described) - COMMON == set(kinds())
