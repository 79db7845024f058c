from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from database.corrections import Verdict
from database.tables import BrandMentionRow, MentionRow
from database.tags import insert_tags, values_of
from services import correcting
from services.correcting import Corrected, seen_as
from services.installation import Installation
from tests.console.seeding import hear
from tests.installations import NOON, HandClock, said
from topics.tag import Tag

UNTOUCHED = seen_as(None, None)
KEY = (1, "northwind")
MINUS = "\N{MINUS SIGN}"


@pytest.fixture(autouse=True)
def _awful(inst: Installation) -> None:
    """One complaint, under number 1."""
    hear(inst, [said("Northwind Air is awful and terrible, I hate it!", NOON, number=1)])


def told(page: str) -> str:
    """What the message of the last action says."""
    found = re.search(r'<div class="told[^"]*">\s*<p>(.*?)</p>', page)
    return unescape(found[1]) if found else ""


def say(browser: TestClient, verdict: str, seen: str = UNTOUCHED, back: str = "/mentions") -> str:
    sent = {"verdict": verdict, "seen": seen, "next": back}
    return browser.post("/mentions/1/northwind/correct", data=sent).text


def tag(inst: Installation, *tags: Tag) -> None:
    with inst.database.writing() as connection:
        at = connection.execute(select(BrandMentionRow.published_at)).scalars().first() or NOON
        insert_tags(connection, values_of(KEY, at, tags))


@pytest.mark.parametrize(
    ("verdict", "message", "shown"),
    [
        ("neutral", "It counts as neutral now.", "You say: neutral"),
        ("negative", "It counts as negative now.", "You say: negative"),
        ("not_about_us", "It no longer counts for Northwind Air.", "You say: not about us"),
        ("wrong_match", "It no longer counts for Northwind Air.", "You say: wrong match"),
    ],
)
def test_a_word_is_told_shown_with_who_said_it_and_can_be_undone(
    dana: TestClient, verdict: str, message: str, shown: str
) -> None:
    page = say(dana, verdict)
    assert told(page) == message
    assert shown in page
    undo = re.search(r'action="([^"]+/undo\?[^"]+)"', page)
    assert undo
    page = dana.post(unescape(undo[1])).text
    assert told(page) == "It counts again as it was found."
    assert "You say" not in page
    assert ">Yes, negative</button>" in page


def test_others_read_the_name_and_the_time(dana: TestClient, inst: Installation, clock: HandClock) -> None:
    correcting.correct(inst, KEY, Verdict.NEUTRAL, "lee", UNTOUCHED)
    clock.advance(minutes=3)
    page = dana.get("/mentions").text
    assert "Lee Okafor says: neutral" in page
    assert ">3 min ago</time>; scored negative" in page
    assert '<span class="tone neutral">' in page


def test_who_has_not_said_who_they_are_is_asked_and_then_heard(client: TestClient) -> None:
    asked = say(client, "neutral")
    assert "Who are you?" in asked
    kept = dict(re.findall(r'name="(verdict|seen|next)" value="([^"]*)"', asked))
    page = client.post("/mentions/1/northwind/correct", data={**kept, "person": "lee"}).text
    assert told(page) == "It counts as neutral now."


def test_what_was_taken_leaves_the_list_and_is_found_among_the_corrections(dana: TestClient) -> None:
    assert 'class="judged taken"' in say(dana, "not_about_us", back="/mentions?brand=northwind")
    page = dana.get("/mentions").text
    assert "0 mentions" in page
    assert "awful" not in page
    page = dana.get("/mentions/corrections").text
    assert "You say: not about us" in page
    assert "it does not count for Northwind Air" in page


def test_a_mention_that_a_filter_now_leaves_out_is_still_shown_to_who_corrected_it(dana: TestClient) -> None:
    page = say(dana, "neutral", back="/mentions?tone=negative&kept=7-x")
    assert "0 mentions" in page
    assert "You say: neutral" in page
    assert "You say" not in dana.get("/mentions?tone=negative").text


def test_the_slower_one_is_told_what_stands(dana: TestClient, inst: Installation) -> None:
    correcting.correct(inst, KEY, Verdict.WRONG_MATCH, "lee", UNTOUCHED)
    page = say(dana, "neutral")
    assert told(page) == (
        "Lee Okafor was faster and says “wrong match” at 12:00. That stands; if you see it otherwise, say so again. "
        "Nothing was changed."
    )
    assert "Lee Okafor says: wrong match" in page
    assert "wrong match" in told(dana.post("/mentions/1/northwind/undo?seen=").text)


@pytest.mark.parametrize(
    "back", ["https://elsewhere.example/", "//elsewhere.example", "/incidents", "/mentions/%0d%0a"]
)
def test_the_way_back_is_a_list_of_mentions(dana: TestClient, back: str) -> None:
    sent = {"verdict": "neutral", "seen": UNTOUCHED, "next": back}
    answer = dana.post("/mentions/1/northwind/correct", data=sent, follow_redirects=False)
    assert answer.headers["location"] == "/mentions?kept=1-northwind#m-1-northwind"


def test_a_long_search_leaves_room_for_the_message(dana: TestClient) -> None:
    page = say(dana, "neutral", back="/mentions?q=" + "x" * 3_000)
    assert told(page) == "It counts as neutral now."


@pytest.mark.parametrize("kept", ["x", "1-", "-northwind", "1-elsewhere", "9" * 30 + "-northwind", "²-northwind"])
def test_a_kept_mention_that_is_none_shows_the_list(client: TestClient, kept: str) -> None:
    assert "1 mention" in client.get("/mentions", params={"kept": kept}).text


