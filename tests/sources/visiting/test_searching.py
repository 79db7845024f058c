from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentions.mention import Mention
from mentions.query.parsing import parse, write
from mentions.query.terms import Field, Handle, Is, Or, Query, Tag, Term, of_phrases
from sources.visiting.searching import Dialect, missed, searches
from tests.mentions.queries import all_queries, likely_queries, mentions
from tests.mentions.reference import holds

WEB = Dialect()
NO_OR = Dialect(any_of=None, none_of=None, groups=False)
NO_GROUPS = Dialect(any_of="|", groups=False)
WORDED = Dialect(all_of=" AND ", none_of="NOT ", prefixes=True)
PLAIN = Dialect(any_of=None, none_of=None, groups=False, quotes=False)
RICH = Dialect(
    handle="@{}",
    tag="#{}",
    fields={Field.AUTHOR: "from:{}", Field.LANGUAGE: "lang:{}", Field.SITE: "url:{}", Field.SOURCE: "on:{}"},
)
DIALECTS = [
    WEB,
    NO_OR,
    NO_GROUPS,
    WORDED,
    PLAIN,
    RICH,
    *(replace(one, longest=40) for one in (WEB, NO_OR, WORDED, RICH)),
]


@pytest.mark.parametrize(
    ("query", "dialect", "asked"),
    [
        ("acme", WEB, ['"acme"']),
        ('"acme air" OR @acme OR #acme', WEB, ['"acme air" OR "acme"']),
        ('"acme air" OR @acme OR #acme', RICH, ['"acme air" OR @acme OR from:acme OR #acme']),
        ('"acme air" OR @zoo', NO_OR, ['"acme air"', '"zoo"']),
        ('"acme air" OR @zoo', NO_GROUPS, ['"acme air"|"zoo"']),
        ('"acme air" OR late', PLAIN, ["acme air", "late"]),
        ("AT&T OR don't", PLAIN, ["at t", "don t"]),
        ("acme late", WEB, ['"acme" "late"']),
        ("acme late", WORDED, ['"acme" AND "late"']),
        ("acme NEAR/5 late", WEB, ['"acme" "late"']),
        ("=Apple", WEB, ['"Apple"']),
        ("acme (late OR lost)", WEB, ['"acme" ("late" OR "lost")']),
        ("acme (late OR lost)", NO_OR, ['"acme" "late"', '"acme" "lost"']),
        ("acme (late OR lost)", NO_GROUPS, ['"acme" "late"', '"acme" "lost"']),
        ("zoo OR acme (late OR lost)", WEB, ['"zoo" OR ("acme" ("late" OR "lost"))']),
        ("acme (late OR (lost bag))", WEB, ['("acme" "late") OR ("acme" "lost" "bag")']),
        ("acme OR acme late", WEB, ['"acme"']),
        ("acme NEAR/3 (late OR lost) OR acme late", WEB, ['("acme" "late") OR ("acme" "lost")']),
        ("acme NOT records", WEB, ['"acme" -"records"']),
        ("acme NOT records", WORDED, ['"acme" AND NOT "records"']),
        ("acme NOT records", NO_OR, ['"acme"']),
        ('acme NOT ("looney tunes" OR records)', WEB, ['"acme" -"looney tunes" -"records"']),
        ("acme NOT NOT late", WEB, ['"acme" "late"']),
        ("acme NOT (late lost)", WEB, ['"acme"']),
        ("acme NOT late NEAR/2 lost", WEB, ['"acme"']),
        ("acme NOT =Late", WEB, ['"acme"']),
        ("acme NOT late*", WEB, ['"acme"']),
        ("acme NOT late*", WORDED, ['"acme" AND NOT late*']),
        ("acme NOT @bot NOT #ad", WEB, ['"acme"']),
        ("acme NOT @bot NOT #ad", RICH, ['"acme" -@bot -#ad']),
        ("acme NOT lang:en", RICH, ['"acme" -lang:en']),
        ("acme NOT lang:en", WEB, ['"acme"']),
        ("acme delay*", WEB, ['"acme"']),
        ("acme delay*", WORDED, ['"acme" AND delay*']),
        ("acme (delay* OR lost)", WEB, ['"acme"']),
        ('"acme air delay*"', WORDED, ['"acme air"']),
        ('author:"Ana Lima" acme site:example.com', RICH, ['from:"Ana Lima" "acme" url:example.com']),
        ("acme lang:en source:forum", WEB, ['"acme"']),
        (r'"a \"quoted\" word\\"', WEB, ['"a quoted word"']),
        ("delay* OR acme", WEB, ['"delay" OR "acme"']),
        ("lang:en OR acme", WEB, ['"acme"']),
        ("lang:en", WEB, []),
    ],
)
def test_a_query_is_asked_in_the_words_of_the_service(query: str, dialect: Dialect, asked: list[str]) -> None:
    assert list(searches([parse(query)], dialect)) == asked


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("acme (delay* OR lang:en) NOT lost", ()),
        ("acme OR delay*", ("delay*",)),
        ("(lang:en OR (source:forum)) OR acme", ("lang:en", "source:forum")),
        ("lang:en NOT acme", ("lang:en AND NOT acme",)),
        ('"\U0001f34e \\"" OR "\\""', (r'"\""',)),
    ],
)
def test_what_cannot_be_searched_for_is_told(query: str, told: tuple[str, ...]) -> None:
    assert missed([parse(query)], WEB) == told


