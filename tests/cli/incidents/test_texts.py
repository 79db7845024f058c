from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.incidents.conftest import Terminal

LINES = "We are sorry.\nHere is what we do: rebook everybody.\n"
Pipe = Callable[[bytes], None]


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Pipe:
    """Puts bytes on standard input."""
    return lambda given: monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given)))


def test_longer_texts_come_from_standard_input_or_a_file(type_: Terminal, pipe: Pipe, tmp_path: Path) -> None:
    pipe(LINES.encode())
    type_.done("kim", "statement", "draft", 1, "--kind", "apology", "--text", "-", "--title", "Our apology")
    assert type_.done("", "statement", "show", 1, 1).endswith(f"\n\n{LINES}")
    file = tmp_path / "words.txt"
    file.write_text(f"{LINES}And we call back, für alle.", encoding="utf-8")
    type_.done("kim", "statement", "edit", 1, 1, "--seen", 1, "--file", file)
    assert type_.done("", "statement", "show", 1, 1).endswith("für alle.\n")
    assert type_.done("", "statement", "show", 1, 1, "--version", 1).endswith(f"\n\n{LINES}")
    file.write_text(type_.done("", "statement", "show", 1, 1, "--words"), encoding="utf-8")
    assert "The words are the same" in type_.refused("kim", "statement", "edit", 1, 1, "--seen", 2, "--file", file)
    pipe(b"From a pipe")
    type_.done("lee", "note", 1, "-")
    assert type_.record("show", 1)["timeline"][-1]["text"] == "From a pipe"


def test_one_statement_is_told_to_programs_with_the_versions_asked_for(type_: Terminal) -> None:
    type_.done("kim", "statement", "draft", 1, "--kind", "update", "--text", "One")
    type_.done("lee", "statement", "edit", 1, 1, "--seen", 1, "--text", "Two")
    told = type_.record("statement", "show", 1, 1)
    assert (told["text"], told["version"], told["author"]["id"], told["kind"]) == ("Two", 2, "lee", "update")
    assert [one["text"] for one in told["versions"]] == ["One", "Two"]
    (first,) = type_.record("statement", "show", 1, 1, "--version", 1)["versions"]
    assert (first["text"], first["author"]["id"]) == ("One", "kim")


def test_what_is_no_text_is_not_taken(type_: Terminal, pipe: Pipe, tmp_path: Path) -> None:
    pipe(b"\xff\xfe")
    outcome = type_("kim", "note", 1, "-")
    assert (outcome.code, "Standard input is not UTF-8 text. Nothing was changed." in outcome.err) == (2, True)
    file = tmp_path / "words.bin"
    file.write_bytes(b"\xff\xfe")
    outcome = type_("kim", "statement", "edit", 1, 1, "--seen", 1, "--file", file)
    assert (outcome.code, "is not UTF-8 text." in outcome.err) == (2, True)


def test_the_last_word_promises_nothing_and_the_next_as_asked(type_: Terminal) -> None:
    type_.done("lee", "severity", 1, "SEV3", "--reason", "it calms down")
    for kind in ("update", "update", "closing"):
        type_.done("kim", "statement", "draft", 1, "--kind", kind, "--text", "All fly again.")
    told = type_.done("kim", "statement", "publish", 1, 1, "--seen", 1, "--next", "1h")
    assert "It is public. The next word is promised for " in told
    assert type_.record("show", 1)["update_due_at"] is not None
    told = type_.done("kim", "statement", "publish", 1, 2, "--seen", 1, "--next", "none")
    assert "No further word is promised." in told
    told = type_.done("kim", "statement", "publish", 1, 3, "--seen", 1, "--next", "1h")
    assert "No further word is promised." in told
    record = type_.record("show", 1)
    assert record["update_due_at"] is None
    assert record["timeline"][-1]["facts"]["next_at"] == ""
