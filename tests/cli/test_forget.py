from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Outcome
from tests.small_team import settings_in

Groundswell = Callable[..., Outcome]
SAID = [
    {"id": "1", "author": "Ana Reyes", "handle": "ana_r", "text": "Northwind Air lost my purple suitcase"},
    {"id": "2", "author": "Ana R.", "handle": "ana_r", "text": "Northwind Air again", "url": "https://a.example/2"},
    {"id": "3", "author": "Ana Reyes", "handle": "ana", "text": "@ana_r Northwind Air is fine"},
]


@pytest.fixture
def config(tmp_path: Path, groundswell: Groundswell) -> Path:
    """An installation into which three posts were imported."""
    file = settings_in(tmp_path)
    rows = tmp_path / "survey.jsonl"
    rows.write_text("".join(f"{json.dumps(row)}\n" for row in SAID), encoding="utf-8")
    assert groundswell("import", rows, "-c", file, "--source", "survey").code == 0
    rows.unlink()
    return file


def exported(groundswell: Groundswell, config: Path) -> list[str]:
    lines = groundswell("export", "-c", config, "--format", "jsonl").out.splitlines()
    return sorted(json.loads(line)["text"] for line in lines)


def test_it_says_what_was_erased_and_what_is_out_of_reach(groundswell: Groundswell, config: Path) -> None:
    done = groundswell("forget", "-c", config, "@Ana_R", "--yes")
    assert (done.code, done.err) == (0, "")
    assert "2 posts to be erased." in done.out
    assert "2 posts erased.\n  ana_r (Ana R., Ana Reyes) at survey: 2 posts, " in done.out
    assert "What they post at survey is not kept from now on." in done.out
    assert "1 post of others name this account" in done.out
    assert "Out of reach, for you to see to: mails that were delivered" in done.out
    assert exported(groundswell, config) == ["", "", "@ana_r Northwind Air is fine"]
    assert b"purple suitcase" not in b"".join(p.read_bytes() for p in config.parent.rglob("*") if p.is_file())


def test_a_dry_run_and_a_no_change_nothing(
    groundswell: Groundswell, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("no\n"))
    before = exported(groundswell, config)
    dry = groundswell("forget", "-c", config, "ana_r", "--dry-run")
    assert (dry.code, dry.out.splitlines()[0]) == (0, "2 posts would be erased.")
    assert dry.out.endswith("Nothing was changed.\n")
    assert groundswell("forget", "-c", config, "ana_r").code == 130
    assert exported(groundswell, config) == before


def test_what_is_imported_of_them_afterwards_is_counted_apart(
    groundswell: Groundswell, config: Path, tmp_path: Path
) -> None:
    groundswell("forget", "-c", config, "@Ana_R", "--yes")
    rows = tmp_path / "survey.jsonl"
    rows.write_text("".join(f"{json.dumps(row)}\n" for row in SAID), encoding="utf-8")
    again = groundswell("import", rows, "-c", config, "--source", "survey").out
    kept_out = "2 that somebody asked to have forgotten, not kept"
    assert again == f'3 rows: 0 new mentions, kept as "survey"; 1 known already; {kept_out}.\n'


def test_a_changed_key_is_warned_of_before_anything_is_erased_and_after(
    groundswell: Groundswell, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = tmp_path / "survey.jsonl"
    rows.write_text(json.dumps({"id": "9", "author": "Zoe", "text": "Northwind Air, once more"}), encoding="utf-8")
    with config.open("a", encoding="utf-8") as settings:
        settings.write("privacy: {authors: pseudonyms, key: '${PRIVACY_KEY}'}\n")
    monkeypatch.setenv("PRIVACY_KEY", "the key of last year")
    assert groundswell("import", rows, "-c", config, "--source", "survey").code == 0
    monkeypatch.setenv("PRIVACY_KEY", "the key of this year")
    failed = groundswell("forget", "-c", config, "Zoe", "--yes")
    assert (failed.code, failed.out) == (1, "")
    assert "nothing that can be found by name has this author" in failed.err
    assert "run this once more with privacy.authors: pseudonyms and each key of before" in failed.err
    assert groundswell("forget", "-c", config, "ana_r", "--yes").out.count("cannot be found by name") == 2
    monkeypatch.setenv("PRIVACY_KEY", "the key of last year")
    assert "1 post erased." in groundswell("forget", "-c", config, "Zoe", "--yes").out


def test_a_post_is_forgotten_by_its_address(groundswell: Groundswell, config: Path) -> None:
    assert "1 post erased." in groundswell("forget", "-c", config, "a.example/2", "--yes").out
    assert "Northwind Air again" not in exported(groundswell, config)


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("Ana Reyes",), 1, '"Ana Reyes": 2 voices are called so: ana at survey (Ana Reyes, 1 post); ana_r at survey'),
        (("nobody",), 1, '"nobody": nothing that is kept has this author.'),
        (("ana", "--source", "elsewhere"), 2, '"elsewhere" is none of: forum, survey.'),
    ],
)
def test_what_is_not_clear_is_asked_and_nothing_is_changed(
    groundswell: Groundswell, config: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    before = exported(groundswell, config)
    done = groundswell("forget", "-c", config, *arguments, "--yes")
    assert (done.code, done.out) == (code, "")
    assert says in done.err
    assert exported(groundswell, config) == before
