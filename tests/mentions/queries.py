"""Made-up queries and mentions."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from mentions.folding import fold
from mentions.mention import Mention, date_mention
from mentions.query.terms import And, Field, Handle, Is, Near, Not, Or, Query, Tag, Term, holds_of_nothing

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)

# Words that are parts of one another, in several scripts, so that texts and queries of a few of them often touch.
WORDS = ["acme", "Acme", "ACME", "air", "Air", "recall", "recalled", "don't", "x", "straße", "STRASSE", "नमस्ते"]
UNSPACED = ["กสิกร", "ไทย", "東京", "京都"]
SIGNS = ["@acme", "@acme@srv", "@acmecorp", "@acme-x", "@acme.example", "#acme", "#acmecorp", "#東京都", "🍎", "\u0301"]
SEPARATORS = ["", " ", "  ", "\n", "-", ", ", "."]
NAMES = ["acme", "Acme", "acmecorp", "ana", "東京"]
HOSTS = ["example.com", "news.example.com", "www.example.com", "notexample.com", "münchen.example"]


def mention(text: str = "", **fields: str | None) -> Mention:
    return Mention("k:1", "", text, date_mention(NOW, NOW), **fields)  # type: ignore[arg-type]  # text fields only


def visible(words: str) -> bool:
    return bool(fold(words).strip())


@st.composite
def texts(draw: st.DrawFn) -> str:
    pieces = draw(
        st.lists(st.tuples(st.sampled_from(WORDS + UNSPACED + SIGNS), st.sampled_from(SEPARATORS)), max_size=8)
    )
    return "".join(f"{word}{separator}" for word, separator in pieces)


@st.composite
def mentions(draw: st.DrawFn) -> Mention:
    host = draw(st.none() | st.sampled_from(HOSTS))
    return mention(
        draw(texts()),
        author=draw(st.none() | st.sampled_from(NAMES)),
        handle=draw(st.none() | st.sampled_from([*NAMES, "acme@srv", "acme.example", "acme-x"])),
        language=draw(st.none() | st.sampled_from(["en", "th"])),
        url=host and f"https://{host}/1",
    )


def terms_of(words: st.SearchStrategy[str]) -> st.SearchStrategy[Term]:
    phrases = st.lists(words, min_size=1, max_size=3).map(tuple)
    return st.builds(Term, phrases, prefix=st.booleans(), exact=st.booleans())


def leaves_of(terms: st.SearchStrategy[Term], values: st.SearchStrategy[str]) -> st.SearchStrategy[Query]:
    return st.one_of(
        terms,
        st.builds(Near, terms, terms, st.integers(0, 6)),
        st.sampled_from(["acme", "Acme", "acme@srv", "x_1"]).map(Handle),
        st.sampled_from(["acme", "Acme", "東京", "x_1"]).map(Tag),
        st.builds(Is, st.sampled_from([Field.AUTHOR, Field.SOURCE]), values),
        st.sampled_from(HOSTS).map(lambda host: Is(Field.SITE, host)),
        st.sampled_from(["en", "TH"]).map(lambda code: Is(Field.LANGUAGE, code)),
    )


def queries_of(leaves: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    """Queries of any shape, also those that hold of texts in which nothing is found."""
    return st.recursive(
        leaves,
        lambda parts: st.one_of(
            st.lists(parts, min_size=2, max_size=3).map(lambda some: And(tuple(some))),
            st.lists(parts, min_size=2, max_size=3).map(lambda some: Or(tuple(some))),
            parts.map(Not),
        ),
        max_leaves=6,
    )


# Queries that often match the mentions above.
likely_queries = queries_of(
    leaves_of(terms_of(st.sampled_from(WORDS + UNSPACED + ["🍎", "acm", "東"])), st.sampled_from(NAMES))
)

_any_word = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=6).filter(
    lambda word: visible(word) and not any(map(str.isspace, word))
)


def _can_be_written(term: Term) -> bool:
    return not term.prefix or sum(map(str.isalnum, fold(term.phrase))) > 2


# Every query that can be written down.
all_queries = queries_of(leaves_of(terms_of(_any_word).filter(_can_be_written), _any_word)).filter(
    lambda query: not holds_of_nothing(query)
)
