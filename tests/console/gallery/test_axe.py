"""axe finds no violation on any page: light and dark, on a desk and on a phone.

https://www.deque.com/axe/; it is injected, which the console's content security policy would forbid, so that the policy
is set aside in these browsers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from services.installation import Installation
from tests.console.conftest import Servers
from tests.console.gallery.pages import PAGES, TROUBLES, Shown
from tests.console.gallery.showing import show

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
OPTIONS = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
EVERY = PAGES + TROUBLES
# A violation that depends on the width shows in either scheme, one of colours at either width.
USUAL = ((1280, "light"), (390, "dark"))
OTHERS = ((1280, "dark"), (390, "light"))


def violations(page: Page, shown: Shown) -> Iterator[str]:
    for found in Axe().run(page, options=OPTIONS).response["violations"]:
        for node in found["nodes"]:
            yield f"{shown.name}: {found['id']}: {node['html'][:200]} {node['failureSummary'][:300]}"


def every_violation(browser: Browser, address: str, width: int, scheme: str) -> Sequence[str]:
    size = {"width": width, "height": 844}
    context = browser.new_context(viewport=size, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type,unused-ignore]
    page = context.new_page()
    found: list[str] = []
    for shown in EVERY:
        show(page, shown, address)
        # Parts that are folded have to hold, too.
        page.evaluate("for (const part of document.querySelectorAll('main details')) part.open = true")
        found.extend(violations(page, shown))
    context.close()
    return found


@pytest.mark.parametrize(("width", "scheme"), USUAL)
def test_axe_finds_nothing(browser: Browser, rich_address: str, width: int, scheme: str) -> None:
    assert every_violation(browser, rich_address, width, scheme) == []


def test_axe_finds_nothing_where_the_console_fails(browser: Browser, inst: Installation, servers: Servers) -> None:
    with inst.database.writing() as connection:
        connection.execute(text("DROP TABLE mentions"))
    failed = Shown("/", "/", "failed", status=500)
    page = browser.new_page(bypass_csp=True)
    show(page, failed, servers.start(inst))
    expect(page.locator("h1")).to_contain_text("database")
    assert list(violations(page, failed)) == []
    page.close()


@pytest.mark.soak
@pytest.mark.parametrize(("width", "scheme"), OTHERS)
def test_axe_finds_nothing_the_other_way_round(browser: Browser, rich_address: str, width: int, scheme: str) -> None:
    assert every_violation(browser, rich_address, width, scheme) == []


def test_axe_would_find_something(browser: Browser, rich_address: str) -> None:
    page = browser.new_page(bypass_csp=True)
    show(page, PAGES[0], rich_address)
    page.evaluate("document.querySelector('#you').closest('form').querySelector('label').remove()")
    assert any("select-name" in one for one in violations(page, PAGES[0]))
    page.close()
