"""An hour with the mentions in a real Chromium: views, many at once, filters on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from console.mention_items import MOST_KEPT
from database.corrections import Verdict
from services import correcting
from services.correcting import seen_as
from services.installation import Installation
from tests.console.conftest import Servers
from tests.console.open_pages import open_pages
from tests.console.seeding import hear, tick
from tests.installations import NOON, said

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
ITEMS = ".mentions > li"


@pytest.fixture
def opened(browser: Browser, inst: Installation, servers: Servers) -> Iterator[Callable[..., Page]]:
    """Opens the mentions, each time in a browser of its own with a person chosen."""
    hear(inst, [said(f"Northwind Air is awful {number}", NOON, number=number) for number in range(1, 5)])
    tick(inst)
    with open_pages(browser, servers.start(inst), "/mentions") as open_page:
        yield open_page


def test_a_view_that_one_saves_for_all_is_opened_by_somebody_else(
    opened: Callable[..., Page], inst: Installation
) -> None:
    page = opened("/mentions?tone=negative&range=24h")
    page.evaluate("window.stayed = true")
    page.locator("#save-view summary").click()
    page.locator("#view-name").fill("Complaints, last 24 h")
    page.locator("#view-shared").check()
    page.locator("#save-view button").click()
    mine = page.locator(".views nav a")
    expect(mine).to_have_attribute("aria-current", "page")
    assert page.evaluate("window.stayed")
    other = opened(person="lee")
    other.get_by_role("link", name="Complaints, last 24 h").click()
    expect(other.locator(".chips")).to_contain_text("last 24 hours")
    assert other.url.endswith("/mentions?tone=negative&range=24h")
    hear(inst, [said("Northwind Air is awful again", NOON, number="new")])
    other.goto("/mentions")
    expect(other.locator(".views nav")).to_contain_text("1 new")


def test_many_are_judged_with_keys_alone_and_one_key_takes_it_back(opened: Callable[..., Page]) -> None:
    page = opened()
    for key in "jxjjx":
        page.keyboard.press(key)
    expect(page.locator("#ticked")).to_have_text("2 ticked")
    third = page.locator(ITEMS).nth(2)
    expect(third).to_be_focused()
    page.keyboard.press("4")
    expect(page.locator("#told")).to_contain_text("2 mentions count for their brands no longer.")
    for place, words in enumerate(("You say: not about us", "Not right?", "You say: not about us", "Not right?")):
        expect(page.locator(ITEMS).nth(place)).to_contain_text(words)
    expect(page.locator("#ticked")).to_have_text("")
    expect(third).to_be_focused()
    page.keyboard.press("z")
    expect(page.locator("#told")).to_contain_text("2 mentions count again as before.")
    expect(page.locator(".judged.taken")).to_have_count(0)
    page.keyboard.press("X")
    expect(page.locator("#ticked")).to_have_text("4 ticked")
    page.keyboard.press("X")
    expect(page.locator("#ticked")).to_have_text("")
    page.keyboard.press("?")
    expect(page.get_by_text("with some ticked, 1 to 5 speak of all of them")).to_be_visible()


def test_many_are_judged_without_a_script(opened: Callable[..., Page]) -> None:
    page = opened("/mentions?tone=negative", java_script_enabled=False)
    page.locator(".tick input[type=checkbox]").nth(0).check()
    page.locator(".tick input[type=checkbox]").nth(1).check()
    page.locator("#several > summary").click()
    page.locator("#all-neutral").click()
    expect(page.locator("#told")).to_contain_text("2 mentions count as neutral now.")
    expect(page.locator(ITEMS)).to_have_count(4)
    page.locator("#undo-last").click()
    expect(page.locator("#told")).to_contain_text("2 mentions count again as before.")
    page.locator("#several > summary").click()
    page.locator("#scope").select_option("all")
    page.locator("#all-wrong_match").click()
    expect(page.locator("h1")).to_have_text("Say “wrong match” of 4 mentions?")
    page.locator("#confirm").click()
    expect(page.locator("#told")).to_contain_text("4 mentions count for their brands no longer.")
    expect(page.locator(".judged.taken")).to_have_count(4)
    expect(page.locator(".count")).to_contain_text("0 mentions.")


def test_what_was_ticked_stays_ticked_while_others_judge_and_what_they_judged_is_left_to_them(
    opened: Callable[..., Page], inst: Installation
) -> None:
    page = opened()
    boxes = page.locator(".tick input[type=checkbox]")
    for place in (0, 1):
        boxes.nth(place).check()
    newest = page.locator(ITEMS).nth(0)
    number = int((newest.get_attribute("data-key") or "").partition("-")[0])
    correcting.correct(inst, (number, "northwind"), Verdict.POSITIVE, "lee", seen_as(None, None))
    expect(newest).to_contain_text("Lee Okafor says: positive")
    expect(boxes.nth(0)).to_be_checked()
    page.keyboard.press("5")
    expect(page.locator("#told")).to_contain_text("1 mention was left alone")
    expect(newest).to_contain_text("Lee Okafor says: positive")
    expect(page.locator(ITEMS).nth(1)).to_contain_text("You say: wrong match")


def test_what_moves_up_from_the_next_page_is_not_announced_as_new(
    opened: Callable[..., Page], inst: Installation
) -> None:
    hear(inst, [said(f"Northwind Air {n}", NOON + timedelta(minutes=n), number=f"page-{n}") for n in range(1, 51)])
    page = opened()
    page.keyboard.press("X")
    page.keyboard.press("4")
    expect(page.locator("#told")).to_contain_text("50 mentions count for their brands no longer.")
    with page.expect_response(lambda answer: answer.url.endswith("/mentions")):
        hear(inst, [said("Northwind Air, late", NOON - timedelta(minutes=1), number="late")])
    expect(page.locator(".count")).to_contain_text("5 mentions.")
    expect(page.locator("#arrived")).to_be_hidden()
    hear(inst, [said("Northwind Air, new", NOON + timedelta(hours=1), number="new")])
    expect(page.locator("#arrived")).to_have_text("Show 1 new mention")


def test_all_that_match_are_confirmed_in_place(opened: Callable[..., Page]) -> None:
    page = opened()
    page.locator("#several > summary").click()
    page.locator("#scope").select_option("all")
    page.locator("#all-positive").click()
    expect(page.locator("h1")).to_have_text("Say “positive” of 4 mentions?")
    page.locator("#confirm").click()
    expect(page.locator("#told")).to_contain_text("4 mentions count as positive now.")
    expect(page.locator(ITEMS)).to_have_count(4)


def test_a_list_that_all_were_taken_from_is_back_once_that_is_undone(
    opened: Callable[..., Page], inst: Installation
) -> None:
    hear(inst, [said(f"Northwind Air is awful {n}", NOON, number=f"more-{n}") for n in range(MOST_KEPT)])
    page = opened("/mentions?tone=negative")
    page.locator("#several > summary").click()
    page.locator("#scope").select_option("all")
    page.locator("#all-not_about_us").click()
    page.locator("#confirm").click()
    expect(page.locator("#found")).to_contain_text("Nothing matches.")
    page.locator("#undo-last").click()
    expect(page.locator(ITEMS)).to_have_count(50)
    expect(page.locator("#found")).not_to_contain_text("Nothing matches.")
    expect(page.locator("#arrived")).to_be_hidden()


def test_the_address_holds_only_the_filters_that_are_set(opened: Callable[..., Page]) -> None:
    desk = opened(viewport={"width": 1280, "height": 900})
    desk.locator("#f-tone").select_option("negative")
    desk.get_by_role("button", name="Show", exact=True).click()
    expect(desk.locator(".chips")).to_contain_text("negative")
    assert desk.url.endswith("/mentions?tone=negative")


def test_the_form_of_a_view_opens_below_its_button_on_a_phone(opened: Callable[..., Page]) -> None:
    phone = opened("/mentions?tone=negative", viewport={"width": 390, "height": 844})
    phone.locator("#save-view > summary").click()
    button, form = (phone.locator(f"#save-view > {part}").bounding_box() for part in ("summary", "form"))
    assert button
    assert form
    assert abs(form["y"] - button["y"] - button["height"]) < 24


def test_filters_fold_on_a_phone_and_stand_open_on_a_desk(opened: Callable[..., Page], inst: Installation) -> None:
    hear(inst, [replace(said("Northwind Air " + "x" * 10**6, NOON, number="huge", author="y" * 500), title="x" * 400)])
    phone = opened("/mentions?tone=negative&q=awful", viewport={"width": 390, "height": 844})
    expect(phone.locator("#f-tone")).to_be_hidden()
    phone.locator("#filters > summary").click()
    expect(phone.locator("#f-tone")).to_be_visible()
    phone.goto("/mentions")
    phone.locator(".tick input[type=checkbox]").first.check()
    phone.locator("#filters > summary").click()
    phone.locator("#between > summary").click()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    desk = opened(viewport={"width": 1280, "height": 900})
    expect(desk.locator("#f-tone")).to_be_visible()
    desk.locator("#f-tone").select_option("positive")
    desk.get_by_role("button", name="Show", exact=True).click()
    expect(desk.locator("main")).to_contain_text("without “positive”")
    desk.get_by_title("Take this filter away").click()
    expect(desk.locator(ITEMS)).to_have_count(5)
