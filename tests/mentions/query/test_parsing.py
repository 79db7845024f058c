from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mentions.query.parsing import LONGEST, QueryError, parse, write
from mentions.query.terms import And, Field, Handle, Is, Near, Not, Or, Query, Tag, Term, of_phrases
from tests.mentions.queries import all_queries


def word(text: str, *, prefix: bool = False, exact: bool = False) -> Term:
    return Term(tuple(text.split()), prefix, exact)


A, B, C, D = map(word, "abcd")
ACME, LATE, HOLD = word("acme"), word("late"), word("on hold")


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("acme", ACME),
        ('"on hold"', HOLD),
        ("  ' ' ".replace("' '", '" on \n hold "'), HOLD),
        ("\u201con hold\u201d", HOLD),
        ("\u201eon hold\u201c", HOLD),
        ("\u00abon hold\u00bb", HOLD),
        ("a b", And((A, B))),
        ("a AND b", And((A, B))),
        ("a AND b c", And((A, B, C))),
        ("a OR b c OR d", Or((A, And((B, C)), D))),
        ("(a OR b) c", And((Or((A, B)), C))),
        ("\uff08a OR b\uff09 c", And((Or((A, B)), C))),
        ("a OR (b OR c)", Or((A, Or((B, C))))),
        ("((a))", A),
        ("a NOT b", And((A, Not(B)))),
        ("a AND NOT b c", And((A, Not(B), C))),
        ("a NOT (b OR c)", And((A, Not(Or((B, C)))))),
        ("NOT NOT a", Not(Not(A))),
        ("a NEAR/5 b", Near(A, B, 5)),
        ("a NEAR/0 b c", And((Near(A, B, 0), C))),
        ("c NOT a NEAR/5 b", And((C, Not(Near(A, B, 5))))),
        ('acme NEAR/9 (late OR "on hold")', Or((Near(ACME, LATE, 9), Near(ACME, HOLD, 9)))),
        ("(a OR b) NEAR/1 (c)", Or((Near(A, C, 1), Near(B, C, 1)))),
        ("delay*", word("delay", prefix=True)),
        ('"on hold*"', word("on hold", prefix=True)),
        ("\u98db\u884c*", word("\u98db\u884c", prefix=True)),
        ("=Apple", word("Apple", exact=True)),
        ('="Apple Pay"', word("Apple Pay", exact=True)),
        ("=Appl*", word("Appl", prefix=True, exact=True)),
        (r'"4\* hotel \"Sea\""', word('4* hotel "Sea"')),
        (r'"a\\b"', word(r"a\b")),
        (r"a\b", word(r"a\b")),
        ("@acme", Handle("acme")),
        ("@acme.help@social.example", Handle("acme.help@social.example")),
        ("#acme_1", Tag("acme_1")),
        ("#\u0e01\u0e2a\u0e34\u0e01\u0e23", Tag("\u0e01\u0e2a\u0e34\u0e01\u0e23")),
        ("author:Ana", Is(Field.AUTHOR, "Ana")),
        ('Author:"Ana  Lima"', Is(Field.AUTHOR, "Ana Lima")),
        ("author:@ana", Is(Field.AUTHOR, "@ana")),
        ("site:news.example.com", Is(Field.SITE, "news.example.com")),
        ("source:forum acme", And((Is(Field.SOURCE, "forum"), ACME))),
        ("lang:en acme", And((Is(Field.LANGUAGE, "en"), ACME))),
        ("rock and roll", And((word("rock"), word("and"), word("roll")))),
        ("or not", And((word("or"), word("not")))),
        ("ANDES NOTE ORCA NEARBY", And((word("ANDES"), word("NOTE"), word("ORCA"), word("NEARBY")))),
        ('"AND" "NEAR/5"', And((word("AND"), word("NEAR/5")))),
        ("AT&T C++ O'Neill e.l.f. Yahoo!", And(tuple(map(word, ["AT&T", "C++", "O'Neill", "e.l.f.", "Yahoo!"])))),
        ("\u0e01\u0e2a\u0e34\u0e01\u0e23 \u6771\u4eac Zo\u00eb", And(tuple(map(word, ["กสิกร", "東京", "Zoë"])))),
        ("\U0001f34e", word("\U0001f34e")),
        ('a"b"c', And((A, B, C))),
    ],
)
def test_a_query_is_read_as_people_mean_it(text: str, query: Query) -> None:
    assert parse(text) == query
    assert parse(write(query)) == query


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        ("", 1, "there is no query"),
        (" ", 2, "there is no query"),
        ("a AND", 6, "nothing stands after AND"),
        ("a NOT", 6, "nothing stands after NOT"),
        ("a OR OR b", 6, "nothing stands after OR"),
        ("OR a", 1, "nothing stands before OR"),
        ("(a OR) b", 6, "nothing stands after OR"),
        ("() a", 2, "nothing between these parentheses"),
        ("a (b", 5, "the parenthesis opened at character 3 is not closed"),
        ("a) b", 2, "this parenthesis was never opened"),
        ('acme "on hold', 6, "this quote is never closed"),
        ('author:"Ana', 8, "this quote is never closed"),
        ("NOT a", 1, "matches every text"),
        ("a OR NOT b", 1, "matches every text"),
        ("NOT (a b)", 1, "matches every text"),
        ("a NEAR b", 3, "NEAR needs a number of words from 0 to 100"),
        ("a NEAR/x b", 3, "NEAR needs a number"),
        ("a NEAR/101 b", 3, "NEAR needs a number"),
        (f"a NEAR/{'9' * 5_000} b", 3, "NEAR needs a number"),
        ("a NEAR/3 b NEAR/3 c", 12, "NEAR joins two terms, no more"),
        ("a NEAR/3", 9, "NEAR is not followed by a term"),
        ("a NEAR/3 NOT b", 10, "NEAR is not followed by a term"),
        ("a NEAR/3 @b", 3, "NEAR joins words and phrases"),
        ("a NEAR/3 (b c)", 3, "NEAR joins words and phrases"),
        (f"({' OR '.join('a' * 30)}) NEAR/3 ({' OR '.join('b' * 30)})", 150, "these make 900 pairs"),
        ("de*", 1, 'too many words begin with "de"'),
        ("*", 1, "too many words begin with"),
        ("acme de*lay", 8, "a star stands elsewhere"),
        ('"on *"', 5, "a star stands elsewhere"),
        ('"on* hold"', 4, "a star stands elsewhere"),
        ("titel:x", 1, 'there is no field "titel:"; expected author:, site:, source: or lang:'),
        ("author:", 8, "author: has no value"),
        ("author: x", 8, "author: has no value"),
        ("author:an*", 10, "a star cannot stand in the value of a field"),
        ("site:https://example.com", 6, "is no site"),
        ("lang:english", 6, '"english" is no language'),
        ("@", 1, '"@" is no account'),
        ("@a/b", 1, '"@a/b" is no account'),
        ("#", 1, '"#" is no tag'),
        ("#a-b", 1, '"#a-b" is no tag'),
        ('""', 1, "there is no word in these quotes"),
        ('"\u200b"', 1, "there is nothing visible to look for"),
        ("acme -records", 6, '"-" does not exclude'),
        ("a || b", 3, '"||" is no word'),
        ("acme, recall", 1, '"," belongs to no word'),
        ("'on hold'", 1, "a phrase does not begin with a single quote"),
        ("a\x00b", 2, "a character that cannot be seen (U+0000)"),
        ("\ud800", 1, "a character that cannot be seen (U+D800)"),
        ("(" * 51 + "a" + ")" * 51, 51, "more than 50 levels deep"),
        ("a " + "NOT " * 51 + "a", 203, "more than 50 levels deep"),
        ("a " * LONGEST, LONGEST + 1, "goes on beyond 10,000 characters"),
    ],
)
def test_what_cannot_be_read_is_shown_where_it_stands(text: str, at: int, said: str) -> None:
    with pytest.raises(QueryError) as raised:
        parse(text)
    assert raised.value.position == at - 1
    assert raised.value.problem.startswith(f"at character {at}, ")
    assert said in raised.value.problem
    assert raised.value.remedy.endswith((".", "!"))


