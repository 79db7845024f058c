"""The page of one's own tokens."""

from __future__ import annotations

import re

from starlette.testclient import TestClient

from access.audit import AuditKind
from access.roles import Permission
from access.tokens import MARK
from database import auditing
from services import tokens
from services.installation import Installation
from services.tokens import Created

PATH = "/account/tokens"
SECRET = re.compile(rf"<output>({MARK}_[A-Za-z0-9]{{12}}_[\w-]{{43}})</output>")


def test_a_token_is_shown_once_and_works(dana: TestClient, inst: Installation) -> None:
    answer = dana.post(PATH, data={"name": "nightly report", "scope": ["read", "respond"], "days": "30"})
    found = SECRET.search(answer.text)
    assert found
    assert answer.headers["cache-control"] == "no-store"
    assert "in 30 d<" in answer.text
    assert tokens.check(inst, found[1]).standing.permissions == {Permission.READ, Permission.RESPOND}
    again = dana.get(PATH).text
    assert "nightly report" in again
    assert found[1][-43:] not in again


def test_a_token_is_revoked_by_its_owner_alone(dana: TestClient, inst: Installation) -> None:
    mine, theirs = (tokens.create(inst, person, "a program", {Permission.READ}) for person in ("dana", "lee"))
    assert isinstance(mine, Created)
    assert isinstance(theirs, Created)
    told = dana.post(f"{PATH}/{mine.token.id}/revoke").text
    assert "whoever holds it gets nothing more" in told
    assert "There is no token" in dana.post(f"{PATH}/{theirs.token.id}/revoke").text
    assert [one.revoked_at is None for one in (*tokens.owned_by(inst, "dana"), *tokens.owned_by(inst, "lee"))] == [
        False,
        True,
    ]


def test_what_is_refused_stays_typed(dana: TestClient, inst: Installation) -> None:
    answer = dana.post(PATH, data={"name": "<b>report", "days": "30"})
    assert answer.status_code == 422
    assert "Choose at least one thing" in answer.text
    assert 'value="&lt;b&gt;report"' in answer.text
    assert tokens.owned_by(inst, "dana") == ()


def test_only_what_one_may_do_oneself_is_offered(client: TestClient, inst: Installation) -> None:
    client.cookies.set("groundswell_you", "lee")
    shown = client.get(PATH).text
    assert 'value="respond"' in shown
    assert 'value="administer"' not in shown
    answer = client.post(PATH, data={"name": "report", "scope": ["administer"]})
    assert "does not include: administer" in answer.text
    assert tokens.owned_by(inst, "lee") == ()


def test_who_has_not_said_who_they_are_has_no_tokens(client: TestClient) -> None:
    assert "Choose who you are" in client.get(PATH).text
    assert client.post(PATH, data={"name": "x", "scope": ["read"]}).status_code == 403


def test_a_form_that_no_page_makes_is_refused(dana: TestClient) -> None:
    assert dana.post(PATH, data={"name": "x", "scope": ["everything"]}).status_code == 400


def test_the_audit_says_who_made_a_token_and_who_revoked_it(dana: TestClient, inst: Installation) -> None:
    dana.post(PATH, data={"name": "report", "scope": ["read"]})
    dana.post(f"{PATH}/{tokens.owned_by(inst, 'dana')[0].id}/revoke")
    with inst.database.reading() as connection:
        rows = [(row.noted.kind, row.noted.person) for row in auditing.rows(connection, 50)]
    assert rows == [(AuditKind.TOKEN_REVOKED, "dana"), (AuditKind.TOKEN_MADE, "dana")]
