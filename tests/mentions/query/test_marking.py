from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentions.matching import BrandMatcher
from mentions.query.marking import marks
from mentions.query.parsing import parse
from mentions.query.terms import Query, of_phrases
from tests.mentions.queries import likely_queries, texts


def marked(query: str, text: str) -> str:
    for start, end in reversed(marks(parse(query), text)):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("acme late", "Late, Acme! So late.", "[Late], [Acme]! So [late]."),
        ('"acme air" OR air', "an  Acme \n AIR", "an  [Acme \n AIR]"),
        ("delay*", "delayed, undelayed", "[delayed], undelayed"),
        ("=Apple", "apple Apple", "apple [Apple]"),
        ("acme NEAR/3 late", "acme is late", "[acme] is [late]"),
        ("acme NOT (late OR NOT bag)", "acme bag late", "[acme] [bag] late"),
        ("@acme #tag lang:en", "@acme #tag", "[@acme] [#tag]"),
        ("straße", "Die STRASSE", "Die [STRASSE]"),
        ("zoë", "Zoe\u0308!", "[Zoe\u0308]!"),
        ("acme air", "Ac\u00adme\u2122 \u200bair", "[Ac\u00adme]\u2122 \u200b[air]"),
        ("=Zoë", "\uff3aoe\u0308 zoë", "[\uff3aoe\u0308] zoë"),
        ("東京", "今日は東京です", "今日は[東京]です"),
        ("acme", "nothing of it", "nothing of it"),
    ],
)
def test_what_was_found_is_marked_where_it_stands(query: str, text: str, expected: str) -> None:
    assert marked(query, text) == expected


@given(likely_queries, texts())
def test_marks_are_in_order_inside_the_text_and_do_not_overlap(query: Query, text: str) -> None:
    places = [at for span in marks(query, text) for at in span]
    assert places == sorted(places)
    assert all(0 <= start < end <= len(text) for start, end in marks(query, text))


@given(st.text(alphabet=st.characters(categories=["L", "N"], max_codepoint=0x24F), min_size=1), texts())
def test_every_phrase_that_matches_is_marked(phrase: str, text: str) -> None:
    query = of_phrases([phrase])
    said = f"{text} {phrase} {text}"
    assert bool(marks(query, said)) == bool(BrandMatcher({"b": query}).match_text(said))
