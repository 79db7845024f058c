"""Programs do what people do about an incident, and are told how things stand where somebody was faster."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from database import reading, responses
from services import response
from services.installation import Installation
from services.tag_names import category_names
from tests.console.seeding import fail_source
from tests.installations import HandClock

V1 = "/api/v1"


class Person:
    """A person who acts through a program on a trusted machine."""

    def __init__(self, client: TestClient, name: str) -> None:
        self._client, self._headers = client, {"groundswell-person": name}

    def does(self, path: str, body: dict[str, Any] | None = None, *, status: int = 200) -> Any:
        answer = self._client.post(f"{V1}/{path}", json=body, headers=self._headers)
        assert answer.status_code == status, answer.text
        return answer.json()


@pytest.fixture
def dana(client: TestClient) -> Person:
    return Person(client, "dana")


@pytest.fixture
def lee(client: TestClient) -> Person:
    return Person(client, "lee")


def test_an_incident_is_worked_from_the_alarm_to_the_review(
    client: TestClient, dana: Person, lee: Person, number: int, clock: HandClock
) -> None:
    at = f"incidents/{number}"
    assert dana.does(f"{at}/acknowledge")["incident"]["status"] == "acknowledged"
    assert dana.does(f"{at}/hand-over", {"person": "lee"})["incident"]["offered_to"]["id"] == "lee"
    lee.does(f"{at}/decline", {"reason": "I am on a plane."})
    dana.does(f"{at}/hand-over", {"person": "lee"})
    assert lee.does(f"{at}/accept")["incident"]["owner"]["id"] == "lee"
    assert dana.does(f"{at}/take-over")["incident"]["owner"]["id"] == "dana"
    lee.does(f"{at}/respond")
    for step in client.get(f"{V1}/{at}").json()["steps"]:
        seen = {"seen": step["key"]}
        dana.does(f"{at}/steps/{step['position']}/skip", {**seen, "reason": "Not needed tonight."})
    dana.does(f"{at}/steps/1/undo", {"seen": "verify"})
    done = dana.does(f"{at}/steps/1/done", {"seen": "verify", "evidence": "https://forum.example/1"})
    assert (done["done"][0]["kind"], done["incident"]["steps_done"]) == ("step_done", done["incident"]["steps_in_all"])
    task = {"title": "Call the airport", "assignee": "lee", "due_at": "2026-03-04T14:00:00+01:00"}
    added = dana.does(f"{at}/tasks", task, status=201)["incident"]["tasks"][0]
    assert (added["due_at"], added["assignee"]["id"]) == ("2026-03-04T13:00:00Z", "lee")
    lee.does(f"{at}/tasks/1/done")
    assert lee.does(f"{at}/tasks/1/undo")["incident"]["tasks"][0]["done_at"] is None
    row = dana.does(f"{at}/notes", {"text": "12 wait."}, status=201)["incident"]["timeline"][-1]["row"]
    dana.does(f"{at}/timeline/{row}/correct", {"text": "11 wait."}, status=201)
    dana.does(f"{at}/follow", {"person": "lee"}, status=200)
    dana.does(f"{at}/unfollow", {"person": "lee"})
    dana.does(f"{at}/updates", {"text": "All are rebooked.", "next_at": "2026-03-04T13:00:00Z"}, status=201)
    dana.does(f"{at}/monitor")
    clock.advance(hours=2)
    assert dana.does(f"{at}/resolve")["incident"]["status"] == "resolved"
    changes = {"seen": 0, "changes": "Two people answer the phone.", "process": "Nobody answered it at night."}
    dana.does(f"{at}/review", changes)
    assert client.get(f"{V1}/{at}/review").json()["texts"]["changes"] == changes["changes"]
    assert dana.does(f"{at}/review", changes, status=409)["type"] == "/api#problem-conflict"
    assert dana.does(f"{at}/review/finish")["incident"]["status"] == "reviewed"


def test_words_for_the_public_go_through_versions_and_a_second_pair_of_eyes(
    dana: Person, lee: Person, number: int
) -> None:
    at = f"incidents/{number}/statements"
    dana.does(at, {"template": "holding"}, status=201)
    assert dana.does(at, {"kind": "update", "text": "More soon.", "title": "Soon"}, status=201)
    dana.does(at, {"template": "holding", "kind": "update"}, status=422)
    dana.does(f"{at}/1/edit", {"seen": 1, "text": "Hotels are booked for everybody."})
    clash = lee.does(f"{at}/1/edit", {"seen": 1, "text": "Mine."}, status=409)
    assert clash["type"] == "/api#problem-conflict"
    assert clash["now"]["statements"][0]["text"] == "Hotels are booked for everybody."
    early = dana.does(f"{at}/1/publish", {"seen": 2}, status=409)
    assert (early["type"], "second person" in early["detail"]) == ("/api#problem-refused", True)
    lee.does(f"{at}/1/approve", {"seen": 2})
    out = {"seen": 2, "url": "https://northwind.example/news", "next_at": "2026-03-04T13:00:00Z"}
    told = dana.does(f"{at}/1/publish", out)["incident"]
    assert (told["first_public_at"], told["update_due_at"]) == ("2026-03-04T12:00:00Z", "2026-03-04T13:00:00Z")
    moved = dana.does(f"incidents/{number}/promise", {"next_at": None})["incident"]
    assert moved["update_due_at"] is None


def test_what_was_decided_since_one_looked_is_not_decided_over(dana: Person, lee: Person, number: int) -> None:
    at = f"incidents/{number}"
    lee.does(f"{at}/severity", {"severity": "SEV1", "reason": "The news has it.", "seen": "SEV2"})
    stale = dana.does(f"{at}/severity", {"severity": "SEV3", "reason": "Calm.", "seen": "SEV2"}, status=409)
    assert (stale["type"], stale["now"]["severity"]) == ("/api#problem-conflict", "SEV1")
    other = dana.does(f"{at}/steps/1/done", {"seen": "another-step"}, status=409)
    assert (other["type"], other["now"]["steps"][0]["key"]) == ("/api#problem-conflict", "verify")
    assert dana.does(f"{at}/steps/1/done", {}, status=200)
    again = dana.does(f"{at}/steps/1/done", {}, status=409)
    assert again["type"] == "/api#problem-refused"


def test_the_kind_of_trouble_and_the_plan_are_changed(
    client: TestClient, dana: Person, number: int, inst: Installation
) -> None:
    at, category = f"incidents/{number}", next(iter(category_names(inst.settings)))
    told = dana.does(f"{at}/category", {"category": category, "reason": "They say so.", "seen": ""})["incident"]
    assert told["category"] == category
    stale = dana.does(f"{at}/category", {"category": "", "reason": "No.", "seen": ""}, status=409)
    assert stale["type"] == "/api#problem-conflict"
    listed = client.get(f"{V1}/playbooks").json()["items"]
    other = next(one for one in listed if one["id"] != "communication-crisis")
    shown = client.get(f"{V1}/{at}/playbook", params={"to": other["id"]}).json()
    assert (shown["version"], shown["follows_already"]) == (other["version"], False)
    assert shown["changes"]
    dana.does(f"{at}/playbook", {"playbook": other["id"], "seen": "an older one"}, status=409)
    assert dana.does(f"{at}/playbook", {"playbook": other["id"], "seen": other["version"]})["incident"]["playbook"] == {
        "id": other["id"],
        "version": other["version"],
    }


def test_noise_is_dismissed_reopened_and_made_a_part_of_another(dana: Person, number: int) -> None:
    dana.does(f"incidents/{number}/dismiss", {"reason": "A joke."})
    assert dana.does(f"incidents/{number}/reopen", {"reason": "No joke."})["incident"]["status"] == "acknowledged"
    other = dana.does("tips", {"words": "The desk is closed.", "brand": "northwind", "separate": True}, status=201)
    assert (other["opened"], other["incident"]["kind"]) == (True, "reported")
    into = other["incident"]["number"]
    assert dana.does(f"incidents/{into}/merge", {"into": number})["incident"]["merged_into"] == number
    dana.does(f"incidents/{number}/merge", {"into": 99}, status=404)


def test_a_tip_joins_what_is_open_and_says_what_is_wrong_with_it(dana: Person, number: int) -> None:
    told = dana.does("tips", {"words": "The desk is closed, says a passenger.", "incident": number}, status=201)
    assert (told["opened"], told["incident"]["number"]) == (False, number)
    wrong = dana.does("tips", {"words": "Closed.", "url": "not a link"}, status=422)
    assert wrong["errors"][0]["pointer"] == "#/url"
    dana.does("tips", {"words": "Closed.", "incident": 99}, status=404)


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("hand-over", {"person": "nobody"}, "#/person"),
        ("tasks", {"title": "Call", "assignee": "nobody"}, "#/assignee"),
        ("tasks", {"title": "Call", "due_at": "tomorrow"}, "#/due_at"),
        ("category", {"category": "weather", "reason": "x"}, "#/category"),
        ("severity", {"severity": "SEV9", "reason": "x"}, "#/severity"),
        ("playbook", {"playbook": "weather", "seen": ""}, "#/playbook"),
        ("notes", {}, "#/text"),
        ("notes", {"text": "x", "colour": "red"}, "#/colour"),
        ("notes", {"text": 7}, "#/text"),
        ("notes", {"text": "a\0b"}, "#/text"),
        ("notes", {"text": "x" * 20_001}, "#/text"),
        ("merge", {"into": "1"}, "#/into"),
        ("review", {"seen": -1}, "#/seen"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(
    client: TestClient, number: int, path: str, body: dict[str, Any], pointer: str
) -> None:
    answer = client.post(f"{V1}/incidents/{number}/{path}", json=body, headers={"groundswell-person": "dana"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


def test_half_of_a_surrogate_pair_is_no_text(client: TestClient, number: int) -> None:
    headers = {"groundswell-person": "dana", "content-type": "application/json"}
    answer = client.post(f"{V1}/incidents/{number}/notes", content=b'{"text": "\\ud800"}', headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/text")


def test_a_mention_is_corrected_and_taken_back(client: TestClient, dana: Person, lee: Person, number: int) -> None:
    del number
    one = client.get(f"{V1}/mentions", params={"tone": "negative"}).json()["items"][0]
    at = f"mentions/{one['id']}/northwind"
    done = dana.does(f"{at}/correct", {"verdict": "positive", "seen": one["seen"]})
    stale = lee.does(f"{at}/correct", {"verdict": "neutral", "seen": one["seen"]}, status=409)
    assert (stale["type"], stale["now"]["seen"]) == ("/api#problem-conflict", done["seen"])
    told = client.get(f"{V1}/{at}").json()
    assert (told["tone"], told["correction"]["by"]["id"], told["correction"]["found"]) == (
        "positive",
        "dana",
        "negative",
    )
    assert client.get(f"{V1}/corrections").json()["items"] == [{name: told[name] for name in one}]
    dana.does(f"{at}/undo", {"seen": done["seen"]})
    assert client.get(f"{V1}/corrections").json() == {"items": [], "next": None}
    assert client.get(f"{V1}/{at}").json()["tone"] == "negative"
    dana.does("mentions/999/northwind/correct", {"verdict": "neutral", "seen": ""}, status=404)


@pytest.mark.usefixtures("number")
def test_many_mentions_are_corrected_at_once_and_taken_back_but_for_those_that_changed(
    client: TestClient, dana: Person, lee: Person
) -> None:
    found = client.get(f"{V1}/mentions", params={"tone": "negative", "limit": 3}).json()["items"]
    some = [{name: one[name] for name in ("id", "brand", "seen")} for one in found]
    keys = sorted(({"id": one["id"], "brand": one["brand"]} for one in some), key=lambda key: int(key["id"]))
    lee.does(f"mentions/{some[0]['id']}/northwind/correct", {"verdict": "positive", "seen": some[0]["seen"]})
    absent = [{"id": 9_999, "brand": "northwind", "seen": "~"}, {"id": some[0]["id"], "brand": "nobody", "seen": "~"}]
    asked = {"verdict": "not_about_us", "mentions": some + absent}
    done = dana.does("mentions/correct", asked)
    mine = [key for key in keys if key["id"] != some[0]["id"]]
    gone = sorted(({"id": one["id"], "brand": one["brand"]} for one in absent), key=lambda key: int(key["id"]))
    assert {name: done[name] for name in ("heard", "same", "changed", "gone")} == {
        "heard": mine,
        "same": [],
        "changed": [key for key in keys if key not in mine],
        "gone": gone,
    }
    assert dana.does("mentions/correct", asked)["same"] == mine
    word = {name: done[name] for name in ("verdict", "by", "at")}
    assert lee.does("mentions/undo", word) == {"mentions": 2}
    assert lee.does("mentions/undo", word) == {"mentions": 0}
    (left,) = client.get(f"{V1}/corrections").json()["items"]
    assert left["id"] == some[0]["id"]


def test_decisions_are_marked_and_unmarked(client: TestClient, dana: Person, number: int) -> None:
    (decision,) = client.get(f"{V1}/decisions", params={"show": "alarms"}).json()["items"]
    assert decision["incident"] == number
    mark = dana.does(f"decisions/{decision['id']}/noise", {"note": "A joke."})
    assert client.get(f"{V1}/decisions").json()["items"][0]["mark"]["note"] == "A joke."
    assert dana.does(f"decisions/{decision['id']}/noise", {}, status=409)["type"] == "/api#problem-refused"
    dana.does(f"decisions/{decision['id']}/missed", {}, status=409)
    dana.does(f"decisions/marks/{mark['id']}/undo", {"seen": "another"}, status=409)
    dana.does(f"decisions/marks/{mark['id']}/undo", {"seen": mark["seen"]})
    missed = {"brand": "northwind", "moment": "2026-03-04T09:00:00Z", "note": "The strike."}
    assert dana.does("decisions/missed", missed, status=201)["verdict"] == "missed"
    dana.does("decisions/missed", missed | {"brand": "nobody"}, status=422)
    (listed,) = client.get(f"{V1}/decisions/missed").json()["items"]
    assert (listed["note"], listed["decision"]) == ("The strike.", None)


def test_a_drill_is_started_and_stopped(client: TestClient, dana: Person) -> None:
    started = dana.does("drills", {"scenario": "rumour"}, status=201)
    assert (started["brand"], started["finished_at"]) == ("northwind", None)
    assert dana.does("drills", {}, status=409)["type"] == "/api#problem-refused"
    dana.does("drills", {"scenario": "nothing"}, status=422)
    assert [one["number"] for one in client.get(f"{V1}/incidents", params={"drill": "true"}).json()["items"]] == [
        started["incident"]
    ]
    assert client.get(f"{V1}/incidents", params={"brand": "northwind"}).json()["items"][0]["drill"] is True
    assert dana.does(f"drills/{started['number']}/stop")["finished_at"]
    dana.does(f"drills/{started['number']}/stop", status=409)
    assert client.get(f"{V1}/drills/{started['number']}").json()["score"]["resolved"]["took"] == 0.0


def test_a_source_is_woken(client: TestClient, dana: Person, lee: Person, inst: Installation) -> None:
    fail_source(inst, "forum", "It answers 500.", "Wait.")
    assert client.get(f"{V1}/sources/forum").json()["state"] == "failing"
    assert dana.does("sources/forum/wake") == {"woken": True}
    assert dana.does("sources/north/wake") == {"woken": False}
    dana.does("sources/nowhere/wake", status=404)
    assert lee.does("sources/forum/wake", status=403)["scope"] == "administer"


def test_who_only_reads_along_is_refused_with_the_incident_as_it_is(
    dana: Person, lee: Person, number: int, inst: Installation
) -> None:
    response.follow(inst, number, "dana", "lee")
    told = lee.does(f"incidents/{number}/acknowledge", status=409)
    assert (told["title"], told["now"]["status"]) == ("Refused as things stand", "open")
    with inst.database.reading() as connection:
        assert len(responses.followers(connection, number)) == 1
        assert reading.open_incidents(connection)[0].incident.acknowledged_at is None
    dana.does(f"incidents/{number}/acknowledge")
