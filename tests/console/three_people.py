"""Three people who work on one incident, each in a browser of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from access.roles import Role
from services.installation import Installation
from settings.model import Person
from tests.console.open_pages import open_pages
from tests.console.seeding import hear, open_incident, tick
from tests.installations import DANA, LEE, NOON, HandClock, calm_weeks, installation, outcry

MARA = Person(id="mara", name="Mara Lind", email="mara@example.com", role="legal counsel")
# What one person does is on the pages of the others within this time.
SOON = 2_000  # milliseconds
WORDS = "We are rebooking everybody at desk 4, and are sorry for the wait."


def three_people(folder: Path, clock: HandClock) -> Installation:
    """An installation of a team of three with an incident that nobody has acknowledged."""
    lee = LEE.model_copy(update={"access": Role.LEAD})  # who declares a review complete
    inst = installation(folder, clock, people=(DANA, lee, MARA))
    hear(inst, [*calm_weeks(NOON, days=3), *outcry(NOON)])
    open_incident(inst)
    tick(inst)
    return inst


@contextmanager
def flawless_pages(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Opens the incident for a person; nothing may leave the console, and no script may complain.

    That a form was refused is an answer that browsers complain about, too.
    """
    complaints: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and "409" not in message.text and "ERR_FAILED" not in message.text:
            complaints.append(message.text)

    with open_pages(browser, address, "/incidents/1") as opened:

        def open_page(person: str = "dana", **options: object) -> Page:
            page = opened(person=person, **options)
            page.on("console", heard)
            page.context.on("weberror", lambda error: complaints.append(str(error.error)))
            page.on("request", lambda request: complaints.extend(_strays(request.url, address)))
            return page

        yield open_page
    assert complaints == []


def sees(page: Page, selector: str, text: str) -> None:
    """Without a reload, and soon."""
    expect(page.locator(selector)).to_contain_text(text, timeout=SOON)


def sees_no(page: Page, selector: str) -> None:
    """It is gone soon, or was never there."""
    expect(page.locator(selector)).to_have_count(0, timeout=SOON)


def press(page: Page, *selectors: str) -> None:
    """One after the other."""
    for selector in selectors:
        page.locator(selector).click()


def told(page: Page, text: str) -> None:
    """The message of what was done or why it was not."""
    expect(page.locator("#told")).to_contain_text(text)


def _strays(url: str, address: str) -> list[str]:
    return [url] if urlsplit(url).netloc != urlsplit(address).netloc else []
