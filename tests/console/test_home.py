from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from console.app import create_app
from console.home import sparks
from console.listening import awake
from console.needs import waiting
from database import reading
from database.response_tables import IncidentRow
from database.visits import save_source
from detection.buckets import BUCKET, Bucket
from services import response
from services.installation import Installation
from tests.console.seeding import fail_source, hear, open_incident, tick
from tests.installations import NOON, HandClock, calm_weeks, installation, outcry, said


def test_the_page_of_an_empty_installation_says_what_will_appear_and_how(client: TestClient) -> None:
    page = client.get("/").text
    assert "Groundswell is ready to listen. Nothing has been heard yet." in page
    assert "Each round asks 2 sources: <code>groundswell serve</code> starts one every 1 min" in page
    assert "What people say of Northwind Air appears below" in page
    assert "What is usual is known after three days." in page
    assert "no mentions" in page
    assert "2 sources: 2 new." in page
    assert page.count("all well") == 1
    assert "All is well" not in page


def test_a_quiet_day_says_that_all_is_well_and_since_when_it_was_listened(
    client: TestClient, inst: Installation
) -> None:
    hear(inst, calm_weeks(NOON))
    tick(inst)
    for source_id in ("forum", "north"):
        with inst.database.writing() as connection:
            save_source(connection, source_id, added_at=NOON - timedelta(days=9), succeeded_at=NOON, brought_at=NOON)
    page = " ".join(client.get("/").text.split())
    assert "All is well." in page
    assert "No incident is open, and every source is heard." in page
    assert re.search(r"Groundswell has listened since <time[^>]*>Mon 23 Feb, 12:00</time>, the last time <time", page)


def test_nothing_is_said_to_be_well_while_something_is_not_heard_or_open(
    client: TestClient, inst: Installation, clock: HandClock
) -> None:
    hear(inst, calm_weeks(NOON))
    tick(inst)
    assert "All is well." in client.get("/").text
    fail_source(inst, "forum", "The server answered 503.", "Wait; it is asked again.")
    page = client.get("/").text
    assert "All is well." not in page
    assert "But not everything is heard" in page
    clock.advance(hours=1)
    open_incident(inst)
    assert "not everything is heard" not in client.get("/").text


def test_without_sources_nothing_is_said_to_be_well(tmp_path: Path) -> None:
    inst = installation(tmp_path)
    client = TestClient(create_app(inst), base_url="http://127.0.0.1:8420")
    page = client.get("/").text
    assert "Add a source under <code>sources</code> in the settings." in page
    assert "all well" not in page
    hear(inst, calm_weeks(NOON))
    tick(inst)
    page = client.get("/").text
    assert "No incident is open. But nothing is heard" in page
    assert "There are no sources, so nothing new is heard." in page
    assert "All is well" not in page


def test_a_brand_is_one_line_of_volume_against_usual_tone_and_incidents(client: TestClient, inst: Installation) -> None:
    hear(inst, [*calm_weeks(NOON), *outcry(NOON, people=60)])
    hear(inst, [said("Northwind Air, tout va bien", NOON, number="fr", language="fr")])
    number = open_incident(inst)
    page = client.get("/").text
    assert ">108</td>" in page  # 47 in an ordinary day, 60 complaints, one in French
    assert "2.2 times usual" in page
    assert "1 not scored" in page
    assert f'href="/incidents/{number}"' in page


def test_what_is_usual_is_the_same_figure_as_on_the_brands_page(client: TestClient, inst: Installation) -> None:
    # A source that was added four days ago says nothing of the weeks before, of which another one knows a little.
    hear(inst, [said("Northwind Air", NOON - timedelta(days=13, hours=2), number="old")], source="north")
    hear(inst, calm_weeks(NOON, days=4))
    told = re.search(r"Usually about (\d+) posts", client.get("/brands/northwind").text)
    assert told
    assert f'as usual <span class="quiet usually">usually about {told[1]}</span>' in client.get("/").text
    assert told[1] == "48"


def test_what_is_usual_takes_three_days_to_know(client: TestClient, inst: Installation) -> None:
    hear(inst, calm_weeks(NOON, days=3))
    assert "no usual yet" in client.get("/").text
    assert "Usually about" not in client.get("/brands/northwind").text


def test_nothing_is_as_usual_while_an_incident_is_open(client: TestClient, inst: Installation) -> None:
    hear(inst, calm_weeks(NOON))
    assert "as usual" in client.get("/").text
    open_incident(inst)
    page = client.get("/").text
    assert "as usual " not in page
    assert "usually about 48" in page


