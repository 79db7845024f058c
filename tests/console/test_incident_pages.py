from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from console.incident_pages import FEW_ROWS
from database import incidents as store
from incidents.incident import Status
from services import checklists, response
from services.installation import Installation
from services.tagging import retag
from tests.console.seeding import hear, open_incident
from tests.installations import NOON, HandClock, outcry, said
from tests.topics.talk import PLACES


@pytest.fixture
def number(inst: Installation) -> int:
    """An open incident with the posts that led to it."""
    hear(inst, outcry(NOON))
    return open_incident(inst)


def told(page: str) -> str:
    """What the message of the last action says."""
    found = re.search(r'<div class="told[^"]*">\s*<p>(.*?)</p>', page)
    return found[1] if found else ""


def test_the_page_answers_how_bad_who_has_it_and_what_is_next(client: TestClient, number: int) -> None:
    page = client.get(f"/incidents/{number}").text
    assert "SEV2" in page
    assert "Northwind Air: many people are complaining" in page
    assert "has not acknowledged" in page
    assert 'href="#present">1 Verify what happened and set the severity</a>' in page
    assert "Many people complained." in page
    assert "You may, without asking:" in page
    assert "<svg" in page
    assert page.count("<blockquote>") == 3


def test_what_kind_of_trouble_leads_stands_under_why_with_the_words_that_led_to_it(
    client: TestClient, inst: Installation
) -> None:
    number = open_incident(inst)
    texts = [f"Awful, my flight to {place} was cancelled, Northwind Air" for place in PLACES]
    hear(inst, [said(text, NOON, number=text, author=text) for text in texts])
    assert "tell of" not in client.get(f"/incidents/{number}").text
    retag(inst)
    page = client.get(f"/incidents/{number}").text
    told = "7 of 7 negative posts tell of service failure: “flight … cancelled”."
    assert re.search(rf"complained.</p>\s*<p class=\"about\">{told}</p>", page)


def test_an_incident_without_posts_says_that_they_will_come(client: TestClient, inst: Installation) -> None:
    assert "No negative posts are stored from this time" in client.get(f"/incidents/{open_incident(inst)}").text


def test_a_ticked_step_shows_who_and_when_and_offers_to_undo_it(
    dana: TestClient, number: int, clock: HandClock
) -> None:
    clock.advance(minutes=7)
    page = dana.post(f"/incidents/{number}/steps/1/done").text
    assert told(page) == "Step 1 is done."
    assert "Dana Reyes · <time" in page
    assert 'title="Wednesday 4 March 2026, 12:07:00 UTC"' in page
    assert "1 of 8" in page
    assert f'action="/incidents/{number}/steps/1/undo"' in page
    assert told(dana.post(f"/incidents/{number}/steps/1/undo").text) == "Step 1 is open again."


