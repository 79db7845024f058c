"""The form for what somebody tells us, and what becomes of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from console.app import create_app
from database import incidents as store
from database import outbox
from incidents.incident import EventKind
from playbooks.playbook import Severity
from services import response
from services.installation import Installation
from settings.model import Brand
from tests.console.seeding import open_incident
from tests.installations import BRAND, HandClock, installation

TIP = {"words": "Smoke on NW12", "said_by": "The gate desk", "url": "https://e.example/1", "brand": "northwind"}


def checked(page: str) -> str:
    """The choice that is made beforehand."""
    (choice,) = re.findall(r'name="belongs" value="([^"]*)" checked', page)
    return str(choice)


def test_every_page_leads_to_the_form(client: TestClient) -> None:
    assert '<a href="/tip">Report something</a>' in client.get("/").text
    page = client.get("/tip")
    assert page.status_code == 200
    assert 'aria-current="page">Report something</a>' in page.text
    assert "Does it belong" not in page.text


def test_a_tip_opens_an_incident_that_shows_it(dana: TestClient, inst: Installation) -> None:
    answer = dana.post("/tip", data=TIP)
    assert answer.url.path == "/incidents/1"
    assert "Incident 1 is open. Dana Reyes and Lee Okafor are told by mail." in answer.text
    assert '<p class="words">Smoke on NW12</p>' in answer.text
    assert '<bdi class="who">The gate desk</bdi>' in answer.text
    assert 'href="https://e.example/1" rel="noopener noreferrer"' in answer.text
    with inst.database.reading() as connection:
        assert store.timeline(connection, 1)[0].actor == "dana"
        assert outbox.waiting(connection) == 2


def test_it_joins_what_is_open_unless_it_is_something_else(dana: TestClient, inst: Installation) -> None:
    number = open_incident(inst)
    page = dana.get("/tip").text
    assert f"It belongs to incident {number}" in page
    assert checked(page) == str(number)
    joined = dana.post("/tip", data={**TIP, "belongs": str(number), "severity": "SEV1"})
    assert joined.url.path == f"/incidents/{number}"
    assert f"It is added to incident {number}." in joined.text
    assert dana.post("/tip", data={**TIP, "belongs": "new"}).url.path == "/incidents/2"
    with inst.database.reading() as connection:
        assert store.find(connection, number).severity is Severity.SEV1
        assert EventKind.JOINED in {event.kind for event in store.timeline(connection, number)}


def test_with_several_brands_the_incident_decides_or_the_words_do(tmp_path: Path) -> None:
    other = Brand(id="bluebird", name="Bluebird", phrases=("Bluebird",))
    inst = installation(tmp_path, HandClock(), brands=(BRAND, other))
    client = TestClient(create_app(inst), base_url="http://127.0.0.1")
    client.cookies.set("groundswell_you", "lee")
    number = open_incident(inst)
    assert checked(client.get("/tip").text) == ""
    assert client.post("/tip", data={"words": "Bluebird is shut", "brand": ""}).url.path == "/incidents/2"
    answer = client.post("/tip", data={"words": "Smoke", "brand": "bluebird", "belongs": str(number)})
    assert answer.url.path == f"/incidents/{number}"
    asked = client.post("/tip", data={"words": "Smoke", "brand": ""})
    assert asked.status_code == 422
    assert "Say which brand it is about: northwind, bluebird." in asked.text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"words": " "}, "Write down what was said"),
        ({"url": "javascript:alert(1)"}, "The link is no web address"),
    ],
)
def test_what_is_declined_is_kept_for_mending(
    dana: TestClient, inst: Installation, change: dict[str, str], says: str
) -> None:
    answer = dana.post("/tip", data={**TIP, "said_by": '"><svg>', "severity": "SEV2", **change})
    assert answer.status_code == 422
    assert says in answer.text
    assert "What you typed is still here." in answer.text
    assert 'value="&#34;&gt;&lt;svg&gt;"' in answer.text
    assert '<option value="SEV2" selected>' in answer.text
    assert 'aria-describedby="wrong-' in answer.text
    with inst.database.reading() as connection:
        assert store.every_open(connection) == ()


def test_an_incident_that_was_resolved_meanwhile_takes_nothing_and_nothing_is_lost(
    dana: TestClient, inst: Installation
) -> None:
    number = open_incident(inst)
    other = open_incident(inst, "volume_wave")
    response.resolve(inst, number, "dana")
    answer = dana.post("/tip", data={**TIP, "belongs": str(number)})
    assert answer.status_code == 422
    assert f"Incident {number} is over already" in answer.text
    assert "Smoke on NW12</textarea>" in answer.text
    assert f"It belongs to incident {other}" in answer.text


def test_who_reports_is_asked_first_and_nothing_is_lost(client: TestClient) -> None:
    asked = client.post("/tip", data={**TIP, "words": "Smoke\n<b>"})
    assert asked.status_code == 403
    assert 'name="words" value="Smoke\n&lt;b&gt;"' in asked.text
    assert client.post("/tip", data={**TIP, "person": "lee"}).url.path == "/incidents/1"


@pytest.mark.parametrize("belongs", ["x", "-1", "9" * 30, "\u0663", "404"])
def test_a_forged_choice_does_no_harm(dana: TestClient, belongs: str) -> None:
    assert dana.post("/tip", data={**TIP, "belongs": belongs}).status_code in {200, 404}


def test_hostile_words_are_shown_and_not_run(dana: TestClient) -> None:
    page = dana.post("/tip", data={**TIP, "words": "<script>x</script>{{ 7*7 }}", "said_by": "<img src=x>"}).text
    assert "&lt;script&gt;x&lt;/script&gt;{{ 7*7 }}" in page
    assert "<img" not in page
    assert page.count("<script") == 1
