"""Times are shown, and read from forms, in the zone of whoever reads; the team's where that is not known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.testclient import TestClient

from console.reader_zone import COOKIE, zone_named
from services.installation import Installation
from tests.console.conftest import Servers
from tests.console.open_pages import open_pages
from tests.console.seeding import hear, open_incident
from tests.installations import NOON, calm_weeks, outcry, said


@pytest.fixture
def incident(inst: Installation) -> str:
    hear(inst, [*calm_weeks(NOON, days=2), *outcry(NOON)])
    return f"/incidents/{open_incident(inst)}"


def read_in(client: TestClient, zone: str) -> TestClient:
    client.cookies.set(COOKIE, zone)
    return client


@pytest.mark.parametrize("zone", ["", "team", "Nowhere/Land", "../../etc/passwd", "/etc/localtime", "\x00"])
def test_a_name_that_is_no_zone_is_never_looked_for(zone: str) -> None:
    assert zone_named(zone) is None


def test_every_time_of_a_page_and_its_chart_is_in_the_readers_zone(dana: TestClient, incident: str) -> None:
    page = read_in(dana, "Asia/Tokyo").get(incident).text
    assert "Wednesday 4 March 2026, 21:00:00 JST" in page
    assert ">JST</text>" in page
    assert 'id="zone">Asia/Tokyo</span>, where you are' in page
    assert "UTC" not in page.replace('data-team-zone="UTC"', "")


@pytest.mark.parametrize("zone", ["", "team", "Nowhere/Land"])
def test_without_a_zone_times_are_the_teams(dana: TestClient, incident: str, zone: str) -> None:
    page = read_in(dana, zone).get(incident).text
    assert "Wednesday 4 March 2026, 12:00:00 UTC" in page
    assert "UTC</span>, the team&#39;s time zone" in page or "UTC</span>, the team's time zone" in page


def test_one_readers_zone_is_not_anothers(dana: TestClient, incident: str) -> None:
    assert "JST" in read_in(dana, "Asia/Tokyo").get(incident).text
    dana.cookies.delete(COOKIE)
    assert "JST" not in dana.get(incident).text


def test_moments_in_filters_are_read_in_the_zone_that_is_shown(dana: TestClient, inst: Installation) -> None:
    hear(inst, [said("Northwind Air at noon", NOON, number=1)])
    ask = "/mentions?from=2026-03-04T20:30&to=2026-03-04T21:30"
    assert "at noon" not in dana.get(ask).text.replace("at noon</title>", "")
    assert "at noon" in read_in(dana, "Asia/Tokyo").get(ask).text


def test_a_moment_that_was_missed_is_read_and_told_in_the_zone_that_is_shown(dana: TestClient) -> None:
    page = read_in(dana, "Asia/Tokyo").post("/signals", data={"brand": "northwind", "when": "2026-03-04T20:00"}).text
    assert "should have come at 20:00." in page
    assert 'datetime="2026-03-04T11:00:00+00:00"' in page
    assert 'max="2026-03-04T21:00"' in page


def test_a_refusal_tells_the_time_of_the_reader(dana: TestClient, incident: str) -> None:
    dana.post(f"{incident}/acknowledge")
    told = read_in(dana, "Asia/Tokyo").post(f"{incident}/acknowledge").text
    assert "It was acknowledged already, at 21:00" in told


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
class TestBrowser:
    @pytest.fixture
    def opened(
        self, browser: Browser, inst: Installation, servers: Servers, incident: str
    ) -> Iterator[Callable[..., Page]]:
        with open_pages(browser, servers.start(inst), incident) as open_page:
            yield open_page

    def test_the_zone_of_the_browser_is_found_and_the_teams_can_be_chosen(self, opened: Callable[..., Page]) -> None:
        page = opened(timezone_id="America/New_York")
        expect(page.locator("#zone")).to_have_text("America/New_York")
        expect(page.locator(".timeline time").first).to_have_text("07:00")
        page.get_by_role("button", name="Show the team's, UTC").click()
        expect(page.locator("#zone")).to_have_text("UTC")
        expect(page.locator(".timeline time").first).to_have_text("12:00")
        page.goto("/incidents")
        expect(page.locator("#zone")).to_have_text("UTC")
        page.get_by_role("button", name="Show mine, America/New_York").click()
        expect(page.locator("#zone")).to_have_text("America/New_York")

    def test_who_is_in_the_teams_zone_is_asked_nothing(self, opened: Callable[..., Page]) -> None:
        page = opened(timezone_id="UTC")
        expect(page.locator("#zone-choose")).to_be_hidden()

    def test_without_a_script_times_are_the_teams(self, opened: Callable[..., Page]) -> None:
        page = opened(timezone_id="America/New_York", java_script_enabled=False)
        expect(page.locator("#zone")).to_have_text("UTC")
        expect(page.locator("#exact-times")).to_be_hidden()

    def test_a_tap_a_button_and_a_key_tell_the_exact_moment(self, opened: Callable[..., Page]) -> None:
        page = opened(timezone_id="UTC", viewport={"width": 390, "height": 844}, has_touch=True)
        times = page.locator(".timeline ol time")
        exact = "Wednesday 4 March 2026, 12:00:00 UTC"
        times.first.tap()
        expect(times.first).to_have_text(exact)
        expect(page.locator(".voices time").first).to_contain_text("ago")
        times.first.tap()
        expect(times.first).to_have_text("12:00")
        page.get_by_role("button", name="Show exact times").click()
        expect(page.locator(".voices time").first).to_have_text("Wednesday 4 March 2026, 11:40:30 UTC")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.keyboard.press("t")
        expect(times.first).to_have_text("12:00")


def test_the_longest_a_reader_can_be_away_is_a_day(dana: TestClient, inst: Installation) -> None:
    """The day that is told beside a time is the reader's day."""
    hear(inst, [said("Northwind Air late", NOON - timedelta(hours=10), number=2)])
    marked = {"brand": "northwind", "when": "2026-03-03T22:00"}
    told = read_in(dana, "Pacific/Honolulu").post("/signals", data=marked).text
    assert "should have come at Tue 3 Mar, 22:00." in told