def test_an_error_says_what_could_stand_there() -> None:
    with pytest.raises(QueryError) as raised:
        parse("acme AND (late OR")
    operand = "a word, phrase, @account, #tag or field"
    assert raised.value.expected == (operand, "NOT", "(")
    assert raised.value.problem.endswith(f"nothing stands after OR; expected {operand}, NOT or (.")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("acme\nAND OR x", ["  acme AND OR x", "           ^"]),
        ("\u6771\u4eac AND OR x", ["  \u6771\u4eac AND OR x", "           ^"]),
        ("Zoe\u0308 AND OR x", ["  Zoe\u0308 AND OR x", "          ^"]),
    ],
)
def test_a_caret_stands_below_the_place(text: str, shown: list[str]) -> None:
    with pytest.raises(QueryError) as raised:
        parse(text)
    assert str(raised.value).splitlines()[2:4] == shown


def test_of_a_long_query_the_surroundings_are_shown() -> None:
    with pytest.raises(QueryError) as raised:
        parse("acme " * 100 + "OR OR" + " acme" * 100)
    line, caret = str(raised.value).splitlines()[2:4]
    assert line.startswith("  ... ")
    assert line.endswith(" ...")
    assert len(line) < 140
    assert line[caret.index("^") :].startswith("OR acme"), line


