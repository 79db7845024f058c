from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from settings.document import MAX_BYTES, parse, read
from settings.problems import SettingsError

if TYPE_CHECKING:  # test folders are no packages when tests run
    from tests.settings.conftest import Desk


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("brands:\n\t- id: a\n", "2: A tab stands in the indentation. Indent with spaces only."),
        ("a: 1\nb: x: y\n", '2: A ":" stands where none can be.'),
        ("a: 1\nb\nc: 2\n", '2: A ":" is missing.'),
        ('a: 1\nb: "never closed\nc: 2\n', "2: A quote is opened here and never closed."),
        ("a: 1\nb: [x, y\nc: 2\n", "2: A bracket is opened here and never closed."),
        ("a:\n  - b\n c: 1\n", "3: The indentation does not fit."),
        ("a: @handle\n", "1: A text starts with a character that YAML keeps for itself."),
        ("a: *name\n", "1: A text starts with *"),
        ("a: !!python/object:os.system x\n", "1: a: is marked with a tag (!)."),
        ('a: "c:\\dir"\n', "1: A backslash inside double quotes."),
        ("a: 1\n---\nb: 1\n", "2: A second document (---) starts here."),
        ("a: 1\nb: x\0y\n", "2: A control character that YAML does not allow."),
        ("? [a, b]\n: 1\n", "1: has a list or section for a key."),
        ("x: &x {a: 1}\ny:\n  <<: *x\n", '3: y."<<": is a merge of YAML, which is not read here.'),
        ("[" * 5000, "1: Nested too deeply."),
        ("a: &a [*a]\n", "1: Its references (*) unfold to more than settings can hold."),
        (
            "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
            + "".join(f"{n}: &{n} [*{p}, *{p}, *{p}, *{p}, *{p}, *{p}, *{p}, *{p}]\n" for p, n in pairwise("abcdef")),
            "1: Its references (*) unfold to more than settings can hold.",
        ),
        ("", "The file is empty."),
        ("# only a comment\n", "The file is empty."),
        ("- a\n- b\n", 'The file does not start with keys such as "brands:".'),
        ("just words\n", 'The file does not start with keys such as "brands:".'),
        ("name: Zoë\n".encode("latin-1"), "1: A character here is not UTF-8. Save the file in the encoding UTF-8."),
        (b"a: 1\nb: \xff\n", "2: A character here is not UTF-8."),
        (b"# " + b"x" * MAX_BYTES, "The file is larger than 500 kB."),
    ],
)
def test_a_file_that_is_not_settings_gets_its_line_and_a_remedy(
    desk: Desk, content: str | bytes, complaint: str
) -> None:
    complaints = desk.complaints(content)
    assert any(line.startswith(complaint) for line in complaints), complaints


def test_a_missing_file_points_to_init(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r'does not exist\. Run "groundswell init"'):
        read(tmp_path / "groundswell.yaml")


def test_a_folder_in_place_of_the_file_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"cannot be read \(is a directory\)"):
        read(tmp_path)


@pytest.mark.parametrize(("mark", "ends"), [(b"\xef\xbb\xbf", b"\n"), (b"", b"\r\n")])
def test_marks_and_line_ends_of_other_systems_are_read(desk: Desk, mark: bytes, ends: bytes) -> None:
    content = mark + desk.complete.encode().replace(b"\n", ends)
    assert desk.load(content).brands[0].phrases == ("Northwind Air",)


def test_line_numbers_hold_with_line_ends_of_other_systems(desk: Desk) -> None:
    content = desk.changed("every: 30s", "every: soon").replace("\n", "\r\n")
    assert desk.complaints(content)[0].startswith("9: sources[0].every")


def test_bare_words_that_yaml_takes_for_something_else_stay_texts() -> None:
    document = parse("phrases: [no, 2024, 1e5, 0x1F, 12:30, 2024-01-01, yes, .inf, =]\n", Path("x"))
    assert document.content["phrases"] == ["no", "2024", "1e5", "0x1F", "12:30", "2024-01-01", "yes", ".inf", "="]


def test_a_key_without_a_value_counts_as_not_set_and_keeps_its_line() -> None:
    document = parse("a: 1\nroutes:\n# - match\nb: ~\n", Path("x"))
    assert dict(document.content) == {"a": "1"}
    assert document.empty == {("routes",), ("b",)}
    assert document.line(("routes",)) == 2


def test_a_list_entry_without_a_value_is_told_and_later_ones_keep_their_place() -> None:
    document = parse("list:\n  - a\n  -\n  - null\n  - d\n", Path("x"))
    assert document.at(("list", 3)) == "d"
    assert [str(problem) for problem in document.problems] == [
        "list[1]: means nothing. Write a value, or remove the line.",
        'list[2]: "null" means nothing. Put quotes around it if it is a text.',
    ]


def test_a_key_written_twice_names_the_first_line_and_keeps_the_first_value() -> None:
    document = parse("a: 1\nb: 2\na: 3\n", Path("x"))
    assert document.content["a"] == "1"
    (problem,) = document.problems
    assert (problem.line, str(problem)) == (3, "a: is there already, in line 1. Remove one, or join the two.")


def test_references_are_followed() -> None:
    assert parse("a: &who [ana]\nb: *who\n", Path("x")).content["b"] == ["ana"]
