from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from access.roles import Permission
from database import incidents as store
from database.proposals import proposals_of
from incidents.incident import EventKind
from incidents.proposals import KINDS, OPEN_LIMIT, Author, NewSeverity, Note, State
from playbooks.playbook import Severity
from services.installation import Installation
from tests.console.api.conftest import Program

NOTE = {"kind": "note", "text": "The hotline is down."}
EVERY = (
    NOTE,
    {"kind": "update", "text": "Crew is at the gate."},
    {"kind": "severity", "severity": "SEV1"},
    {"kind": "category", "category": "safety"},
    {"kind": "step_done", "step": "verify", "evidence": "https://forum.example/t/1"},
    {"kind": "step_skipped", "step": "pause-scheduled"},
    {"kind": "statement", "statement_kind": "holding", "text": "We are sorry.", "title": "First words"},
    {"kind": "task", "title": "Call Oslo", "assignee": "lee", "hours": 4},
    {"kind": "resolved"},
    {"kind": "dismissed"},
)


@pytest.fixture
def assistant(program: Program, number: int) -> TestClient:
    """A program that may read and propose; there is an incident."""
    del number
    return program("lee", Permission.READ, Permission.PROPOSE)


def propose(client: TestClient, number: int, what: dict[str, Any], because: str = "Three posts say so.") -> Any:
    return client.post(f"/api/v1/incidents/{number}/proposals", json={"what": what, "because": because})


@pytest.mark.parametrize("what", EVERY, ids=lambda what: what["kind"])
def test_a_program_proposes_and_it_is_told_what_would_happen(
    assistant: TestClient, closed: Installation, number: int, what: dict[str, Any]
) -> None:
    answer = propose(assistant, number, what)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["number"], made["kind"], made["state"]) == (1, what["kind"], "proposed")
    assert made["would"].endswith((".", "Call Oslo"))
    assert made["proposed_by"] == {"program": "a program", "person": {"id": "lee", "name": "Lee Okafor"}}
    assert made["what"].items() >= {name: value for name, value in what.items() if name != "kind"}.items()
    assert assistant.get(f"/api/v1/incidents/{number}/proposals").json() == {"items": [made], "next": None}
    with closed.database.reading() as connection:
        assert proposals_of(connection, number)[0].author == Author("a program", "lee")


def test_every_kind_can_be_proposed(assistant: TestClient, number: int) -> None:
    assert {str(what["kind"]) for what in EVERY} | {"statement_edit"} == set(KINDS)
    edit = {"kind": "statement_edit", "statement": 7, "seen": 1, "text": "So sorry."}
    assert propose(assistant, number, edit).json()["detail"].startswith("There is no statement 7")


def test_what_it_would_replace_is_as_it_was_when_it_was_proposed(
    assistant: TestClient, closed: Installation, number: int
) -> None:
    propose(assistant, number, {"kind": "severity", "severity": "SEV1"})
    with closed.database.reading() as connection:
        assert proposals_of(connection, number)[0].what == NewSeverity(Severity.SEV1, Severity.SEV2)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"what": NOTE}, "#/because"),
        ({"what": NOTE, "because": ""}, "#/because"),
        ({"what": {"kind": "publish"}, "because": "Why not."}, "#/what"),
        ({"what": {"kind": "note"}, "because": "Why not."}, "#/what/note/text"),
        ({"what": {**NOTE, "seen": 1}, "because": "Why not."}, "#/what/note/seen"),
        ({"what": {"kind": "severity", "severity": "SEV9"}, "because": "Why not."}, "#/what/severity/severity"),
        ({"what": {"kind": "note", "text": "\ud800"}, "because": "Why not."}, "#/what/note/text"),
        ({"what": NOTE, "because": "Why not.", "program": "Lee Okafor"}, "#/program"),
    ],
)
def test_what_is_not_as_asked_for_is_said_so(
    assistant: TestClient, number: int, body: dict[str, Any], pointer: str
) -> None:
    written = json.dumps(body)  # half a surrogate pair as its escape
    kind = {"content-type": "application/json"}
    answer = assistant.post(f"/api/v1/incidents/{number}/proposals", content=written, headers=kind)
    assert answer.status_code == 422
    assert pointer in {error["pointer"] for error in answer.json()["errors"]}


