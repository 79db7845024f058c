"""Saying the same of many mentions on the pages."""

from __future__ import annotations

import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from access.roles import Role
from console.app import create_app
from console.correcting_many import in_words
from database.corrections import Verdict
from services import correcting
from services.correcting import seen_as
from services.correcting_many import MOST, Sorted
from services.installation import Installation
from tests.console.seeding import hear
from tests.console.test_correcting import told
from tests.installations import LEE, NOON, HandClock, installed, said

UNTOUCHED = seen_as(None, None)
NEUTRAL, NOT_US = Verdict.NEUTRAL, Verdict.NOT_ABOUT_US


@pytest.fixture(autouse=True)
def _awful(inst: Installation) -> None:
    """Three complaints."""
    hear(inst, [said(f"Northwind Air is awful {number}", NOON, number=number) for number in (1, 2, 3)])


def boxes(page: str, name: str = "chosen") -> list[str]:
    """What the boxes of a page would send."""
    return [unescape(one) for one in re.findall(rf'name="{name}" value="([^"]+)"', page)]


def say(browser: TestClient, verdict: str, tokens: list[str], **more: str | list[str]) -> str:
    return browser.post("/mentions/bulk", data={"verdict": verdict, "chosen": tokens, **more}).text


def undo(browser: TestClient, page: str) -> str:
    found = re.search(r'action="(/mentions/bulk/undo\?[^"]+)"', page)
    assert found
    return browser.post(unescape(found[1])).text


def test_what_is_ticked_is_judged_at_once_and_one_undo_takes_it_back(dana: TestClient) -> None:
    tokens = boxes(dana.get("/mentions").text)
    assert len(tokens) == 3
    page = say(dana, "not_about_us", tokens[:2], next="/mentions?tone=negative")
    assert told(page) == "2 mentions count for their brands no longer."
    assert "1 mention." in page
    assert page.count("You say: not about us") == 2
    page = undo(dana, page)
    assert told(page) == "2 mentions count again as before."
    assert "3 mentions." in page


def test_what_was_said_of_many_can_be_taken_back_among_the_corrections_later(
    dana: TestClient, clock: HandClock
) -> None:
    say(dana, "not_about_us", boxes(dana.get("/mentions").text)[:2])
    clock.advance(minutes=90)
    page = dana.get("/mentions/corrections").text
    assert "Dana Reyes: not about us</b>, of 2 mentions" in page
    assert "Undo all 2" in page
    page = undo(dana, page)
    assert told(page) == "2 mentions count again as before."
    assert "Undo all" not in page
    say(dana, "not_about_us", boxes(dana.get("/mentions").text)[:2])
    clock.advance(minutes=24 * 60 + 1)
    assert "Undo all" not in dana.get("/mentions/corrections").text


def test_a_page_is_judged_without_a_tick(dana: TestClient) -> None:
    shown = boxes(dana.get("/mentions").text, "shown")
    page = say(dana, "neutral", [], scope="page", shown=shown)
    assert told(page) == "3 mentions count as neutral now."


def test_all_that_match_are_shown_with_their_number_before_anything_is_said(
    dana: TestClient, inst: Installation
) -> None:
    hear(inst, [said(f"Northwind Air is bad {number}", NOON, number=f"more-{number}") for number in range(70)])
    page = say(dana, "wrong_match", [], scope="all", query="tone=negative&q=bad")
    assert "Say “wrong match” of 70 mentions?" in page
    assert "That is every mention that matches: <bdi>negative, “bad”</bdi>" in " ".join(page.split())
    assert page.count("<li class=") == 5
    assert "73 mentions" in dana.get("/mentions").text
    [chosen] = boxes(page)
    page = say(dana, "wrong_match", [chosen], next="/mentions?tone=negative&q=bad")
    assert told(page) == "70 mentions count for their brands no longer."
    assert "3 mentions." in dana.get("/mentions").text
    assert told(undo(dana, page)) == "70 mentions count again as before."


def test_of_more_than_can_be_judged_at_once_the_newest_are(dana: TestClient, inst: Installation) -> None:
    hear(inst, [said("Northwind Air is bad", NOON, number=f"more-{number}") for number in range(MOST)])
    assert "the newest 500 that match" in dana.get("/mentions").text
    page = " ".join(dana.get("/mentions/bulk?verdict=neutral").text.split())
    assert "Say “neutral” of 500 mentions?" in page
    assert "That is the newest 500 of 503." in page
    tokens = [f"{number}-northwind:{UNTOUCHED}" for number in range(1, MOST + 2)]
    assert told(say(dana, "neutral", tokens)) == "At most 500 mentions are judged at once. Nothing was changed."


