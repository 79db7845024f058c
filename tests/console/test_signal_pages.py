from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from console.app import create_app
from database import incidents as store
from database.marks import all_marks
from detection.marks import Mark, MarkVerdict
from detection.signal import Reason, Signal, Verdict
from services import marking
from services.installation import Installation
from settings.model import Brand
from tests.console.seeding import open_incident
from tests.database.incident_rows import signal
from tests.installations import BRAND, NOON, HandClock, installation

HOUR = timedelta(hours=1)
HELD = replace(
    signal(),
    verdict=Verdict.HELD,
    reason=Reason.ONE_LOUD_AUTHOR,
    at=NOON - HOUR,
    observed=27,
    expected=3.2,
    authors=6,
    stories=8,
    beyond=2.34,
    sentence="6 people complained in the last hour (27 negative mentions). Held: 21 of 27 are by one author.",
)
OTHER = Brand(id="bluebird", name="Bluebird Hotels", phrases=("Bluebird",))
RIVAL = Brand(id="southwind", name="Southwind", phrases=("Southwind",), competitor=True)


def keep(inst: Installation, *signals: Signal) -> None:
    with inst.database.writing() as connection:
        for one in signals:
            store.record_signal(connection, one, None, told=one.verdict is Verdict.FIRED)


def marks(inst: Installation) -> tuple[Mark, ...]:
    with inst.database.reading() as connection:
        return all_marks(connection, None, None)


def told(page: str) -> str:
    """What the message of the last action says."""
    found = re.search(r'<div class="told[^"]*">\s*<p>(.*?)</p>', page)
    return unescape(found[1]) if found else ""


def rows(page: str) -> list[str]:
    """The rows of the table as one reads them."""
    found = re.findall(r'<tr id="decision-.*?</tr>', page, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in found]


def test_a_decision_is_told_with_its_reason_first_and_the_figures_behind_it(
    client: TestClient, inst: Installation
) -> None:
    open_incident(inst)
    keep(inst, HELD)
    page = client.get("/signals").text
    assert "In the last 7 days: <strong>1 alarm, 1 held</strong>" in page
    assert "Held because of one loud author (1)." in page
    held, alarm = rows(page)
    assert held == (
        "11:00 Held Complaints, Northwind Air 21 of 27 are by one author. 6 people complained in the last hour "
        "(27 negative mentions). Should have alarmed 27 3.2 2.3 6 8"
    )
    assert alarm.startswith("12:00 Alarm Complaints, Northwind Air Many people complained. SEV2 Northwind Air: many")
    assert 'href="/incidents/1"' in page


def test_while_the_past_is_unknown_no_figure_pretends_to_know_it(client: TestClient, inst: Installation) -> None:
    keep(inst, replace(HELD, learning=True, sentence="12 people."))
    (row,) = rows(client.get("/signals").text)
    assert "One loud author. 12 people." in row
    assert row.endswith("27 unknown \N{EN DASH} 6 8")


def test_filters_and_pages_show_what_they_say(client: TestClient, inst: Installation) -> None:
    keep(inst, HELD, signal(brand="bluebird"), *[signal()] * 50)
    page = client.get("/signals?show=alarms").text
    assert len(rows(page)) == 50
    older = re.search(r'href="([^"]+)">Older', page)
    assert older
    assert len(rows(client.get(unescape(older[1])).text)) == 1
    assert len(rows(client.get("/signals?brand=northwind&show=held").text)) == 1
    assert len(rows(client.get("/signals?brand=bluebird&show=nonsense").text)) == 1
    assert "Nothing of this kind was decided." in client.get("/signals?brand=elsewhere%00").text
    assert "No older ones." in client.get("/signals?before=1").text
    assert client.get("/signals?before=-1").status_code == 404


def test_an_empty_page_says_what_will_appear(client: TestClient) -> None:
    page = client.get("/signals").text
    assert "Nothing has stood out yet." in page
    assert "Nothing has stood out in the last 7 days." in page
    assert "<table" not in page


def test_the_pages_of_brand_and_incident_lead_to_the_decisions(client: TestClient, inst: Installation) -> None:
    assert "Nothing has stood out yet." in client.get("/brands/northwind").text
    open_incident(inst)
    keep(inst, *[HELD] * 3, signal(brand="bluebird"))
    page = client.get("/brands/northwind").text
    assert page.count('data-key="decision-') == 3
    assert 'href="/signals?brand=northwind">All decisions about Northwind Air</a>' in page
    assert 'href="/signals?brand=northwind"' in client.get("/incidents/1").text


def test_a_competitor_is_not_judged_and_has_no_decisions(tmp_path: Path) -> None:
    inst = installation(tmp_path, HandClock(), brands=(BRAND, RIVAL))
    client = TestClient(create_app(inst), base_url="http://127.0.0.1:8420")
    assert "decisions-title" not in client.get("/brands/southwind").text
    assert "Southwind" not in client.get("/signals").text