def test_what_people_could_not_do_is_refused_with_the_reason(assistant: TestClient, number: int) -> None:
    answer = propose(assistant, number, {"kind": "severity", "severity": "SEV2"})
    assert (answer.status_code, answer.headers["content-type"]) == (409, "application/problem+json")
    assert "SEV2 already" in answer.json()["detail"]
    assert propose(assistant, 404, NOTE).status_code == 404


def test_proposals_are_listed_the_newest_first_page_by_page_and_by_where_they_stand(
    assistant: TestClient, program: Program, number: int
) -> None:
    for n in range(3):
        propose(assistant, number, {"kind": "note", "text": f"Note {n}."})
    first = assistant.get(f"/api/v1/incidents/{number}/proposals?limit=2").json()
    assert [one["number"] for one in first["items"]] == [3, 2]
    rest = assistant.get(f"/api/v1/incidents/{number}/proposals?limit=2&cursor={first['next']}").json()
    assert ([one["number"] for one in rest["items"]], rest["next"]) == ([1], None)
    dana = program("dana", Permission.READ, Permission.RESPOND)
    declined = dana.post(f"/api/v1/incidents/{number}/proposals/2/decline", json={"because": "Not now."}).json()
    assert (declined["state"], declined["decided_by"]["id"], declined["declined_because"]) == (
        "declined",
        "dana",
        "Not now.",
    )
    still = assistant.get(f"/api/v1/incidents/{number}/proposals?state=proposed").json()
    assert [one["number"] for one in still["items"]] == [3, 1]


def test_a_program_of_a_responder_does_it_in_their_name(
    assistant: TestClient, program: Program, closed: Installation, number: int
) -> None:
    propose(assistant, number, NOTE)
    dana = program("dana", Permission.RESPOND)
    done = dana.post(f"/api/v1/incidents/{number}/proposals/1/do", json={"text": "It was down."}).json()["done"]
    assert [row["kind"] for row in done] == ["proposed", "note"]
    assert done[0]["text"].startswith("Proposed by a program (a program, for which Lee Okafor answers), done by Dana")
    again = dana.post(f"/api/v1/incidents/{number}/proposals/1/do", json={})
    assert (again.status_code, "Dana Reyes did it already" in again.json()["detail"]) == (409, True)
    assert dana.post(f"/api/v1/incidents/{number}/proposals/1/decline", json={}).status_code == 409
    with closed.database.reading() as connection:
        assert store.timeline(connection, number)[-1].text == "It was down."


@pytest.mark.parametrize("what", ["do", "decline"])
def test_a_proposal_that_is_not_there_is_said_so(program: Program, number: int, what: str) -> None:
    dana = program("dana", Permission.RESPOND)
    assert dana.post(f"/api/v1/incidents/{number}/proposals/9/{what}", json={}).status_code == 404
    assert dana.post(f"/api/v1/incidents/404/proposals/9/{what}", json={}).status_code == 404


@pytest.mark.parametrize("what", ["do", "decline"])
def test_whoever_may_only_propose_decides_nothing(
    assistant: TestClient, closed: Installation, number: int, what: str
) -> None:
    propose(assistant, number, NOTE)
    answer = assistant.post(f"/api/v1/incidents/{number}/proposals/1/{what}", json={})
    assert (answer.status_code, answer.json()["scope"]) == (403, "respond")
    with closed.database.reading() as connection:
        assert proposals_of(connection, number)[0].state is State.PROPOSED
        assert EventKind.NOTE not in {row.kind for row in store.timeline(connection, number)}


def test_whoever_may_only_read_proposes_nothing(program: Program, closed: Installation, number: int) -> None:
    answer = propose(program("lee", Permission.READ), number, NOTE)
    assert (answer.status_code, answer.json()["scope"]) == (403, "propose")
    with closed.database.reading() as connection:
        assert proposals_of(connection, number) == ()


def test_so_many_wait_at_once_and_the_next_one_is_told(assistant: TestClient, number: int) -> None:
    answers = [propose(assistant, number, {"kind": "note", "text": f"Note {n}."}) for n in range(OPEN_LIMIT + 1)]
    assert [one.status_code for one in answers] == [201] * OPEN_LIMIT + [409]
    assert Note(f"Note {OPEN_LIMIT}.").text not in assistant.get(f"/api/v1/incidents/{number}/proposals").text
