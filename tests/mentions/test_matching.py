from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentions.matching import LONGEST_EVIDENCE, BrandMatcher, Match, MatchReason, about
from mentions.mention import Mention
from mentions.query.parsing import parse
from mentions.query.terms import Query, of_phrases
from tests.mentions.queries import likely_queries, mention, mentions, texts
from tests.mentions.reference import holds

MATCHER = BrandMatcher(
    {
        "northwind": of_phrases(["Northwind Air", "@northwindair", "#NorthwindAir", "Zoë's"]),
        "fjord": of_phrases(["Fjord"]),
    }
)


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
    assert MATCHER.match_text(text) == expected


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
    assert BrandMatcher({"b": of_phrases([phrase])}).match_text(text)


@pytest.mark.parametrize("phrase", ["", " ", "\u200b"])
def test_a_phrase_of_nothing_visible_matches_nothing(phrase: str) -> None:
    assert BrandMatcher({"b": of_phrases([phrase])}).match_text("any text \u200b at all") == ()


def test_a_text_can_be_about_several_brands_each_counted_once() -> None:
    found = MATCHER.match_text("Fjord is better than Northwind Air. Fjord!")
    assert [match.brand for match in found] == ["northwind", "fjord"]


def test_matches_come_in_the_order_in_which_brands_were_configured() -> None:
    matcher = BrandMatcher({f"brand{number}": of_phrases([f"brand{number}"]) for number in range(100)})
    found = [match.brand for match in matcher.match_text("brand96 brand64 brand32 brand8 brand0")]
    assert found == ["brand0", "brand8", "brand32", "brand64", "brand96"]


def test_a_source_about_a_brand_makes_everything_from_it_a_match() -> None:
    assert about(["fjord"], "forum") == (Match("fjord", MatchReason.SOURCE, "forum"),)


@given(st.text(), st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1), st.text())
def test_a_phrase_between_spaces_is_always_found(before: str, phrase: str, after: str) -> None:
    text = f"{before} {phrase} {after}"
    assert [match.evidence for match in BrandMatcher({"b": of_phrases([phrase])}).match_text(text)] == [phrase]


@given(
    st.text(max_size=200), st.lists(st.text(min_size=1).filter(lambda phrase: phrase.split()), min_size=1, max_size=4)
)
def test_no_text_and_no_phrase_makes_matching_fail(text: str, phrases: list[str]) -> None:
    BrandMatcher({"b": of_phrases(phrases)}).match_text(text)


def found(query: str, text: str, source: str = "", **fields: str) -> str | None:
    """What a query finds in a mention."""
    matches = BrandMatcher({"b": parse(query)}).match(mention(text, **fields), source)
    return matches[0].evidence if matches else None


@pytest.mark.parametrize(
    ("query", "text", "evidence"),
    [
        ("acme late", "Late again, Acme!", "acme AND late"),
        ("acme late", "Acme is on time", None),
        ("acme NOT records", "the acme of records", None),
        ("acme NOT records", "the acme of bags", "acme"),
        ("acme (late OR cancelled)", "acme cancelled it", "acme AND cancelled"),
        ("delay* acme", "Acme was delayed", "delay* AND acme"),
        ("delay*", "nodelay", None),
        ('"bag delay*" OR x', "bag   delays", '"bag delay*"'),
        ("acme NEAR/1 late", "acme is late", "acme NEAR/1 late"),
        ("acme NEAR/1 late", "late, says Acme", "acme NEAR/1 late"),
        ("acme NEAR/1 late", "acme is very late", None),
        ("acme NEAR/0 late", "acme: late", "acme NEAR/0 late"),
        ("acme NEAR/0 acme", "acme", None),
        ("acme NEAR/0 acme", "acme acme", "acme NEAR/0 acme"),
        ('"acme air" NEAR/0 air', "acme air", None),
        ("acme NEAR/1 late", "acme don't late", "acme NEAR/1 late"),
        ("acme NEAR/1 late", "late one two acme; one acme one two three late", None),
        ("acme NEAR/1 late", "late one two acme; one acme one late", "acme NEAR/1 late"),
        ("=Apple NEAR/2 straße", "Apple in der STRASSE", "=Apple NEAR/2 straße"),
        ("=Apple NEAR/1 straße", "Straßen Straße die nahe Apple", None),
        (
            "\u6771\u4eac NEAR/2 \u5927\u962a",
            "\u6771\u4eac\u304b\u3089\u5927\u962a",
            "\u6771\u4eac NEAR/2 \u5927\u962a",
        ),
        ("=Apple", "an apple", None),
        ("=Apple", "APPLE", None),
        ("=Apple", "an apple by Apple", "=Apple"),
        ("=Appl*", "Apples", "=Appl*"),
        ('="Apple Pay"', "Apple  Pay", '="Apple Pay"'),
        ("=Apple", "\uff21pple", "=Apple"),
        ("@acme", "hey @ACME!", "@acme"),
        ("@acme", "hey @acme@social.example", "@acme"),
        ("@acme", "hey @acme.example", "@acme"),
        ("@acme", "hey @acmecorp", None),
        ("@acme", "hey @acme-corp", None),
        ("@acme", "me@acme.example", None),
        ("@acme", "@acme\u3055\u3093", "@acme"),
        ("@acme@social.example", "hey @acme", None),
        ("@acme", "acme", None),
        ("#acme", "#Acme.", "#acme"),
        ("#acme", "#acmecorp", None),
        ("#acme", "#acme\u3055\u3093", None),
        ("acme", "#acme", "acme"),
        ("\U0001f34e", "love\U0001f34elove", "\U0001f34e"),
        ("acme", "Acme\u2122 and \u200fAcme", "acme"),
        ("\u0939\u093f\u0928", "\u0939\u093f\u0928\u094d\u0926\u0940", None),
        ("acme NOT (a OR b)", "acme b", None),
        ("NOT NOT acme", "acme", "nothing that it excludes"),
    ],
)
def test_a_query_finds_what_it_says(query: str, text: str, evidence: str | None) -> None:
    assert found(query, text) == evidence


