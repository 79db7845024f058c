from __future__ import annotations

import os
import subprocess
import sys

import pytest

from assistant.asking import TOKEN, URL
from tests.conftest import ROOT

SECRET = "gsw_aaaaaaaaaaaa_secret"  # noqa: S105  # made up
HERE = {URL: "http://127.0.0.1:8420", TOKEN: SECRET}


def run(program: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    """What a process says that nobody talks to."""
    known = {name: value for name, value in os.environ.items() if name not in HERE}
    return subprocess.run(
        [sys.executable, *program],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**known, **environment},
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({}, "GROUNDSWELL_URL: nothing says where Groundswell is."),
        ({URL: "http://127.0.0.1:8420"}, "GROUNDSWELL_TOKEN: there is no token"),
        ({URL: "http://example.com", TOKEN: SECRET}, "to another machine"),
    ],
)
def test_what_the_environment_lacks_is_said_on_stderr_and_nothing_on_stdout(
    environment: dict[str, str], told: str
) -> None:
    done = run(["-m", "cli", "mcp"], **environment)
    assert (done.returncode, done.stdout) == (1, "")
    assert told in done.stderr
    assert SECRET not in done.stderr


def test_it_ends_with_its_standard_input() -> None:
    done = run(["-m", "cli", "mcp"], **HERE)
    assert (done.returncode, done.stdout) == (0, "")
    assert SECRET not in done.stderr


def test_without_the_sdk_it_says_how_to_install_it() -> None:
    program = "import sys; sys.modules['mcp'] = None; import cli.main; sys.exit(cli.main.run(['mcp']))"
    done = run(["-c", program], **HERE)
    assert done.returncode == 1
    assert "the MCP SDK is not installed (the extra groundswell[mcp])." in done.stderr
    assert f'{sys.executable} -m pip install "mcp>=2.3,<3"' in done.stderr


def test_a_token_is_no_argument() -> None:
    done = run(["-m", "cli", "mcp", "--token", SECRET], **HERE)
    assert done.returncode == 2
    assert "No such option" in done.stderr


def test_the_help_names_what_is_needed() -> None:
    done = run(["-m", "cli", "mcp", "--help"])
    assert done.returncode == 0
    for needed in (URL, TOKEN, "docs/assistants.md", "groundswell[mcp]"):
        assert needed in done.stdout
