from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from cli.main import group
from settings.loading import load

if TYPE_CHECKING:  # test folders are no packages when tests run
    from tests.cli.conftest import Outcome

    Run = Callable[..., Outcome]

TEAM = ("--brand", 'Northwind: "Air"', "--owner-name", "Ana", "--owner-email", "ana@example.com", "--no-input")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "groundswell.yaml"


def test_flags_alone_write_a_file_that_loads(groundswell: Run, path: Path) -> None:
    phrases = ("--phrase", "Northwind", "--phrase", "no")
    feeds = ("--feed", "https://example.com/a.xml", "--feed", "https://example.org/b.xml")
    outcome = groundswell("-c", path, "init", *TEAM, *phrases, *feeds)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.splitlines() == [f"Wrote {path}.", "Next: groundswell check"]
    read = load(path, {})
    assert read.brands[0].name == 'Northwind: "Air"'
    assert read.brands[0].phrases == ("Northwind", "no")
    assert [source.id for source in read.sources] == ["example-com", "example-org"]
    assert read.mail.transport == "file"


def test_a_mail_server_with_sign_in_asks_for_its_password_in_the_environment(groundswell: Run, path: Path) -> None:
    outcome = groundswell("init", *TEAM, "--smtp-host", "h", "--smtp-user", "u", "--output", path)
    assert "export SMTP_PASSWORD=..." in outcome.out
    assert f"groundswell check --config {path}" in outcome.out
    assert load(path, {"SMTP_PASSWORD": "x"}).mail.transport == "smtp"


def test_a_file_that_is_there_is_left_as_it_is(groundswell: Run, path: Path) -> None:
    path.write_text("mine")
    outcome = groundswell("-c", path, "init", *TEAM)
    assert (outcome.code, path.read_text()) == (1, "mine")
    assert "There is a file already" in outcome.err


def test_force_replaces_a_file(groundswell: Run, path: Path) -> None:
    path.write_text("mine")
    assert groundswell("-c", path, "init", *TEAM, "--force").code == 0
    assert load(path, {}).people[0].id == "ana"


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--no-input",), "Still needed: --brand, --owner-name, --owner-email."),
        ((*TEAM, "--owner-email", "ana"), "--owner-email is not a mail address"),
        ((*TEAM, "--brand", "  "), "Still needed: --brand."),
    ],
)
def test_what_is_missing_or_wrong_is_told_and_nothing_written(
    groundswell: Run, path: Path, flags: tuple[str, ...], said: str
) -> None:
    outcome = groundswell("-c", path, "init", *flags)
    assert outcome.code == 2
    assert said in outcome.err
    assert not path.exists()


def test_a_folder_that_is_not_there_is_told(groundswell: Run, path: Path) -> None:
    outcome = groundswell("init", *TEAM, "-o", path / "x" / "y.yaml")
    assert outcome.code == 1
    assert "It cannot be written" in outcome.err


def test_without_flags_it_asks(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command()
    def terminal() -> None:
        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
        group.main(["-c", str(path), "init"], standalone_mode=False)

    answers = ["Northwind", "Northwind, Fly Northwind", "", "Ana", "ana@example.com", "", ""]
    CliRunner().invoke(terminal, input="\n".join(answers), catch_exceptions=False)
    assert load(path, {}).brands[0].phrases == ("Northwind", "Fly Northwind")
