"""What the documentation shows of settings is right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from incidents.severity import built_in
from settings.loading import load_text
from settings.model import Console
from settings.reach import faults
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


SERVING = (ROOT / "docs" / "serving.md").read_text(encoding="utf-8")
SEVERITY = (ROOT / "docs" / "severity.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"```yaml\n(.*?)```", SEVERITY, re.DOTALL)


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


@pytest.mark.parametrize("example", [one for one in SHOWN if not one.startswith("title:")])
def test_what_is_shown_of_detection_can_be_copied(example: str) -> None:
    brands, rest = REST.split("people:")
    read = load_text(
        f"{example}sources: []\ninbound: [{{id: a, secret: '${{S}}'}}]\npeople:{rest}"
        + ("" if "brands:" in example else brands),
        Path("groundswell.yaml"),
        {"S": "secret"},
    )
    assert read.detection.severity or read.brands[0].events or read.brands[0].sensitivity


def test_the_page_shows_every_row_of_the_matrix_as_it_is() -> None:
    def names(some: tuple[str, ...]) -> str:
        return ", ".join(f"`{name}`" for name in some)

    def figure(key: str, value: float) -> str:
        return f"{key}{value:.10g}" if value else ""

    for row in built_in():
        besides = figure("`reach` ", row.reach) or figure("`negative_share` ", row.negative_share)
        figures = (figure("", row.people), figure("", row.times), besides)
        cells = (row.name, names(row.kind), names(row.category), *figures, row.severity)
        line = re.sub(" +", " ", f"| {' | '.join(cells)} |")
        assert line in SEVERITY.splitlines()
    assert len(re.findall(r"\| SEV[1-4] \|$", SEVERITY, re.MULTILINE)) == len(built_in())


@pytest.mark.parametrize("example", re.findall(r"```yaml\n(.*?)```", SERVING, re.DOTALL))
def test_what_is_shown_of_serving_can_be_copied(example: str) -> None:
    sources = "sources: []\ninbound: [{id: a, secret: '${S}'}]\n"
    read = load_text(
        REST + sources + example, Path("groundswell.yaml"), {"S": "secret", "OIDC_CLIENT_SECRET": "secret"}
    )
    assert read.console.base_url.startswith("https://")
    assert list(faults(read.console)) == []


def test_every_key_of_the_console_is_described() -> None:
    described = re.findall(r"^\| `(\w+)` \|", SERVING, re.MULTILINE)
    assert set(described) == set(Console.model_fields)
