"""An incident from the alarm to its end by three people in three browsers, each seeing the others' work at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from incidents.statements import Edit
from playbooks.playbook import Severity
from services import response, statements
from services.installation import Installation
from tests.console.conftest import Servers
from tests.console.three_people import SOON, WORDS, flawless_pages, press, sees, sees_no, three_people, told
from tests.installations import HandClock

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def inst(tmp_path: Path, clock: HandClock) -> Iterator[Installation]:
    made = three_people(tmp_path, clock)
    with made.database:
        yield made


@pytest.fixture
def opened(browser: Browser, inst: Installation, servers: Servers) -> Iterator[Callable[..., Page]]:
    with flawless_pages(browser, servers.start(inst)) as open_page:
        yield open_page


@pytest.fixture
def team(opened: Callable[..., Page]) -> tuple[Page, Page, Page]:
    """Dana, Lee and Mara; whoever reloads a page is found out."""
    pages = opened("dana"), opened("lee"), opened("mara")
    for page in pages:
        page.evaluate("window.stayed = true")
    return pages


def test_an_incident_goes_from_the_alarm_to_its_end_by_three_people(team: tuple[Page, Page, Page]) -> None:
    take_and_hand_over(*team)
    judge(*team)
    work_the_checklist(*team)
    say_something_in_public(*team)
    talk_inside(*team)
    read_along(*team)
    bring_it_to_an_end(*team)
    assert all(page.evaluate("window.stayed") for page in team)
    write_the_review(*team)


def take_and_hand_over(dana: Page, lee: Page, mara: Page) -> None:
    sees(mara, ".bar .age", "Not acknowledged")
    press(dana, "#acknowledge")
    for page in (lee, mara):
        sees(page, ".bar .age", "Acknowledged")
    press(dana, "#hand-over-open")
    dana.locator("#new-owner").select_option("lee")
    press(dana, "#hand-over")
    sees(mara, ".bar-facts", "Lee Okafor is asked to take it over")
    expect(lee.locator("#accept")).to_be_visible(timeout=SOON)
    sees_no(mara, "#accept")
    press(lee, "#accept")
    for page in (dana, mara):
        sees(page, ".bar-facts", "Lee Okafor")
        sees_no(page, ".bar-facts .more")
    sees(mara, ".timeline ol", "Lee Okafor took it over from Dana Reyes.")


def judge(dana: Page, lee: Page, mara: Page) -> None:
    press(lee, "#severity-open")
    lee.locator("#new-severity").select_option("SEV1")
    lee.locator("#severity-reason").fill("A child is hurt.")
    press(lee, "#change-severity")
    for page in (dana, mara):
        sees(page, ".bar-title .sev", "SEV1")
    press(mara, "#more-open")
    mara.locator("#new-category").select_option(index=1)
    mara.locator("#category-reason").fill("The safety office says so.")
    press(mara, "#change-category")
    for page in (dana, lee):
        sees(page, ".timeline ol", "Mara Lind changed the category from none")


def work_the_checklist(dana: Page, lee: Page, mara: Page) -> None:
    for position in (1, 2, 3):
        press(lee, f"#done-{position}")
        sees(dana, f"#line-{position}-done", "Lee Okafor")
    sees(mara, "#present h3", "holding statement")
    sees_no(lee, "#approve-4")
    press(mara, "#approve-4")
    sees(lee, "#present .inside", "Mara Lind said yes")
    dana.locator("#evidence-4").fill("https://northwind.example/notice")
    press(dana, "#done-4")
    sees(mara, "#line-4-done", "Dana Reyes")
    lee.locator("#skip-5 summary").click()
    lee.locator("#skip-reason-5").fill("Everybody sits in this room.")
    press(lee, "#skip-now-5")
    for page in (dana, mara):
        sees(page, "#line-5-skipped", "skipped by Lee Okafor")


def say_something_in_public(dana: Page, lee: Page, mara: Page) -> None:
    lee.locator("#template").select_option("holding")
    press(lee, "#draft")
    sees(dana, "#statement-line-1", "draft by Lee Okafor")
    sees_no(lee, "#statement-approve-1")
    dana.locator("#statement-edit-1 summary").click()
    dana.locator("#statement-text-1").fill(WORDS)
    press(dana, "#statement-save-1")
    sees(lee, "#statement-line-1", "draft 2 by Dana Reyes")
    sees(mara, "#statement-1 .said", WORDS)
    sees_no(dana, "#statement-approve-1")
    sees_no(dana, "#statement-publish-1")
    press(lee, "#statement-approve-1")
    sees(dana, "#statement-line-1", "approved by Lee Okafor")
    sees(mara, ".bar-facts", "First public answer")
    dana.locator("#statement-url-1").fill("https://northwind.example/statement")
    press(dana, "#statement-publish-1")
    for page in (lee, mara):
        sees(page, "#statement-line-1", "public since")
        sees(page, ".bar-facts", "promised 12:30")
        expect(page.locator(".bar-facts")).not_to_contain_text("First public answer", timeout=SOON)
    press(mara, "#statement-line-1")
    expect(mara.get_by_role("link", name="Where it stands")).to_have_attribute(
        "href", "https://northwind.example/statement"
    )


def talk_inside(dana: Page, lee: Page, mara: Page) -> None:
    press(dana, "#update-open")
    dana.locator("#update-text").fill("The desk is staffed; the first are rebooked.")
    dana.locator("#update-next").select_option("60")
    press(dana, "#send-update")
    sees(mara, ".timeline ol", "The desk is staffed")
    sees(lee, ".bar-facts", "promised 13:00")
    mara.locator("#task-title").fill("Call the insurer")
    mara.locator("#task-for").select_option("dana")
    press(mara, "#add-task")
    sees(dana, ".tasks", "Call the insurer")
    press(dana, "#task-done-1")
    sees(mara, ".tasks .done", "Dana Reyes")
    lee.locator("#note").fill("Gate 14 is closed.")
    press(lee, "#add-note")
    sees(dana, ".timeline ol", "Gate 14 is closed.")
    row = dana.locator(".timeline li.note")
    row.hover()
    row.locator("summary").click()
    row.locator("textarea").fill("Gate 41.")
    row.locator("button").click()
    for page in (lee, mara):
        sees(page, ".timeline .correction", "Corrected by Dana Reyes: Gate 41.")


def read_along(dana: Page, lee: Page, mara: Page) -> None:
    press(lee, "#more-open")
    lee.locator("#follower").select_option("mara")
    press(lee, "#follow")
    sees(dana, ".followers", "Mara Lind")
    assert lee.locator("#you").input_value() == "lee"
    sees(mara, ".bar", "You read along here")
    sees_no(mara, "#add-note")
    press(mara, "#stop-reading")
    sees_no(lee, ".followers")


def bring_it_to_an_end(dana: Page, lee: Page, mara: Page) -> None:
    press(lee, "#more-open", "#monitor")
    sees(mara, ".bar .age", "Being watched")
    press(lee, "#resolve-open", "#resolve")
    for page in (dana, mara):
        sees(page, ".bar .age", "Resolved")
        expect(page.locator("#review-open")).to_be_visible(timeout=SOON)
    press(mara, "#more-open")
    mara.locator("#reopen-reason").fill("Oslo begins again.")
    press(mara, "#reopen")
    sees(dana, ".bar-facts", "Mara Lind")
    press(mara, "#more-open")
    mara.locator("#dismiss-reason").fill("It was a drill of another airline.")
    press(mara, "#dismiss")
    for page in (dana, lee):
        sees(page, ".bar .age", "Dismissed as noise")
    press(dana, "#more-open")
    dana.locator("#reopen-reason").fill("It was one after all.")
    press(dana, "#reopen", "#resolve-open", "#resolve")
    for page in (lee, mara):
        sees(page, ".bar .age", "Resolved")


def write_the_review(dana: Page, lee: Page, mara: Page) -> None:
    """Two have it open, one watches the incident."""
    press(dana, "#review-open")
    press(lee, "#review-open")
    lee.locator("#part-process").fill("Nobody answers the phone at night.")
    dana.locator("#part-people").fill("We looked too late.")
    press(lee, "#save-review")
    sees(dana, ".review .calm", "Last written by Lee Okafor")
    expect(dana.locator("#part-people")).to_have_value("We looked too late.")
    press(dana, "#save-review")
    expect(dana.locator("main")).to_contain_text("wrote in it")  # and nothing of theirs is overwritten
    press(lee, "#finish")
    sees(mara, ".bar .age", "Reviewed")


def deafen(page: Page) -> None:
    """What others do does not reach the page any more."""
    page.route("**/live", lambda route: route.abort())
    page.evaluate("disconnect()")


@pytest.mark.parametrize(
    ("way", "says"),
    [
        (("#acknowledge",), "It was acknowledged already, at 12:00; Dana Reyes has it."),
        (("#done-1",), "Step 1 was done already, at 12:00 by Dana Reyes."),
        (("#resolve-open", "#resolve"), "It is resolved already, since 12:00."),
    ],
)
def test_two_who_press_the_same_button_get_one_change_and_one_clear_message(
    team: tuple[Page, Page, Page], way: tuple[str, ...], says: str
) -> None:
    dana, lee, mara = team
    deafen(lee)
    press(dana, *way)
    expect(dana.locator("#told .refused")).to_have_count(0)
    rows = mara.locator(".timeline ol li").count()
    press(lee, *way)
    told(lee, says)
    told(lee, "Nothing was changed.")
    expect(lee.locator("#told p")).to_have_count(1)
    mara.reload()
    assert mara.locator(".timeline ol li").count() >= rows
    expect(mara.locator(".timeline ol")).not_to_contain_text("Lee Okafor")


def test_of_two_who_edit_a_statement_the_second_gets_both_texts_and_overwrites_nothing(
    team: tuple[Page, Page, Page], inst: Installation
) -> None:
    statements.draft_from(inst, 1, "mara", "holding")
    dana, lee, mara = team
    for page, text in ((dana, "Dana's words."), (lee, "Lee's words.")):
        page.locator("#statement-edit-1 summary").click(timeout=SOON)
        page.locator("#statement-text-1").fill(text)
    press(dana, "#statement-save-1")
    sees(lee, "#statement-line-1", "draft 2 by Dana Reyes")
    expect(lee.locator("#statement-text-1")).to_have_value("Lee's words.")
    press(lee, "#statement-save-1")
    expect(lee.locator("#theirs")).to_have_text("Dana's words.")
    expect(lee.locator("#mine")).to_have_value("Lee's words.")
    sees(mara, "#statement-1 .said", "Dana's words.")
    lee.locator("#mine").fill("Dana's and Lee's words.")
    press(lee, "#save-mine")
    sees(mara, "#statement-line-1", "draft 3 by Lee Okafor")
    sees(mara, "#statement-1 .said", "Dana's and Lee's words.")
    expect(lee.locator("#statements")).to_contain_text("3 versions")


def test_whoever_leaves_a_clash_to_the_other_changes_nothing(team: tuple[Page, Page, Page], inst: Installation) -> None:
    statements.draft_from(inst, 1, "mara", "holding")
    _, lee, _ = team
    lee.locator("#statement-edit-1 summary").click(timeout=SOON)
    lee.locator("#statement-text-1").fill("Lee's words.")
    statements.edit(inst, 1, "dana", Edit(1, 1, "Dana's words."))
    press(lee, "#statement-save-1", "#leave-theirs")
    sees(lee, "#statement-1 .said", "Dana's words.")


def test_a_refused_form_keeps_what_was_typed(team: tuple[Page, Page, Page], inst: Installation) -> None:
    dana = team[0]
    press(dana, "#severity-open")
    dana.locator("#new-severity").select_option("SEV1")
    dana.locator("#severity-reason").fill("A child is hurt.")
    response.change_severity(inst, 1, "lee", Severity.SEV3, "Two posts only.")
    sees(dana, ".bar-title .sev", "SEV3")
    press(dana, "#change-severity")
    told(dana, "Somebody changed it from SEV2 to SEV3 in the meantime.")
    expect(dana.locator("#severity-reason")).to_have_value("A child is hurt.")
    press(dana, "#change-severity")
    sees(team[1], ".bar-title .sev", "SEV1")
