"""Stories in a real Chromium: the first sign-in from an invitation, and a session that ends in the middle of a form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from database import access as store
from database import incidents
from flows.server import free_port
from services.delivery import deliver
from services.installation import Installation
from services.inviting import invite
from services.passwords import hashed
from tests.console.conftest import Servers
from tests.console.seeding import hear, open_incident, tick
from tests.console.signed_in import asking_who
from tests.installations import NOON, calm_weeks, outcry, said

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PASSWORD = "blue kettle on tuesday"  # noqa: S105  # the one of the tests
WORDS = "They are at gate 4.\nNobody tells them anything."
Open = Callable[..., Page]


@pytest.fixture
def asking(inst: Installation) -> Installation:
    """An incident under way, where people have to sign in; Dana has a password."""
    made = asking_who(inst, port=free_port())
    hear(made, [*calm_weeks(NOON, days=3), *outcry(NOON)])
    open_incident(made)
    tick(made)
    with made.database.writing() as connection:
        store.set_password(connection, "dana", hashed(PASSWORD), made.clock())
    return made


@pytest.fixture
def opened(browser: Browser, asking: Installation, servers: Servers) -> Iterator[Open]:
    """Opens the console, each time in a browser of its own; no script may fail."""
    address = servers.start(asking, asking.settings.console.port)
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(path: str = "/", **options: object) -> Page:
        context = browser.new_context(base_url=address, **options)  # type: ignore[arg-type]  # Playwright's own names
        contexts.append(context)
        context.on("weberror", lambda error: faults.append(str(error.error)))
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def sign_in(page: Page) -> None:
    page.get_by_label("Mail address").fill("dana@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("#sign-in").click()


def end_sessions(inst: Installation) -> None:
    with inst.database.writing() as connection:
        store.revoke(connection, "dana", inst.clock())


def last_row(inst: Installation) -> str:
    with inst.database.reading() as connection:
        return incidents.timeline(connection, 1)[-1].text


def test_an_invitation_leads_from_the_mail_to_the_incident(opened: Open, asking: Installation, tmp_path: Path) -> None:
    invite(asking, "lee", "dana")
    deliver(asking)
    (file,) = (tmp_path / "outbox").glob("*.eml")
    letter = message_from_bytes(file.read_bytes(), policy=default)
    (link,) = re.findall(r'href="([^"]+)"', letter.get_body(("html",)).get_content())  # type: ignore[union-attr]
    page = opened(link)
    expect(page.locator("h1")).to_have_text("Welcome, Lee Okafor")
    page.get_by_label("Your password").fill("Lee Okafor 1984!")
    page.locator("#choose").click()
    expect(page.get_by_role("alert")).to_contain_text("little more than a name")
    page.get_by_label("Your password").fill("green ladder in the rain")
    page.locator("#choose").click()
    expect(page.locator("#told")).to_contain_text("Your password is set, and you are signed in.")
    expect(page.locator("header.top")).to_contain_text("Lee Okafor")
    page.goto("/incidents/1")
    page.get_by_role("button", name="Done", exact=True).first.click()
    expect(page.locator("#line-1-done")).to_contain_text("Lee Okafor")
    page.locator("#sign-out").click()
    expect(page.locator("#told")).to_contain_text("You are signed out.")
    page.goto("/incidents/1")
    expect(page.locator("h1")).to_have_text("Sign in")


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without a script"])
def test_a_session_that_ends_in_the_middle_of_a_form_loses_nothing(
    opened: Open,
    asking: Installation,
    script: bool,  # noqa: FBT001  # a table
) -> None:
    page = opened("/incidents/1", java_script_enabled=script)
    sign_in(page)
    page.locator("#note").fill(WORDS)
    end_sessions(asking)
    page.locator("#add-note").click()
    expect(page.get_by_role("status").filter(has_text="Nothing you typed is lost")).to_be_visible()
    expect(page.locator("blockquote")).to_have_text(WORDS)
    page.get_by_label("Password").fill("a wrong one")
    page.get_by_label("Mail address").fill("dana@example.com")
    page.locator("#sign-in").click()
    expect(page.get_by_role("alert")).to_contain_text("not right")
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("#sign-in").click()
    expect(page.get_by_label("Your note, as you typed it")).to_have_value(WORDS)
    page.locator("#send-again").click()
    expect(page.locator("#told")).to_contain_text("Your note is in the timeline.")
    assert last_row(asking).replace("\r\n", "\n") == WORDS


def test_who_typed_in_two_places_signs_in_in_another_window_and_goes_on(opened: Open, asking: Installation) -> None:
    page = opened("/incidents/1")
    sign_in(page)
    page.locator("#note").fill(WORDS)
    page.locator("#task-title").fill("Call the airport")
    end_sessions(asking)
    page.locator("#add-note").click()
    link = page.get_by_role("link", name="sign in in another window")
    expect(link).to_be_visible()
    with page.context.expect_page() as found:
        link.click()
    sign_in(found.value)
    expect(found.value.locator("header.top")).to_contain_text("Dana Reyes")
    found.value.close()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(link).to_have_count(0)
    page.locator("#add-note").click()
    expect(page.locator(".timeline ol")).to_contain_text("gate 4")
    expect(page.locator("#task-title")).to_have_value("Call the airport")


def test_an_open_page_of_somebody_who_was_signed_out_leads_to_the_sign_in_and_back(
    opened: Open, asking: Installation
) -> None:
    page = opened("/incidents/1")
    sign_in(page)
    expect(page.locator("header.top")).to_contain_text("Dana Reyes")
    end_sessions(asking)
    hear(asking, [said("Northwind Air again", NOON, number="new")])
    expect(page.locator("h1")).to_have_text("Sign in")
    sign_in(page)
    expect(page).to_have_url(re.compile(r"/incidents/1$"))
