"""What a text holds that can be counted: words in a row, tags, links.

Plurals and the two spellings of "cancelled" count as one (the rules for plurals are those of Donna Harman, "How
effective is suffixing?", JASIS 42(1), 1991).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import groupby

from mentions.addresses import canonical
from mentions.folding import fold
from mentions.query.characters import is_unspaced, word_pattern
from topics.said import Said
from topics.words import JOINING, TONE, TURNING

# Longer texts are known by their beginning.
MOST_CHARACTERS = 2_000
# A word, as a row of one; a row of words by what they are counted under; or characters of a script without spaces.
Key = tuple[str, ...] | str

_LINK = re.compile(r"https?://[^\s<>\"]+|(?<!\w)www\.[^\s<>\"]+", re.IGNORECASE)
_HOST = re.compile(r"https?://(?:[^/?#@]*@)?([^:/?#\[\]]+)", re.IGNORECASE)  # RFC 3986, appendix B
_AFTER_LINK = ".,;:!?)]}'\u2019\u201d\u2026"
_HANDLE = re.compile(r"[\w.+-]{0,64}@[\w.@-]+")
_TAG = re.compile(r"(?<![\w&])#([^\s!-/:-@\[-^`{-~\u00a1-\u00bf\u2000-\u206f\u3000-\u303f]{1,64})")
# Where a sentence or a part of it ends; emoji part what stands around them too.
_BREAK = re.compile(r"[^\w\s'\u0300-\u036f\u0591-\u06ed\u0900-\u1aff-]+|[\n\r]+|\s-+\s")
_LONGEST_WORD = 64
_UNTOLD = JOINING | TURNING | TONE
_SHORT_FORMS = {
    "hr": "hour",
    "hrs": "hour",
    "min": "minute",
    "mins": "minute",
    "acct": "account",
    "info": "information",
}
_PLURALS = re.compile(r"(?<=[^\Wae])ies$|(?<=[^\Waeo])es$|(?<=[^\Wus'])s$")
# They say that something is linked, not what.
_SHORTENERS = frozenset(
    {
        "t.co",
        "bit.ly",
        "tinyurl.com",
        "ow.ly",
        "buff.ly",
        "goo.gl",
        "lnkd.in",
        "dlvr.it",
        "ift.tt",
        "is.gd",
        "fb.me",
        "trib.al",
    }
)


class Kind(StrEnum):
    """What sort of thing is counted."""

    WORDS = "words"  # a word, a phrase, or characters of a script without spaces
    TAG = "tag"
    LINK = "link"
    SITE = "site"
    SOURCE = "source"

    # Enumerations hash in Python; terms are looked up millions of times.
    __hash__ = str.__hash__


Term = tuple[Kind, Key]


@dataclass(frozen=True, slots=True)
class Terms:
    """What stands in a text.

    Attributes:
        rows: words that follow one another, as written but folded.
        stems: what these words are counted under.
        runs: characters that follow one another, of scripts that write no spaces.
        labels: tags, links in it, sites of these and of its own address, and the source.
    """

    rows: tuple[tuple[str, ...], ...]
    stems: tuple[tuple[str, ...], ...]
    runs: tuple[str, ...]
    labels: frozenset[Term]

    @property
    def followed(self) -> tuple[Key, ...]:
        """Everything in which something follows something: stems and runs."""
        return *self.stems, *self.runs


class Reader:
    """Reads texts about one brand.

    Args:
        own: names and phrases of the brand, which stand in nearly all of them and tell nothing.
    """

    def __init__(self, own: Iterable[str] = ()) -> None:
        names = sorted({folded for name in own if (folded := " ".join(fold(name).split()))}, key=len, reverse=True)
        self._own = re.compile("|".join(map(_name_pattern, names))) if names else None
        self._own_tags = {"#" + "".join(re.findall(r"\w+", name)) for name in names}

    def read(self, said: Said, most: int = MOST_CHARACTERS) -> Terms:
        """What stands in the first so many characters of a text; never raises on any string."""
        content = said.content[:most]
        labels: set[Term] = {(Kind.SOURCE, said.source), *_sites(said.url or "")}
        if "://" in content or "www." in content.lower():
            labels.update(_links(found.rstrip(_AFTER_LINK) for found in _LINK.findall(content)))
            content = _LINK.sub("\n", content)
        folded = fold(content)
        labels.update(self._tags(folded))
        rows, runs = _rows_and_runs(self._without_signs(folded))
        return Terms(rows, tuple(tuple(map(stem, row)) for row in rows), runs, frozenset(labels))

    def _tags(self, folded: str) -> Iterator[Term]:
        if "#" in folded:
            tags = {f"#{tag}" for tag in _TAG.findall(folded) if any(map(str.isalpha, tag))} - self._own_tags
            yield from ((Kind.TAG, tag) for tag in tags)

    def _without_signs(self, folded: str) -> str:
        """Without tags, handles and the brand's own names."""
        if "#" in folded:
            folded = _TAG.sub("\n", folded)
        if "@" in folded:
            folded = _HANDLE.sub("\n", folded)
        return self._own.sub("\n", folded) if self._own else folded


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """What a word is counted under; words that tell nothing are left as they are."""
    if word in _SHORT_FORMS:
        return _SHORT_FORMS[word]
    if word in _UNTOLD or len(word) < 4:  # noqa: PLR2004  # "gas", "bus": the rules are for longer words
        return word
    found = word.removesuffix("'s").replace("lled", "led").replace("lling", "ling").replace("llation", "lation")
    found = _PLURALS.sub(lambda plural: {"ies": "y", "es": "e"}.get(plural[0], ""), found)
    return word if found in _UNTOLD else found


