"""Which mentions tell the same story: the same page, the same text, or nearly the same text.

Each mention has marks, 64-bit numbers drawn from its address and its words. Two mentions tell the same story if they
share a mark and were published at most :data:`WINDOW` apart, and a story is whatever hangs together by that. The
relation looks at nothing but the two mentions, so that stories do not depend on the order in which mentions arrive, and
because a shared mark is the whole of it, nobody has to be compared with everybody.

Marks for nearly the same text are those of I-Match with many lexicons (Kolcz, Chowdhury and Alspector, "Improved
Robustness of Signature-Based Near-Replica Detection via Lexicon Randomization", KDD 2004): the words of a text fall
into groups by their hashes, each group with seven words or more gives one mark, and that three times over. An edit
changes the groups of the words it touches and leaves the others.
"""

from __future__ import annotations

import hashlib
import re
import struct
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache

from mentions.addresses import address_digest
from mentions.folding import fold
from mentions.mention import Mention, WordMarks, content_of

WINDOW = timedelta(days=7)

# Longer texts are known by their beginning, so that none costs more than a few milliseconds.
_MOST_CHARACTERS = 10_000
_MOST_WORDS = 64
_MOST_GROUPS = 8
# So many words fall into more groups than are kept already when they are hashed once.
_MANY_WORDS = 48
# Fewer words than this in common are chance: measured on two thousand complaints about one event.
_GROUP = 7
# What is cut short by an ellipsis still begins as the whole does; 90 characters are about 16 words.
_BEGINNING = 90
_BITS = 64
_ALL = (1 << _BITS) - 1

_LINK = re.compile(r"https?://[!-~]+|(?<!\w)www\.[!-~]+")
_HANDLE = re.compile(r"(?<!\w)(?:via|cc|h/t)?\s?@[a-z0-9_][a-z0-9_.-]*(?:@[a-z0-9.-]+)?")
_REPOSTED = re.compile(r"(?<!\w)(?:rt|mt)\s?@[a-z0-9_][a-z0-9_.@-]*:?")
_TAG = re.compile(r"#[^\s#]+")
# Words are what stands between white space and punctuation; vowel signs, which ``\w`` leaves out, belong to them.
# Longer ones are cut: hashes of words are remembered, and strangers choose the words.
_WORD = re.compile(r"[^\s!-/:-@\[-`{-~\u00a1-\u00bf\u2000-\u206f\u3001-\u3003\u3008-\u3011\u3014-\u301f\u30fb]{1,64}")
# Thai, Lao, Burmese, Khmer, Kana and Han put no spaces between words: three characters in a row stand for one.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]")
_RUN = 3


class Sameness(StrEnum):
    """Why two mentions tell the same story."""

    ADDRESS = "same address"
    TEXT = "same text"
    NEARLY = "nearly the same text"


@dataclass(frozen=True, slots=True)
class Marks:
    """What a mention is recognised by; numbers are signed and of 64 bits, as databases hold them.

    Attributes:
        address: digest of the canonical address, None where it has none.
        text: of all its words, None where there is nothing but what vanishes in folding.
        nearly: of groups of its words and of its beginning; none where the text is short.
    """

    address: str | None
    text: int | None
    nearly: frozenset[int]

    @property
    def keys(self) -> frozenset[int]:
        """The fewest of them that decide: equal texts have equal groups, if they have any."""
        keys = self.nearly or frozenset(() if self.text is None else (self.text,))
        return keys | {_signed(int(self.address[:16], 16))} if self.address else keys


def same_story(one: Mention, other: Mention) -> Sameness | None:
    """Why both tell the same story, None where they do not; the order of the two makes no difference."""
    if abs(second(one) - second(other)) > WINDOW.total_seconds():
        return None
    ours, theirs = marks(one), marks(other)
    if ours.address and ours.address == theirs.address:
        return Sameness.ADDRESS
    if ours.text is not None and ours.text == theirs.text:
        return Sameness.TEXT
    return Sameness.NEARLY if ours.nearly & theirs.nearly else None


def second(mention: Mention) -> int:
    """When it was published, in whole seconds since 1970."""
    return int(mention.published.at.timestamp())


def marks(mention: Mention) -> Marks:
    """What a mention is recognised by.

    A rating's address does not count: it is the page of what is rated.
    """
    text, nearly = mention.word_marks or word_marks(mention.title, mention.text)
    return Marks(None if mention.rating else address_digest(mention.url), text, nearly)


