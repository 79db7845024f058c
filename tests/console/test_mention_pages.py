from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from services.installation import Installation
from tests.console.seeding import hear
from tests.installations import NOON, said


@pytest.fixture
def heard(inst: Installation) -> None:
    """An hour of one mention a minute, alternately angry and glad, half of it from each source."""
    angry, glad = "Northwind Air is awful, my bag is lost.", "Lovely crew on Northwind Air, thank you."
    for number in range(60):
        text, at = (angry, glad)[number % 2], NOON - timedelta(minutes=number)
        hear(
            inst,
            [said(text, at, number=number, author=f"author{number}", followers=number)],
            ("forum", "north")[number < 30],
        )
    hear(inst, [said("Old praise for Northwind Air, 100% great_value.", NOON - timedelta(days=3), number="old")])


def keys(page: str) -> list[str]:
    return re.findall(r'<li class="\w+" data-key="([^"]+)"', page)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "61 mentions"),
        ("brand=northwind", "61 mentions"),
        ("brand=unknown", "0 mentions"),
        ("source=forum", "31 mentions"),
        ("tone=negative", "30 mentions"),
        ("tone=nonsense", "61 mentions"),
        ("range=1h", "60 mentions"),
        ("range=24h", "60 mentions"),
        ("range=7d&tone=positive", "31 mentions"),
        ("from=2026-03-04T11:30&to=2026-03-04T11:40", "10 mentions"),
        ("from=yesterday", "61 mentions"),
        ("from=0001-01-01T00:00%2B14:00&to=9999-12-31T23:59-14:00", "61 mentions"),
        ("q=%00&source=%00", "61 mentions"),
        ("q=BAG+IS", "30 mentions"),
        ("q=author59", "1 mention"),
        ("q=100%25+great_value", "1 mention"),
        ("q=100_", "1 mention"),
        ("q=%22100_great%22", "1 mention"),
        ("q=100_gr", "1 mention"),
        ("q=bag+-is", "0 mentions"),
        ("q=%25%25", "0 mentions"),
        ("author=author7", "1 mention"),
        ("author=AUTHOR7", "0 mentions"),
        ("reach=50", "10 mentions"),
        ("reach=many", "61 mentions"),
        ("reach=9999999999999999999", "61 mentions"),
        ("language=unknown", "61 mentions"),
        ("language=tlh", "0 mentions"),
        ("rating=any", "0 mentions"),
        ("rating=best", "61 mentions"),
        ("story=999", "0 mentions"),
        ("story=%C2%B2", "61 mentions"),
        ("corrected=yes", "0 mentions"),
        ("corrected=perhaps", "61 mentions"),
    ],
)
@pytest.mark.usefixtures("heard")
def test_filters_in_the_address_decide_what_is_shown(client: TestClient, query: str, expected: str) -> None:
    page = client.get(f"/mentions?{query}").text
    assert re.search(rf">\s*{expected}\b", page)


@pytest.mark.usefixtures("heard")
def test_pages_neither_repeat_nor_skip_while_new_mentions_arrive(client: TestClient, inst: Installation) -> None:
    first = client.get("/mentions?source=&q=northwind").text
    older = re.search(r'href="(/mentions\?[^"]*after=[^"]+)">Older', first)
    assert older
    hear(inst, [said("Northwind Air again", NOON, number=f"late-{number}") for number in range(7)])
    second = client.get(older[1].replace("&amp;", "&")).text
    assert len(keys(first)) == 50
    assert len(keys(second)) == 11
    assert not set(keys(first)) & set(keys(second))
    assert "a page further back" in second