def test_brands_share_searches_as_long_as_the_service_takes_them() -> None:
    brands = [of_phrases([f"brand {number}"]) for number in range(100, 200)]
    asked = searches([*brands, *brands], replace(WEB, longest=100))
    assert len(asked) == 17  # of six brands each
    assert max(map(len, asked)) <= 100
    assert sum(search.count("brand") for search in asked) == 100


def test_alternatives_that_are_too_many_for_one_search_are_spread() -> None:
    asked = searches([parse("acme (late OR lost OR broken OR dirty)")], replace(WEB, longest=30))
    assert asked == ('"acme" ("late" OR "lost")', '"acme" ("broken" OR "dirty")')


def test_a_search_that_is_too_long_has_less_that_must_hold() -> None:
    query = "acme late lost broken NOT records NOT tunes"
    assert searches([parse(query)], replace(WEB, longest=40)) == ('"acme" "late" "lost" "broken" -"records"',)
    assert searches([parse(query)], replace(WEB, longest=16)) == ('"acme" "late"',)
    assert searches([parse('"acme air line"')], replace(WEB, longest=12)) == ('"acme air"',)
    assert searches([parse("acmeairline OR acme")], replace(WEB, longest=10)) == ('"acme"',)


def test_without_alternatives_searches_do_not_grow_without_bound() -> None:
    many = " OR ".join(f"word{number}" for number in range(100))
    assert searches([parse(f"acme ({many})")], NO_OR) == ('"acme"',)
    assert searches([parse(f"acme ({many}) (late OR lost)")], NO_OR) == ('"acme" "late"', '"acme" "lost"')
    product = " ".join(f"(a{number} OR (b{number} c{number}))" for number in range(12))
    assert len(searches([parse(product)], NO_OR)) <= 256


@dataclass
class Service:
    """A search service that reads a dialect: what it takes a search to ask for."""

    dialect: Dialect
    text: str
    at: int = 0

    def finds(self, mention: Mention) -> bool:
        found = self.either(mention)
        assert self.at == len(self.text), f"{self.text!r} is not understood from {self.at} on"
        return found

    def either(self, mention: Mention) -> bool:
        found, alone = self.both(mention)
        while self.dialect.any_of and self.takes(self.dialect.any_of):
            other, other_alone = self.both(mention)
            assert alone, f"{self.text!r} does not say what OR joins"
            assert other_alone, f"{self.text!r} does not say what OR joins"
            found |= other
        return found

    def both(self, mention: Mention) -> tuple[bool, bool]:
        found, alone = self.one(mention), True
        while not self.is_before_or() and self.takes(self.dialect.all_of):
            found, alone = self.one(mention) & found, False
        return found, alone

    def one(self, mention: Mention) -> bool:
        if self.dialect.none_of and self.takes(self.dialect.none_of):
            return not self.one(mention)
        if self.dialect.groups and self.takes("("):
            found = self.either(mention)
            assert self.takes(")")
            return found
        return any(holds(query, mention, "acme") for query in self.atom())

    def atom(self) -> Iterator[Query]:
        for name, template in self.dialect.fields.items():
            if self.takes(template.removesuffix("{}")):
                yield Is(name, self.word())
                return
        if self.dialect.handle != "{}" and self.takes("@"):
            yield Handle(self.word())
        elif self.dialect.tag != "{}" and self.takes("#"):
            yield Tag(self.word())
        else:
            words = self.word()
            assert words
            stem = self.dialect.prefixes and words.endswith("*")
            yield Term(tuple((words[:-1] if stem else words).split()), prefix=stem)

    def word(self) -> str:
        if self.dialect.quotes and self.takes('"'):
            end = self.text.index('"', self.at)
            found, self.at = self.text[self.at : end], end + 1
            return found
        end = next((at for at in range(self.at, len(self.text)) if self.text[at] in ' |()"'), len(self.text))
        found, self.at = self.text[self.at : end], end
        return found

    def takes(self, sign: str) -> bool:
        taken = self.text.startswith(sign, self.at)
        self.at += len(sign) if taken else 0
        return taken

    def is_before_or(self) -> bool:
        return self.dialect.any_of is not None and self.text.startswith(self.dialect.any_of, self.at)


def alternatives(query: Query) -> Iterator[Query]:
    for part in query.parts if isinstance(query, Or) else ():
        yield from alternatives(part)
    if not isinstance(query, Or):
        yield query


@settings(max_examples=400, deadline=None)
@given(st.lists(likely_queries, min_size=1, max_size=3), st.sampled_from(DIALECTS), st.lists(mentions(), max_size=4))
def test_what_a_query_matches_is_found_by_one_of_its_searches(
    queries: list[Query], dialect: Dialect, said: list[Mention]
) -> None:
    told = missed(queries, dialect)
    sought = [part for query in queries for part in alternatives(query) if write(part) not in told]
    asked = searches(queries, dialect)
    for mention in said:
        # Where a service knows no authors, it finds an account only where it is spoken to.
        one = mention if Field.AUTHOR in dialect.fields else replace(mention, handle=None)
        found = [Service(dialect, search).finds(one) for search in asked]
        assert any(found) or not any(holds(part, one, "acme") for part in sought)


@given(st.lists(all_queries, max_size=5), st.sampled_from(DIALECTS))
def test_no_search_is_too_long_empty_or_made_twice(queries: list[Query], dialect: Dialect) -> None:
    asked = searches(queries, dialect)
    assert all(0 < len(search) <= dialect.longest for search in asked)
    assert len(set(asked)) == len(asked)