@given(all_queries)
@example(And((Term(("=",)), Term(("AND",)), Term((r"\"*",)))))
def test_what_is_written_is_read_as_the_same_query(query: Query) -> None:
    assert parse(write(query)) == query


_PIECES = ["AND", "OR", "NOT", "NEAR/3", "NEAR", "(", ")", '"', "\u201d", "=", "*", "@", "#", "author:", "site:", "\\"]


@settings(max_examples=400)
@given(
    st.text()
    | st.text(st.characters(categories=["Cs", "Cc", "Cf", "Po"]))
    | st.lists(st.sampled_from([*_PIECES, "acme", "lang:en", " ", "-", ","])).map(" ".join)
    | st.lists(st.sampled_from([*_PIECES, "acme", " "])).map("".join)
)
def test_a_text_is_a_query_or_a_query_error_and_nothing_else(text: str) -> None:
    query = error = None
    try:
        query = parse(text)
    except QueryError as raised:
        error = raised
    if query:
        assert parse(write(query)) == query
    else:
        assert error
        assert 0 <= error.position <= len(text)
        assert str(error)


@pytest.mark.parametrize(
    "text",
    [
        "(" * LONGEST,
        ")" * LONGEST,
        "NOT " * (LONGEST // 4),
        "a (" * (LONGEST // 3),
        '"' * LONGEST,
        '"' + "\\a" * (LONGEST // 2 - 1),
        '"' + "\\" * (LONGEST - 1),
        "\ud800" * LONGEST,
        "a" * LONGEST * 100,
        "*" * LONGEST,
        "a NEAR/1 " * (LONGEST // 9),
    ],
)
def test_no_query_is_too_large_to_be_refused(text: str) -> None:
    with pytest.raises(QueryError):
        parse(text)


def test_the_longest_queries_are_read() -> None:
    assert len(parse("a " * (LONGEST // 2)).parts) == LONGEST // 2  # type: ignore[union-attr]
    assert parse("(" * 50 + "a" + ")" * 50) == A


def test_phrases_alone_make_a_query_that_can_be_written() -> None:
    assert write(of_phrases(["Acme", " Acme  Air ", "", "#acme"])) == 'Acme OR "Acme Air" OR "#acme"'