@pytest.mark.parametrize(
    ("query", "fields", "matches"),
    [
        ("author:ana", {"author": "Ana"}, True),
        ('author:"ana lima"', {"author": "Ana  Lima"}, True),
        ("author:ana", {"author": "Ana Lima"}, False),
        ("author:ana", {"handle": "ana@social.example"}, True),
        ("author:@ana", {"handle": "Ana"}, True),
        ("author:ana", {}, False),
        ("@acme", {"handle": "acme"}, True),
        ("@acme", {"handle": "@Acme@social.example"}, True),
        ("@acme", {"handle": "acme.example"}, True),
        ("@acme", {"handle": "acmecorp"}, False),
        ("@acme", {"handle": "acme-corp"}, False),
        ("@acme", {"author": "acme"}, False),
        ("site:example.com", {"url": "https://example.com/a"}, True),
        ("site:Example.com", {"url": "https://user@NEWS.example.com:8080/a"}, True),
        ("site:www.example.com", {"url": "https://example.com/a"}, True),
        ("site:example.com", {"url": "https://notexample.com/example.com"}, False),
        ("site:com", {"url": "https://example.com./"}, True),
        ("site:m\u00fcnchen.example", {"url": "https://xn--mnchen-3ya.example/"}, True),
        ("site:xn--mnchen-3ya.example", {"url": "https://m\u00fcnchen.example/"}, True),
        ("site:example.com", {"url": "https://[broken/"}, False),
        ("site:example.com", {}, False),
        ("lang:EN", {"language": "en"}, True),
        ("lang:en", {"language": "de"}, False),
        ("lang:en", {}, False),
        ("source:Forum", {}, True),
        ("source:blog", {}, False),
        ("acme NOT lang:en", {"language": "en"}, False),
        ("acme NOT lang:en", {"language": "de"}, True),
        ("acme NOT author:bot", {"author": "Bot"}, False),
    ],
)
def test_a_query_asks_for_fields(query: str, fields: dict[str, str], matches: bool) -> None:  # noqa: FBT001  a table
    assert (found(query, "an acme", "forum", **fields) is not None) is matches


def test_of_a_text_alone_no_field_is_known() -> None:
    matcher = BrandMatcher({"a": parse("acme OR lang:en"), "b": parse("source:forum")})
    assert [match.brand for match in matcher.match_text("acme")] == ["a"]


def test_the_reason_tells_phrases_from_queries() -> None:
    matcher = BrandMatcher({"phrases": parse("acme OR late"), "query": parse("acme late*")})
    assert [match.reason for match in matcher.match_text("acme late")] == [MatchReason.PHRASE, MatchReason.QUERY]


def test_the_evidence_is_what_stands_first_and_of_two_the_longer() -> None:
    assert found('air OR acme OR "acme air"', "an acme air or air acme") == "acme air"
    assert found("lang:en OR acme", "acme", language="en") == "lang:en"


def test_the_evidence_of_a_long_query_is_cut() -> None:
    evidence = found(" ".join(f"word{n}" for n in range(90)), " ".join(f"word{n}" for n in range(90)))
    assert evidence is not None
    assert len(evidence) == LONGEST_EVIDENCE
    assert evidence.startswith("word0 AND word1 AND ")
    assert evidence.endswith("…")


def test_a_brand_of_no_phrases_matches_nothing() -> None:
    assert BrandMatcher({"b": of_phrases([])}).match_text("any text") == ()
    assert BrandMatcher({}).match_text("any text") == ()


asked = given(st.lists(likely_queries, min_size=1, max_size=4), st.lists(mentions(), min_size=1, max_size=4), texts())


@settings(max_examples=300, deadline=None)
@asked
def test_matching_finds_what_a_slow_reference_finds(queries: list[Query], said: list[Mention], more: str) -> None:
    finds_what_the_reference_finds(queries, said, more)


@pytest.mark.soak
@settings(max_examples=10_000, deadline=None)
@asked
def test_matching_finds_what_a_slow_reference_finds_however_often(
    queries: list[Query], said: list[Mention], more: str
) -> None:
    finds_what_the_reference_finds(queries, said, more)


def finds_what_the_reference_finds(queries: list[Query], said: list[Mention], more: str) -> None:
    matcher = BrandMatcher({str(number): query for number, query in enumerate(queries)})
    for one in (*said, mention(more)):
        expected = [str(number) for number, query in enumerate(queries) if holds(query, one, "acme")]
        assert [match.brand for match in matcher.match(one, "acme")] == expected


def test_a_text_that_holds_a_word_very_often_costs_little() -> None:
    """Quadratic work here would take minutes."""
    matcher = BrandMatcher({"b": parse("acme NEAR/1 late OR =Acme NEAR/0 zoo"), "c": parse("acme")})
    assert [match.brand for match in matcher.match_text("Acme acme x y z " * 20_000 + "late")] == ["c"]
