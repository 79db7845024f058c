"""What programs push, over HTTP: signed, once, and refused in a way that programs understand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from starlette.testclient import TestClient

from console.api.routing import MOST_BYTES
from services.installation import Installation
from services.signing import sign
from settings.model import Inbound
from tests.installations import NOON, HandClock, installation

SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZg=="  # noqa: S105  # of this test
CALLS = Inbound(id="calls", secret=SecretStr(SECRET), about=("northwind",))
CROSS_SITE: dict[str, Any] = {"origin": "https://tool.example", "sec-fetch-site": "cross-site"}
BROKEN = Inbound(id="broken", secret=SecretStr("whsec_&&"))


@pytest.fixture
def inst(tmp_path: Path) -> Iterator[Installation]:
    with (made := installation(tmp_path, HandClock(), inbound=(CALLS, BROKEN))).database:
        yield made


def push(client: TestClient, body: bytes, *, to: str = "calls", seconds: int = 0, **headers: str) -> Any:
    """Push as a program does; headers that are given take the place of the right ones."""
    at = int(NOON.timestamp()) + seconds
    right = {
        "content-type": "application/json",
        "webhook-id": "msg-1",
        "webhook-timestamp": str(at),
        "webhook-signature": sign(SECRET, headers.get("webhook-id", "msg-1"), at, body),
    }
    return client.post(f"/api/mentions/{to}", content=body, headers={**right, **headers})


def said(word: str = "The desk is closed") -> bytes:
    return json.dumps({"text": word}).encode()


def shown(client: TestClient) -> str:
    return client.get("/mentions").text


def test_a_mention_that_is_pushed_stands_among_the_others(client: TestClient) -> None:
    answer = push(client, said())
    assert (answer.status_code, answer.json()) == (
        200, {"received": 1, "new": 1, "known": 0, "unrelated": [], "refused": []},
    )  # fmt: skip
    assert "The desk is closed" in shown(client)
    assert "<option>calls</option>" in shown(client)


def test_the_same_again_is_answered_alike_and_something_else_under_its_id_is_refused(client: TestClient) -> None:
    first = push(client, said())
    assert push(client, said(), seconds=60).json() == first.json()
    answer = push(client, said("Another"))
    assert answer.status_code == 409
    assert "Another" not in shown(client)


@pytest.mark.parametrize(
    ("body", "given", "status", "says"),
    [
        (said(), {"to": "nobody"}, 404, "No sender of that id"),
        (said(), {"webhook-signature": "v1,AAAA"}, 401, "Webhook-signature is not the one"),
        (said(), {"seconds": 301}, 401, "5 minutes"),
        (said(), {"webhook-id": " "}, 401, "Webhook-id is missing"),
        (said(), {"content-type": "text/plain"}, 415, "Send application/json"),
        (said(), {"content-encoding": "gzip"}, 415, "not compressed"),
        (b"{", {}, 400, "The body is not JSON"),
        (b"[]", {}, 400, "The list is empty"),
        (b" " * (MOST_BYTES + 1), {}, 413, "1,000,000 bytes"),
        (said(), {"host": "evil.example"}, 421, "does not answer under that name"),
        (said(), {"to": "broken"}, 500, "not Base64"),
    ],
)
def test_every_refusal_is_a_problem_in_words_and_keeps_nothing(
    client: TestClient, body: bytes, given: dict[str, Any], status: int, says: str
) -> None:
    answer = push(client, body, **given)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], bool(problem["title"])) == (status, True)
    assert says in problem["detail"]
    assert "content-security-policy" in answer.headers
    assert "No mentions yet" in shown(client)


def test_a_body_without_a_length_is_cut_off_too(client: TestClient) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(MOST_BYTES // 1000 + 1):
            yield b" " * 1000

    answer = client.post("/api/mentions/calls", content=endless(), headers={"content-type": "application/json"})
    assert answer.status_code == 413


def test_a_signature_stands_for_the_sender_whatever_page_it_comes_from(client: TestClient) -> None:
    answer = push(client, said(), **CROSS_SITE)
    assert answer.status_code == 200
    assert client.post("/tip", headers={"origin": "https://tool.example"}).status_code == 403


def test_a_database_that_fails_is_a_problem_without_a_trace_of_ours(client: TestClient, inst: Installation) -> None:
    with inst.database.writing() as connection:
        connection.execute(text("DROP TABLE received"))
    answer = push(client, said())
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert "Traceback" not in answer.text
