"""Marks what made a mention count, without trusting a character of the mention."""

from __future__ import annotations

from markupsafe import Markup, escape

from mentions.query.marking import marks
from mentions.query.terms import Query

MOST_CHARACTERS = 1_500


def marked(text: str, wanted: Query | None) -> Markup:
    """The text, escaped, with every place where something wanted stands inside ``<mark>``.

    A text longer than a reader wants in a list ends with an ellipsis.
    """
    if len(text) > MOST_CHARACTERS:
        text = f"{text[:MOST_CHARACTERS].rstrip()} …"
    pieces, at = [Markup()], 0
    for start, end in marks(wanted, text) if wanted else ():
        pieces += [escape(text[at:start]), Markup("<mark>{}</mark>").format(text[start:end])]
        at = end
    return Markup().join([*pieces, escape(text[at:])])
