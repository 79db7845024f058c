"""Where people sign in, a browser's session reads over the API and changes nothing."""

from __future__ import annotations

from console.session_cookie import form_token
from database import incidents as store
from services.installation import Installation
from tests.console.signed_in import SignedIn, asking_who, stranger


def test_a_session_reads(inst: Installation) -> None:
    told = SignedIn(asking_who(inst), "lee").get("/api/v1/me").json()
    assert (told["person"]["id"], told["means"], told["token"]) == ("lee", "session", None)


def test_a_session_changes_nothing_with_or_without_the_token_of_its_forms(inst: Installation, number: int) -> None:
    browser = SignedIn(asking_who(inst), "dana")
    for headers in ({}, {"x-groundswell-form": form_token(browser.token)}):
        answer = browser.post(f"/api/v1/incidents/{number}/acknowledge", headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (401, "/api#problem-token-missing")
    with inst.database.reading() as connection:
        assert store.find(connection, number).acknowledged_at is None


def test_nobody_is_told_to_send_a_token(inst: Installation) -> None:
    answer = stranger(asking_who(inst)).get("/api/v1/me")
    assert (answer.status_code, answer.json()["type"]) == (401, "/api#problem-token-missing")
    assert answer.headers["www-authenticate"] == 'Bearer realm="Groundswell"'
