"""Marks the phrase that made a mention count, without trusting a character of the mention."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from markupsafe import Markup, escape

from mentions.matching import fold

MOST_CHARACTERS = 1_500


def marked(text: str, phrase: str) -> Markup:
    """The text, escaped, with every place where the phrase stands as whole words inside ``<mark>``.

    A text longer than a reader wants in a list ends with an ellipsis.
    """
    if len(text) > MOST_CHARACTERS:
        text = f"{text[:MOST_CHARACTERS].rstrip()} …"
    pieces, at = [Markup()], 0
    for start, end in _places(text, phrase):
        pieces += [escape(text[at:start]), Markup("<mark>{}</mark>").format(text[start:end])]
        at = end
    return Markup().join([*pieces, escape(text[at:])])


def _places(text: str, phrase: str) -> Iterator[tuple[int, int]]:
    words = fold(phrase).split()
    if not words:
        return
    folded, origins = _folded(text)
    pattern = r"\s+".join(map(re.escape, words))
    for found in re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", folded):
        yield origins[found.start()], origins[found.end()]


def _folded(text: str) -> tuple[str, list[int]]:
    """The text as phrases are compared, and for each of its characters where in the text it comes from.

    Folded piece by piece, a letter with its combining marks at a time, because folding changes lengths.
    """
    folded: list[str] = []
    origins: list[int] = []
    starts = [at for at, character in enumerate(text) if not unicodedata.combining(character)]
    starts = starts if starts[:1] == [0] else [0, *starts]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        piece = fold(text[start:end])
        folded.append(piece)
        origins += [start] * len(piece)
    return "".join(folded), [*origins, len(text)]
