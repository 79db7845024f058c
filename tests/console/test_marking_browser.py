"""Marking decisions in a real Chromium: in place, for everybody at once, without a script, on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from database import incidents as store
from detection.signal import Reason, Verdict
from services import marking
from services.installation import Installation
from tests.console.conftest import Servers
from tests.console.open_pages import open_pages
from tests.console.seeding import open_incident, tick
from tests.database.incident_rows import signal
from tests.installations import NOON

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def opened(browser: Browser, inst: Installation, servers: Servers) -> Iterator[Callable[..., Page]]:
    """Opens the decisions (2 was held, 1 an alarm), each time in a browser of its own with a person chosen."""
    open_incident(inst)
    held(inst)
    tick(inst)
    with open_pages(browser, servers.start(inst), "/signals") as open_page:
        yield open_page


def held(inst: Installation) -> None:
    one = replace(signal(), verdict=Verdict.HELD, reason=Reason.ONE_LOUD_AUTHOR, sentence="40 people. Held: 39 by one.")
    with inst.database.writing() as connection:
        store.record_signal(connection, one, None, told=one.verdict is Verdict.FIRED)


def test_a_mark_shows_in_its_place_and_in_other_browsers_without_reload(opened: Callable[..., Page]) -> None:
    acting, watching = opened("/signals?show=alarms"), opened(person="lee")
    acting.evaluate("window.stayed = true")
    acting.locator("#noise-1").click()
    expect(acting.locator("#told")).to_contain_text("Marked as noise.")
    expect(acting.locator("#decision-1")).to_contain_text("You say: noise")
    expect(watching.locator("#decision-1")).to_contain_text("Dana Reyes says: noise")
    acting.locator("#undo-last").click()
    expect(acting.locator("#noise-1")).to_be_visible()
    expect(watching.locator("#noise-1")).to_be_visible()
    assert acting.evaluate("window.stayed")


def test_a_new_decision_appears_on_both_pages_and_leaves_alone_what_somebody_types(
    opened: Callable[..., Page], inst: Installation
) -> None:
    page, brand = opened(), opened("/brands/northwind")
    page.locator("#missed-note").fill("half a thou")
    held(inst)
    expect(page.locator("#decision-3")).to_contain_text("39 by one.")
    expect(page.locator("[data-live=in-short]")).to_contain_text("1 alarm, 2 held")
    expect(page.locator("#missed-note")).to_have_value("half a thou")
    expect(brand.locator("[data-live=decisions] li")).to_have_count(3)


def test_without_a_script_a_decision_and_a_moment_are_marked_and_unmarked(
    opened: Callable[..., Page], inst: Installation
) -> None:
    page = opened(java_script_enabled=False)
    page.locator("#missed-2").click()
    expect(page.locator("#decision-2")).to_contain_text("You say: missed")
    page.locator("#missed-when").fill("2026-03-04T10:00")
    page.locator("#missed-note").fill("on the radio")
    page.locator("#missed").click()
    expect(page.locator(".unnoticed")).to_contain_text("“on the radio”")
    page.locator(".unnoticed button").click()
    expect(page.locator(".unnoticed")).to_have_count(0)
    done = marking.mark_missed(inst, "northwind", NOON - timedelta(hours=2), "lee")
    assert not hasattr(done, "text")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_screen_whatever_is_open(
    opened: Callable[..., Page], inst: Installation, scheme: str, width: int
) -> None:
    marking.mark_noise(inst, 1, "lee", "w" * 300)
    marking.mark_missed(inst, "northwind", NOON, "lee", "w" * 300)
    page = opened(viewport={"width": width, "height": 844}, color_scheme=scheme)
    page.locator("#meanings summary").click()
    for path in ("/signals", "/brands/northwind"):
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        page.goto(path)


def test_on_a_phone_buttons_are_large_enough_for_a_thumb(opened: Callable[..., Page]) -> None:
    page = opened(viewport={"width": 390, "height": 844})
    for name in ("#noise-1", "#missed-2"):
        box = page.locator(name).bounding_box()
        assert box
        assert box["height"] >= 44


def test_every_field_has_a_label_and_every_button_says_what_it_does(opened: Callable[..., Page]) -> None:
    page = opened()
    for label in ("Which", "Brand", "When it should have come", "What happened, if you like"):
        expect(page.get_by_label(label, exact=True)).to_be_visible()
    for name in ("Noise", "Should have alarmed", "This was missed"):
        expect(page.get_by_role("button", name=name)).to_be_visible()
    expect(page.get_by_role("row").nth(1)).to_contain_text("39 by one.")
