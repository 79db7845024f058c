"""Marks what made a mention count, what carried its tone, and what is still open in a draft; no text is trusted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from markupsafe import Markup, escape

from mentions.query.marking import marks
from mentions.query.terms import Query
from playbooks.statements import blanks
from services.explaining import Place

# Bytes of one text on a page: fifty of them, whatever they are written in, leave it under 200 KB.
MOST_BYTES = 900
# A page that shows one text alone shows as much as browsers lay out at once.
WHOLE = 150_000
_ESCAPED = {"&": 5, "<": 4, ">": 4, '"': 5, "'": 5}
_BRACKETS = re.compile(r"(\[[^\[\]]*\])")
_WORD = re.compile(r"\w+")
# What must not stand there is written with a minus: -word, -"two words".
_UNWANTED = re.compile(r'(?:^|(?<=\s))-(?:"[^"]*"?|\S+)')
_FOUND = Markup("<mark>{}</mark>")
_SOUGHT = Markup('<mark class="sought">{}</mark>')
_CARRIED = {
    True: Markup('<span class="carried negative">{}</span>'),
    False: Markup('<span class="carried positive">{}</span>'),
}


def marked(
    text: str,
    wanted: Query | None,
    carried: Iterable[Place] = (),
    most: int = MOST_BYTES,
    sought: str = "",
) -> Markup:
    """The text, escaped, with every place where something wanted or sought stands inside ``<mark>``.

    A text of more than ``most`` bytes, which is what a reader wants in a list, ends with an ellipsis.

    Args:
        carried: places that carried its tone; those that meet something wanted or sought are left to it.
        sought: what somebody searches for; words that begin with one of its words are marked.
    """
    end = _room(text, most)
    if end < len(text):
        text = f"{text[:end].rstrip()} …"
    found = marks(wanted, text) if wanted else ()
    spans = [(start, end, _FOUND) for start, end in found]
    spans += [(start, end, _SOUGHT) for start, end in _places(sought, text) if _is_free(start, end, spans)]
    for one in carried:
        if one.end <= end and _is_free(one.start, one.end, spans):
            spans.append((one.start, one.end, _CARRIED[one.negative]))
    pieces, at = [Markup()], 0
    for start, end, element in sorted(spans, key=lambda span: span[:2]):
        pieces += [escape(text[at:start]), element.format(text[start:end])]
        at = end
    return Markup().join([*pieces, escape(text[at:])])


def _places(sought: str, text: str) -> Iterator[tuple[int, int]]:
    words = _WORD.findall(_UNWANTED.sub(" ", sought))
    if words:
        beginnings = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
        found = re.finditer(rf"\b(?:{beginnings})\w*", text, re.IGNORECASE)
        yield from (one.span() for one in found)


def _is_free(start: int, end: int, spans: Iterable[tuple[int, int, Markup]]) -> bool:
    return not any(start < other_end and other_start < end for other_start, other_end, _ in spans)


def is_cut(text: str, most: int) -> bool:
    """Whether a text is longer than what is shown of it."""
    return _room(text, most) < len(text)


def _room(text: str, most: int) -> int:
    """How many of its characters have room."""
    if len(escape(text).encode()) <= most:
        return len(text)  # what follows comes to the same, one by one
    left = most
    for at, character in enumerate(text):
        left -= _ESCAPED.get(character) or len(character.encode())
        if left < 0:
            return at
    return len(text)


def with_blanks(text: str) -> Markup:
    """The text, escaped, with what people still have to fill in inside ``<mark>``."""
    open_ones = set(blanks(text))
    pieces = [
        _FOUND.format(piece) if " ".join(piece.strip("[]").split()) in open_ones and piece[:1] == "[" else escape(piece)
        for piece in _BRACKETS.split(text)
    ]
    return Markup().join(pieces)
