from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from access.audit import AuditKind
from access.links import Purpose
from access.sessions import Means
from cli.serve import tell_first_invitation
from database import auditing
from services.delivery import deliver
from services.installation import Installation, open_installation
from services.inviting import PATHS, choose
from services.signing_in import SignedIn, Visitor, open_session, session_of
from tests.cli.conftest import Outcome
from tests.small_team import settings_in

Groundswell = Callable[..., Outcome]
PEOPLE = [
    {"id": "dana", "name": "Dana Reyes", "email": "dana@example.com"},
    {"id": "lee", "name": "Lee Okafor", "email": "lee@example.com", "access": "viewer"},
]
HERE = Visitor("192.0.2.7")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return settings_in(tmp_path, people=PEOPLE, console={})


@pytest.fixture
def inst(config: Path) -> Iterator[Installation]:
    opened = open_installation(config, os.environ)
    with opened.database:
        yield opened


def test_everybody_is_listed_with_their_access_and_whether_they_can_come_in(
    groundswell: Groundswell, config: Path, inst: Installation
) -> None:
    link = groundswell("people", "invite", "dana", "-c", config).out.split()[-1]
    assert isinstance(choose(inst, link.rpartition("/")[2], "blue kettle on tuesday", HERE), SignedIn)
    dana, lee = groundswell("people", "list", "-c", config).out.splitlines()
    assert " ".join(dana.split()) == "dana admin has a password last seen just now Dana Reyes"
    assert "viewer" in lee
    assert "no password yet" in lee
    first, second = map(json.loads, groundswell("people", "list", "--json", "-c", config).out.splitlines())
    assert (first["access"], first["has_password"]) == ("admin", True)
    assert (second["has_password"], second["seen_at"]) == (False, None)


def test_an_invitation_is_printed_and_mailed(
    groundswell: Groundswell, config: Path, inst: Installation, tmp_path: Path
) -> None:
    done = groundswell("people", "invite", "lee", "-c", config)
    assert done.code == 0
    assert f"http://127.0.0.1:8420{PATHS[Purpose.INVITATION]}/" in done.out
    deliver(inst)
    (mail,) = (tmp_path / "outbox").glob("*.eml")
    assert b"lee@example.com" in mail.read_bytes()


def test_somebody_is_signed_out_everywhere(groundswell: Groundswell, config: Path, inst: Installation) -> None:
    token = open_session(inst, "dana", Means.PASSWORD, HERE.address, "")
    assert "1 session ended" in groundswell("people", "sign-out", "dana", "-c", config).out
    assert session_of(inst, token, HERE.address) is None
    with inst.database.reading() as connection:
        assert auditing.rows(connection, 1)[0].noted.kind is AuditKind.SESSION_REVOKED


@pytest.mark.parametrize("what", ["invite", "sign-out"])
def test_whoever_is_not_in_the_settings_is_named_with_those_who_are(
    groundswell: Groundswell, config: Path, what: str
) -> None:
    done = groundswell("people", what, "mallory", "-c", config)
    assert done.code == 1
    assert "There are: dana, lee." in done.err


def test_nobody_is_invited_where_nobody_has_to_sign_in(groundswell: Groundswell, tmp_path: Path) -> None:
    done = groundswell("people", "invite", "dana", "-c", settings_in(tmp_path))
    assert done.code == 1
    assert 'Set it to "required"' in done.err


def test_serve_tells_how_the_first_one_gets_in_until_somebody_is(
    inst: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    tell_first_invitation(inst)
    told = capsys.readouterr().out
    assert "nobody has a password yet" in told
    choose(inst, told.strip().rpartition("/")[2], "blue kettle on tuesday", HERE)
    tell_first_invitation(inst)
    assert capsys.readouterr().out == ""


def test_nobody_is_invited_where_there_are_no_passwords(groundswell: Groundswell, tmp_path: Path) -> None:
    # Any variable that is set does for the secret, which nobody is told here.
    company = {"issuer": "https://id.example.com", "client_id": "a", "client_secret": "${PATH}"}
    config = settings_in(tmp_path, people=PEOPLE, console={"passwords": False, "oidc": company})
    refused = groundswell("people", "invite", "lee", "-c", config)
    assert refused.code == 1
    assert "leave no passwords" in refused.err
