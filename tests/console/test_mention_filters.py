"""Filters in addresses: what they mean, how they read, how each is taken away, and what could not be understood."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from console.mention_filters import Filters, chips, read, summary, typed, wanted_by
from services.installation import Installation
from tests.console.seeding import hear
from tests.installations import NOON, said

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
NAMES = ("brand", "source", "tone", "range", "from", "to", "q", "tag", "language", "reach", "rating", "author", "story")


def chips_of(page: str) -> dict[str, str]:
    """The words of the chips of a page, and the addresses that they lead to."""
    found = re.findall(r'<a class="chip" href="([^"]+)" title="Take this filter away"><bdi>(.*?)</bdi>', page)
    return {unescape(words): unescape(href) for href, words in found}


def notes_of(page: str) -> list[str]:
    return [unescape(one) for one in re.findall(r'<p class="advice" role="status">(.*?)</p>', page)]


def test_each_filter_is_a_chip_in_words_that_leads_to_the_page_without_it(client: TestClient) -> None:
    asked = (
        "brand=northwind&source=forum&tone=unscored&range=24h&q=lost+bag&tag=category:outage&language=de&reach=1000"
        "&rating=low&author=%40ann&story=7&corrected=yes"
    )
    found = chips_of(client.get(f"/mentions?{asked}").text)
    assert list(found) == [
        "Northwind Air", "from forum", "not scored", "last 24 hours", "“lost bag”", "about Outage", "German",
        "at least 1,000 followers", "rated low, like 1 or 2 of 5 stars", "by @ann", "tells the same story", "corrected",
    ]  # fmt: skip
    assert dict(parse_qsl(found["by @ann"].partition("?")[2])) == {
        name: value for name, value in parse_qsl(asked) if name != "author"
    }
    assert chips_of(client.get("/mentions?tone=negative").text) == {"negative": "/mentions"}


def test_what_could_not_be_understood_is_told_and_left_out(client: TestClient) -> None:
    page = client.get("/mentions?tone=angry&from=yesterday&reach=many").text
    assert notes_of(page) == [
        "Tone cannot be “angry”; it is left out.",
        "From cannot be “yesterday”; it is left out.",
        "Reach cannot be “many”; it is left out.",
    ]
    assert chips_of(page) == {}


def test_filters_that_contradict_each_other_say_which_one_counts(client: TestClient) -> None:
    page = client.get("/mentions?range=1h&from=2026-03-04T11:30").text
    assert notes_of(page) == ["“From” counts in place of the time range."]
    assert list(chips_of(page)) == ["from 4 Mar 2026, 11:30 UTC"]
    page = client.get("/mentions?from=2026-03-04T11:30&to=2026-03-04T11:30").text
    assert notes_of(page) == ["“To” is not after “From”, so nothing can match."]


def test_a_moment_means_the_same_to_a_colleague_in_another_zone() -> None:
    sent = read({"from": "2026-03-04T13:00", "range": ""}, BERLIN).filters
    assert sent.query == "from=2026-03-04T13%3A00%2B01%3A00"
    there = read(dict(parse_qsl(sent.query)), NEW_YORK).filters
    assert typed(there.start, NEW_YORK) == "2026-03-04T07:00"
    wanted = [wanted_by(one, ("a",), NOON, zone).since for one, zone in ((sent, BERLIN), (there, NEW_YORK))]
    assert wanted == [NOON, NOON]


def test_a_range_moves_on_with_the_time() -> None:
    filters = read({"range": "24h"}, BERLIN).filters
    assert filters.query == "range=24h"
    for now in (NOON, NOON + timedelta(days=3)):
        assert wanted_by(filters, ("a",), now, BERLIN).since == now - timedelta(days=1)


def test_a_plus_that_nobody_escaped_is_one_all_the_same() -> None:
    assert read({"from": "2026-03-04T13:00 01:00"}, NEW_YORK).filters.start == "2026-03-04T07:00-05:00"


@given(given=st.dictionaries(st.sampled_from(NAMES), st.text()))
def test_whatever_an_address_says_what_is_understood_of_it_is_understood_again(given: dict[str, str]) -> None:
    filters = read(given, BERLIN).filters
    again = read(dict(parse_qsl(filters.query)), BERLIN)
    assert again.filters == filters
    wanted_by(filters, ("a",), NOON, BERLIN)
    assert "\0" not in "".join(value for _, value in filters.set)


def test_every_filter_has_words(inst: Installation) -> None:
    every = Filters(
        "b", "s", "negative", "24h", "2026-03-04T13:00+01:00", "2026-03-05T13:00+01:00", "t", "category:x", "unknown",
        "5", "any", "a", "7", "yes",
    )  # fmt: skip
    settings = inst.settings
    assert len(chips(every, settings)) == len(every.set) == 14
    assert summary(every, settings).startswith("brand “b”, which is not in the settings, from s, negative")
    assert summary(Filters(), settings) == "everything"


def test_where_nothing_is_left_the_page_says_what_each_filter_hides(client: TestClient, inst: Installation) -> None:
    hear(inst, [said(f"Northwind Air is awful {number}", NOON, number=number) for number in range(3)])
    page = client.get("/mentions?tone=positive&q=awful&source=forum&language=tlh").text
    assert "Nothing matches. Take a filter away" in page
    page = client.get("/mentions?tone=positive&q=awful&source=forum").text
    assert '<a href="/mentions?source=forum&amp;q=awful">3 mentions</a> without “<bdi>positive</bdi>”' in page
    assert "without “<bdi>from forum</bdi>”" not in page


def test_the_form_keeps_what_is_chosen_and_knows_no_other_way_to_say_it(client: TestClient) -> None:
    asked = "reach=77&language=tlh&story=5&author=ann&source=elsewhere&corrected=yes&from=2026-03-04T11:30"
    page = client.get(f"/mentions?{asked}").text
    for shown in (
        '<option value="77" selected>77 or more</option>',
        '<option value="tlh" selected>',
        '<input type="hidden" name="story" value="5">',
        'name="author" value="ann"',
        "<option selected>elsewhere</option>",
        'name="corrected" value="yes" checked',
        'name="from" value="2026-03-04T11:30"',
    ):
        assert shown in page


def test_the_files_hold_as_many_rows_as_the_page_says(client: TestClient, inst: Installation) -> None:
    hear(inst, [said(f"Northwind Air {n}", NOON, number=n, author=f"a{n}", followers=n) for n in range(5)])
    page = client.get("/mentions?reach=3").text
    assert "(2 rows)" in page
    assert '<a href="/mentions.jsonl?reach=3" download>' in page
    answer = client.get("/mentions.jsonl?reach=3")
    assert answer.headers["content-type"] == "application/jsonl; charset=utf-8"
    assert [one["author"] for one in map(json.loads, answer.text.splitlines())] == ["a3", "a4"]


def test_author_and_story_lead_to_all_of_theirs(client: TestClient, inst: Installation) -> None:
    words = "Northwind Air: the hotline has been dead since early this morning and nobody knows why"
    hear(inst, [said(words, NOON, number=n, author=f"a&b{n}") for n in range(2)])
    page = client.get("/mentions?tone=neutral&tone=negative").text
    author = re.search(r'<a class="voice" href="([^"]+)"', page)
    told = re.search(r'<a class="quiet told-often" href="([^"]+)"', page)
    assert author
    assert told
    assert "1 mention." in client.get(unescape(author[1])).text
    assert "2 mentions." in client.get(unescape(told[1])).text
