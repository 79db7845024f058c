"""Every page on a phone, at twice its size, in forced colours and with less motion; the incident in one look."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from playwright.sync_api import Browser, Page

from tests.console.gallery.pages import PAGES, TROUBLES, Shown
from tests.console.gallery.showing import show

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

EVERY = PAGES + TROUBLES
Look = Callable[..., Sequence[str]]

# WCAG 2.2, 2.5.8: https://www.w3.org/TR/WCAG22/#target-size-minimum; links within a sentence are excepted there.
SMALL = """() => [...document.querySelectorAll("button, summary, select, textarea, input:not([type=radio])")]
  .filter((one) => one.checkVisibility() && !one.closest(".unseen"))
  .filter((one) => one.getBoundingClientRect().height < 24 || one.getBoundingClientRect().width < 24)
  .map((one) => `small: ${one.outerHTML.slice(0, 120)}`)"""
WIDE = """() => document.documentElement.scrollWidth > window.innerWidth
  ? [`${document.documentElement.scrollWidth} wide in ${window.innerWidth}`] : []"""
# Whoever follows by the keyboard sees where they are; the first Tab says that it is the keyboard that moves.
UNSEEN = """() => [...document.querySelectorAll("a[href], button, summary, select, input:not([type=hidden]), textarea")]
  .filter((one) => one.checkVisibility())
  .filter((one) => { one.focus(); const { outlineStyle, outlineWidth } = getComputedStyle(one);
    return document.activeElement === one && (outlineStyle === "none" || parseFloat(outlineWidth) < 2); })
  .map((one) => `focus is not seen: ${one.outerHTML.slice(0, 120)}`)"""
MOVING = """() => { document.querySelectorAll("main *").forEach((one) => one.classList.add("fresh"));
  return document.getAnimations().map((one) => `moves: ${one.animationName || one.transitionProperty}`); }"""


@pytest.fixture
def look(browser: Browser, rich_address: str) -> Look:
    """Looks at every page of a window, and asks each of them something."""

    def on_every_page(question: str, *, key: str = "", pages: Sequence[Shown] = EVERY, **window: object) -> list[str]:
        context = browser.new_context(**window)  # type: ignore[arg-type]  # Playwright's own names
        page, found = context.new_page(), list[str]()
        for shown in pages:
            show(page, shown, rich_address)
            if key:
                page.keyboard.press(key)
            found.extend(f"{shown.name}: {one}" for one in page.evaluate(question))
        context.close()
        return found

    return on_every_page


def test_on_a_phone_nothing_is_wider_than_the_screen_and_nothing_too_small_to_hit(look: Look) -> None:
    both = f"() => [...({WIDE})(), ...({SMALL})()]"
    assert look(both, viewport={"width": 390, "height": 844}) == []


def test_at_twice_its_size_nothing_is_wider_than_the_window(look: Look) -> None:
    zoomed = {"width": 640, "height": 400}  # 1280 by 800 at 200 %
    assert look(WIDE, viewport=zoomed, device_scale_factor=2) == []


def test_who_moves_by_the_keyboard_sees_where_they_are(look: Look) -> None:
    assert look(UNSEEN, key="Tab", viewport={"width": 1280, "height": 800}) == []


def test_nothing_moves_where_less_motion_is_asked_for(look: Look) -> None:
    assert look(MOVING, pages=EVERY[:12], reduced_motion="reduce") == []
    assert look(MOVING, pages=EVERY[:1], reduced_motion="no-preference") != []


def test_severity_and_lateness_keep_an_edge_in_forced_colours(look: Look) -> None:
    flat = """() => [...document.querySelectorAll(".sev, .late, .told, .outcome b, .alarm")]
      .filter((one) => one.checkVisibility() && getComputedStyle(one).borderTopStyle === "none")
      .map((one) => one.outerHTML.slice(0, 100))"""
    assert look(flat, forced_colors="active") == []


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 800)])
def test_the_incident_answers_in_one_look(browser: Browser, rich_address: str, width: int, height: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": height})
    for name in ("incident", "incident-offered", "incident-tip", "incident-drill"):
        show(page, next(one for one in PAGES if one.name == name), rich_address)
        for what in ("SEV", "Dana Reyes", "due in" if name != "incident" else "late by"):
            assert in_view(page, what), f"{name}: {what} is not in the first screen"
        assert in_view(page, "3 Pause" if name in {"incident", "incident-offered"} else "1 ")
    page.close()


def in_view(page: Page, text: str) -> bool:
    """Whether the text stands whole in the first screen, in the bar of the incident."""
    seen = """(text) => [...document.querySelectorAll(".bar :is(dd, a, .sev)")].some((one) =>
      one.checkVisibility() && one.textContent.includes(text) && one.getBoundingClientRect().bottom <= innerHeight)"""
    return bool(page.evaluate(seen, text))