def test_an_alarm_is_marked_as_noise_and_the_mark_is_taken_back(dana: TestClient, inst: Installation) -> None:
    open_incident(inst)
    page = dana.post("/signals/1/noise", data={"next": "/signals?brand=northwind"}).text
    assert told(page) == "Marked as noise. Its incident stays as it is."
    assert "You say: noise" in rows(page)[0]
    assert "/signals/1/noise" not in page
    undo = re.search(r'action="([^"]+/undo\?[^"]+)"', page)
    assert undo
    page = dana.post(unescape(undo[1])).text
    assert told(page) == "Taken back."
    assert "/signals/1/noise" in page
    assert told(dana.post(unescape(undo[1])).text) == (
        "There is no mark 1 any more: somebody has taken it back. Nothing was changed."
    )


def test_the_slower_one_is_told_who_was_faster_and_when(dana: TestClient, inst: Installation) -> None:
    keep(inst, signal())
    marking.mark_noise(inst, 1, "lee", 'only <b>"our sale"</b>')
    page = dana.post("/signals/1/noise").text
    assert told(page) == "Lee Okafor marked it as noise already, at 12:00. Nothing was changed."
    assert 'Lee Okafor says: noise just now “only <b>"our sale"</b>” Undo' in unescape(" ".join(rows(page)[0].split()))
    assert "<b>&#34;our" not in page
    assert [one.by for one in marks(inst)] == ["lee"]


def test_what_was_held_is_marked_as_one_that_should_have_alarmed(dana: TestClient, inst: Installation) -> None:
    keep(inst, HELD, signal())
    page = dana.post("/signals/1/missed").text
    assert told(page) == "Noted: this should have been an alarm."
    assert "You say: missed" in rows(page)[1]
    assert told(dana.post("/signals/2/missed").text).startswith("It was not held.")
    assert told(dana.post("/signals/9/noise").text).startswith("There is no decision 9.")
    assert dana.post(f"/signals/{2**63}/noise").status_code == 400


def test_who_has_not_said_who_they_are_is_asked_and_then_heard(client: TestClient, inst: Installation) -> None:
    keep(inst, signal())
    asked = client.post("/signals/1/noise", data={"next": "/signals?show=alarms"})
    assert "Who are you?" in asked.text
    kept = dict(re.findall(r'name="(next)" value="([^"]*)"', asked.text))
    client.post("/signals/1/noise", data={**kept, "person": "lee"})
    typed = {"brand": "northwind", "when": "2026-03-04T10:00", "note": "on the radio"}
    client.cookies.clear()
    assert "Who are you?" in client.post("/signals", data=typed).text
    client.post("/signals", data={**typed, "person": "dana"})
    assert [(one.verdict, one.by) for one in marks(inst)] == [(MarkVerdict.MISSED, "dana"), (MarkVerdict.NOISE, "lee")]


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "/incidents", "/signals/1"])
def test_the_way_back_is_the_list_of_decisions(dana: TestClient, inst: Installation, back: str) -> None:
    keep(inst, signal())
    answer = dana.post("/signals/1/noise", data={"next": back}, follow_redirects=False)
    assert answer.headers["location"] == "/signals#decision-1"


def test_a_moment_is_noted_as_missed_in_the_readers_zone(tmp_path: Path) -> None:
    inst = installation(tmp_path, HandClock(), brands=(BRAND, OTHER), time_zone="Europe/Berlin")
    client = TestClient(create_app(inst), base_url="http://127.0.0.1:8420")
    client.cookies.set("groundswell_you", "dana")
    typed = {"brand": "bluebird", "when": "2026-03-04T10:00", "note": "A <strike>"}
    page = client.post("/signals?brand=bluebird", data=typed).text
    assert told(page) == "Noted: an alarm about Bluebird Hotels should have come at 10:00."
    assert "“A &lt;strike&gt;”" in page
    (mark,) = marks(inst)
    assert (mark.brand, mark.moment, mark.by, mark.signal_id) == ("bluebird", NOON - 3 * HOUR, "dana", None)
    again = client.post("/signals?brand=bluebird", data=typed)
    assert again.status_code == 422
    assert "Dana Reyes marked it as missed already, at 13:00. Nothing was changed." in again.text


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"when": "2026-03-04T12:01"}, "That moment has not come yet."),
        ({"when": "noon"}, "Say on which day and at what time it should have come."),
        ({"brand": "elsewhere"}, "There is no brand elsewhere in the settings."),
        ({"note": "x" * 301}, "Shorten it."),
    ],
)
def test_what_is_refused_stays_in_the_form_with_the_reason(
    dana: TestClient, inst: Installation, changed: dict[str, str], says: str
) -> None:
    typed = {"brand": "northwind", "when": "2026-03-04T11:00", "note": "It was & is <big>"}
    answer = dana.post("/signals", data={**typed, **changed})
    assert answer.status_code == 422
    assert says in answer.text
    assert "Nothing was changed." in answer.text
    assert f'value="{changed.get("when", typed["when"])}"' in answer.text
    assert ("It was &amp; is &lt;big&gt;" in answer.text) is ("note" not in changed)
    assert marks(inst) == ()


def test_what_strangers_wrote_into_a_sentence_is_inert(client: TestClient, inst: Installation) -> None:
    keep(inst, replace(signal(), sentence="<script>alert(1)</script> {{ 7*7 }} Held: <i>"))
    for path in ("/signals", "/brands/northwind"):
        page = client.get(path).text
        assert "<script>alert" not in page
        assert "<i>" not in page
        assert "{{ 7*7 }}" in page
