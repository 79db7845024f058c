"""The three papers say the same, and nothing that a stranger wrote is more than text in any of them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pypdf import PdfReader
from selectolax.lexbor import LexborHTMLParser

from incidents.incident import EventKind
from reports.review.contents import Edits, Review
from reports.review.drafting import draft
from reports.review.markdown import as_markdown, escaped
from reports.review.page import as_html
from reports.review.paper import as_pdf
from reports.review.record import Action, Comment, Figures, Material
from tests.airline_crisis import Said, after, crisis, crisis_record, happened, incident, step

HOSTILE = [
    '#import "@preview/evil:1.0.0": *',
    "$a^2$ and $ alone",
    "\\ \\u{41} \\begin{x}",
    "*bold* _slanted_ `code` ~~gone~~",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[press me](https://evil.example) ![x](https://evil.example/x.png)",
    '#panic() #read("/etc/passwd") <label> @label',
    "{{ 7 * 7 }} {% include 'x' %}",
    "| a | b | \\| c",
    "> quoted",
    "1. one",
    "- minus",
    "=====",
    "// comment /* and */ this",
    "https://evil.example www.evil.example",
    "&lt;b&gt; &amp; &#42;",
    "]]> --> <!--",
]
# What pypdf reads back differs only in white space and in where a long word was broken.
_BLANKS = re.compile("[\\s\u200b]+")


def saying(text: str, *, drill: bool = False) -> Review:
    """The crisis with a text everywhere that somebody could have written it."""
    record = crisis_record()
    material = crisis(
        replace(
            record,
            incident=incident(title=text),
            events=(*record.events, happened(500, EventKind.NOTE, text, text)),
            steps=(replace(step(1, text, 30, 20), role=text, done_by=text), step(2, text, 30, None)),
            skipped={2: text},
            drill=drill,
        )
    )
    material = replace(
        material,
        brand=text,
        names={"jo": text},
        statements=(Said(text, text, text, after(72), text, text, text),),
        comments=(Comment(after(600), text, text),),
        category=text,
        playbook=text,
    )
    edits = Edits(text, text, text, text, text, text, (Action(text, text, date(2026, 6, 1)),))
    return draft(material, edits)


def pdf_text(pdf: bytes) -> str:
    return _BLANKS.sub("", "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def html_text(html: str) -> str:
    body = LexborHTMLParser(html).body
    assert body is not None
    return body.text()


def inline(markdown: str) -> list[Token]:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return [child for token in parser.parse(markdown) for child in token.children or []]


def markdown_text(markdown: str) -> str:
    return "\n".join(token.content for token in inline(markdown)).replace("\u2060", "")


Paper = Callable[[Review], str]
PAPERS: list[Paper] = [
    lambda review: markdown_text(as_markdown(review)),
    lambda review: html_text(as_html(review)),
    lambda review: pdf_text(as_pdf(review)),
]


@pytest.fixture
def full() -> Material:
    return replace(crisis(), comments=(Comment(after(900), "ana", "The vouchers were the right call."),))


@pytest.mark.parametrize("paper", PAPERS, ids=["markdown", "html", "pdf"])
@pytest.mark.parametrize(
    "words",
    [
        "Northwind Air: many people are complaining",
        "Incident 42",
        "SEV2",
        "1 h 12 min",
        "12 min late, 1 h allowed",
        "6 h 40 min",
        "with 3 of 5 steps in time",
        "Jo Rivera, then Kim Okafor",
        "SEV3 to SEV2 on Tue 12 May 14:40 by Jo Rivera",
        "1,204,000",
        "about 8,580",
        "26 for each person who complained",
        "Tue 12 May 16:45",
        "12 minutes late",
        "left open",
        "The next word from us comes at 16:30.",
        "approved by Ana Sousa",
        "14 minutes late",
        "Jo Rivera handed it over to Kim Okafor.",
        "Nothing in the record points to technology.",
        "No action is agreed yet.",
        "The vouchers were the right call.",
        "Crew rostering went down at 14:05",
        "Wednesday 13 May 2026 at 15:20 CEST",
    ],
)
def test_every_paper_tells_the_whole_review(paper: Paper, words: str, full: Material) -> None:
    told = paper(draft(full))
    assert _BLANKS.sub("", words) in _BLANKS.sub("", told)


@pytest.mark.parametrize("paper", PAPERS, ids=["markdown", "html", "pdf"])
@pytest.mark.parametrize("text", HOSTILE)
def test_what_strangers_wrote_is_printed_as_they_wrote_it(paper: Paper, text: str) -> None:
    assert _BLANKS.sub("", paper(saying(text))).count(_BLANKS.sub("", text)) >= 10


@pytest.mark.parametrize("text", HOSTILE)
def test_no_hostile_text_becomes_an_element_of_the_page(text: str) -> None:
    def elements(html: str) -> dict[str, int]:
        tree = LexborHTMLParser(html)
        return {name: len(tree.css(name)) for name in ("script", "img", "a", "b", "strong", "svg", "iframe", "style")}

    assert elements(as_html(saying(text))) == elements(as_html(saying("plain")))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_hostile_text_becomes_markup_of_the_document(text: str) -> None:
    def markup(markdown: str) -> list[str]:
        parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
        blocks = [token.type for token in parser.parse(markdown) if token.type != "inline"]
        return blocks + [token.type for token in inline(markdown) if token.type not in {"text", "softbreak"}]

    assert markup(as_markdown(saying(text))) == markup(as_markdown(saying("plain")))


@settings(max_examples=200)
@example("1 #")
@given(st.text(alphabet=st.sampled_from("ab1 \\`*_{}[]()<>#+-.!|~&=$^:@/'\"\n\t"), max_size=40))
def test_escaped_text_is_text_and_nothing_else_wherever_it_stands(text: str) -> None:
    plain = " ".join(text.split())
    for before, after_it in (("", ""), ("- ", ""), ("# ", ""), ("> ", ""), ("| x |\n| --- |\n| ", " |")):
        tokens = inline(f"{before}{escaped(text)}{after_it}")
        assert {token.type for token in tokens} <= {"text", "text_special"}
        if plain:
            assert tokens[-1].content.replace("\u2060", "") == plain


def test_an_address_and_a_mail_address_do_not_become_links_on_github() -> None:
    assert escaped("see https://evil.example, WWW.evil.example and a@b.example at 14:30") == (
        "see https\\://evil.example, WWW\\.evil.example and a@\u2060b.example at 14:30"
    )


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", 'https://a.example/"><script>', "ftp://a"])
def test_only_web_addresses_are_links(url: str) -> None:
    statement = Said("holding", "Holding statement", "We are on it.", after(72), url, "jo", "ana")
    review = draft(replace(crisis(), statements=(statement,)))
    assert not LexborHTMLParser(as_html(review)).css("a")
    assert "](<" not in as_markdown(review)
    assert b"/URI" not in as_pdf(review)


def test_a_statement_links_to_where_it_stands() -> None:
    review = draft(crisis())
    link = LexborHTMLParser(as_html(review)).css_first("a")
    assert link is not None
    assert (link.attributes["href"], link.text()) == ("https://northwind.example/news/12", "northwind.example")
    assert "[northwind.example](<https://northwind.example/news/12>)" in as_markdown(review)
    assert b"https://northwind.example/news/12" in as_pdf(review)


def test_every_page_of_the_pdf_is_numbered_and_says_whose_it_is() -> None:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(as_pdf(saying("word " * 300)))).pages]
    assert len(pages) > 4
    for number, page in enumerate(pages, start=1):
        assert f"{number} of {len(pages)}" in page
        assert "Incident 42" in page
        assert "DRILL" not in page


def test_a_drill_says_so_on_every_page_and_in_every_paper() -> None:
    review = saying("word " * 300, drill=True)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(as_pdf(review))).pages]
    assert len(pages) > 4
    assert all("DRILL" in page and "This was an exercise" in page for page in pages)
    assert "DRILL" in html_text(as_html(review))
    assert "**DRILL: This was an exercise" in as_markdown(review)


@pytest.mark.parametrize(
    "text",
    [
        "x" * 10_000,
        "null\x00 and \x1b[31m",
        "\ud800 lone",
        "\u202eesrever",
        "مرحبا بالعالم",
        "שלום",
        "😀 👩‍👩‍👧 🇩🇪",
        "中文 日本語 한국어",
        "a\u0301" * 50,
    ],
    ids=["long word", "controls", "surrogate", "override", "Arabic", "Hebrew", "emoji", "CJK", "combining"],
)
def test_text_of_any_kind_can_be_printed(text: str) -> None:
    review = saying(text)
    reader = PdfReader(io.BytesIO(as_pdf(review)))
    assert reader.pages
    for told in (as_markdown(review), as_html(review)):
        told.encode()
        assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e]", told)


@pytest.mark.parametrize("text", ["مرحبا", "שלום", "Ελληνικά", "Привет", "ăâîșț"])
def test_scripts_that_the_machine_has_a_font_for_read_back_from_the_pdf(text: str) -> None:
    assert text in pdf_text(as_pdf(saying(text)))


def test_a_word_that_no_line_can_hold_stays_on_the_paper() -> None:
    told = pdf_text(as_pdf(saying("x" * 1000)))
    assert told.count("x" * 1000) >= 10
    pages = PdfReader(io.BytesIO(as_pdf(saying("x" * 1000)))).pages
    # About 100 letters fit on a line; one that goes on is cut off by the edge of the paper.
    lines = [line.replace("\u200b", "") for page in pages for line in page.extract_text().splitlines()]
    assert max(map(len, lines)) < 150


def test_the_same_review_gives_the_same_bytes() -> None:
    assert as_pdf(draft(crisis())) == as_pdf(draft(crisis()))
    dated = PdfReader(io.BytesIO(as_pdf(draft(crisis())))).metadata
    assert dated is not None
    assert dated.creation_date is not None
    assert dated.creation_date.astimezone(UTC) == after(1500)


def test_a_review_of_nothing_but_an_incident_can_be_printed() -> None:
    record = replace(crisis_record(), events=(), steps=(), clocks={})
    review = draft(replace(crisis(record), wave=None, statements=(), promises=()))
    assert "Not known" in html_text(as_html(review))
    assert "Not known" in markdown_text(as_markdown(review))
    assert "Notknown" in pdf_text(as_pdf(review))


def test_nobody_silent_is_estimated_where_nobody_complained() -> None:
    assert "Silent customers" in html_text(as_html(draft(crisis())))
    assert "Silent customers" not in html_text(as_html(draft(replace(crisis(), figures=Figures()))))


def test_the_picture_in_the_pdf_is_told_in_words_to_those_who_do_not_see_it() -> None:
    tree = PdfReader(io.BytesIO(as_pdf(draft(crisis())))).root_object["/StructTreeRoot"]
    assert [one for one in alternatives(tree) if one.startswith("Mentions per 15 minutes from Tue 12 May 13:00")]


def alternatives(node: Any) -> list[str]:
    """The text alternatives in a document's structure."""
    node = node.get_object()
    if isinstance(node, list):
        return [text for child in node for text in alternatives(child)]
    if not isinstance(node, dict):
        return []
    own = [str(node["/Alt"])] if "/Alt" in node else []
    return own + (alternatives(node["/K"]) if "/K" in node else [])
