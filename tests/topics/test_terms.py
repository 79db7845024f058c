from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sentiment.score import Label
from tests.installations import NOON
from topics.said import Said
from topics.terms import MOST_CHARACTERS, Key, Kind, Reader, stands, stem, tells


def said(content: str, url: str | None = None) -> Said:
    return Said(1, content, 1, "ana", "forum", NOON, Label.NEGATIVE, url)


def rows(content: str, *own: str) -> list[str]:
    return [" ".join(row) for row in Reader(own).read(said(content)).rows]


def labels(content: str, kind: Kind, url: str | None = None, own: tuple[str, ...] = ()) -> set[Key]:
    return {text for found, text in Reader(own).read(said(content, url)).labels if found is kind}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("On hold for 2 hours!", ["on hold for 2 hours"]),
        ("No gate. No crew, no bags", ["no gate", "no crew", "no bags"]),
        ("can\u2019t re-book - again", ["can't re book", "again"]),
        ("late😡flight", ["late", "flight"]),
        ("thanks @northwindair for https://example.com/x nothing", ["thanks", "for", "nothing"]),
        ("write to help@example.com now", ["write to", "now"]),
        ("stuck #fail at the gate", ["stuck", "at the gate"]),
        ("ÉTÉ à l'aéroport", ["été à l'aéroport"]),
    ],
)
def test_words_follow_one_another_within_a_sentence_and_between_signs(content: str, expected: list[str]) -> None:
    assert rows(content) == expected


def test_the_names_of_the_brand_are_left_out_however_they_are_written() -> None:
    own = ("Northwind Air", "@northwindair", "北風航空")
    assert rows("northwind  AIR's crew left Northwind Airport", *own) == ["crew left northwind airport"]
    assert Reader(own).read(said("北風航空取消航班")).runs == ("取消航班",)
    assert labels("#NorthwindAir #northwindfail #1 &#39;", Kind.TAG, own=own) == {"#northwindfail"}


def test_scripts_without_spaces_are_runs_of_characters_beside_words() -> None:
    found = Reader().read(said("iPhoneが壊れた again"))
    assert (found.rows, found.runs) == ((("iphone",), ("again",)), ("が壊れた",))


def test_links_are_known_by_their_page_and_their_site_but_not_by_a_shortener() -> None:
    content = "see (https://www.Example.com/a/?utm_source=x). Or www.example.org/B, https://t.co/Ab1"
    assert labels(content, Kind.LINK) == {"example.com/a", "example.org/B", "t.co/Ab1"}
    assert labels(content, Kind.SITE, "https://news.example.net/1") == {
        "example.com",
        "example.org",
        "news.example.net",
    }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bags", "bag"),
        ("airline's", "airline"),
        ("delays", "delay"),
        ("agencies", "agency"),
        ("cancelled", "canceled"),
        ("cancellations", "cancelation"),
        ("hrs", "hours"),
    ],
)
def test_forms_of_one_word_count_as_one(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize("word", ["news", "bus", "glass", "gas", "does", "crews"])
def test_what_only_looks_like_a_plural_and_words_that_join_do_not_become_another_word(word: str) -> None:
    assert tells(stem(word)) == tells(word)


@pytest.mark.parametrize(
    ("phrase", "reads"),
    [
        ("hold", True),
        ("the", False),
        ("terrible", False),
        ("45", False),
        ("x", False),
        ("on hold", True),
        ("never again", False),
        ("the hold", False),
        ("out of fuel", True),
        ("terrible service", False),
        ("flight 3411", True),
        ("flight 45", False),
        ("45 flight", False),
        ("pick up", True),
    ],
)
def test_a_term_reads_as_one_if_it_tells_something_and_does_not_end_in_a_joining_word(
    phrase: str, *, reads: bool
) -> None:
    assert stands(tuple(phrase.split())) is reads


@given(some.text(alphabet=some.characters() | some.sampled_from("\ud800#@:/.'"), max_size=200), some.text(max_size=20))
def test_reading_never_raises(content: str, name: str) -> None:
    found = Reader((name, "Northwind Air")).read(said(content, content))
    assert all(len(row) == len(stems) for row, stems in zip(found.rows, found.stems, strict=True))


@pytest.mark.parametrize(
    "hostile",
    ["#" * 10**6, "@" * 10**6, "a@" * 10**6, "http://" * 10**5, "\u0301" * 10**6],
    ids=["hashes", "ats", "names", "addresses", "accents"],
)
def test_a_long_text_is_known_by_its_beginning(hostile: str) -> None:
    found = Reader(("Northwind Air",)).read(said(hostile))
    assert sum(map(len, found.rows)) <= MOST_CHARACTERS
