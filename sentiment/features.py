"""What the learned model looks at in a text: words and pairs of words, and how VADER felt about it."""

from __future__ import annotations

import html
import re
from itertools import pairwise

from mentions.folding import fold

# Longer than this is an article, whose beginning says what it is about.
MOST_CHARACTERS = 4_000
# Strangers choose the words; what is longer is no word that three people share.
_LONGEST_WORD = 40
_TOKEN = re.compile(
    r"(?P<link>https?://\S+|www\.\S+)"
    r"|(?P<account>[\w.+-]{0,64}@[\w.-]+)"
    r"|(?P<number>\d[\d.,:/-]*)"
    r"|[^\W\d_]+(?:'[^\W\d_]+)*"
    r"|[!?\u2190-\u2bff\U0001f300-\U0001f3fa\U0001f400-\U0001faff]"
)
# Whose account or which number it was is nobody's business, and tells no tone.
PLACEHOLDERS = {"link": "<link>", "account": "<account>", "number": "<number>"}


def terms(text: str) -> list[str]:
    """The words of a text in their order, then all pairs of neighbours; what it repeats stands there repeatedly.

    Links, accounts (mail addresses too) and numbers become placeholders; emoji and marks of exclamation and question
    are words.
    """
    said = fold(html.unescape(text[:MOST_CHARACTERS]))
    words = [PLACEHOLDERS.get(found.lastgroup or "") or found[0][:_LONGEST_WORD] for found in _TOKEN.finditer(said)]
    return [*words, *(f"{one} {following}" for one, following in pairwise(words))]


def tone(compound: float, negative_from: float, positive_from: float) -> tuple[float, float, float, float]:
    """How VADER felt, so that a linear model can weigh both sides: strengths, then the labels they come to."""
    return (
        max(-compound, 0.0),
        max(compound, 0.0),
        float(compound <= negative_from),
        float(compound >= positive_from),
    )
