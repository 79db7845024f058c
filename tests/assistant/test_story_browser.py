"""An assistant reads an incident and proposes a first word; Dana does it; the timeline says who did what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from mcp import Client
from playwright.sync_api import Browser, Page, expect

from services.installation import Installation
from settings.model import Console, SignIn
from tests.assistant.conftest import heard, talk
from tests.console.conftest import browser
from tests.console.open_pages import open_pages

__all__ = ["browser"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
WORDS = "We know that many of you are stranded.\nWe are sorry, and say more at 13:00."


@pytest.fixture
def inst(tmp_path: Path) -> Iterator[Installation]:
    """Incident 1, in a console that trusts whoever reaches it."""
    with heard(tmp_path, Console(sign_in=SignIn.NONE)) as made:
        yield made


@pytest.fixture
def dana(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    with open_pages(browser, address, "/incidents/1") as open_page:
        yield open_page


async def reads_and_proposes(client: Client) -> None:
    """What an assistant does that was asked for a first word."""
    found = (await client.call_tool("read_incident", {"incident": 1})).structured_content
    assert found
    assert found["first_public_at"] is None
    what = {"incident": 1, "kind": "statement", "statement_kind": "holding", "title": "First words", "text": WORDS}
    made = await client.call_tool("propose_change", {**what, "because": f"{found['first_public_by']} is the deadline."})
    assert not made.is_error


def test_dana_does_what_an_assistant_proposed_and_the_timeline_tells_it(
    dana: Callable[..., Page], address: str, token: str
) -> None:
    page = dana()
    page.evaluate("window.stayed = true")
    expect(page.locator("#proposed")).to_have_count(0)
    talk(address, token, reads_and_proposes)
    block = page.locator("#proposed")
    expect(block).to_contain_text("Draft this holding statement, “First words”")
    expect(block).to_contain_text("Suggested by a program, Desk assistant, for which Lee Okafor answers")
    expect(page.locator("#statements")).to_contain_text("Nothing is drafted yet")
    page.get_by_text("Edit first").click()
    page.fill("#proposal-text-1", WORDS.replace("13:00", "12:45"))
    page.click("#proposal-do-edited-1")
    expect(page.locator("#statements .said")).to_contain_text("say more at 12:45.")
    expect(page.locator("#statements")).to_contain_text("draft by Dana Reyes")
    expect(page.locator(".timeline")).to_contain_text(
        "Proposed by Desk assistant (a program, for which Lee Okafor answers), done by Dana Reyes with changes."
    )
    expect(block).to_have_count(0)
    assert page.evaluate("window.stayed")


def test_what_was_proposed_is_declined_with_one_press_by_keyboard_on_a_phone(
    dana: Callable[..., Page], address: str, token: str
) -> None:
    talk(address, token, reads_and_proposes)
    page = dana(viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.focus("#proposal-do-1")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#told")).to_contain_text("nothing was changed")
    expect(page.locator("#proposed")).to_have_count(0)
    expect(page.locator("#statements")).to_contain_text("Nothing is drafted yet")


def test_it_works_without_javascript(dana: Callable[..., Page], address: str, token: str) -> None:
    talk(address, token, reads_and_proposes)
    page = dana(java_script_enabled=False)
    page.click("#proposal-do-1")
    expect(page.locator("#statements .said")).to_contain_text("say more at 13:00.")
    expect(page.locator("#told")).to_contain_text("Done, in your name.")
