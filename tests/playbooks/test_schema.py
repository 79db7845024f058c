"""The published JSON Schema says of a file's shape what reading it says."""

from __future__ import annotations

from importlib import resources
from typing import Any

import jsonschema
import pytest
import yaml

from playbooks.library import PlaybookError, available, parse
from playbooks.schema import schema, written
from tests.conftest import ROOT
from tests.playbooks.test_library import COMPLETE, GOOD

VALIDATOR = jsonschema.Draft202012Validator(schema())


def read(text: str) -> Any:
    """A text as an editor reads it."""
    return yaml.safe_load(text)


def test_the_published_schema_is_the_one_of_the_code() -> None:
    published = (ROOT / "docs" / "playbook.schema.json").read_text(encoding="utf-8")
    assert published == written(), "run: groundswell playbooks schema > docs/playbook.schema.json"


def test_it_is_a_schema_and_names_no_address_that_is_not_ours() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    assert (schema()["$schema"], schema()["$id"]) == (
        "https://json-schema.org/draft/2020-12/schema",
        "playbook.schema.json",
    )
    assert written().count("://") == 1


def test_every_setting_is_described_to_whoever_writes_one() -> None:
    made = schema()
    for part in (made, *made["$defs"].values()):
        for name, setting in part.get("properties", {}).items():
            about = setting.get("description") or made["$defs"].get(setting.get("$ref", "").rpartition("/")[2], {}).get(
                "description"
            )
            severity = name.startswith("SEV")
            assert about or severity, name


@pytest.mark.parametrize("playbook_id", available())
def test_every_playbook_that_comes_with_groundswell_fits_it(playbook_id: str) -> None:
    text = resources.files("playbooks").joinpath(f"{playbook_id}.yaml").read_text(encoding="utf-8")
    assert [error.message for error in VALIDATOR.iter_errors(read(text))] == []


@pytest.mark.parametrize("text", [GOOD, COMPLETE])
def test_what_can_be_read_fits_it(text: str) -> None:
    assert VALIDATOR.is_valid(read(text))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: Lost luggage\n", ""),
        ("title: Lost luggage", "title:"),
        ("title: Lost luggage", "title: '  '"),
        ("title: Lost luggage", 'title: "a\\nb"'),
        ("title: Lost luggage", "titel: Lost luggage"),
        ("summary: What we do when bags go missing.", "summary: [a]"),
        ("[service-failure]", "service-failure"),
        ("[service-failure]", "[Service failure]"),
        ("[negative_wave]", "[negative-wave]"),
        ("acknowledge: 15m", "acknowledge: 0m"),
        ("acknowledge: 15m", "acknowledge: 15"),
        ("acknowledge: 15m", "acknowledge: 15 minutes"),
        ("acknowledge: 15m", "acknowledge: 12345m"),
        ("acknowledge: 15m, ", ""),
        ("  SEV4: {acknowledge: 4h, first_public: 1d}\n", ""),
        ("SEV1: 5m", "SEV5: 5m, SEV1: 5m"),
        ("  - {key: look, title: Look, purpose: Know where the bags are.}", "  - look"),
        ("purpose: Tell those who wait.", "aim: Tell"),
        ("    why: They are waiting.\n", ""),
        ("    phase: look\n", ""),
        ("key: count", "key: Count the bags"),
        ("each: 20,", "each: 0,"),
        ("each: 20,", "each: 2.5,"),
        ("each: 20,", "each: twenty,"),
        (", total: 500", ""),
        ("[holding]", "[]"),
        ("[holding]", "holding"),
        ("approval_at: [SEV1]", "approval_at: [SEV0]"),
        ("    approval: legal\n", ""),
        ("only: {severity: [SEV1, SEV2], category: [service-failure], brand: [northwind]}", "only: {}"),
        ("brand: [northwind]}", "brands: [northwind]}"),
        ("brand: [northwind]}", "brand: []}"),
        ("kind: holding", "kind: denial"),
        ("cluster: accidental", "cluster: guilty"),
        ("    because: People want their bags.\n", ""),
        ("We are looking for your bag.", "x" * 10_001),
    ],
)
def test_what_has_the_wrong_shape_is_refused_by_the_schema_and_by_reading(old: str, new: str) -> None:
    text = COMPLETE.replace(old, new, 1)
    assert text != COMPLETE
    assert not VALIDATOR.is_valid(read(text))
    with pytest.raises(PlaybookError):
        parse(text, "x.yaml")
