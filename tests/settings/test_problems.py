from __future__ import annotations

from pathlib import Path

import pytest

from settings.problems import Location, Problem, SettingsError, closest, name_of, shown


@pytest.mark.parametrize(
    ("location", "name"),
    [
        ((), ""),
        (("sources", 2, "every"), "sources[2].every"),
        (("a b", "c\nd"), '"a b"."c\\nd"'),
        (("brands", 0, "phrases", 1), "brands[0].phrases[1]"),
    ],
)
def test_a_location_reads_like_a_path(location: Location, name: str) -> None:
    assert name_of(location) == name


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("5 parsecs", '"5 parsecs"'),
        ("a\x1b[31mred\n\u202e", '"a\\x1b[31mred\\n\\u202e"'),
        ("x" * 100, f'"{"x" * 60}..."'),
        ("https://me:hunter2@example.com/a", '"https://***@example.com/a"'),
        ("https://example.com/a?key=hunter2", '"https://example.com/a?..."'),
    ],
)
def test_a_value_is_shown_short_harmless_and_without_an_addresss_secrets(text: str, seen: str) -> None:
    assert shown(text) == seen


def test_a_near_word_is_asked_for_and_otherwise_all_are_listed() -> None:
    assert closest("Evry", {"every", "about"}) == 'Did you mean "every"?'
    assert closest("zzz", {"every", "about"}) == "Known here: about, every."


def test_the_error_is_a_line_for_each_problem_in_the_order_of_the_file() -> None:
    problems = [
        Problem(12, "sources[1].every", '"5 parsecs"', "is not a duration.", "Write it as 30s."),
        Problem(3, "", "", "A tab.", "Use spaces."),
        Problem(None, "people", "", "is missing.", "Add it."),
    ]
    assert str(SettingsError(Path("groundswell.yaml"), problems)).splitlines() == [
        "groundswell.yaml: people: is missing. Add it.",
        "groundswell.yaml:3: A tab. Use spaces.",
        'groundswell.yaml:12: sources[1].every: "5 parsecs" is not a duration. Write it as 30s.',
    ]
