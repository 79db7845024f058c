from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from access.tokens import read
from tests.cli.conftest import Outcome
from tests.small_team import settings_in

Groundswell = Callable[..., Outcome]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return settings_in(tmp_path)


def test_a_token_is_shown_once_listed_without_its_secret_and_ended(groundswell: Groundswell, config: Path) -> None:
    made = groundswell("tokens", "create", "-c", config, "--for", "Dana Reyes", "--name", "nightly report")
    shown = read(made.out.strip())
    assert shown
    assert "shown this once" in made.err
    listed = groundswell("tokens", "list", "-c", config).out
    assert f"{shown.id}  Dana Reyes  nightly report  read  never used  ends in 89 days" in listed
    assert shown.secret not in listed
    assert "Revoked: nightly report, of Dana Reyes." in groundswell("tokens", "revoke", "-c", config, shown.id).out
    assert groundswell("tokens", "list", "-c", config, "--for", "dana").out.endswith("revoked\n")


def test_programs_get_tokens_as_json(groundswell: Groundswell, config: Path) -> None:
    arguments = ("--for", "dana", "--name", "x", "--scope", "read", "--scope", "respond", "--days", 7, "--json")
    told = json.loads(groundswell("tokens", "create", "-c", config, *arguments).out)
    assert read(told.pop("token"))
    assert told["scopes"] == ["read", "respond"]
    assert json.loads(groundswell("tokens", "list", "-c", config, "--json").out) == [told]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("create", "--for", "nobody", "--name", "x"), 2, "is none of:"),
        (("create", "--for", "dana", "--name", " "), 1, "what the token is for"),
        (("create", "--for", "dana", "--name", "x", "--days", 366), 2, "366"),
        (("create", "--for", "dana", "--name", "x", "--scope", "everything"), 2, "everything"),
        (("revoke", "x" * 12), 1, "There is no token"),
    ],
)
def test_what_is_not_done_is_said(
    groundswell: Groundswell, config: Path, arguments: tuple[object, ...], code: int, says: str
) -> None:
    command, *rest = arguments
    done = groundswell("tokens", command, "-c", config, *rest)
    assert (done.code, done.out, says in done.err) == (code, "", True)
    assert groundswell("tokens", "list", "-c", config).out == "No tokens.\n"
