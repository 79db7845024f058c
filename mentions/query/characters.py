"""Which characters words are made of."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from itertools import chain

# Scripts that write words without spaces between them, or fuse endings to names: Thai, Lao, Burmese, Khmer, Kana, Han,
# Hangul (Unicode UAX #29 leaves their word boundaries to dictionaries). There a name is a name wherever it stands.
UNSPACED_RANGES = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
# The planes above hold ideographs and private characters; beyond them stand the variation selectors.
_PLANES_WITH_MARKS = (range(0x20000), range(0xE0100, 0xE01F0))
_LAST_LOW = "\uffff"
_UNSPACED = re.compile(f"[{UNSPACED_RANGES}]")


@lru_cache(maxsize=4096)
def is_unspaced(character: str) -> bool:
    """Whether the character belongs to a script that does not part its words."""
    return _UNSPACED.match(character) is not None


@lru_cache(maxsize=4096)
def is_word_character(character: str) -> bool:
    """Letters, digits, the low line, and the marks that many scripts set on letters (Unicode category M)."""
    return character.isalnum() or character == "_" or unicodedata.category(character)[0] == "M"


@lru_cache(maxsize=4096)
def goes_on(character: str) -> bool:
    """Whether a word of a script that parts its words does not end beside this character."""
    return is_word_character(character) and not is_unspaced(character)


@lru_cache(maxsize=4096)
def stands_alone(character: str) -> bool:
    """Whether a name that begins or ends with this character may touch a word there: of such a script, or an emoji."""
    return is_unspaced(character) or unicodedata.category(character) == "So"


@cache
def word_pattern() -> re.Pattern[str]:
    """Finds the words of a folded text; where words are not parted, each character counts as one."""
    marks = [chr(code) for code in chain(*_PLANES_WITH_MARKS) if unicodedata.category(chr(code))[0] == "M"]
    low, high = ("".join(mark for mark in marks if (mark > _LAST_LOW) is beyond) for beyond in (False, True))
    # Python's re looks up characters of the first plane in a table and compares those beyond one by one, so these are
    # kept apart and asked for only where one stands.
    letters = rf"[^\W{UNSPACED_RANGES}]++"
    letter = rf"(?:{letters}|(?![{UNSPACED_RANGES}])[{low}]|(?=[^\0-{_LAST_LOW}])[{high}])"
    return re.compile(rf"[{UNSPACED_RANGES}]|{letter}(?:'?{letter})*+")