def test_a_source_in_trouble_shows_its_problem_and_remedy(client: TestClient, inst: Installation) -> None:
    fail_source(inst, "forum", "The server answered 503.", "Wait; it is asked again.")
    page = client.get("/").text
    assert "The server answered 503." in page
    assert "Wait; it is asked again." in page
    assert "forum in trouble" in page
    assert "2 sources: 1 failing, 1 new." in page


def test_what_is_not_heard_is_said_in_one_line_that_leads_to_the_sources(
    client: TestClient, inst: Installation, clock: HandClock
) -> None:
    assert "not heard" not in client.get("/").text
    fail_source(inst, "forum", "The server answered 503.", "Wait; it is asked again.")
    clock.advance(hours=2)
    page = client.get("/").text
    assert '<a href="/sources"><strong>1 source is not heard</strong></a>' in page
    assert "a crisis there would not be noticed" in page
    assert page.count("Wait; it is asked again.") == 1


def test_silence_for_three_rounds_is_said_plainly(client: TestClient, inst: Installation, clock: HandClock) -> None:
    tick(inst, seconds_ago=40)
    page = client.get("/").text
    assert "40 s ago" in page
    assert "Nobody is listening" not in page
    clock.advance(minutes=4)
    assert "Nobody is listening" in client.get("/").text


@pytest.mark.parametrize(
    ("seconds", "late"),
    [(None, False), (0, False), (180, False), (181, True)],
)
def test_rounds_are_late_once_three_are_missing(seconds: float | None, late: bool) -> None:  # noqa: FBT001  # a table
    finished = None if seconds is None else NOON - timedelta(seconds=seconds)
    assert awake(finished, NOON, timedelta(minutes=1)).late is late


def test_the_health_check_tells_a_monitor_when_the_last_round_finished(
    client: TestClient, inst: Installation, clock: HandClock
) -> None:
    assert client.get("/healthz").json() == {"ok": True, "last_tick_finished": None, "seconds_ago": None}
    tick(inst, seconds_ago=40)
    told = client.get("/healthz")
    assert told.json() == {"ok": True, "last_tick_finished": "2026-03-04T11:59:20+00:00", "seconds_ago": 40.0}
    clock.advance(minutes=10)
    late = client.get("/healthz")
    assert (late.status_code, late.json()["ok"]) == (503, False)


def test_what_nobody_acknowledged_stands_on_top_and_is_marked_as_yours(dana: TestClient, inst: Installation) -> None:
    open_incident(inst)
    page = dana.get("/").text
    assert "Nobody has acknowledged it yet" in page
    assert "due in 30 min" in page
    assert "<strong>Yours</strong>" in page
    assert "(1) Groundswell" in page


def test_nobody_is_said_to_have_what_nobody_acknowledged(client: TestClient, inst: Installation) -> None:
    number = open_incident(inst)
    pages = ("/", "/brands/northwind", "/tip")
    told = "\n".join(client.get(path).text for path in pages)
    assert told.count("waits for Dana Reyes") == len(pages)
    assert "Dana Reyes has it" not in told
    response.acknowledge(inst, number, "dana")
    assert all("Dana Reyes has it" in client.get(path).text for path in pages)


def test_needs_are_what_is_late_or_due_within_a_quarter_of_an_hour(inst: Installation, clock: HandClock) -> None:
    number = open_incident(inst)

    def told(you: str = "lee") -> list[str]:
        with inst.database.reading() as connection:
            opened = reading.open_incidents(connection)
        return [need.text for one in waiting(opened, you, clock.now) for need in one.needs]

    assert told() == ["Nobody has acknowledged it yet"]
    response.acknowledge(inst, number, "dana")
    assert told() == []
    clock.advance(minutes=15)
    assert told() == ["Step 1: Verify what happened and set the severity"]
    with inst.database.writing() as connection:
        connection.execute(update(IncidentRow).values(update_due_at=clock.now))
    assert told() == ["A public update was promised", "Step 1: Verify what happened and set the severity"]


def test_what_is_in_hand_is_one_quiet_line(dana: TestClient, inst: Installation) -> None:
    response.acknowledge(inst, open_incident(inst), "lee")
    page = dana.get("/").text
    assert "Nothing is late or due within 15 minutes, and nobody asks for you." in page
    assert "in hand, Lee Okafor has it" in page


def test_a_sparkline_counts_half_hours_that_end_now() -> None:
    buckets = [Bucket(NOON - 6 * BUCKET, 2), Bucket(NOON - BUCKET, 3), Bucket(NOON, 5), Bucket(NOON - timedelta(1), 7)]
    drawn = sparks(buckets, NOON)
    assert (len(drawn), drawn[-2:], sum(drawn)) == (48, (2, 8), 10)
