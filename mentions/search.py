"""Words by which mentions are searched, and what people ask for by them.

A text is cut into words without regard to case, accents and punctuation. What stands in scripts that do not part their
words is cut into pairs of characters, so that any part of two or more is found wherever it stands; an emoji is a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from mentions.folding import fold
from mentions.query.characters import UNSPACED_RANGES

# No word of a text is made of it: it parts title, author and text, so that no phrase reaches from one into the other.
BREAK = "_"
# What is beyond is not searched: a wall of words says nothing that its first ten thousand do not.
MOST_WORDS = 10_000
_MOST_CHARACTERS = 50_000
# Longer words are cut, here and in what is asked for.
_LONGEST = 64
_ACCENTS = dict.fromkeys(range(0x300, 0x370))
_PLAIN = re.compile(r"[a-z0-9]+")
# Vowel signs, which ``\w`` leaves out, belong to their words.
_SIGNS = "\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0963\u0966-\u0dff"
_EMOJI = "\u2600-\u27bf\U0001f000-\U0001faff"
_PIECE = re.compile(rf"(?P<run>[{UNSPACED_RANGES}]+)|[{_EMOJI}]|(?:[^\W_{UNSPACED_RANGES}]|[{_SIGNS}])+")
_QUOTE = re.compile("[\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02]")
_ASKED = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


@dataclass(frozen=True, slots=True)
class Wording:
    """Words that must stand one after the other.

    Attributes:
        open_end: the last one may go on: ``cancel`` finds ``cancelled``.
    """

    words: tuple[str, ...]
    open_end: bool

    @property
    def written(self) -> str:
        """How it stands among words as of :func:`joined`."""
        return f" {' '.join(self.words)}{'' if self.open_end else ' '}"


@dataclass(frozen=True, slots=True)
class Search:
    """What is to be found: all of the one, none of the other."""

    wanted: tuple[Wording, ...]
    unwanted: tuple[Wording, ...]

    @property
    def asks_nothing(self) -> bool:
        """Whether there is no word in it at all, but signs, say; it finds nothing."""
        return not self.wanted and not self.unwanted


def read_search(text: str) -> Search:
    """What somebody asks for: words, ``"phrases as written"``, and ``-words`` that must not stand there.

    Each word finds those that begin with it. Whatever is written asks for something or is passed over; nothing is an
    error, for people type as they go.
    """
    wanted: list[Wording] = []
    unwanted: list[Wording] = []
    for found in _ASKED.finditer(_QUOTE.sub('"', text)):
        wording = _wording(found["phrase"] or found["word"] or "", quoted=found["word"] is None)
        if wording.words:
            (unwanted if found["minus"] else wanted).append(wording)
    return Search(tuple(dict.fromkeys(wanted)), tuple(dict.fromkeys(unwanted)))


def _wording(text: str, *, quoted: bool) -> Wording:
    words = [*_words(text)]
    ends_unparted = bool(words) and _is_run(words[-1])
    if ends_unparted and len(words) > 1 and _is_run(words[-2]) and words[-2][-1:] == words[-1]:
        words.pop()  # the pair before has it already
    return Wording(tuple(words), open_end=ends_unparted or not quoted)


def _is_run(word: str) -> bool:
    found = _PIECE.fullmatch(word)
    return found is not None and found["run"] is not None


def joined(*texts: str | None) -> str:
    """All words of texts in their order, each between spaces, the texts parted by :data:`BREAK`."""
    parts: list[str] = []
    for text in filter(None, texts):
        parts += [BREAK, *_words(text)] if parts else _words(text)
    return f" {' '.join(parts[:MOST_WORDS])} "


def _words(text: str) -> Iterator[str]:
    text = text[:_MOST_CHARACTERS]
    if text.isascii():
        return (word[:_LONGEST] for word in _PLAIN.findall(text.lower()))
    return _words_of_any(text)


def _words_of_any(text: str) -> Iterator[str]:
    plain = unicodedata.normalize("NFD", fold(text)).translate(_ACCENTS)
    for found in _PIECE.finditer(unicodedata.normalize("NFC", plain)):
        run = found["run"]
        if run is None:
            yield found[0][:_LONGEST]
        else:
            yield from (run[at : at + 2] for at in range(len(run)))