def test_malformed_words_change_nothing(dana: TestClient, inst: Installation) -> None:
    assert "Nothing was changed." in say(dana, "boring")
    assert "Nothing was changed." in dana.post("/mentions/1/elsewhere/undo").text
    with inst.database.reading() as connection:
        assert connection.execute(select(BrandMentionRow.label)).scalars().all() == ["negative"]


def test_a_mention_says_which_words_carried_its_tone(client: TestClient) -> None:
    page = client.get("/mentions").text
    assert "Why negative?" in page
    carried = re.findall(rf'“(\w+)”</span> <b class="figure">{MINUS}\d\.\d</b>', page)
    assert set(carried) == {"awful", "terrible", "hate"}
    assert f'exclamation and question marks <b class="figure">{MINUS}0.3</b>' in page
    assert '<span class="carried negative">awful</span>' in page
    assert f"from {MINUS}1 (angry) to +1 (glad)" in page


def test_what_carried_nothing_says_so_and_the_evidence_stays_marked(client: TestClient, inst: Installation) -> None:
    hear(inst, [replace(said("It <b>lands</b>", NOON, number=2), title="Northwind Air hates me")])
    hear(inst, [said("Northwind Air", NOON, number=3)])
    page = client.get("/mentions").text
    assert "No word in it carries feeling." in page
    assert '<mark>Northwind Air</mark> <span class="carried negative">hates</span> me' in page
    assert "It &lt;b&gt;lands&lt;/b&gt;" in page


def test_what_an_author_had_erased_says_that_it_still_counts(client: TestClient, inst: Installation) -> None:
    with inst.database.writing() as connection:
        connection.execute(update(MentionRow).values(text="", author=None, erased_at=NOON - timedelta(hours=1)))
    page = client.get("/mentions").text
    assert "Its text and author were erased" in page
    assert "Why negative?" not in page


@pytest.mark.parametrize("number", [0, 2**63, 99999999999999999999])
@pytest.mark.parametrize("act", ["correct", "undo"])
def test_a_number_that_no_mention_can_have_is_refused(dana: TestClient, number: int, act: str) -> None:
    sent = {"verdict": "neutral", "seen": UNTOUCHED}
    assert dana.post(f"/mentions/{number}/northwind/{act}", data=sent).status_code == 400


def test_tags_lead_to_mentions_of_the_same_tag_under_the_same_filters(client: TestClient, inst: Installation) -> None:
    hear(inst, [said("Northwind Air", NOON, number=2)])
    tag(inst, Tag("category", "service-failure", "on hold"), Tag("product", "app", "<app>"))
    page = client.get("/mentions?brand=northwind").text
    assert 'href="/mentions?brand=northwind&amp;tag=category%3Aservice-failure"' in page
    assert 'title="because of “&lt;app&gt;”">product: app</a>' in page
    assert '<option value="category:service-failure">Service failure</option>' in page
    assert "2 mentions" in page
    page = client.get("/mentions?tag=product:app").text
    assert "1 mention." in page
    assert '<option value="product:app" selected>product: app</option>' in page
    assert client.get("/mentions.csv?tag=product:app").text.count("\n") == 2
    for other in ("product:other", "product", ":", "category:app", "product:app:x", "%25"):
        assert "0 mentions" in client.get(f"/mentions?tag={other}").text


def test_critical_words_are_a_choice_of_their_own(client: TestClient, inst: Installation) -> None:
    tag(inst, Tag("category", "breach", "ransomware"), Tag("critical", "breach", "ransomware"))
    page = client.get("/mentions?tag=critical:breach").text
    assert '<optgroup label="Kind of trouble">' in page
    assert '<optgroup label="Critical words">' in page
    assert '<option value="category:breach">Data breach</option>' in page
    assert page.count('<option value="critical:breach" selected>Critical: data breach</option>') == 1
    assert 'title="because of “ransomware”">Critical: data breach</a>' in page
    assert "1 mention." in page


def test_evidence_that_keeps_finding_what_is_not_meant_is_pointed_out(dana: TestClient, inst: Installation) -> None:
    hear(inst, [said(f"Northwind Air {number}", NOON, number=number) for number in range(2, 7)])
    for number in (2, 3, 4):
        assert "Consider a" not in dana.get("/mentions?brand=northwind").text
        done = correcting.correct(inst, (number, "northwind"), Verdict.WRONG_MATCH, "lee", UNTOUCHED)
        assert isinstance(done, Corrected)
    page = dana.get("/mentions?brand=northwind").text
    assert "3 of 6 posts found by “Northwind Air” in the last 30 days were wrong matches." in page
    assert "Consider a" not in dana.get("/mentions").text


def test_the_list_of_corrections_is_read_page_by_page(dana: TestClient, inst: Installation, clock: HandClock) -> None:
    assert "Nobody has corrected a mention yet." in dana.get("/mentions/corrections").text
    hear(inst, [said(f"Northwind Air {number}", NOON, number=number) for number in range(2, 53)])
    for number in range(1, 53):
        if number % 2:  # two at the same moment
            clock.advance(seconds=1)
        correcting.correct(inst, (number, "northwind"), Verdict.POSITIVE, "lee", UNTOUCHED)
    first = dana.get("/mentions/corrections").text
    older = re.search(r'href="([^"]+)">Older', first)
    assert older
    second = dana.get(unescape(older[1])).text
    shown = [re.findall(r'data-key="(\d+)-northwind"', page) for page in (first, second)]
    assert [len(some) for some in shown] == [50, 2]
    assert set(shown[0] + shown[1]) == {str(number) for number in range(1, 53)}
    assert "No older ones." in dana.get("/mentions/corrections?after=19990101T000000.000000~1~northwind").text
