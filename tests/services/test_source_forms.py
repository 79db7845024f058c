from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from services.source_forms import Shape, fields_of_kind, read_form
from settings.loading import load_text
from sources.contract import kinds

SETTINGS = """
brands: [{id: acme, name: Acme, phrases: [Acme]}]
people: [{id: dana, name: Dana, email: dana@example.com}]
routing: {owner: dana}
mail: {transport: file, sender: a@example.com, folder: out}
"""
KEY = "0123456789abcdef0123456789abcdef"


def examples(kind: str) -> dict[str, str]:
    """What must be given, as the form shows it."""
    return {one.name: KEY if one.secret else one.example for one in fields_of_kind(kind) if one.required}


@pytest.mark.parametrize("kind", kinds())
def test_every_kind_has_a_form_that_explains_each_option(kind: str) -> None:
    fields = fields_of_kind(kind)
    assert fields
    assert all(one.help for one in fields)
    assert all(one.example or one.secret for one in fields if one.required)
    assert [one.required for one in fields] == sorted((one.required for one in fields), reverse=True)


@pytest.mark.parametrize("kind", sorted({*kinds()} - {"google_alerts"}))
def test_what_the_form_says_loads_as_settings_and_holds_no_secret(kind: str) -> None:
    """An alert's address is the secret itself, so an example of it is not any text."""
    filled = read_form(kind, examples(kind))
    assert filled.options is not None, filled.problems
    assert KEY not in filled.snippet
    (entry,) = yaml.safe_load(filled.snippet)["sources"]
    named = {value[2:-1]: KEY for value in entry.values() if isinstance(value, str) and value.startswith("${")}
    loaded = load_text(f"{filled.snippet}{SETTINGS}", Path("groundswell.yaml"), named)
    assert loaded.sources[0].options == filled.options


def test_a_secret_is_typed_and_becomes_the_name_of_a_variable() -> None:
    filled = read_form("mastodon", {"server": "https://m.example", "tag": "acme", "token": "hunter2"})
    assert getattr(filled.options, "token").get_secret_value() == "hunter2"  # noqa: B009  # of this kind alone
    assert "token: ${MASTODON_TOKEN}" in filled.snippet
    headers = {"url": "https://a.example", "fields": "id: id\ntext: body", "headers": "Authorization: Bearer hunter2"}
    assert "Authorization: ${JSONAPI_HEADERS_AUTHORIZATION}" in read_form("jsonapi", headers).snippet
    assert "hunter2" not in read_form("jsonapi", headers).snippet
    assert [one.shape for one in fields_of_kind("jsonapi") if one.name == "fields"] == [Shape.PAIRS]


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ({"url": "https://evil.example/${DATABASE_PASSWORD}"}, "url"),
        ({"url": "https://evil.example/${HOME}"}, "url"),
        ({"url": "not an address"}, "url"),
        ({}, "url"),
    ],
)
def test_what_is_wrong_is_told_by_its_option_and_nothing_of_the_environment_is_read(
    typed: dict[str, str], named: str
) -> None:
    filled = read_form("rss", typed)
    assert (filled.options, filled.snippet) == (None, "")
    assert [problem.path for problem in filled.problems] == [named]


@pytest.mark.parametrize(
    ("taken", "found"),
    [((), "rss-forum-example"), (("rss-forum-example", "rss-forum-example-2"), "rss-forum-example-3")],
)
def test_the_source_gets_an_id_that_no_other_has(taken: tuple[str, ...], found: str) -> None:
    snippet = read_form("rss", {"url": "https://www.forum.example/feed.xml"}, taken).snippet
    assert yaml.safe_load(snippet)["sources"][0]["id"] == found


def test_what_is_typed_stays_a_value_in_the_settings() -> None:
    hostile = "acme: {x}\n- id: evil # ' \" &a *a"
    (entry,) = yaml.safe_load(read_form("hackernews", {"query": hostile}).snippet)["sources"]
    assert entry["query"].split() == hostile.split()
    assert set(entry) == {"id", "kind", "query"}
