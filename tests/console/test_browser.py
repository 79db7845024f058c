"""The pages in a real Chromium: live, without a script, on a phone, from the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route, expect

from database import incidents as store
from services import checklists
from services.installation import Installation
from tests.console.conftest import Servers
from tests.console.seeding import hear, open_incident, tick
from tests.installations import NOON, calm_weeks, outcry, said

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PATHS = ("/", "/incidents", "/incidents/1", "/mentions", "/sources", "/signals", "/incidents/99", "/brands/northwind")


@pytest.fixture
def address(inst: Installation, servers: Servers) -> str:
    """A console with an incident that is being worked on."""
    hear(inst, [*calm_weeks(NOON, days=3), *outcry(NOON)])
    open_incident(inst)
    tick(inst)
    return servers.start(inst)


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Opens pages, each in a browser of its own with a person chosen; nothing may leave the console or go wrong."""
    contexts: list[BrowserContext] = []
    strays: list[str] = []

    def check(request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(address).netloc:
            strays.append(request.url)

    def open_page(path: str, person: str = "dana", **options: object) -> Page:
        context = browser.new_context(base_url=address, **options)  # type: ignore[arg-type]  # Playwright's own names
        contexts.append(context)
        context.on("request", check)
        context.on("weberror", lambda error: strays.append(str(error.error)))
        if person:
            context.add_cookies([{"name": "groundswell_you", "value": person, "url": address}])
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert strays == []


def test_a_step_ticked_in_one_browser_is_seen_in_another_without_reload(opened: Callable[..., Page]) -> None:
    acting, watching = opened("/incidents/1"), opened("/incidents/1", person="lee")
    watching.evaluate("window.stayed = true")
    acting.get_by_role("button", name="Done", exact=True).first.click()
    expect(acting.locator("#told")).to_contain_text("Step 1 is done.")
    expect(watching.locator("#line-1-done")).to_contain_text("Dana Reyes")
    expect(watching.locator("#present h3")).to_have_text("Name one owner and one spokesperson")
    assert watching.evaluate("window.stayed")
    acting.locator("#undo-last").click()
    expect(watching.locator("#present h3")).to_have_text("Verify what happened and set the severity")


def test_without_a_script_a_step_is_ticked_and_an_owner_changed(
    opened: Callable[..., Page], inst: Installation
) -> None:
    page = opened("/incidents/1", person="", java_script_enabled=False)
    page.locator("#done-1").click()
    page.get_by_role("button", name="Lee Okafor").click()
    expect(page.locator("#line-1-done")).to_contain_text("Lee Okafor")
    page.locator("#hand-over-open").click()
    page.locator("#new-owner").select_option("lee")
    page.locator("#hand-over").click()
    expect(page.locator("#told")).to_contain_text("You have it now.")
    with inst.database.reading() as connection:
        assert store.find(connection, 1).owner == "lee"


def test_a_live_change_leaves_alone_what_somebody_is_in_the_middle_of(
    opened: Callable[..., Page], inst: Installation
) -> None:
    page = opened("/incidents/1")
    page.locator("#line-4-later").click()
    page.locator("#hand-over-open").click()
    page.locator("#new-owner").select_option("lee")
    page.locator("#note").fill("Half a thou")
    page.locator("#note").press("ArrowLeft")
    page.locator("#hand-over-open").click()
    page.locator("#note").focus()
    checklists.complete_step(inst, 1, 1, "lee")
    expect(page.locator("#line-1-done")).to_contain_text("Lee Okafor")
    expect(page.locator("#note")).to_be_focused()
    expect(page.locator("#note")).to_have_value("Half a thou")
    expect(page.locator("#step-4-later")).to_have_attribute("open", "")
    expect(page.locator("#new-owner")).to_have_value("lee")


def test_the_page_comes_back_to_life_when_the_console_does(
    opened: Callable[..., Page], inst: Installation, servers: Servers, address: str
) -> None:
    page = opened("/incidents/1")
    page.wait_for_function("stream && stream.readyState === EventSource.OPEN")
    servers.stop()
    expect(page.locator("#link-state")).to_contain_text("Not live")
    checklists.complete_step(inst, 1, 1, "lee")
    servers.start(inst, urlsplit(address).port or 0)
    expect(page.locator("#line-1-done")).to_contain_text("Lee Okafor", timeout=15_000)
    expect(page.locator("#link-state")).to_be_hidden()


def test_what_was_typed_survives_a_console_that_does_not_answer(opened: Callable[..., Page]) -> None:
    page = opened("/incidents/1")
    page.locator("#note").fill("Do not lose me")
    page.route("**/notes", lambda route: route.abort())
    page.locator("#add-note").click()
    expect(page.locator("#told")).to_contain_text("What you entered is still here")
    page.unroute("**/notes")
    page.locator("#add-note").click()
    expect(page.locator(".timeline ol")).to_contain_text("Do not lose me")
    expect(page.locator("#note")).to_have_value("")


def test_keys_tick_the_present_step_and_show_what_they_do(opened: Callable[..., Page]) -> None:
    page = opened("/incidents/1")
    page.keyboard.press("?")
    expect(page.get_by_text("mark the present step done")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("#note").fill("add")
    page.locator("#note").blur()
    page.keyboard.press("d")
    expect(page.locator("#line-1-done")).to_be_visible()
    expect(page.locator("#line-2-done")).to_have_count(0)


def test_new_mentions_are_announced_and_do_not_move_the_list(opened: Callable[..., Page], inst: Installation) -> None:
    page = opened("/mentions")
    first = page.locator(".mentions > li").first.get_attribute("data-key")
    hear(inst, [said("Northwind Air again", NOON, number=f"new-{number}") for number in range(2)])
    expect(page.locator("#arrived")).to_have_text("Show 2 new mentions")
    assert page.locator(".mentions > li").first.get_attribute("data-key") == first
    page.locator("#arrived a").click()
    expect(page.locator(".mentions > li").first).to_contain_text("again")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_nothing_is_wider_than_the_screen(opened: Callable[..., Page], scheme: str) -> None:
    page = opened("/", viewport={"width": 390, "height": 844}, color_scheme=scheme)
    for path in PATHS:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path


@pytest.mark.parametrize("width", [390, 1280])
def test_owner_and_next_step_stay_in_view_on_scroll(opened: Callable[..., Page], width: int) -> None:
    page = opened("/incidents/1", viewport={"width": width, "height": 844})
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    expect(page.locator(".bar-facts")).to_be_in_viewport()
    assert page.locator(".bar-facts").evaluate("element => element.getBoundingClientRect().bottom") <= 150


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(opened: Callable[..., Page], scheme: str) -> None:
    page = opened("/incidents/1", color_scheme=scheme)
    pairs = page.evaluate(CONTRAST)
    assert len(pairs) >= 10
    assert [pair for pair in pairs if pair["ratio"] < 4.5] == []


# WCAG 2.2, "contrast ratio" and "relative luminance": https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
CONTRAST = """() => {
  const luminance = (name) => {
    const probe = document.createElement("i");
    probe.style.setProperty("color", `var(${name})`);
    document.body.append(probe);
    const parts = getComputedStyle(probe).color.match(/[\\d.]+/g).slice(0, 3).map(Number);
    probe.remove();
    const [r, g, b] = parts.map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const on = { "--paper": ["--ink", "--quiet", "--accent", "--negative", "--positive"],
    "--ground": ["--ink", "--quiet", "--accent"], "--accent": ["--on-accent"], "--mark": ["--ink"],
    "--sev1": ["--on-sev1"], "--sev2": ["--on-sev2"], "--sev3": ["--on-sev3"] };
  return Object.entries(on).flatMap(([ground, inks]) => inks.map((ink) => {
    const [light, dark] = [luminance(ground), luminance(ink)].sort((a, b) => b - a);
    return { ground, ink, ratio: (light + 0.05) / (dark + 0.05) };
  }));
}"""


def test_a_button_says_that_it_sends_where_the_answer_takes_its_time(opened: Callable[..., Page]) -> None:
    page = opened("/incidents/1")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/notes", hold)
    page.locator("#note").fill("Gate 14")
    page.locator("#add-note").click()
    expect(page.locator("#add-note")).to_have_text("Sending …")
    expect(page.locator("#add-note")).to_have_attribute("aria-busy", "true")
    page.locator("#add-note").click()
    held[0].continue_()
    expect(page.locator(".timeline ol")).to_contain_text("Gate 14")
    expect(page.locator("#add-note")).to_have_text("Add note")
    assert len(held) == 1, "one press is sent once"


def test_who_is_offline_is_told_and_told_when_it_is_over(opened: Callable[..., Page]) -> None:
    page = opened("/incidents/1")
    page.evaluate("disconnect()")  # words that still come in would be the better news
    page.context.set_offline(offline=True)
    expect(page.locator("#link-state")).to_contain_text("You are offline.")
    page.context.set_offline(offline=False)
    expect(page.locator("#link-state")).to_be_hidden()
