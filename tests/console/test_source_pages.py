from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from console.app import create_app
from database import visits
from services.installation import Installation
from sources.network.pacing import Wait
from tests.console.seeding import fail_source, tick
from tests.installations import NOON, HandClock, installation, source

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOME = {"origin": "http://127.0.0.1:8420"}


def remember(inst: Installation, name: str, **values: object) -> None:
    with inst.database.writing() as connection:
        visits.save_source(connection, name, **values)


def well(inst: Installation, name: str, **values: object) -> None:
    now = inst.clock()
    remember(inst, name, **{"asked_at": now, "succeeded_at": now, "brought_at": now, **values})


def rows(page: str) -> list[str]:
    """The rows of the table as one reads them."""
    found = re.findall(r'<tr data-key="source-.*?</tr>', page, re.DOTALL)
    return [" ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", row, flags=re.DOTALL).split()) for row in found]


def test_the_deaf_come_first_with_what_is_the_matter_since_when_and_what_to_do(
    client: TestClient, inst: Installation, clock: HandClock
) -> None:
    well(inst, "forum", next_at=NOON + HOUR, warning="An entry was odd.", newest_at=NOON - HOUR / 6)
    well(inst, "north", failing_since=NOON)
    fail_source(inst, "north", "The server answered 503.", "Wait; it is asked again.")
    clock.advance(hours=2)
    page = client.get("/sources").text
    assert "<strong>1 source is not heard.</strong>" in page
    assert "2 sources: 1 failing, 1 quiet as usual." in page
    north, forum = rows(page)
    assert north.startswith("north mastodon, every brand Failing for 2 h , 3 times in a row The server answered 503.")
    assert "Wait; it is asked again." in north
    assert "Quiet as usual" in forum
    assert "Odd, but harmless: An entry was odd." in forum
    assert "2 h 10 min ago now 0 requests none" in forum


def test_usage_is_shown_against_the_cap_and_a_month_of_posts_as_bars(tmp_path: Path) -> None:
    paid = source("paid", kind="newsapi", key="k", query="northwind", per_day=100, about=("northwind",))
    inst = installation(tmp_path, HandClock(), sources=(paid,))
    well(inst, "paid")
    with inst.database.writing() as connection:
        visits.add_usage(connection, "paid", NOON, requests=1, units=40)
        visits.add_posts(connection, "paid", [NOON, NOON - DAY, NOON - DAY], NOON)
    page = TestClient(create_app(inst), base_url="http://127.0.0.1:8420").get("/sources").text
    assert "about Northwind Air" in page
    assert "next round 40 of 100 requests" in rows(page)[0]
    assert "paid: new posts a day over 28 days, at most 2, today 1" in page


def test_what_a_server_said_stays_words(client: TestClient, inst: Installation) -> None:
    fail_source(inst, "forum", "<script>alert(1)</script>", "<b>Wait</b>")
    page = client.get("/sources").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_an_installation_without_sources_is_told_how_to_get_one(tmp_path: Path) -> None:
    page = TestClient(create_app(installation(tmp_path)), base_url="http://127.0.0.1:8420").get("/sources").text
    assert "There are no sources yet, so nothing is heard." in page
    assert "<table" not in page


def test_that_nobody_listens_at_all_is_said_here_too(client: TestClient, inst: Installation, clock: HandClock) -> None:
    tick(inst)
    clock.advance(minutes=4)
    assert "Nobody is listening" in client.get("/sources").text


@pytest.mark.parametrize("resting", [{"stopped_at": NOON}, {"problem": "We asked too often (429)."}])
def test_a_source_that_is_not_asked_can_be_asked_in_the_next_round(
    client: TestClient, inst: Installation, resting: dict[str, object]
) -> None:
    remember(inst, "forum", asked_at=NOON, next_at=NOON + DAY, **resting)
    with inst.database.writing() as connection:
        visits.save_waits(connection, [Wait("127.0.0.1", NOON + HOUR, "it asked for that")])
    assert "/sources/forum/wake" in client.get("/sources").text
    page = client.post("/sources/forum/wake", headers=HOME).text
    assert "forum is asked in the next round." in page
    assert "/sources/forum/wake" not in page
    assert "next round" in rows(page)[0]


def test_a_source_that_is_not_there_cannot_be_woken(client: TestClient) -> None:
    assert client.post("/sources/nowhere/wake", headers=HOME).status_code == 404
