"""The page of a brand and of a source in a real Chromium: from the keyboard, on a phone, without a script."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from database.incidents import record_signal
from detection.signal import Verdict
from services.installation import Installation
from tests.console.conftest import Servers
from tests.console.open_pages import open_pages
from tests.console.seeding import hear, open_incident, tick
from tests.database.incident_rows import signal
from tests.installations import NOON, calm_weeks, outcry

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
RANGES = ("6h", "24h", "7d", "30d")
HELD = "9 complaints in an hour; usually 1. Held: one author wrote 8 of them."


@pytest.fixture
def opened(browser: Browser, inst: Installation, servers: Servers) -> Iterator[Callable[..., Page]]:
    """Pages of a console that heard a wave, alarmed, and held something before."""
    hear(inst, [*calm_weeks(NOON), *outcry(NOON)])
    open_incident(inst)
    held = replace(signal(), verdict=Verdict.HELD, at=NOON - timedelta(hours=3), sentence=HELD)
    with inst.database.writing() as connection:
        record_signal(connection, held, None)
    tick(inst)
    with open_pages(browser, servers.start(inst), "/brands/northwind") as open_page:
        yield open_page


def test_the_keyboard_reaches_what_is_marked_in_the_picture_with_its_reasons(opened: Callable[..., Page]) -> None:
    page = opened()
    summary = page.locator("#marked summary")
    for _ in range(40):
        page.keyboard.press("Tab")
        if summary.evaluate("part => part === document.activeElement"):
            break
    expect(summary).to_be_focused()
    expect(summary).to_have_text("Marked in the picture: 1 alarm, 1 held alarm")
    page.keyboard.press("Enter")
    expect(page.locator("#marked tbody tr").last).to_contain_text("One author wrote 8 of them.")
    page.keyboard.press("Tab")
    expect(page.locator("#marked tbody a").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/incidents/1$"))


def test_what_was_opened_below_the_picture_stays_open_when_the_page_changes(
    opened: Callable[..., Page], inst: Installation
) -> None:
    page = opened()
    page.locator("#marked summary").click()
    with inst.database.writing() as connection:
        held = replace(signal(), verdict=Verdict.HELD, at=NOON - timedelta(hours=5), sentence=HELD)
        record_signal(connection, held, None)
    expect(page.locator("#marked summary")).to_have_text("Marked in the picture: 1 alarm, 2 held alarms")
    expect(page.locator("#marked")).to_have_attribute("open", "")


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_its_screen_and_the_picture_is_drawn_for_it(
    opened: Callable[..., Page], width: int
) -> None:
    page = opened(viewport={"width": width, "height": 844})
    paths = [f"/brands/northwind?range={key}" for key in RANGES]
    for path in (*paths, "/", "/sources", "/sources/forum", "/preview?kind=jsonapi"):
        page.goto(path)
        if path in paths:
            page.locator("#marked summary").click()
            drawn = page.locator(".picture svg:visible").bounding_box()
            assert drawn
            assert drawn["width"] > 0.85 * width
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_a_source_is_previewed_without_a_script(opened: Callable[..., Page]) -> None:
    page = opened("/sources", java_script_enabled=False)
    page.get_by_role("link", name="Preview a new source").click()
    page.get_by_label("Kind of source").select_option("rss")
    page.get_by_role("button", name="Choose").click()
    page.get_by_label("url").fill("http://127.0.0.1:1/feed")
    page.get_by_role("button", name="Look now").click()
    expect(page.get_by_role("alert")).to_contain_text("it leads to a private address")
    expect(page.get_by_label("url")).to_have_value("http://127.0.0.1:1/feed")