@pytest.mark.parametrize(
    ("path", "fields", "says"),
    [
        ("acknowledge", {}, "You have it. Everybody can see that."),
        ("hand-over", {"new_owner": "lee"}, "Lee Okafor is asked by mail, and has it once they accept."),
        ("notes", {"text": "The hotline is staffed again."}, "Your note is in the timeline."),
        ("resolve", {}, "Resolved. Notes and steps stay open for the review."),
    ],
)
def test_every_button_does_what_it_says(
    dana: TestClient, number: int, path: str, fields: dict[str, str], says: str
) -> None:
    answer = dana.post(f"/incidents/{number}/{path}", data=fields, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/incidents/{number}")
    page = dana.get(f"/incidents/{number}").text
    assert told(page) == says
    assert told(dana.get(f"/incidents/{number}").text) == ""


def test_taking_over_makes_the_one_who_presses_the_owner(client: TestClient, inst: Installation, number: int) -> None:
    response.acknowledge(inst, number, "dana")
    client.cookies.set("groundswell_you", "lee")
    assert "Take over" in client.get(f"/incidents/{number}").text
    assert "Lee Okafor (you)" in client.post(f"/incidents/{number}/hand-over").text


def test_a_refusal_names_people_and_the_local_time(dana: TestClient, inst: Installation, number: int) -> None:
    checklists.complete_step(inst, number, 1, "lee")
    page = dana.post(f"/incidents/{number}/steps/1/done").text
    assert told(page) == "Step 1 was done already, at 12:00 by Lee Okafor. Nothing was changed."


def test_a_note_that_is_refused_is_kept_for_editing(dana: TestClient, number: int) -> None:
    answer = dana.post(f"/incidents/{number}/notes", data={"text": "<b>" + "long " * 1000})
    assert answer.status_code == 409
    assert "shorten it" in answer.text
    assert "&lt;b&gt;long long" in answer.text


def test_who_acts_is_asked_first_and_nothing_is_lost(client: TestClient, inst: Installation, number: int) -> None:
    asked = client.post(f"/incidents/{number}/notes", data={"text": 'They said "tomorrow"'})
    assert asked.status_code == 403
    assert "Who are you?" in asked.text
    assert 'name="text" value="They said &#34;tomorrow&#34;"' in asked.text
    answered = client.post(f"/incidents/{number}/notes", data={"text": 'They said "tomorrow"', "person": "lee"})
    assert told(answered.text) == "Your note is in the timeline."
    assert client.cookies["groundswell_you"] == "lee"
    with inst.database.reading() as connection:
        assert store.timeline(connection, number)[-1].text == 'They said "tomorrow"'


def test_resolving_asks_once_more_without_any_script(dana: TestClient, inst: Installation, number: int) -> None:
    page = dana.get(f"/incidents/{number}").text
    assert "8 steps are still open" in page
    assert "Yes, resolve it" in page
    dana.post(f"/incidents/{number}/resolve")
    with inst.database.reading() as connection:
        assert store.find(connection, number).status is Status.RESOLVED
    after = dana.get(f"/incidents/{number}").text
    assert "Yes, resolve it" not in after
    assert "8 steps left open" in after


def test_the_list_holds_open_and_resolved_ones(dana: TestClient, inst: Installation, number: int) -> None:
    response.resolve(inst, number, "dana")
    open_incident(inst, kind="volume_wave")
    page = dana.get("/incidents").text
    assert "<strong>Not acknowledged</strong>" in page
    assert f'id="resolved-{number}"' in page
    assert "No older ones." in dana.get(f"/incidents?before={number}").text


def test_with_every_step_done_the_pages_say_so(dana: TestClient, inst: Installation, number: int) -> None:
    checklists.approve_step(inst, number, 4, "lee")
    for position in range(1, 9):
        checklists.complete_step(inst, number, position, "dana", "https://example.com/said")
    for path in ("/", "/incidents", f"/incidents/{number}"):
        assert "every step is done" in dana.get(path).text


def test_an_empty_list_says_how_incidents_come_about(client: TestClient) -> None:
    page = client.get("/incidents").text
    assert "No incident is open." in page
    assert "None yet." in page


def test_what_strangers_wrote_is_inert(client: TestClient, inst: Installation) -> None:
    hostile = '<script>alert(1)</script><img src=x onerror=alert(1)> {{ 7*7 }} awful terrible "Northwind Air"'
    post = said(hostile, NOON, number="x", author="<i>mallory</i>")
    hear(inst, [post])
    page = client.get(f"/incidents/{open_incident(inst)}").text
    assert "<script>alert" not in page
    assert "<i>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{ 7*7 }}" in page


def test_people_change_the_severity_with_a_reason_that_everybody_can_read(dana: TestClient, number: int) -> None:
    page = dana.post(
        f"/incidents/{number}/severity", data={"severity": "SEV1", "reason": "A <b>child</b> is hurt."}
    ).text
    assert told(page) == "It is SEV1 now; the deadlines have moved with it."
    assert "from SEV2 to SEV1: A &lt;b&gt;child&lt;/b&gt; is hurt." in page
    page = dana.post(f"/incidents/{number}/severity", data={"severity": "SEV3", "reason": ""}).text
    assert told(page).startswith("Say why in a few words")


def test_a_severity_that_does_not_exist_changes_nothing(dana: TestClient, inst: Installation, number: int) -> None:
    assert dana.post(f"/incidents/{number}/severity", data={"severity": "SEV9", "reason": "x"}).status_code == 400
    with inst.database.reading() as connection:
        assert store.find(connection, number).severity == "SEV2"


def test_whoever_lets_somebody_read_along_stays_who_they_are(dana: TestClient, inst: Installation, number: int) -> None:
    assert "Lee Okafor gets the internal updates" in told(
        dana.post(f"/incidents/{number}/follow", data={"whom": "lee"}).text
    )
    with inst.database.reading() as connection:
        assert store.timeline(connection, number)[-1].actor == "dana"


def test_a_long_timeline_shows_its_newest_rows_and_all_on_request(
    client: TestClient, inst: Installation, number: int
) -> None:
    for position in range(FEW_ROWS):
        response.add_note(inst, number, "dana", f"Note {position:02}.")
    few, every = (client.get(f"/incidents/{number}{query}").text for query in ("", "?rows=all&show="))
    with inst.database.reading() as connection:
        rows = len(store.timeline(connection, number))
    assert f"Show all {rows} rows" in few
    assert (few.count('data-key="row-'), every.count('data-key="row-')) == (FEW_ROWS, rows)
