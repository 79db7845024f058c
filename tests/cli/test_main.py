from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cli.main import COMMANDS

if TYPE_CHECKING:  # test folders are no packages when tests run
    from tests.cli.conftest import Outcome

    Run = Callable[..., Outcome]

HEAVY = ("pydantic", "sqlalchemy", "prefect", "requests", "fastapi", "yaml", "feedparser", "settings")
FAILING = """
import click
from pathlib import Path
from errors import GroundswellError
from settings.problems import Problem, SettingsError

FAILURES = {
    "known": GroundswellError("the desk", "It broke\\x1b[31m.", "Mend it."),
    "settings": SettingsError(Path("x.yaml"), [Problem(3, "tick", "", "is wrong.", "Write 5s.")]),
    "interrupted": KeyboardInterrupt(),
    "unexpected": ValueError("two\\nlines"),
}

@click.command()
@click.argument("kind")
def command(kind):
    if kind in FAILURES:
        raise FAILURES[kind]
    return int(kind)
"""


@pytest.fixture
def fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A further command, ``fail``."""
    (tmp_path / "failing_command.py").write_text(FAILING)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(COMMANDS, "fail", ("failing_command", "Fail."))


def test_help_imports_nothing_that_takes_long() -> None:
    code = f"import sys; from cli.main import run; run(['--help']); print({HEAVY} & sys.modules.keys())"
    code = code.replace(str(HEAVY), f"set({HEAVY})")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    *text, imported = done.stdout.splitlines()
    assert imported == "set()"
    for name, (_, line) in COMMANDS.items():
        assert any(row.split() == [name, *line.split()] for row in text)


@pytest.mark.parametrize("name", ["init", "check", "preview"])
def test_each_command_explains_itself(groundswell: Run, name: str) -> None:
    outcome = groundswell(name, "--help")
    assert outcome.code == 0
    assert outcome.out.startswith(f"Usage: groundswell {name}")


def test_the_version_is_the_installed_one(groundswell: Run) -> None:
    assert groundswell("--version").out.startswith("groundswell, version 0.")


@pytest.mark.usefixtures("fail")
@pytest.mark.parametrize(
    ("kind", "code", "said"),
    [
        ("0", 0, ""),
        ("1", 1, ""),
        ("known", 1, "the desk: It broke [31m. Mend it.\n"),
        ("settings", 2, "x.yaml:3: tick: is wrong. Write 5s.\n"),
    ],
)
def test_what_happened_decides_the_exit_code(groundswell: Run, kind: str, code: int, said: str) -> None:
    outcome = groundswell("fail", kind)
    assert (outcome.code, outcome.out, outcome.err) == (code, "", said)


@pytest.mark.usefixtures("fail")
def test_an_interrupted_command_ends_quietly(groundswell: Run) -> None:
    outcome = groundswell("fail", "interrupted")
    assert (outcome.code, outcome.err.strip()) == (130, "")


@pytest.mark.usefixtures("fail")
def test_an_unexpected_error_says_how_to_report_it(groundswell: Run) -> None:
    outcome = groundswell("fail", "unexpected")
    assert outcome.code == 1
    assert outcome.err.startswith("groundswell: unexpected error: ValueError: two lines\n")
    assert "groundswell --traceback" in outcome.err
    assert "Traceback" not in outcome.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_no_defect() -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        told = subprocess.run(
            [sys.executable, "-m", "cli", "--help"],
            env={name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (told.returncode, told.stderr.count("Make room")) == (1, 1)
    assert "defect" not in told.stderr


@pytest.mark.usefixtures("fail")
def test_an_unexpected_error_shows_its_origin_on_request(groundswell: Run) -> None:
    outcome = groundswell("--traceback", "fail", "unexpected")
    assert outcome.code == 1
    assert "failing_command.py" in outcome.err


@pytest.mark.parametrize("arguments", [["bogus"], ["--bogus"], ["check", "--bogus"]])
def test_wrong_usage_is_told_on_stderr(groundswell: Run, arguments: list[str]) -> None:
    outcome = groundswell(*arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert "No such" in outcome.err
    assert "bogus" in outcome.err


def test_the_settings_file_is_named_before_or_after_the_command_or_in_the_environment(
    groundswell: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert groundswell("-c", "a.yaml", "check").err.startswith("a.yaml: The file does not exist.")
    assert groundswell("check", "--config", "b.yaml").err.startswith("b.yaml: ")
    monkeypatch.setenv("GROUNDSWELL_CONFIG", "c.yaml")
    assert groundswell("check").err.startswith("c.yaml: ")
    assert groundswell("-c", "a.yaml", "check").err.startswith("a.yaml: ")
