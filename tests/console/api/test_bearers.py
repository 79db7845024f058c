"""Tokens in the wrong hands, in the wrong place, or past their time open nothing."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from access.roles import Permission
from console.app import create_app
from database import incidents as store
from services import tokens
from services.installation import Installation
from services.tokens import Created
from tests.console.api.conftest import Program
from tests.installations import HandClock, installed

ME, ACKNOWLEDGE = "/api/v1/me", "/api/v1/incidents/{}/acknowledge"


def token_of(client: TestClient) -> str:
    return client.headers["authorization"].removeprefix("Bearer ")


def test_an_expired_token_opens_nothing(program: Program, clock: HandClock) -> None:
    client = program()
    clock.advance(days=90)
    answer = client.get(ME)
    assert answer.status_code == 401
    assert 'error="invalid_token", error_description="The token has expired.' in answer.headers["www-authenticate"]
    assert answer.json()["type"] == "/api#problem-token-invalid"


def test_a_revoked_token_opens_nothing(program: Program, closed: Installation) -> None:
    client = program()
    assert client.get(ME).status_code == 200
    tokens.revoke(closed, token_of(client)[4:16])
    assert client.get(ME).status_code == 401


@pytest.mark.parametrize(
    "shown",
    [
        "Bearer",
        "Bearer ",
        "Bearer gsw_",
        "Bearer gsw_aaaaaaaaaaaa_" + "a" * 43,
        "bearer nothing",
        "Bearer " + "x" * 9000,
        "Bearer é",
    ],
)
def test_what_is_no_token_opens_nothing(client: TestClient, closed: Installation, shown: str) -> None:
    del closed
    for path in (ME, "/api/v1/incidents"):
        answer = client.get(path, headers={b"authorization": shown.encode()})
        assert (answer.status_code, answer.json()["type"]) == (401, "/api#problem-token-invalid")


def test_another_scheme_is_no_token(program: Program) -> None:
    client = program()
    client.headers["authorization"] = f"Basic {token_of(client)}"
    assert client.get(ME).json()["type"] == "/api#problem-token-missing"


def test_a_token_acts_as_its_owner_whatever_a_program_says(program: Program, closed: Installation, number: int) -> None:
    client = program("lee", Permission.RESPOND, Permission.READ)
    answer = client.post(ACKNOWLEDGE.format(number), headers={"groundswell-person": "dana"})
    assert (answer.status_code, answer.json()["incident"]["owner"]["id"]) == (200, "lee")
    with closed.database.reading() as connection:
        assert store.timeline(connection, number)[-1].actor == "lee"


def test_nobody_sees_or_ends_the_tokens_of_somebody_else(program: Program) -> None:
    lee, dana = program("lee"), program("dana")
    assert [one["id"] for one in lee.get("/api/v1/tokens").json()["items"]] == [token_of(lee)[4:16]]
    assert lee.delete(f"/api/v1/tokens/{token_of(dana)[4:16]}").status_code == 409
    assert dana.get(ME).status_code == 200


def test_a_token_ends_itself_and_no_other_of_its_owner(program: Program) -> None:
    first, second = program(), program()
    assert second.delete(f"/api/v1/tokens/{token_of(first)[4:16]}").status_code == 409
    assert first.delete(f"/api/v1/tokens/{token_of(first)[4:16]}").json()["revoked_at"]
    assert (first.get(ME).status_code, second.get(ME).status_code) == (401, 200)


@pytest.mark.parametrize("name", ["access_token", "token", "q"])
def test_a_token_in_the_address_is_refused(program: Program, name: str) -> None:
    client = program()
    text = token_of(client)
    for headers in ({}, {"authorization": ""}):
        answer = client.get(ME, params={name: text}, headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (400, "/api#problem-token-misplaced")
        assert text not in answer.text


@pytest.mark.parametrize("path", ["/", "/incidents", "/mentions", "/mentions.csv", "/api"])
def test_a_token_opens_no_page(program: Program, path: str) -> None:
    answer = program("dana", *Permission).get(path)
    assert answer.status_code == 403
    assert "Tokens open what is under /api/, and no pages." in answer.text


def test_a_token_changes_nothing_through_a_form(program: Program, closed: Installation, number: int) -> None:
    answer = program("dana", *Permission).post(f"/incidents/{number}/acknowledge", follow_redirects=False)
    assert answer.status_code == 403
    with closed.database.reading() as connection:
        assert store.find(connection, number).acknowledged_at is None


def test_what_a_proxy_in_front_says_to_pages_is_not_for_us(client: TestClient) -> None:
    for shown in ("Basic eDp5", "Bearer of-the-proxy"):
        assert client.get("/", headers={"authorization": shown}).status_code == 200


def test_a_role_that_is_taken_away_is_taken_from_tokens_at_once(
    program: Program, closed: Installation, clock: HandClock, number: int
) -> None:
    client = program("lee", Permission.READ, Permission.RESPOND)
    dana, lee = closed.settings.people
    lower = closed.settings.model_copy(update={"people": (dana, lee.model_copy(update={"access": "viewer"}))})
    app = create_app(installed(lower, clock))
    again = TestClient(
        app, base_url="http://127.0.0.1:8420", headers={"authorization": client.headers["authorization"]}
    )
    answer = again.post(ACKNOWLEDGE.format(number))
    assert (answer.status_code, answer.json()["type"]) == (403, "/api#problem-access-missing")
    assert again.get(ME).json()["may"] == ["read"]


def test_on_a_trusted_machine_a_header_says_who_acts(client: TestClient, number: int) -> None:
    path = ACKNOWLEDGE.format(number)
    assert client.post(path).json()["type"] == "/api#problem-person-missing"
    assert client.post(path, headers={"groundswell-person": "nobody"}).json()["type"] == "/api#problem-person-missing"
    done = client.post(path, headers={"groundswell-person": "lee"})
    assert (done.status_code, done.json()["incident"]["owner"]["id"]) == (200, "lee")


@pytest.mark.parametrize("name", ["Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP"])
def test_what_came_through_a_proxy_is_not_from_a_trusted_machine(client: TestClient, name: str) -> None:
    answer = client.get(ME, headers={name: "for=203.0.113.7", "groundswell-person": "dana"})
    assert (answer.status_code, answer.headers["content-type"]) == (421, "application/problem+json")


def test_the_cookie_of_a_trusted_machine_reads_and_changes_nothing(dana: TestClient, number: int) -> None:
    assert dana.get(ME).json()["person"]["id"] == "dana"
    assert dana.post(ACKNOWLEDGE.format(number)).json()["type"] == "/api#problem-person-missing"


def test_where_people_sign_in_the_header_and_the_old_cookie_open_nothing(closed: Installation) -> None:
    client = TestClient(create_app(closed), base_url="http://127.0.0.1:8420")
    client.cookies.set("groundswell_you", "dana")
    assert client.get(ME, headers={"groundswell-person": "dana"}).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example", "groundswell-person": "dana"},
        {"sec-fetch-site": "cross-site", "groundswell-person": "dana"},
        {"sec-fetch-site": "same-site", "groundswell-person": "dana"},
    ],
)
def test_a_page_from_elsewhere_changes_nothing_over_the_api(
    client: TestClient, inst: Installation, number: int, headers: dict[str, str]
) -> None:
    answer = client.post(ACKNOWLEDGE.format(number), headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (403, "/api#problem-other-site")
    with inst.database.reading() as connection:
        assert store.find(connection, number).acknowledged_at is None


def test_that_a_token_was_used_is_seen(program: Program, closed: Installation, clock: HandClock) -> None:
    client = program()
    clock.advance(minutes=3, seconds=20)
    client.get(ME)
    (token,) = tokens.owned_by(closed, "dana")
    assert token.last_used_at == clock.now.replace(second=0)


def test_two_tokens_of_a_person_are_told_apart(closed: Installation, program: Program) -> None:
    made = tokens.create(closed, "dana", "another", {Permission.READ})
    assert isinstance(made, Created)
    names = [one["name"] for one in program().get("/api/v1/tokens").json()["items"]]
    assert sorted(names) == ["a program", "another"]
