"""The review after an incident, and how fast the team is, on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.incidents.conftest import Terminal


@pytest.fixture
def over(type_: Terminal) -> Terminal:
    """The terminal, once incident 1 is resolved."""
    type_.done("dana", "ack", 1)
    type_.done("dana", "resolve", 1)
    return type_


def test_a_review_is_drafted_written_on_and_declared_complete(over: Terminal) -> None:
    assert "many people are complaining" in over.done("", "review", 1)
    assert over.record("review", 1)["version"] == 0
    assert "which of the three failed" in over.refused("dana", "review-finish", 1)
    over.done("lee", "review-write", 1, "process", "Nobody answers the phone at night.", "--seen", 0)
    assert "wrote in it" in over.refused("kim", "review-write", 1, "process", "Nothing.", "--seen", 0)
    over.done("kim", "review-write", 1, "changes", "Two people answer it from now on.", "--seen", 1)
    over.done("kim", "review-write", 1, "actions", "Draw up the rota | Lee Okafor | 2031-06-01", "--seen", 2)
    over.done("dana", "review-finish", 1)
    record = over.record("review", 1)
    assert record["version"] == 3
    assert record["texts"]["process"] == "Nobody answers the phone at night."
    assert record["texts"]["actions"] == "Draw up the rota | Lee Okafor | 2031-06-01"
    assert record["clocks"]["acknowledge"]["standing"] == "in time"
    assert over.record("show", 1)["status"] == "reviewed"


@pytest.mark.parametrize(("ending", "begins"), [("pdf", b"%PDF"), ("html", b"<!doctype html>"), ("md", b"#")])
def test_a_review_is_written_into_a_file_by_its_ending(
    over: Terminal, tmp_path: Path, ending: str, begins: bytes
) -> None:
    file = tmp_path / f"review.{ending}"
    assert str(file) in over.done("", "review", 1, "--output", file)
    assert file.read_bytes().lower().startswith(begins.lower())


def test_a_file_of_another_ending_is_refused(over: Terminal, tmp_path: Path) -> None:
    assert over("", "review", 1, "--output", tmp_path / "review.doc").code == 2
    assert not (tmp_path / "review.doc").exists()


def test_the_team_sees_its_medians_and_what_is_left_out_of_them(type_: Terminal) -> None:
    assert type_.done("", "team") == "No incident has ended yet.\n"
    type_.done("dana", "ack", 1)
    type_.done("dana", "dismiss", 1, "--reason", "a joke")
    told = type_.record("team")
    assert (told["incidents"], told["dismissed"], told["medians"]["acknowledge"]) == (1, 1, None)
    assert "1 dismissed as noise and 0 drills are left out of them." in type_.done("", "team", "--by", "quarter")
