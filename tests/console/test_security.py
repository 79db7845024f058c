from __future__ import annotations

import base64

import pytest
from starlette.testclient import TestClient

from console.security import own_path
from database import incidents as store
from services.installation import Installation
from tests.console.elsewhere import ELSEWHERE
from tests.console.seeding import open_incident


@pytest.mark.parametrize("path", ["/", "/incidents", "/mentions", "/incidents/7", "/static/frame.css", "/healthz"])
def test_every_answer_carries_the_policy(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'; script-src 'self';")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_no_page_needs_what_the_policy_forbids(dana: TestClient, inst: Installation) -> None:
    number = open_incident(inst)
    for path in ("/", "/incidents", f"/incidents/{number}", "/mentions", "/signals"):
        page = dana.get(path).text
        assert " style=" not in page
        assert "<style" not in page
        assert " onclick=" not in page
        assert page.count("<script") == 1


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8420", 200),
        ("localhost", 200),
        ("[::1]:8420", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost.evil.example:8420", 421),
        ("[broken", 421),
        ("", 421),
    ],
)
def test_only_names_of_this_machine_are_answered(client: TestClient, host: str, status: int) -> None:
    assert client.get("/", headers={"host": host}).status_code == status


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),
        ({"origin": "http://127.0.0.1:8420", "sec-fetch-site": "same-origin"}, True),
        ({"origin": "http://127.0.0.1:8420"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": "http://127.0.0.1:9999"}, False),
        ({"origin": "http://[broken"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"origin": "http://127.0.0.1:8420", "sec-fetch-site": "cross-site"}, False),
    ],
)
def test_changes_asked_for_by_another_site_are_refused(
    dana: TestClient,
    inst: Installation,
    headers: dict[str, str],
    allowed: bool,  # noqa: FBT001  # a table
) -> None:
    number = open_incident(inst)
    answer = dana.post(f"/incidents/{number}/acknowledge", headers=headers, follow_redirects=False)
    assert answer.status_code == (303 if allowed else 403)
    with inst.database.reading() as connection:
        assert (store.find(connection, number).acknowledged_at is not None) is allowed


@pytest.mark.parametrize("address", ELSEWHERE)
def test_after_choosing_who_you_are_you_never_land_elsewhere(client: TestClient, address: str) -> None:
    answer = client.post("/you", data={"person": "dana", "next": address}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_after_choosing_who_you_are_you_are_back_where_you_were(client: TestClient) -> None:
    assert own_path("/mentions?tone=negative&q=a%20b") == "/mentions?tone=negative&q=a%20b"
    answer = client.post("/you", data={"person": "dana", "next": "/mentions"}, follow_redirects=False)
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert answer.headers["location"] == "/mentions"


def test_somebody_who_left_the_settings_is_nobody(client: TestClient, inst: Installation) -> None:
    client.cookies.set("groundswell_you", "gone")
    assert client.post(f"/incidents/{open_incident(inst)}/acknowledge").status_code == 403


HALF_A_CHARACTER = base64.urlsafe_b64encode(b'{"text": "\\ud800", "refused": false, "undo": ""}').decode()
DEEP = base64.urlsafe_b64encode(b"[" * 2_900).decode()


@pytest.mark.parametrize(
    "packed", ["x", "e30=", "bnVsbA==", "%00", "WzFd", HALF_A_CHARACTER, pytest.param(DEEP, id="deep")]
)
def test_a_forged_message_cookie_does_no_harm(client: TestClient, packed: str) -> None:
    client.cookies.set("groundswell_told", packed)
    assert client.get("/").status_code == 200
