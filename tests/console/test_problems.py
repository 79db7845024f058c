from __future__ import annotations

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from console.app import create_app
from database.incidents import ConflictError
from database.session import DatabaseError
from services.installation import Installation
from tests.console.seeding import open_incident


@pytest.mark.parametrize("path", ["/nowhere", "/incidents/99", "/incidents/abc", "/incidents?before=x"])
def test_an_address_that_leads_nowhere_has_a_page_that_leads_on(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "There is no such page." in answer.text
    assert 'href="/incidents"' in answer.text


@pytest.mark.parametrize("path", ["/incidents/99/acknowledge", "/incidents/99/steps/1/done"])
def test_acting_on_an_incident_that_is_not_there_changes_nothing(dana: TestClient, path: str) -> None:
    assert dana.post(path).status_code == 404


def test_a_step_that_is_not_there_is_refused_in_words(dana: TestClient, inst: Installation) -> None:
    page = dana.post(f"/incidents/{open_incident(inst)}/steps/99/done").text
    assert "There is no step 99; the checklist has 8. Nothing was changed." in page


def test_a_wrong_method_is_answered_with_a_page(client: TestClient) -> None:
    answer = client.get("/incidents/1/acknowledge")
    assert answer.status_code == 405
    assert "Nothing was changed." in answer.text


def test_a_database_that_fails_tells_what_to_do(client: TestClient, inst: Installation) -> None:
    with inst.database.writing() as connection:
        connection.execute(text("DROP TABLE mentions"))
    with pytest.raises(DatabaseError), inst.database.reading() as connection:
        connection.execute(text("SELECT * FROM mentions"))
    answer = client.get("/")
    assert answer.status_code == 500
    assert "restart it" in answer.text
    assert answer.headers["content-security-policy"]


def test_a_fault_of_ours_hides_its_details_and_keeps_the_policy(inst: Installation) -> None:
    app = create_app(inst)

    @app.get("/fault")
    def fault() -> None:
        raise RuntimeError("secret detail")

    client = TestClient(app, base_url="http://localhost", raise_server_exceptions=False)
    answer = client.get("/fault")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert "what was stored before is safe" in answer.text
    assert answer.headers["content-security-policy"]


def test_two_at_once_keeps_what_the_slower_one_typed(inst: Installation) -> None:
    app = create_app(inst)

    @app.post("/incidents/1/race")
    def race() -> None:
        raise ConflictError(1)

    client = TestClient(app, base_url="http://localhost")
    answer = client.post("/incidents/1/race", data={"text": "my <words>", "other": "kept"})
    assert answer.status_code == 409
    assert "Somebody else was faster." in answer.text
    assert "my &lt;words&gt;</textarea>" in answer.text
    assert 'name="other" value="kept"' in answer.text
    assert 'action="/incidents/1/race"' in answer.text
    assert 'href="/incidents/1"' in answer.text


def test_a_number_beyond_every_incident_is_not_found(client: TestClient) -> None:
    assert client.get("/incidents/99999999999999999999999").status_code == 404


def test_a_monitor_may_ask_for_the_head_of_a_page(client: TestClient) -> None:
    assert client.head("/").status_code == 200
