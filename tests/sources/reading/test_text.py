"""Plain text out of what strangers write."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.reading.text import TEXT_LIMIT, html_to_text, one_line, plain_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("no markup at all", "no markup at all"),
        ("<p>One.</p><p>Two.</p>", "One.\nTwo."),
        ("one<br>two<BR/>three", "one\ntwo\nthree"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("so <b>very</b> <i>late</i>", "so very late"),
        ("un<b>believ</b>able", "unbelievable"),
        ("spread \n  over\t lines", "spread over lines"),
        ("Fish &amp; chips &lt;3 &#8364;5 &eacute;nd", "Fish & chips <3 €5 énd"),
        ("2 < 3 and 5 > 4", "2 < 3 and 5 > 4"),
        ("a<script>steal()</script>b<style>p{}</style>c<!-- d -->e", "abce"),
        ('<a title="1 > 0" href="#">link</a>', "link"),
        ('<span class="invisible">https://</span><span>acme.example/x</span>', "https://acme.example/x"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a\nb"),
        ("<head><title>no</title></head><body>yes</body>", "yes"),
        ("cut in the middle of a tag <a hre", "cut in the middle of a tag"),
        ("nul\0 and half\ud83d and bell\x07", "nul and half and bell"),
        ("entities &#0; &#xD83D; hide &#7;them", "entities \ufffd \ufffd hide them"),
        ("", ""),
    ],
)
def test_html_becomes_the_text_that_a_reader_sees(markup: str, text: str) -> None:
    assert html_to_text(markup) == text


def test_html_with_hostile_nesting_is_stripped_without_being_understood() -> None:
    markup = "<div>" * 20_000 + "still &amp; <script>here</script>"
    assert html_to_text(markup) == "still & here"


def test_a_text_has_an_upper_length() -> None:
    assert len(html_to_text("<p>" + "x" * 10 * TEXT_LIMIT)) == TEXT_LIMIT
    assert len(plain_text("x" * 10 * TEXT_LIMIT)) == TEXT_LIMIT
    assert one_line("a b " * 100, 7) == "a b a b"


def test_plain_text_keeps_its_lines_and_its_angle_brackets() -> None:
    assert plain_text("if a <b> c:\n\n   go  on\r\nend ") == "if a <b> c:\ngo on\nend"


def test_a_title_is_one_line() -> None:
    assert one_line(" Flight \n cancelled\x00\t again ") == "Flight cancelled again"


@given(st.text(st.characters(codec=None)))
def test_whatever_the_html_the_text_can_be_stored_and_sent(markup: str) -> None:
    for text in (html_to_text(markup), html_to_text(f"<p>{markup}"), plain_text(markup), one_line(markup)):
        assert "\0" not in text
        text.encode("utf-8")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"])))
def test_escaped_text_comes_back_as_it_was_but_for_white_space(text: str) -> None:
    assert html_to_text(html.escape(text)).split() == text.split()
    assert html_to_text(f"<p>{html.escape(text)}</p>").split() == text.split()