@pytest.mark.usefixtures("heard")
def test_a_mention_shows_tone_author_reach_source_and_why_it_matched(client: TestClient) -> None:
    page = client.get("/mentions?q=author12").text
    for shown in ("negative", "author12", "12 followers", "north", "named as “Northwind Air”"):
        assert shown in page
    assert '<mark>Northwind Air</mark> is <span class="carried negative">awful</span>' in page
    assert 'rel="noopener noreferrer" target="_blank">Open post' in page


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "//evil.example", "http://[broken", "https://e.example/" + "x" * 3000],
)
def test_only_web_addresses_become_links(client: TestClient, inst: Installation, address: str) -> None:
    hear(inst, [replace(said("Northwind Air", NOON, number=1), url=address)])
    page = client.get("/mentions").text
    assert "Open post" not in page
    assert address not in page


def test_hostile_text_is_shown_and_not_run_even_where_it_is_marked(client: TestClient, inst: Installation) -> None:
    hear(inst, [said("<script>x</script> NORTHWIND\u00a0AIR</p><mark> \u202eevil", NOON, number=1, author='"><svg>')])
    page = client.get("/mentions").text
    assert "&lt;script&gt;x&lt;/script&gt; <mark>NORTHWIND\u00a0AIR</mark>&lt;/p&gt;&lt;mark&gt;" in page
    assert "<svg>" not in page


def test_words_of_a_megabyte_make_no_page_of_a_megabyte(client: TestClient, inst: Installation) -> None:
    huge = "Northwind Air " + "x" * 10**6
    hear(inst, [replace(said(huge, NOON, number=1, author=huge), title=huge, url=f"https://example.com/{huge}")])
    assert len(client.get("/mentions").text) < 25_000


def test_a_long_text_is_cut_and_one_link_away_from_all_of_it(client: TestClient, inst: Installation) -> None:
    text = "Northwind Air " + "never again, " * 100 + "and that was the end."
    hear(inst, [said(text, NOON, number=1), said("x" * 10**6 + " Northwind Air", NOON, number=2)])
    page = client.get("/mentions").text
    assert "the end." not in page
    assert f'<a href="/mentions/1/northwind">Show all {len(text):,} characters</a>' in page
    assert "and that was the end." in client.get("/mentions/1/northwind").text
    page = client.get("/mentions/2/northwind").text
    assert "It has 1,000,014 characters, too many for a page; an export has them all." in page
    assert len(page) < 180_000
    for other in ("3/northwind", "1/elsewhere", "0/northwind", "x/northwind"):
        assert client.get(f"/mentions/{other}").status_code == 404


def test_words_from_right_to_left_stay_in_their_place(client: TestClient, inst: Installation) -> None:
    hear(inst, [said("Northwind Air أسوأ شركة", NOON, number=1, author="محمد")])
    page = client.get("/mentions").text
    assert '<p class="words" dir="auto"><mark>Northwind Air</mark> أسوأ شركة</p>' in page
    assert '<bdi class="who">محمد</bdi>' in page


@pytest.mark.parametrize(("language", "words"), [("fr", "French — not scored"), ("tlh", "language “tlh” — not scored")])
def test_a_text_in_another_language_says_that_it_is_not_scored(
    client: TestClient, inst: Installation, language: str, words: str
) -> None:
    hear(inst, [said("Northwind Air, c'est nul", NOON, number=1, language=language)])
    page = client.get("/mentions").text
    assert words in page
    assert '<span class="tone unscored">not scored</span>' in page


@pytest.mark.usefixtures("heard")
def test_empty_pages_say_what_to_do(client: TestClient) -> None:
    assert "Nothing matches. Take a filter away" in client.get("/mentions?q=zeppelin&brand=unknown").text
    assert "No older ones." in client.get("/mentions?after=19990101T000000.000000~1~northwind").text


@pytest.mark.usefixtures("heard")
def test_a_place_that_is_none_shows_the_newest(client: TestClient) -> None:
    for place in ("x", "20261399T000000.000000~1~northwind", "20260304T000000.000000~" + "9" * 30 + "~northwind"):
        assert len(keys(client.get("/mentions", params={"after": place}).text)) == 50
