"""Marks what made a mention count, what carried its tone, and what is still open in a draft; no text is trusted."""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import Markup, escape

from mentions.query.marking import marks
from mentions.query.terms import Query
from playbooks.statements import blanks
from services.explaining import Place

MOST_CHARACTERS = 700
# A page that shows one text alone shows as much as browsers lay out at once.
WHOLE = 100_000
_BRACKETS = re.compile(r"(\[[^\[\]]*\])")
_FOUND = Markup("<mark>{}</mark>")
_CARRIED = {
    True: Markup('<span class="carried negative">{}</span>'),
    False: Markup('<span class="carried positive">{}</span>'),
}


def marked(text: str, wanted: Query | None, carried: Iterable[Place] = (), most: int = MOST_CHARACTERS) -> Markup:
    """The text, escaped, with every place where something wanted stands inside ``<mark>``.

    A text longer than ``most`` characters, which is what a reader wants in a list, ends with an ellipsis.

    Args:
        carried: places that carried its tone; those that meet something wanted are left to it.
    """
    if len(text) > most:
        text = f"{text[:most].rstrip()} …"
    found = marks(wanted, text) if wanted else ()
    spans = [(start, end, _FOUND) for start, end in found]
    spans += [
        (one.start, one.end, _CARRIED[one.negative])
        for one in carried
        if one.end <= most and not any(start < one.end and one.start < end for start, end in found)
    ]
    pieces, at = [Markup()], 0
    for start, end, element in sorted(spans, key=lambda span: span[:2]):
        pieces += [escape(text[at:start]), element.format(text[start:end])]
        at = end
    return Markup().join([*pieces, escape(text[at:])])


def with_blanks(text: str) -> Markup:
    """The text, escaped, with what people still have to fill in inside ``<mark>``."""
    open_ones = set(blanks(text))
    pieces = [
        _FOUND.format(piece) if " ".join(piece.strip("[]").split()) in open_ones and piece[:1] == "[" else escape(piece)
        for piece in _BRACKETS.split(text)
    ]
    return Markup().join(pieces)
