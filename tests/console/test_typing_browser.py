"""Whoever is in the middle of something on the page of an incident is not disturbed by what others do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from database import responses
from incidents.statements import Edit
from services import checklists, response, statements
from services.installation import Installation
from tests.console.conftest import Servers
from tests.console.three_people import WORDS, flawless_pages, press, sees, sees_no, three_people, told
from tests.installations import HandClock

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def inst(tmp_path: Path, clock: HandClock) -> Iterator[Installation]:
    made = three_people(tmp_path, clock)
    with made.database:
        for position in (1, 2, 3):
            checklists.complete_step(made, 1, position, "dana")
        checklists.approve_step(made, 1, 4, "mara")
        statements.draft_from(made, 1, "lee", "holding")
        yield made


@pytest.fixture
def opened(browser: Browser, inst: Installation, servers: Servers) -> Iterator[Callable[..., Page]]:
    with flawless_pages(browser, servers.start(inst)) as open_page:
        yield open_page


@pytest.mark.parametrize(
    ("before", "field"),
    [
        ((), "#evidence-4"),
        (("#line-8-later",), "#evidence-8"),
        (("#skip-4 summary",), "#skip-reason-4"),
        (("#statement-edit-1 summary",), "#statement-text-1"),
        (("#severity-open",), "#severity-reason"),
        (("#more-open",), "#dismiss-reason"),
        (("#update-open",), "#update-text"),
        ((), "#task-title"),
        ((), "#note"),
    ],
)
def test_half_typed_text_keeps_its_place_and_its_cursor_while_others_work(
    opened: Callable[..., Page], inst: Installation, before: tuple[str, ...], field: str
) -> None:
    page = opened("dana")
    press(page, *before)
    page.locator(field).fill("Half a thou")
    page.locator(field).press("ArrowLeft")
    change_every_region(inst)
    sees(page, "#statement-line-1", "approved by Mara Lind")
    sees(page, ".tasks", "Call the insurer")
    sees(page, "#line-5-skipped", "Lee Okafor")
    sees(page, ".timeline ol", "Gate 14")
    expect(page.locator(field)).to_be_focused()
    page.keyboard.type("gh")
    expect(page.locator(field)).to_have_value("Half a thoghu")
    expect(page.locator(field)).to_be_visible()


def change_every_region(inst: Installation) -> None:
    statements.approve(inst, 1, "mara", 1, 1)
    checklists.add_task(inst, 1, "lee", "Call the insurer")
    checklists.skip_step(inst, 1, 5, "lee", "Everybody sits here.")
    response.monitor(inst, 1, "lee")
    response.add_note(inst, 1, "lee", "Gate 14 is closed.")


def test_what_is_typed_for_the_present_step_stays_when_another_step_becomes_it(
    opened: Callable[..., Page], inst: Installation
) -> None:
    page = opened("dana")
    page.locator("#evidence-4").fill("https://nort")
    checklists.undo_step(inst, 1, 2, "lee")
    sees(page, "#present h3", "Name one owner")
    expect(page.locator("#evidence-4")).to_be_focused()
    expect(page.locator("#evidence-4")).to_be_visible()
    expect(page.locator("#evidence-4")).to_have_value("https://nort")


def test_words_in_a_form_that_others_made_useless_can_be_copied_and_press_no_button(
    opened: Callable[..., Page], inst: Installation
) -> None:
    page = opened("dana")
    page.locator("#evidence-4").fill("https://nort")
    checklists.complete_step(inst, 1, 4, "lee", evidence="https://northwind.example/1")
    sees(page, "#line-4-done", "Lee Okafor")
    expect(page.locator("#saved-words")).to_have_value("https://nort")
    page.keyboard.type(" d h")
    expect(page.locator("#saved-words")).to_have_value("https://nort d h")
    sees_no(page, "#line-5-done")


def test_the_key_ticks_a_step_that_needs_nothing_and_goes_to_what_another_needs(opened: Callable[..., Page]) -> None:
    page = opened("dana")
    page.keyboard.press("d")
    expect(page.locator("#evidence-4")).to_be_focused()
    expect(page.locator("#evidence-4")).to_have_value("")
    page.keyboard.type("https://northwind.example/1")
    page.keyboard.press("Enter")
    expect(page.locator("#line-4-done")).to_be_visible()
    page.locator("#main").focus()
    page.keyboard.press("d")
    expect(page.locator("#line-5-done")).to_be_visible()


def test_the_key_never_says_yes_to_a_step(opened: Callable[..., Page], inst: Installation) -> None:
    with inst.database.writing() as connection:
        step = responses.steps(connection, 1)[3]
        responses.save(connection, 1, replace(step, approved_by=None, approved_at=None))
    page = opened("mara")
    page.keyboard.press("d")
    expect(page.locator("#approve-4")).to_be_focused()
    sees_no(page, "#done-4")


def test_without_a_script_the_same_forms_work(opened: Callable[..., Page]) -> None:
    page = opened("dana", java_script_enabled=False)
    page.locator("#evidence-4").fill("https://northwind.example/1")
    press(page, "#done-4")
    told(page, "Step 4 is done.")
    page.locator("#skip-5 summary").click()
    page.locator("#skip-reason-5").fill("Everybody sits here.")
    press(page, "#skip-now-5")
    told(page, "Step 5 is skipped.")
    page.locator("#statement-edit-1 summary").click()
    page.locator("#statement-text-1").fill(WORDS)
    press(page, "#statement-save-1")
    told(page, "The new version is there.")
    lee = opened("lee", java_script_enabled=False)
    press(lee, "#statement-approve-1")
    told(lee, "Approved. It can go out.")
    page.reload()
    page.locator("#statement-url-1").fill("https://northwind.example/statement")
    press(page, "#statement-publish-1")
    told(page, "It is public.")
    press(page, "#update-open")
    page.locator("#update-text").fill("The first are rebooked.")
    press(page, "#send-update")
    told(page, "The update is sent")
    page.locator("#task-title").fill("Call the insurer")
    press(page, "#add-task", "#task-done-1")
    told(page, "The task is done.")
    press(page, "#resolve-open", "#resolve")
    told(page, "Resolved.")


def test_without_a_script_a_clash_of_two_edits_shows_both_texts(opened: Callable[..., Page]) -> None:
    dana, lee = (opened(person, java_script_enabled=False) for person in ("dana", "lee"))
    for page in (dana, lee):
        page.locator("#statement-edit-1 summary").click()
    dana.locator("#statement-text-1").fill("Dana's words.")
    press(dana, "#statement-save-1")
    lee.locator("#statement-text-1").fill("Lee's words.")
    press(lee, "#statement-save-1")
    expect(lee.locator("#theirs")).to_have_text("Dana's words.")
    press(lee, "#save-mine")
    expect(lee.locator("#statement-line-1")).to_contain_text("draft 3 by Lee Okafor")


@pytest.mark.parametrize("width", [390, 800, 1280])
def test_whatever_opens_stays_inside_the_screen(opened: Callable[..., Page], inst: Installation, width: int) -> None:
    statements.edit(inst, 1, "lee", Edit(1, 1, f"{WORDS} https://northwind.example/{'long' * 60}"))
    response.add_note(inst, 1, "lee", "x" * 400)
    page = opened("dana", viewport={"width": width, "height": 844})
    drops = page.locator("details").evaluate_all("all => all.map((one) => one.id)")
    assert len(drops) >= 15
    wide = {}
    for drop in drops:
        page.locator("details").evaluate_all("all => all.forEach((one) => (one.open = false))")
        wide[drop] = page.evaluate(EDGES, drop)
    assert {drop: edges for drop, edges in wide.items() if edges[0] < 0 or edges[1] > width} == {}


# Opens a part; answers with the outermost edges of what can be seen in it, and of the page.
EDGES = """(id) => {
  const part = document.getElementById(id);
  for (let one = part; one; one = one.parentElement.closest("details")) one.open = true;
  part.scrollIntoView();
  const parts = [...part.querySelectorAll("*")].filter((one) => one.offsetParent);
  const boxes = parts.map((one) => one.getBoundingClientRect());
  const page = document.documentElement.scrollWidth;
  return [Math.min(0, ...boxes.map((box) => box.left)), Math.max(page, ...boxes.map((box) => box.right))];
}"""
