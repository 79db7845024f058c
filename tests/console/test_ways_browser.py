"""An incident from the alarm to its review without a script and from the keyboard alone, and what is read on paper."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from services import checklists, response, reviews, statements
from services.installation import Installation
from tests.console.conftest import Servers
from tests.console.open_pages import open_pages
from tests.console.seeding import hear, open_incident, tick
from tests.installations import NOON, HandClock, calm_weeks, outcry

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SEVERAL = 150  # presses of Tab that are too many on any page


@pytest.fixture
def address(inst: Installation, servers: Servers) -> str:
    hear(inst, [*calm_weeks(NOON, days=3), *outcry(NOON)])
    open_incident(inst)
    tick(inst)
    return servers.start(inst)


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    with open_pages(browser, address, "/incidents/1") as open_page:
        yield open_page


def test_without_a_script_an_incident_is_worked_from_the_alarm_to_its_review(opened: Callable[..., Page]) -> None:
    page = opened(java_script_enabled=False)
    page.locator("#acknowledge").click()
    expect(page.locator(".bar .age")).to_contain_text("Acknowledged")
    for position in (1, 2, 3):
        page.locator(f"#done-{position}").click()
        expect(page.locator(f"#line-{position}-done")).to_contain_text("Dana Reyes")
    page.locator("#undo-last").click()
    expect(page.locator("#line-3-done")).to_have_count(0)
    page.locator("#note").fill("Gate 14 is closed.")
    page.locator("#add-note").click()
    page.locator("#template").select_option("holding")
    page.locator("#draft").click()
    expect(page.locator("#statement-line-1")).to_contain_text("draft by Dana Reyes")
    page.locator("#task-title").fill("Call the insurer")
    page.locator("#add-task").click()
    page.locator("#task-done-1").click()
    page.locator("#severity-open").click()
    page.locator("#new-severity").select_option("SEV3")
    page.locator("#severity-reason").fill("Two posts only.")
    page.locator("#change-severity").click()
    expect(page.locator(".bar-title .sev")).to_have_text("SEV3")
    page.locator("#resolve-open").click()
    page.locator("#resolve").click()
    expect(page.locator(".timeline ol")).to_contain_text("Gate 14 is closed.")
    page.locator("#review-open").click()
    review(page, lambda selector: page.locator(selector).click())


def review(page: Page, press: Callable[[str], None]) -> None:
    """Write it and declare it complete."""
    page.locator("#part-process").fill("Nobody answers the phone at night.")
    page.locator("#part-changes").fill("Somebody does.")
    press("#save-review")
    expect(page.locator("main")).to_contain_text("Last written by Dana Reyes")
    press("#finish")
    expect(page.locator(".documents")).to_contain_text("Complete since")


def reach(page: Page, selector: str) -> None:
    """By Tab alone, from where one is; what is reached shows that it is."""
    for _ in range(SEVERAL):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            break
    held = page.locator(selector)
    expect(held).to_be_focused()
    assert held.evaluate("(one) => one.matches(':focus-visible') && getComputedStyle(one).outlineStyle") == "solid"


def enter(page: Page, selector: str) -> None:
    reach(page, selector)
    page.keyboard.press("Enter")


def write(page: Page, selector: str, text: str) -> None:
    reach(page, selector)
    page.keyboard.type(text)


def test_from_the_keyboard_alone_an_incident_is_worked_from_the_alarm_to_its_review(
    opened: Callable[..., Page],
) -> None:
    page = opened(viewport={"width": 1280, "height": 800})
    enter(page, ".skip")
    enter(page, "#acknowledge")
    expect(page.locator(".bar .age")).to_contain_text("Acknowledged")
    expect(page.locator(":focus")).to_have_count(1)  # what was pressed is gone, and one is still somewhere
    page.keyboard.press("d")
    expect(page.locator("#line-1-done")).to_contain_text("Dana Reyes")
    enter(page, "#done-2")
    expect(page.locator("#done-3")).to_be_focused()  # the next step's button, where a hand that ticks goes on
    page.keyboard.press("n")
    page.keyboard.type("Gate 14 is closed.")
    enter(page, "#add-note")
    expect(page.locator(".timeline ol")).to_contain_text("Gate 14 is closed.")
    page.reload()
    enter(page, "#severity-open")
    reach(page, "#new-severity")
    page.keyboard.type("SEV3")
    write(page, "#severity-reason", "Two posts only.")
    enter(page, "#change-severity")
    expect(page.locator(".bar-title .sev")).to_have_text("SEV3")
    page.reload()
    enter(page, "#more-open")
    page.keyboard.press("Escape")
    expect(page.locator("#more-open")).to_be_focused()
    page.reload()
    enter(page, "#resolve-open")
    enter(page, "#resolve")
    expect(page.locator(".bar .age")).to_contain_text("Resolved")
    page.reload()
    enter(page, "#review-open")
    page.wait_for_url("**/review")
    write(page, "#part-process", "Nobody answers the phone at night.")
    review(page, lambda selector: enter(page, selector))


def test_the_skip_link_leads_past_the_navigation(opened: Callable[..., Page]) -> None:
    page = opened("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('main').contains(document.activeElement)")


def test_the_menu_opens_and_shuts_from_the_keyboard(opened: Callable[..., Page]) -> None:
    page = opened("/", viewport={"width": 390, "height": 844})
    enter(page, "#menu > summary")
    reach(page, ".menu-list a[href='/incidents']")
    page.keyboard.press("Escape")
    expect(page.locator("#menu > summary")).to_be_focused()
    expect(page.locator(".menu-list")).to_be_hidden()


def paper(page: Page) -> str:
    """What a printed page says, by its characters alone."""
    printed = page.pdf(format="A4")
    return " ".join("".join(one.extract_text() for one in PdfReader(io.BytesIO(printed)).pages).split())


PAPER = """() => {
  const lit = (color) => color.match(/[\\d.]+/g).slice(0, 3).map(Number).reduce((sum, one) => sum + one, 0) / 765;
  const texts = [...document.querySelectorAll("body *")].filter((one) => one.checkVisibility()
    && [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
  return {
    seen: ["nav", "button", "select", "textarea", "input"].filter((name) =>
      [...document.querySelectorAll(name)].some((one) => one.checkVisibility())),
    faint: texts.filter((one) => lit(getComputedStyle(one).color) > 0.55).map((one) => one.outerHTML.slice(0, 90)),
    ground: lit(getComputedStyle(document.body).backgroundColor),
  };
}"""


@pytest.mark.parametrize("path", ["/incidents/1", "/incidents/1/review", "/playbooks/service-failure", "/"])
def test_on_paper_pages_are_black_on_white_without_what_cannot_be_pressed_there(
    opened: Callable[..., Page], inst: Installation, clock: HandClock, path: str
) -> None:
    clock.advance(minutes=45)
    checklists.complete_step(inst, 1, 1, "dana")
    statements.draft_from(inst, 1, "dana", "holding")
    page = opened(path, color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    told = page.evaluate(PAPER)
    assert told == {"seen": [], "faint": [], "ground": 1}


def test_the_printed_incident_tells_all_of_it(
    opened: Callable[..., Page], inst: Installation, clock: HandClock
) -> None:
    clock.advance(minutes=45)
    checklists.complete_step(inst, 1, 1, "dana")
    page = opened(color_scheme="dark")
    text = paper(page)
    for told in (
        "Northwind Air: many people are complaining",
        "Dana Reyes",
        "late by 15 min (12:30)",  # of what counts on the screen, the moment
        "As it stood on Wednesday 4 March 2026, 12:45:00 UTC.",
        "https://example.com/outcry-39",  # where a post stands
        "Everything after this rests on knowing what is true.",  # of a step that is folded on the screen
    ):
        assert told in text, told
    for pressed in ("Hand over", "Add note", "Report something", "Skip to content"):
        assert pressed not in text, pressed


def test_the_printed_review_tells_all_that_was_written(opened: Callable[..., Page], inst: Installation) -> None:
    response.resolve(inst, 1, "dana")
    reviews.write(inst, 1, "dana", {"process": "Nobody answers the phone at night. " * 30 + "That was all."}, 0)
    text = paper(opened("/incidents/1/review"))
    assert "That was all." in text
    assert "Save the review" not in text
