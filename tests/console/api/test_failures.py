"""Whatever goes wrong under /api/ is a problem of RFC 9457."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from starlette.testclient import TestClient

from console.api.application import create_api
from console.api.failures import install_failures
from console.api.routing import MOST_BYTES
from console.app import create_app
from console.context import Console
from console.problem_details import Kind
from database.incidents import ConflictError
from errors import GroundswellError
from services.installation import Installation

NOTES = "/api/v1/incidents/{}/notes"
LEE = {"groundswell-person": "lee"}


def problem(answer: Any, status: int, kind: Kind) -> dict[str, Any]:
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    told: dict[str, Any] = answer.json()
    assert (told["type"], told["status"], told["title"]) == (kind.address, status, kind.told.title)
    assert told["detail"].endswith((".", "!"))
    assert "no-store" in answer.headers["cache-control"]
    return told


@pytest.mark.parametrize(
    "path", ["/api/", "/api/v1", "/api/v2/incidents", "/api/v1/incidents/", "/api/x", "/api/v1/nothing"]
)
def test_an_address_that_leads_nowhere(client: TestClient, path: str) -> None:
    problem(client.get(path, follow_redirects=False), 404, Kind.NOT_FOUND)


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "/api/v1/incidents", "GET"),
        ("PATCH", "/api/v1/incidents/1/review", "GET, POST"),
        ("GET", "/api/mentions/calls", "POST"),
        ("POST", "/api/v1/tokens", "GET"),
        ("OPTIONS", "/api/v1/drills", "GET, POST"),
    ],
)
def test_a_method_that_is_not_meant_is_told_those_that_are(
    client: TestClient, method: str, path: str, allow: str
) -> None:
    answer = client.request(method, path, headers=LEE)
    assert answer.headers["allow"] == allow
    problem(answer, 405, Kind.METHOD)


def test_a_head_is_answered_as_a_get(client: TestClient) -> None:
    assert client.head("/api/v1/brands").status_code == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_body_that_is_no_json_is_not_read(client: TestClient, number: int, kind: str) -> None:
    answer = client.post(NOTES.format(number), content=b'{"text": "x"}', headers={**LEE, "content-type": kind})
    problem(answer, 415, Kind.NOT_JSON)


def test_a_body_that_is_packed_is_not_read(client: TestClient, number: int) -> None:
    headers = {**LEE, "content-type": "application/json", "content-encoding": "gzip"}
    problem(client.post(NOTES.format(number), content=b"\x1f\x8b", headers=headers), 415, Kind.NOT_JSON)


@pytest.mark.parametrize("body", [b"{", b"\xff", b'{"text": ' + b"[" * 100_000, b'{"a": ' + b"9" * 5000 + b"}"])
def test_json_that_cannot_be_read_is_malformed(client: TestClient, number: int, body: bytes) -> None:
    answer = client.post(NOTES.format(number), content=body, headers={**LEE, "content-type": "application/json"})
    problem(answer, 400, Kind.MALFORMED)


def test_a_body_is_taken_up_to_a_limit(client: TestClient, number: int) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(MOST_BYTES // 1000 + 1):
            yield b" " * 1000

    headers = {**LEE, "content-type": "application/json"}
    for body in (b" " * (MOST_BYTES + 1), endless()):
        problem(client.post(NOTES.format(number), content=body, headers=headers), 413, Kind.TOO_LARGE)


def test_a_foreign_name_is_a_problem_too(client: TestClient) -> None:
    problem(client.get("/api/v1/me", headers={"host": "evil.example"}), 421, Kind.OTHER_NAME)


def test_a_database_that_fails_is_a_problem_without_a_trace_of_ours(client: TestClient, inst: Installation) -> None:
    with inst.database.writing() as connection:
        connection.execute(text("DROP TABLE drills"))
    answer = client.get("/api/v1/drills")
    problem(answer, 503, Kind.UNAVAILABLE)
    assert "drills" not in answer.text


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (RuntimeError("secret detail"), 500, Kind.FAULT),
        (GroundswellError("desk", "secret detail", "Mend it."), 500, Kind.FAULT),
        (ConflictError(7), 409, Kind.CONFLICT),
    ],
)
def test_a_fault_of_ours_is_a_problem_that_hides_its_details(
    inst: Installation, error: Exception, status: int, kind: Kind
) -> None:
    api: FastAPI = create_api(_console(inst))

    @api.get("/fault")
    def fault() -> None:
        raise error

    answer = TestClient(api, raise_server_exceptions=False).get("/fault")
    assert "secret detail" not in answer.text
    problem(answer, status, kind)


def test_somebody_who_was_faster_is_shown_with_what_is_there_now(inst: Installation, number: int) -> None:
    api = FastAPI()
    api.state.console = _console(inst)
    install_failures(api)

    @api.get("/incidents/{number}")
    def late(number: int) -> None:
        raise ConflictError(number)

    answer = TestClient(api).get(f"/incidents/{number}")
    assert problem(answer, 409, Kind.CONFLICT)["now"]["number"] == number


def test_every_kind_of_problem_says_what_to_do() -> None:
    for kind in Kind:
        assert kind.address == f"/api#problem-{kind.value}"
        assert kind.told.remedy.endswith(".")


def _console(inst: Installation) -> Console:
    console: Console = create_app(inst).state.console
    return console
