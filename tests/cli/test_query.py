from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.query import command

QUERY = "acme NEAR/3 late OR lang:th"


def ask(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(command, ["test", *arguments], input=typed, standalone_mode=False)


def test_a_text_that_matches_is_shown_with_the_reason_and_marks() -> None:
    result = ask(QUERY, "--text", "Acme is late", "--text", "late, late, late")
    assert result.output.splitlines() == [
        "match     [Acme] is [late]",
        "          because of acme NEAR/3 late",
        "no match  late, late, late",
        "2 texts, 1 matched.",
    ]


def test_texts_come_from_a_file_a_line_each(tmp_path: Path) -> None:
    file = tmp_path / "texts.txt"
    file.write_bytes(b"\xef\xbb\xbfacme late\n\n  nothing \xff\n")
    assert ask(QUERY, "--file", str(file)).output.splitlines() == [
        "match     [acme] [late]",
        "          because of acme NEAR/3 late",
        "no match  nothing \ufffd",
        "2 texts, 1 matched.",
    ]


def test_texts_come_from_standard_input_where_no_other_is_named() -> None:
    assert ask(QUERY, typed="acme late\n").output.endswith("1 text, 1 matched.\n")
    assert ask(QUERY, typed="").output == "0 texts, 0 matched.\n"
    assert ask(QUERY, "--text", "x", typed="acme late\n").output.endswith("1 text, 0 matched.\n")


@pytest.mark.parametrize(
    ("query", "record", "said"),
    [
        ("lang:th", {"text": "x", "language": "th"}, "match     x\n          because of lang:th"),
        ("author:ana", {"title": "x", "author": "Ana", "likes": 3}, "match     x\n          because of author:ana"),
        ("@ana", {"title": "T", "text": "x", "handle": "ana@a.example"}, "match     T x\n          because of @ana"),
        ("site:a.example", {"text": "x", "url": "https://b.a.example/"}, "match     x\n"),
        ("source:forum", {"text": "x", "source": "forum"}, "match     x\n"),
        ("source:forum", {"text": "x", "source": 3, "author": None}, "no match  x\n"),
        ("lang:th", {"language": "th"}, 'no match  {"language": "th"}\n'),
    ],
)
def test_a_line_may_be_a_mention_in_json(query: str, record: dict[str, object], said: str) -> None:
    assert ask(query, typed=json.dumps(record)).output.startswith(said)


@pytest.mark.parametrize("line", ["{not json", "[1]", '{"text": '])
def test_a_line_that_is_no_mention_is_a_text(line: str) -> None:
    assert ask("acme", typed=line).output.startswith(f"no match  {line.strip()}\n")


def test_a_query_that_cannot_be_read_is_shown_with_a_caret() -> None:
    result = ask("acme AND (late", "--text", "x")
    assert result.return_value == 2
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        "query: at character 15, the parenthesis opened at character 10 is not closed; expected ).",
        "",
        "  acme AND (late",
        "                ^",
        "",
        "Close it.",
    ]


def test_nothing_that_a_stranger_wrote_steers_the_terminal() -> None:
    output = ask("acme", "--text", "acme \x1b[31m \u202eevil", "--text", "\x1b]0;x\x07").output
    assert "\x1b" not in output
    assert "\u202e" not in output
    assert "\x07" not in output