def test_what_somebody_changed_meanwhile_is_left_alone(dana: TestClient, inst: Installation) -> None:
    tokens = boxes(dana.get("/mentions").text)
    correcting.correct(inst, (1, "northwind"), Verdict.POSITIVE, "lee", UNTOUCHED)
    page = say(dana, "neutral", tokens)
    assert told(page) == (
        "2 mentions count as neutral now. 1 mention was left alone: somebody else was faster, or the author changed "
        "the words. Read again, then say so."
    )
    assert "Lee Okafor says: positive" in page
    correcting.correct(inst, (2, "northwind"), Verdict.POSITIVE, "lee", boxes(page)[1].partition(":")[2])
    assert told(undo(dana, page)) == "1 mention counts again as before. 1 was changed since and left alone."


@pytest.mark.parametrize(
    "tokens",
    [[], ["x"], ["1-elsewhere:~"], ["-northwind:~"], ["9" * 30 + "-northwind:~"], ["²-northwind:~"], [" "]],
)
def test_without_a_mention_nothing_is_said(dana: TestClient, tokens: list[str]) -> None:
    assert told(say(dana, "neutral", tokens)) == (
        "Tick the mentions first that you speak of; then say what they are. Nothing was changed."
    )


def test_who_has_not_said_who_they_are_is_asked_and_all_that_was_ticked_is_kept(client: TestClient) -> None:
    asked = say(client, "neutral", boxes(client.get("/mentions").text)[:2])
    assert "Who are you?" in asked
    kept = dict(re.findall(r'name="(verdict|chosen)" value="([^"]*)"', asked))
    page = client.post("/mentions/bulk", data={**kept, "person": "lee"}).text
    assert told(page) == "2 mentions count as neutral now."


@pytest.mark.parametrize(
    "query",
    [
        "",
        "verdict=boring&by=dana&at=2026-03-04T12:00:00Z",
        "verdict=neutral&by=dana&at=x",
        "verdict=neutral&by=dana&at=2026-03-04T12:00:00",
        "verdict=neutral&by=dana&at=0001-01-01T00:00:00%2B14:00",
        "verdict=neutral&by=%00&at=2026-03-04T12:00:00Z",
    ],
)
def test_a_way_back_that_no_page_offers_is_refused(dana: TestClient, query: str) -> None:
    assert dana.post(f"/mentions/bulk/undo?{query}").status_code == 400


def test_taking_back_what_nobody_said_changes_nothing(dana: TestClient) -> None:
    said = {"verdict": "neutral", "by": "lee", "at": "2026-03-04T12:00:00Z"}
    page = dana.post("/mentions/bulk/undo", params=said).text
    assert told(page) == "0 mentions count again as before. 1 was changed since and left alone."


def test_no_match_any_more_says_so(dana: TestClient) -> None:
    assert "No mention matches any more." in dana.get("/mentions/bulk?verdict=neutral&q=zeppelin").text


def test_a_viewer_judges_nothing(inst: Installation, clock: HandClock) -> None:
    people = (inst.settings.people[0], LEE.model_copy(update={"access": Role.VIEWER}))
    again = installed(inst.settings.model_copy(update={"people": people}), clock)
    lee = TestClient(create_app(again), base_url="http://127.0.0.1:8420")
    lee.cookies.set("groundswell_you", "lee")
    sent = {"verdict": "neutral", "chosen": boxes(lee.get("/mentions").text)}
    assert lee.post("/mentions/bulk", data=sent, follow_redirects=False).status_code == 403
    assert lee.get("/mentions/bulk?verdict=neutral").status_code == 403
    assert "You say" not in lee.get("/mentions").text


@pytest.mark.parametrize(
    ("done", "verdict", "words"),
    [
        (Sorted(frozenset({(1, "a")})), NEUTRAL, "1 mention counts as neutral now."),
        (Sorted(frozenset({(1, "a")})), NOT_US, "1 mention counts for its brand no longer."),
        (Sorted(same=frozenset({(1, "a"), (2, "a")})), NEUTRAL, "2 mentions count as neutral now."),
        (Sorted(gone=frozenset({(1, "a")})), NEUTRAL, "1 mention is not there any more."),
    ],
)
def test_what_became_of_them_is_told_in_words(done: Sorted, verdict: Verdict, words: str) -> None:
    assert in_words(done, verdict) == words
