"""Plain text out of what strangers write: HTML, entities, control characters, any length."""

from __future__ import annotations

import html
import re

from selectolax.lexbor import LexborHTMLParser

# Characters of one text. The longest articles stay whole; a feed cannot fill the database with one entry.
TEXT_LIMIT = 50_000
TITLE_LIMIT = 1_000
# lexbor looks through all open elements for each one it opens, as the HTML standard has it: 100,000 nested <div> take
# it 20 s, 5,000 take 0.04 s. Texts with more tags than this are stripped without being understood.
_TAGS_LIMIT = 5_000

_BLOCKS = (
    "address|article|aside|blockquote|br|caption|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|"
    "h[1-6]|header|hr|li|main|nav|ol|option|p|pre|section|summary|table|td|th|tr|ul"
)
_BLOCK = re.compile(rf"<(?=/?(?:{_BLOCKS})[\s/>])", re.IGNORECASE)
_ANY_TAG = re.compile(r"<[/!?a-zA-Z][^<>]*>")
_UNREAD = ["script", "style", "template", "noscript", "iframe", "svg", "head"]
# Stands for a line break while white space is collapsed; control characters are taken out of the text before.
_BREAK = "\x1e"
# Control characters, halves of surrogate pairs and non-characters: PostgreSQL, XML and mail refuse one or the other.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def html_to_text(markup: str) -> str:
    """The text a reader of some HTML sees, at most TEXT_LIMIT characters.

    Block elements become line breaks, white space is collapsed, entities are undone; scripts and styles are left out.
    """
    marked = _BLOCK.sub(f"{_BREAK}<", _UNWANTED.sub("", markup))
    if marked.count("<") > _TAGS_LIMIT:
        return _tidied(html.unescape(_ANY_TAG.sub("", marked)))
    if "<" not in marked:
        return _tidied(html.unescape(marked))
    tree = LexborHTMLParser(marked)
    tree.strip_tags(_UNREAD)
    return _tidied(tree.text(deep=True))


def plain_text(text: str) -> str:
    """A text that is not HTML, fit to be stored: its lines kept, at most TEXT_LIMIT characters."""
    return _tidied(_BREAK.join(_UNWANTED.sub("", text).splitlines()))


def one_line(text: str, limit: int = TITLE_LIMIT) -> str:
    """A title or a name on one line, of at most ``limit`` characters."""
    return " ".join(_UNWANTED.sub("", text).split())[:limit].rstrip()


def _tidied(marked: str) -> str:
    lines = "\n".join(filter(None, (" ".join(line.split()) for line in marked.split(_BREAK))))
    return _UNWANTED.sub("", lines)[:TEXT_LIMIT].rstrip()
