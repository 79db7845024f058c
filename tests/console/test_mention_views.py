"""Saved views on the pages."""

from __future__ import annotations

import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from access.roles import Role
from console.app import create_app
from services.installation import Installation
from services.views import save
from tests.console.seeding import hear
from tests.installations import LEE, NOON, HandClock, installed, said


def keep(browser: TestClient, name: str = "Refunds", query: str = "tone=negative", **more: str) -> str:
    return browser.post("/mentions/views", data={"name": name, "query": query, **more}).text


def links(page: str) -> list[str]:
    """The views above the list, each with how many are new."""
    found = re.findall(r'<a class="chip" href="/mentions/views/\d+"[^>]*>(.*?)</a>', page)
    return [unescape(re.sub(r"<[^>]+>", "", one)) for one in found]


@pytest.fixture
def lee(inst: Installation, clock: HandClock, request: pytest.FixtureRequest) -> TestClient:
    """Lee with a role, at the same installation."""
    people = (inst.settings.people[0], LEE.model_copy(update={"access": getattr(request, "param", Role.VIEWER)}))
    again = installed(inst.settings.model_copy(update={"people": people}), clock)
    client = TestClient(create_app(again), base_url="http://127.0.0.1:8420")
    client.cookies.set("groundswell_you", "lee")
    return client


def test_filters_are_saved_under_a_name_and_opened_by_it(dana: TestClient) -> None:
    assert "Save this view" not in dana.get("/mentions").text
    assert "Save this view" in dana.get("/mentions?tone=negative").text
    page = keep(dana, "Refund complaints, last 24 h", "q=refund&range=24h&tone=nonsense")
    assert "Saved as “Refund complaints, last 24 h”. You find it above the list." in unescape(page)
    assert 'aria-current="page"' in page
    assert "Save this view" not in page
    answer = dana.get("/mentions/views/1", follow_redirects=False)
    assert answer.headers["location"] == "/mentions?range=24h&q=refund"
    assert links(dana.get("/mentions").text) == ["Refund complaints, last 24 h"]


def test_a_view_tells_how_many_of_its_mentions_are_new_since_one_looked(dana: TestClient, inst: Installation) -> None:
    hear(inst, [said("Northwind Air is awful", NOON, number=1)])
    keep(dana)
    assert links(dana.get("/mentions").text) == ["Refunds"]
    hear(inst, [said(f"Northwind Air is {word}", NOON, number=word) for word in ("awful", "lovely", "bad")])
    assert links(dana.get("/mentions").text) == ["Refunds 2 new"]
    dana.get("/mentions/views/1")
    assert links(dana.get("/mentions").text) == ["Refunds"]


def test_a_hostile_name_is_shown_and_not_run(dana: TestClient) -> None:
    page = keep(dana, '"><svg onload=alert(1)>{{7*7}}\u202e')
    for shown in (page, dana.get("/mentions/views").text):
        assert "&#34;&gt;&lt;svg onload=alert(1)&gt;{{7*7}}" in shown
        assert "<svg onload" not in shown
        assert "\u202e" not in shown


def test_a_name_that_is_taken_is_told_and_nothing_that_was_typed_is_lost(dana: TestClient) -> None:
    keep(dana)
    page = keep(dana, "refunds", "q=refund", shared="yes")
    assert "You have a view “refunds” already." in page
    for kept in ('value="refunds"', 'name="query" value="q=refund"', 'name="shared" value="yes" checked'):
        assert kept in page


def test_views_are_renamed_shared_and_deleted(dana: TestClient) -> None:
    keep(dana)
    page = dana.post("/mentions/views/1", data={"name": "Money back", "shared": "yes"}).text
    assert "Kept. Everybody sees it." in page
    assert "<bdi>Money back</bdi>" in page
    assert "“Money back” is deleted" in unescape(dana.post("/mentions/views/1/delete").text)
    assert "None yet." in dana.get("/mentions/views").text
    assert "There is no such view any more" in dana.post("/mentions/views/1", data={"name": "x"}).text
    assert dana.get("/mentions/views/1").status_code == 404


@pytest.mark.parametrize(("lee", "status"), [(Role.VIEWER, 403), (Role.RESPONDER, 303)], indirect=["lee"])
def test_who_only_reads_keeps_views_and_shares_none(lee: TestClient, status: int) -> None:
    assert "Saved as" in keep(lee)
    assert ("for everybody" in lee.get("/mentions/views?query=tone%3Dnegative").text) == (status != 403)
    sent = {"name": "For all", "query": "tone=negative", "shared": "yes"}
    assert lee.post("/mentions/views", data=sent, follow_redirects=False).status_code == status
    assert lee.post("/mentions/views/1", data=sent, follow_redirects=False).status_code == status


@pytest.mark.parametrize(("lee", "left"), [(Role.LEAD, ["For all"]), (Role.ADMIN, [])], indirect=["lee"])
def test_what_somebody_shares_is_deleted_by_them_and_by_whoever_administers(
    lee: TestClient, inst: Installation, left: list[str]
) -> None:
    save(inst, "dana", "For all", "tone=negative", shared=True)
    assert "by Dana Reyes" in lee.get("/mentions/views").text
    assert ("/mentions/views/1/delete" in lee.get("/mentions/views").text) == (not left)
    lee.post("/mentions/views/1/delete")
    assert links(lee.get("/mentions").text) == left


def test_who_has_not_said_who_they_are_sees_what_is_shared(client: TestClient, inst: Installation) -> None:
    save(inst, "dana", "For all", "tone=negative", shared=True)
    save(inst, "dana", "Own", "tone=positive", shared=False)
    assert links(client.get("/mentions").text) == ["For all"]
    assert client.get("/mentions/views/1", follow_redirects=False).status_code == 303
    assert client.get("/mentions/views/2").status_code == 404
    assert "Who are you?" in keep(client)
