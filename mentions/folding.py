"""The one form in which texts are compared."""

from __future__ import annotations

import unicodedata

# Soft hyphens, zero-width characters, marks of direction, variation selectors and the signs that lawyers add to names
# (their compatibility forms would become letters of the word before): what is seen is the same with and without them.
_VANISHING = (0xAD, 0x2060, 0xFEFF, 0x2120, 0x2122, *range(0x200B, 0x2010), *range(0x202A, 0x202F))
_SEEN = {0x2018: "'", 0x2019: "'"} | dict.fromkeys((*_VANISHING, *range(0x2066, 0x206A), *range(0xFE00, 0xFE10)))


def fold(text: str) -> str:
    """Text in the form in which phrases are compared.

    Compatibility forms and case are folded (Unicode UAX #15 NFKC, then full case folding), curly apostrophes become
    straight, invisible characters vanish: people type names in all of these ways.
    """
    if text.isascii():
        return text.lower()  # what the rest comes to for ASCII, many times faster
    return unicodedata.normalize("NFKC", spell(text).casefold())


def spell(text: str) -> str:
    """As :func:`fold`, with upper and lower case left as they are."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text.translate(_SEEN))