@lru_cache(maxsize=1 << 16)
def tells(word: str) -> bool:
    """Whether a word alone tells something of what a text is about."""
    return len(word) > 1 and word not in _UNTOLD and any(map(str.isalpha, word))


def stands(key: Key) -> bool:
    """Whether it reads as a term of its own."""
    if isinstance(key, str):
        return len(key) > 1
    if len(key) == 1:
        return tells(key[0])
    first, last = key[0], key[-1]
    if not (tells(first) or first in TURNING):
        return False
    if not (tells(last) or last in TURNING or (tells(key[-2]) and _is_designation(last))):
        return False
    return any(map(tells, key)) and not any(word in TONE for word in key)


def parts(key: Key) -> Iterable[Key]:
    """Everything that stands inside it."""
    return (key[at : at + size] for size in range(1, len(key)) for at in range(len(key) - size + 1))


def _is_designation(word: str) -> bool:
    """Whether a number names something ("flight 3411", "error 503") instead of counting it."""
    return word.isdigit() and len(word) > 2  # noqa: PLR2004


def _rows_and_runs(said: str) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    runs: list[str] = []
    for piece in _BREAK.split(said):
        words = [word[:_LONGEST_WORD] for word in word_pattern().findall(piece)]
        if piece.isascii() or not any(map(is_unspaced, piece)):
            rows.append(tuple(words))
        else:
            _part_scripts(words, rows, runs)
    return tuple(row for row in rows if row), tuple(runs)


def _part_scripts(words: Sequence[str], rows: list[tuple[str, ...]], runs: list[str]) -> None:
    for unspaced, some in groupby(words, key=lambda word: is_unspaced(word[0])):
        if unspaced:
            runs.append("".join(some))
        else:
            rows.append(tuple(some))


def _links(addresses: Iterable[str]) -> Iterator[Term]:
    for address in addresses:
        whole = address if "://" in address else f"http://{address}"
        if page := canonical(whole):
            yield Kind.LINK, page
        yield from _sites(whole)


def _sites(address: str) -> Iterator[Term]:
    if found := _HOST.match(address):
        host = found[1].lower().removeprefix("www.")
        if host not in _SHORTENERS:
            yield Kind.SITE, host


def _name_pattern(name: str) -> str:
    """A name as a whole word, with its possessive; in scripts without spaces wherever it stands."""
    words = r"\s+".join(map(re.escape, name.split()))
    begins = "" if is_unspaced(name[0]) else r"(?<!\w)"
    return rf"{begins}{words}(?:'s)?" + ("" if is_unspaced(name[-1]) else r"(?!\w)")
