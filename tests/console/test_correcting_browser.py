"""Correcting mentions in a real Chromium: in place, without a script, from the keyboard, on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from database.corrections import Verdict
from services import correcting
from services.correcting import seen_as
from services.installation import Installation
from tests.console.conftest import Servers
from tests.console.open_pages import open_pages
from tests.console.seeding import hear, tick
from tests.installations import NOON, said

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def opened(browser: Browser, inst: Installation, servers: Servers) -> Iterator[Callable[..., Page]]:
    """Opens the mentions, each time in a browser of its own with a person chosen."""
    hear(inst, [said(f"Northwind Air is awful {number}", NOON, number=number) for number in range(1, 4)])
    tick(inst)
    with open_pages(browser, servers.start(inst), "/mentions") as open_page:
        yield open_page


def test_a_correction_shows_in_its_place_and_in_other_browsers_without_reload(opened: Callable[..., Page]) -> None:
    acting, watching = opened("/mentions?tone=negative"), opened(person="lee")
    acting.evaluate("window.stayed = true")
    acting.locator("#judge-2-northwind summary").click()
    acting.locator("#positive-2-northwind").click()
    mine = acting.locator("#m-2-northwind")
    expect(mine).to_contain_text("You say: positive")
    expect(mine.locator(".tone")).to_have_text("positive")
    expect(acting.locator("#judge-2-northwind")).not_to_have_attribute("open", "")
    expect(watching.locator("#m-2-northwind")).to_contain_text("Dana Reyes says: positive")
    acting.locator("#undo-last").click()
    expect(mine).not_to_contain_text("You say")
    expect(mine.locator(".tone")).to_have_text("negative")
    assert acting.evaluate("window.stayed")


def test_what_was_taken_stays_in_view_until_the_page_is_left(opened: Callable[..., Page]) -> None:
    page = opened()
    page.locator("#judge-2-northwind summary").click()
    page.locator("#not_about_us-2-northwind").click()
    expect(page.locator("#m-2-northwind")).to_contain_text("it does not count for Northwind Air")
    expect(page.locator(".mentions > li")).to_have_count(3)
    page.reload()
    expect(page.locator(".mentions > li")).to_have_count(2)


def test_without_a_script_a_mention_is_corrected_and_the_slower_one_told(
    opened: Callable[..., Page], inst: Installation
) -> None:
    page = opened(java_script_enabled=False)
    correcting.correct(inst, (1, "northwind"), Verdict.NEUTRAL, "lee", seen_as(None, None))
    page.locator("#judge-1-northwind summary").click()
    page.locator("#wrong_match-1-northwind").click()
    expect(page.locator("#told")).to_contain_text("Lee Okafor was faster and says “neutral”")
    page.locator("#judge-1-northwind summary").click()
    page.locator("#wrong_match-1-northwind").click()
    expect(page.locator("#m-1-northwind")).to_contain_text("You say: wrong match")
    page.locator("#undo-1-northwind").click()
    expect(page.locator("#told")).to_contain_text("It counts again as it was found.")


def test_keys_go_from_mention_to_mention_and_judge_them(opened: Callable[..., Page]) -> None:
    page = opened()
    for key in "jjk":
        page.keyboard.press(key)
    expect(page.locator(".mentions > li").nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("2")
    second = page.locator(".mentions > li").nth(1)
    expect(second).to_contain_text("You say: neutral")
    page.keyboard.press("u")
    expect(second).not_to_contain_text("You say")
    page.keyboard.press("?")
    expect(page.get_by_text("not about us, wrong match")).to_be_visible()


def test_on_a_phone_nothing_is_wider_than_the_screen_whatever_is_open(opened: Callable[..., Page]) -> None:
    page = opened(viewport={"width": 390, "height": 844})
    page.locator(".why-tone summary").first.click()
    page.locator(".judged summary").first.click()
    box = page.locator(".judged form").first.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
