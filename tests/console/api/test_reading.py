"""What programs read is what people see, page by page."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from access.audit import AuditKind
from access.roles import Permission
from database import auditing
from database.corrections import Verdict
from mentions.mention import Rating
from services import correcting, response, tokens
from services.installation import Installation
from tests.console.api.conftest import Program
from tests.console.seeding import hear
from tests.installations import NOON, said

V1 = "/api/v1"


def pages(client: TestClient, path: str, **given: Any) -> list[Any]:
    """All items of a list, followed by the header as programs do."""
    found: list[Any] = []
    answer = client.get(f"{V1}/{path}", params=given)
    while True:
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        link = answer.links.get("next")
        assert bool(link) == bool(answer.json()["next"])
        if link is None:
            return found
        answer = client.get(link["url"])


@pytest.mark.usefixtures("number")
def test_mentions_are_found_with_the_filters_of_the_page(client: TestClient) -> None:
    angry = pages(client, "mentions", tone="negative", text="cancelled again", since="2026-03-04T11:00:00Z", limit=7)
    assert len(angry) == 40
    assert len({one["id"] for one in angry}) == 40
    assert angry == sorted(angry, key=lambda one: one["published_at"], reverse=True)
    assert pages(client, "mentions", brand="unknown") == []
    assert pages(client, "mentions", source="north") == []
    assert len(pages(client, "mentions", until="2026-03-02T13:00:00+01:00")) == 0


def test_mentions_are_narrowed_by_what_the_page_narrows_them_by(client: TestClient, inst: Installation) -> None:
    told = "Northwind Air kept four hundred people in a cold hall at Lisbon without water, food or a word all night"
    first, again = (said(told, NOON, number=n, followers=900 * n, handle=f"h{n}") for n in (1, 2))
    stars = said("Northwind Air: fine", NOON, number=3, rating=Rating(5, 1, 5), language="de")
    hear(inst, [first, again, stars])
    every = {one["url"][-1]: one for one in pages(client, "mentions")}
    key = (every["1"]["id"], "northwind")
    correcting.correct(inst, key, Verdict.POSITIVE, "dana", every["1"]["seen"])
    for given, found in (
        ({"language": "de"}, "3"),
        ({"reach": 1_000}, "2"),
        ({"rating": "high"}, "3"),
        ({"rating": "low"}, ""),
        ({"author": every["2"]["author"]}, "2"),
        ({"story": every["2"]["story"]}, "12"),
        ({"corrected": "true"}, "1"),
    ):
        assert sorted(one["url"][-1] for one in pages(client, "mentions", **given)) == list(found), given
        taken = client.get(f"{V1}/mentions/export", params=given).text.splitlines()
        assert sorted(json.loads(line)["url"][-1] for line in taken) == list(found), given


@pytest.mark.usefixtures("number")
def test_pages_stay_whole_while_mentions_arrive(client: TestClient, inst: Installation) -> None:
    first = client.get(f"{V1}/mentions", params={"limit": 30}).json()
    hear(inst, [said("Northwind Air again", NOON + timedelta(seconds=n), number=f"new-{n}") for n in range(10)])
    rest = pages(client, "mentions", cursor=first["next"], limit=30)
    ids = [one["id"] for one in (*first["items"], *rest)]
    assert len(ids) == len(set(ids)) == 96 + 40


@pytest.mark.usefixtures("number")
def test_one_mention_says_why_it_has_its_tone(client: TestClient) -> None:
    one = client.get(f"{V1}/mentions", params={"tone": "negative"}).json()["items"][0]
    told = client.get(f"{V1}/mentions/{one['id']}/northwind").json()
    assert {name: told[name] for name in one} == one
    assert "awful" in {carried["words"] for carried in told["why"]["carried"]}


def test_incidents_are_listed_by_what_they_are(client: TestClient, number: int, inst: Installation) -> None:
    assert [one["number"] for one in pages(client, "incidents", status="open", severity="SEV2")] == [number]
    assert pages(client, "incidents", status="resolved") == []
    assert pages(client, "incidents", drill="true") == []
    response.acknowledge(inst, number, "lee")
    (found,) = pages(client, "incidents", owner="lee", open="true", brand="northwind")
    assert (found["status"], found["owner"]) == ("acknowledged", {"id": "lee", "name": "Lee Okafor"})
    assert client.get(f"{V1}/incidents/{number}").json()["version"] == found["version"] == 2


def test_a_timeline_is_read_from_its_beginning_in_parts(client: TestClient, number: int, inst: Installation) -> None:
    for n in range(5):
        response.add_note(inst, number, "dana", f"Note {n}.")
    rows = pages(client, f"incidents/{number}/timeline", limit=2)
    assert [row["row"] for row in rows] == sorted(row["row"] for row in rows)
    assert rows == client.get(f"{V1}/incidents/{number}").json()["timeline"]


@pytest.mark.usefixtures("number")
def test_figures_of_a_brand_hold_volume_tones_people_and_sources(client: TestClient) -> None:
    told = client.get(f"{V1}/brands/northwind/figures").json()
    counted = told["tones"]["mentions"]
    assert told["sources"] == [{"source": "forum", "tones": told["tones"]}]
    # The mention of this very moment lies in a bucket that has only begun.
    assert counted - 1 == sum(point["observed"] for point in told["volume"]["points"])
    assert told["people"]["complaining"]["authors"] >= 40
    assert told["share_of_voice"][0]["share"] == 1.0
    short = client.get(f"{V1}/brands/northwind/figures", params={"since": "2026-03-04T11:30:00Z"}).json()
    assert (short["tones"]["mentions"], short["tones"]["negative"]) == (41, 40)


@pytest.mark.usefixtures("number")
def test_drivers_are_the_words_of_the_wave(client: TestClient) -> None:
    told = client.get(f"{V1}/brands/northwind/drivers", params={"since": "2026-03-04T11:00:00Z"}).json()
    assert "cancelled again" in {one["text"] for one in told["drivers"]}
    assert told["representatives"]


@pytest.mark.parametrize(
    "window",
    [
        {"since": "2026-01-01T00:00:00Z"},
        {"since": "2026-03-04T12:00:00Z"},
        {"since": "2026-03-04"},
        {"since": "0001-01-01T00:00:00Z"},
        {"until": "0001-01-01T00:00:00Z"},
        {"until": "1"},
    ],
)
def test_a_window_that_is_none_is_refused(client: TestClient, window: dict[str, str]) -> None:
    answer = client.get(f"{V1}/brands/northwind/figures", params=window)
    assert (answer.status_code, answer.json()["errors"][0]["in"]) == (422, "query")


@pytest.mark.parametrize(
    "path",
    [
        "brands/nobody",
        "brands/nobody/figures",
        "mentions/7/northwind",
        "mentions/1/nobody",
        "incidents/99",
        "incidents/99/timeline",
        "incidents/99/review",
        "playbooks/nothing",
        "drills/1",
        "sources/nowhere",
    ],
)
def test_what_is_not_there_is_a_problem(client: TestClient, path: str) -> None:
    answer = client.get(f"{V1}/{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["type"] == "/api#problem-not-found"


@pytest.mark.parametrize(
    "path", ["playbooks/communication-crisis", "sources/forum", "people", "team", "drills", "decisions", "brands"]
)
def test_everything_else_is_there_to_be_read(client: TestClient, path: str) -> None:
    assert client.get(f"{V1}/{path}").status_code == 200


@pytest.mark.parametrize("cursor", ["x", "!!", "MQ==", "LTE", "OTk5OTk5OTk5OTk5OTk5OTk5OTk", "é"])
def test_a_cursor_of_somebody_elses_making_is_refused(client: TestClient, cursor: str) -> None:
    for path in ("mentions", "incidents", "drills", "decisions"):
        answer = client.get(f"{V1}/{path}", params={"cursor": cursor})
        fine = path != "mentions" and cursor == "MQ=="
        assert answer.status_code == (200 if fine else 422)


def test_what_a_program_knows_already_is_not_sent_again(client: TestClient, number: int, inst: Installation) -> None:
    first = client.get(f"{V1}/incidents/{number}")
    known = {"if-none-match": f'"other", W/{first.headers["etag"]}'}
    again = client.get(f"{V1}/incidents/{number}", headers=known)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    response.acknowledge(inst, number, "dana")
    assert client.get(f"{V1}/incidents/{number}", headers=known).status_code == 200


@pytest.mark.parametrize(
    ("path", "subject", "told"),
    [
        ("mentions/export?tone=negative", "mentions.jsonl", {"filters": "tone=negative"}),
        ("incidents/1/review.md", "the review of incident 1", {"form": "md"}),
    ],
)
@pytest.mark.usefixtures("number")
def test_what_programs_take_away_is_written_down_with_whose_token_it_was(
    program: Program, closed: Installation, path: str, subject: str, told: dict[str, str]
) -> None:
    assert program("lee", Permission.EXPORT, Permission.READ).get(f"{V1}/{path}").status_code == 200
    with closed.database.reading() as connection:
        (row,) = auditing.rows(connection, 9, kind=AuditKind.EXPORTED)
    (token,) = tokens.owned_by(closed, "lee")
    assert (row.noted.person, row.noted.subject) == ("lee", subject)
    assert row.noted.facts == {**told, "token": token.id}


@pytest.mark.usefixtures("number")
def test_mentions_are_taken_away_as_a_file(client: TestClient) -> None:
    filters = {"tone": "negative", "since": "2026-03-04T11:00:00Z"}
    lines = client.get(f"{V1}/mentions/export", params=filters)
    assert lines.headers["content-type"] == "application/jsonl; charset=utf-8"
    assert {json.loads(line)["tone"] for line in lines.text.splitlines()} == {"negative"}
    sheet = client.get(f"{V1}/mentions/export", params={**filters, "form": "csv"})
    assert sheet.headers["content-disposition"] == 'attachment; filename="mentions.csv"'
    assert len(sheet.text.splitlines()) == 1 + len(lines.text.splitlines()) == 41


def test_what_waits_for_somebody_is_told_to_them(client: TestClient, number: int, inst: Installation) -> None:
    response.acknowledge(inst, number, "dana")
    response.hand_over(inst, number, "dana", "lee")
    (found,) = client.get(f"{V1}/waiting", headers={"groundswell-person": "lee"}).json()["items"]
    assert (found["incident"]["number"], found["needs"][0]["text"]) == (number, "You are asked to take it over")
    assert client.get(f"{V1}/waiting").json()["items"] == []


def test_an_incident_that_follows_its_plan_has_nothing_to_move_to(client: TestClient, number: int) -> None:
    told = client.get(f"{V1}/incidents/{number}/playbook").json()
    assert (told["id"], told["follows_already"]) == ("communication-crisis", True)
    assert client.get(f"{V1}/incidents/{number}/playbook", params={"to": "x"}).status_code == 422


def test_a_review_is_read_and_taken_away(client: TestClient, number: int) -> None:
    assert client.get(f"{V1}/incidents/{number}/review").json()["version"] == 0
    kinds = {"html": "text/html", "md": "text/markdown", "pdf": "application/pdf"}
    for form, kind in kinds.items():
        answer = client.get(f"{V1}/incidents/{number}/review.{form}")
        assert answer.headers["content-type"].startswith(kind)
        assert answer.headers["content-disposition"].startswith("attachment")


def test_a_program_learns_who_it_is(program: Program, client: TestClient) -> None:
    told = program("lee").get(f"{V1}/me").json()
    assert (told["person"]["id"], told["access"], told["may"], told["means"]) == ("lee", "responder", ["read"], "token")
    assert told["token"]["scopes"] == ["read"]
    trusted = client.get(f"{V1}/me", headers={"groundswell-person": "lee"}).json()
    assert (trusted["person"]["id"], trusted["means"], trusted["token"]) == ("lee", "trust", None)