def word_marks(title: str, text: str) -> WordMarks:
    """What a title and a text are recognised by.

    Left out of the words: links, handles, tags at the end, and whatever comes before "RT @somebody".
    """
    body = _words(text)
    heading = () if text.startswith(title) else _words(title)
    words = [*heading, *body] or fold(content_of(title, text)[:_MOST_CHARACTERS]).split()
    return (
        _digest("text", " ".join(words)) if words else None,
        frozenset((*_groups(words), *_beginning(body or heading))),
    )


def components(ids: Iterable[int], links: Iterable[tuple[int, int]]) -> dict[int, int]:
    """For each id the lowest of those that it hangs together with (union-find with path halving)."""
    parent = {each: each for each in ids}

    def root(of: int) -> int:
        while parent[of] != of:
            parent[of] = of = parent[parent[of]]
        return of

    for one, other in links:
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    return {each: root(each) for each in parent}


def _words(text: str) -> Sequence[str]:
    """What somebody says, without what others add in passing it on."""
    said = fold(text[:_MOST_CHARACTERS])
    if "://" in said or "www." in said:
        said = _LINK.sub(" ", said)
    if "@" in said:
        said = _HANDLE.sub(" ", _original(said))
    if "#" in said:
        said = _without_last_tags(said)
    return _WORD.findall(said)


def _original(said: str) -> str:
    """What stands after the last "RT @somebody", if anything does."""
    parts = _REPOSTED.split(said)
    return next((part for part in reversed(parts) if part.strip()), "")


def _without_last_tags(said: str) -> str:
    words = said.split()
    kept = len(words)
    while kept and _TAG.fullmatch(words[kept - 1]):
        kept -= 1
    return " ".join(words[:kept]) or said


def _groups(words: Sequence[str]) -> Iterator[int]:
    """Marks of groups of words, at most eight of them: those of least value, so that near texts choose the same."""
    elements = set(_elements(words))
    if len(elements) >= _MANY_WORDS:
        hashings = [sorted(map(_first_hash, elements))[:_MOST_WORDS]]
    else:
        hashings = [sorted(each) for each in zip(*map(_hashes, elements), strict=True)]
    found = {sum(group) & _ALL for each in hashings for group in _smallest_groups(each)}
    return map(_signed, sorted(found)[:_MOST_GROUPS] if len(found) > _MOST_GROUPS else found)


def _elements(words: Sequence[str]) -> Iterable[str]:
    joined = "".join(words)
    if joined.isascii() or not _UNSPACED.search(joined):
        return words
    return [piece for word in words for piece in (_runs(word) if _UNSPACED.search(word) else (word,))]


def _runs(word: str) -> Sequence[str]:
    return [word[at : at + _RUN] for at in range(max(1, len(word) - _RUN + 1))]


def _smallest_groups(hashes: Sequence[int], half: int = 1 << (_BITS - 1), start: int = 0) -> list[Sequence[int]]:
    """The hashes halved by their leading bits for as long as a half has enough of them.

    Whether a group is one depends on what is in it alone, not on the rest of the text.
    """
    if len(hashes) < _GROUP:
        return []
    middle = bisect_left(hashes, start + half)
    below = _smallest_groups(hashes[:middle], half >> 1, start) if middle >= _GROUP else []
    above = _smallest_groups(hashes[middle:], half >> 1, start + half) if len(hashes) - middle >= _GROUP else []
    return below + above or [hashes]


def _beginning(words: Sequence[str]) -> Iterator[int]:
    beginning = " ".join(words[:_BEGINNING])[:_BEGINNING]
    if len(beginning) == _BEGINNING:
        yield _digest("beginning", beginning)


# The same words come again and again: most are looked up.
@lru_cache(maxsize=1 << 16)
def _hashes(word: str) -> tuple[int, ...]:
    """Three numbers of 64 bits that have nothing to do with each other."""
    digest = hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=24).digest()
    return struct.unpack(">3Q", digest)


@lru_cache(maxsize=1 << 16)
def _first_hash(word: str) -> int:
    return _hashes(word)[0]


def _digest(purpose: str, text: str) -> int:
    written = f"{purpose} {text}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(written, digest_size=8).digest(), "big", signed=True)


def _signed(number: int) -> int:
    return number - (1 << (_BITS - 1))
