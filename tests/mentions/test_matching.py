from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentions.matching import BrandMatcher, Match, MatchReason, about

MATCHER = BrandMatcher({"northwind": ["Northwind Air", "@northwindair", "#NorthwindAir", "Zoë's"], "fjord": ["Fjord"]})


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("I flew Northwind Air.", "Northwind Air"),
        ("NORTHWIND AIR!!!", "Northwind Air"),
        ("northwind\n   air", "Northwind Air"),
        ("Northwind Airways is another company", None),
        ("Northwind, air it out", None),
        ("hello @NorthwindAir, where is my bag", "@northwindair"),
        ("mail me at x@northwindair.example", None),
        ("#northwindair is trending", "#NorthwindAir"),
        ("\uff2eorthwind Air in wide letters", "Northwind Air"),
        ("North\u00adwind A\u200bir with hidden characters", "Northwind Air"),
        ("zoë\u2019s café", "Zoë's"),
        ("zoe\u0308's café", "Zoë's"),
        ("\u4eca\u65e5\u306fNorthwind Air\u3067\u3059", "Northwind Air"),
        ("nothing of the kind", None),
        ("", None),
    ],
)
def test_a_brand_is_found_by_its_phrases_as_whole_words(text: str, evidence: str | None) -> None:
    expected = (Match("northwind", MatchReason.PHRASE, evidence),) if evidence else ()
    assert MATCHER.match(text) == expected


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("\u65e5\u7523", "\u4eca\u65e5\u306f\u65e5\u7523\u306e\u8eca"),  # Japanese
        ("\uc0bc\uc131", "\uc0bc\uc131\uc774 \ubc1c\ud45c\ud588\ub2e4"),  # Korean, with a particle
        (
            "\u0e01\u0e2a\u0e34\u0e01\u0e23",
            "\u0e18\u0e19\u0e32\u0e04\u0e32\u0e23\u0e01\u0e2a\u0e34\u0e01\u0e23\u0e44\u0e17\u0e22",
        ),  # Thai
    ],
)
def test_a_name_is_found_where_words_are_written_without_spaces(phrase: str, text: str) -> None:
    assert BrandMatcher({"b": [phrase]}).match(text)


@pytest.mark.parametrize("phrase", ["", " ", "\u200b"])
def test_a_phrase_of_nothing_visible_matches_nothing(phrase: str) -> None:
    assert BrandMatcher({"b": [phrase]}).match("any text \u200b at all") == ()


def test_a_text_can_be_about_several_brands_each_counted_once() -> None:
    found = MATCHER.match("Fjord is better than Northwind Air. Fjord!")
    assert [match.brand for match in found] == ["northwind", "fjord"]


def test_a_source_about_a_brand_makes_everything_from_it_a_match() -> None:
    assert about(["fjord"], "forum") == (Match("fjord", MatchReason.SOURCE, "forum"),)


@given(st.text(), st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1), st.text())
def test_a_phrase_between_spaces_is_always_found(before: str, phrase: str, after: str) -> None:
    text = f"{before} {phrase} {after}"
    assert [match.evidence for match in BrandMatcher({"b": [phrase]}).match(text)] == [phrase]


@given(
    st.text(max_size=200), st.lists(st.text(min_size=1).filter(lambda phrase: phrase.split()), min_size=1, max_size=4)
)
def test_no_text_and_no_phrase_makes_matching_fail(text: str, phrases: list[str]) -> None:
    BrandMatcher({"b": phrases}).match(text)
