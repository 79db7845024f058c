"""Every page in the windows of all its readers: nothing is wider than the screen, too small to hit or hard to see.

Each page is opened once in each of two windows, where everything is asked of it; the tests read the answers. axe
(https://www.deque.com/axe/) is injected, which the content security policy forbids: here it is set aside.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, ViewportSize, expect
from sqlalchemy import text

from services.installation import Installation
from tests.console.conftest import Servers
from tests.console.gallery.conftest import Door
from tests.console.gallery.pages import DOORS, PAGES, TROUBLES, Shown
from tests.console.gallery.showing import show

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("gallery")]

EVERY = PAGES + TROUBLES + DOORS
# Of the pages that one route makes, the first.
ONE_OF_EACH = tuple({one.route or one.name: one for one in reversed(EVERY)}.values())
DESK, PHONE, ZOOMED = (ViewportSize(width=w, height=h) for w, h in ((1280, 800), (390, 844), (640, 400)))
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
OPTIONS = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
Answers = Mapping[str, Sequence[str]]
Go = Callable[[Page, Shown], None]

# WCAG 2.2, 2.5.8: https://www.w3.org/TR/WCAG22/#target-size-minimum; links within a sentence are excepted there.
SMALL = """() => [...document.querySelectorAll("button, summary, select, textarea, input")]
  .filter((one) => !["radio", "checkbox"].includes(one.type))
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
FLAT = """() => [...document.querySelectorAll(".sev, .late, .told, .outcome b, .alarm")]
  .filter((one) => one.checkVisibility() && getComputedStyle(one).borderTopStyle === "none")
  .map((one) => `no edge: ${one.outerHTML.slice(0, 100)}`)"""
# Parts that are folded have to hold, too.
UNFOLD = "for (const part of document.querySelectorAll('main details')) part.open = true"


@pytest.fixture(scope="module")
def go(rich_address: str, door_address: str, door: Door) -> Go:
    """Goes to a page of either console."""

    def there(page: Page, shown: Shown) -> None:
        behind = shown in DOORS
        show(page, shown, door_address if behind else rich_address, door if behind else None)

    return there


@pytest.fixture(scope="module")
def answers(browser: Browser, go: Go) -> Answers:
    """What was found, by what was asked."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for size, scheme, ask in ((DESK, "light", at_a_desk), (PHONE, "dark", on_a_phone)):
        context = browser.new_context(viewport=size, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
        page = context.new_page()
        for shown in EVERY:
            go(page, shown)
            for question, answer in ask(page, shown):
                found[question].append(f"{shown.name}: {answer}")
        context.close()
    return found


def at_a_desk(page: Page, _shown: Shown) -> Iterator[tuple[str, str]]:
    """What is asked of a page in a wide, light window."""
    page.keyboard.press("Tab")
    yield from (("unseen", one) for one in page.evaluate(UNSEEN))
    page.set_viewport_size(ZOOMED)  # 1280 by 800 at 200 %
    yield from (("zoomed", one) for one in page.evaluate(WIDE))
    page.set_viewport_size(DESK)
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    yield from (("flat", one) for one in page.evaluate(FLAT))
    yield from (("moving", one) for one in page.evaluate(MOVING))
    page.emulate_media(forced_colors="none", reduced_motion="no-preference")
    page.evaluate("document.querySelectorAll('.fresh').forEach((one) => one.classList.remove('fresh'))")
    page.evaluate(UNFOLD)
    yield from (("axe", one) for one in violations(page))


def on_a_phone(page: Page, shown: Shown) -> Iterator[tuple[str, str]]:
    """What is asked of a page in a narrow, dark window."""
    yield from (("narrow", one) for one in page.evaluate(WIDE))
    yield from (("small", one) for one in page.evaluate(SMALL))
    if shown in ONE_OF_EACH:
        page.evaluate(UNFOLD)
        yield from (("axe", one) for one in violations(page))


def violations(page: Page) -> Iterator[str]:
    for found in Axe().run(page, options=OPTIONS).response["violations"]:
        for node in found["nodes"]:
            yield f"{found['id']}: {node['html'][:200]} {node['failureSummary'][:300]}"


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("axe", id="axe finds nothing"),
        pytest.param("narrow", id="nothing is wider than a phone"),
        pytest.param("small", id="nothing is too small to hit"),
        pytest.param("zoomed", id="at twice its size nothing is wider than the window"),
        pytest.param("unseen", id="who moves by the keyboard sees where they are"),
        pytest.param("flat", id="severity and lateness keep an edge in forced colours"),
        pytest.param("moving", id="nothing moves where less motion is asked for"),
    ],
)
def test_on_every_page(answers: Answers, question: str) -> None:
    assert answers.get(question, []) == []


def test_what_is_asked_would_be_found(browser: Browser, rich_address: str) -> None:
    page = browser.new_page(viewport=PHONE, bypass_csp=True)
    show(page, PAGES[0], rich_address)
    page.add_style_tag(content="body { width: 500px } summary { display: block; height: 9px; min-height: 0 !important }"
        " :focus-visible { outline: none } .sev { border: 0 !important }")  # fmt: skip
    page.keyboard.press("Tab")
    assert all(page.evaluate(question) for question in (WIDE, SMALL, UNSEEN, FLAT, MOVING))
    page.evaluate("document.querySelector('#you').closest('form').querySelector('label').remove()")
    assert any("select-name" in one for one in violations(page))
    page.close()


@pytest.mark.soak
@pytest.mark.parametrize(("size", "scheme"), [(DESK, "dark"), (PHONE, "light"), (PHONE, "dark")])
def test_axe_finds_nothing_the_other_way_round(browser: Browser, go: Go, size: ViewportSize, scheme: str) -> None:
    context = browser.new_context(viewport=size, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    page, found = context.new_page(), list[str]()
    for shown in EVERY:
        go(page, shown)
        page.evaluate(UNFOLD)
        found.extend(f"{shown.name}: {one}" for one in violations(page))
    context.close()
    assert found == []


def test_axe_finds_nothing_where_the_console_fails(browser: Browser, inst: Installation, servers: Servers) -> None:
    with inst.database.writing() as connection:
        connection.execute(text("DROP TABLE mentions"))
    failed = Shown("/", "/", "failed", status=500)
    page = browser.new_page(bypass_csp=True)
    show(page, failed, servers.start(inst))
    expect(page.locator("h1")).to_contain_text("database")
    assert list(violations(page)) == []
    page.close()


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
