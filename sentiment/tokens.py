"""A text in the pieces that VADER looks at: emoji in words, punctuation aside, phrases as one.

The pieces are those of the vaderSentiment package (https://github.com/cjhutto/vaderSentiment), exactly so where nothing
is added to its lexicon.
"""

from __future__ import annotations

import string
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from itertools import compress, count, pairwise
from typing import NamedTuple

# What is left of a token of so many characters without its punctuation may have been an emoticon.
_EMOTICON = 2
# Drawn with an emoji, not for itself: how the sign before it is shown, and the tone of a skin.
_SELECTORS = {chr(code) for code in (*range(0xFE00, 0xFE10), *range(0x1F3FB, 0x1F400))}
# Words on both sides of one of these are no phrase.
_ENDS = frozenset('.,;:!?)"')
_JOINER = "\u200d"


_Phrases = Mapping[tuple[str, str], Mapping[str, Sequence[list[str]]]]


class Tokens(NamedTuple):
    """A text in pieces; a tuple, because many are made.

    Attributes:
        written: as they stand in the text.
        keys: without punctuation and in lower case; as many as are written.
        text: what marks of exclamation and question are counted in.
        cut: more followed.
    """

    written: Sequence[str]
    keys: Sequence[str]
    text: str
    cut: bool


class _Keys(dict[str, str]):
    """By token the word it holds, without its punctuation, in lower case; the same ones come again and again."""

    _MOST = 1 << 16
    _LONGEST = 64

    def __missing__(self, token: str) -> str:
        stripped = token.strip(string.punctuation)
        key = (token if len(stripped) <= _EMOTICON else stripped).lower()
        if len(token) <= self._LONGEST:  # strangers choose the words
            if len(self) >= self._MOST:
                self.clear()
            self[token] = key
        return key


_KEYS = _Keys()


class Tokenizer:
    """Takes texts to pieces.

    Args:
        emoji: what stands for an emoji, by its one character.
        added: words beyond the package's. A key of several words is a phrase, which counts as one word; an emoji counts
            as itself. Where there are any, what goes with an emoji (skin, hair, gender) is left out; the package reads
            it as words.
        most: as many tokens are kept.
    """

    def __init__(self, emoji: Mapping[str, str], added: Collection[str], most: int | None) -> None:
        self._emoji = {character: text for character, text in emoji.items() if len(character) == 1}
        self._emoji |= {word: word for word in added if len(word) == 1 and not word.isascii()}
        self._plainly = bool(added)
        words = {ord(character): f" {text} " for character, text in self._emoji.items()}
        self._plain = {**dict.fromkeys(map(ord, _SELECTORS)), **words} if added else {}
        self._phrases = _by_first_words(word for word in added if " " in word)
        self._most = most

    def tokens(self, text: str) -> Tokens:
        """The text in pieces, emoji in words."""
        text = self._described(text).strip()
        written = text.split()
        cut = self._most is not None and len(written) > self._most
        if cut:
            written = written[: self._most]
        keys = [*map(_KEYS.__getitem__, written)]
        if self._phrases:
            written, keys = self._joined(written, keys)
        return Tokens(written, keys, text, cut)

    def _described(self, text: str) -> str:
        """The text with words in place of emoji."""
        if text.isascii() or self._emoji.keys().isdisjoint(text):
            return text
        if self._plainly:
            return self._described_plainly(text)
        parts: list[str] = []
        after_space = True
        for character in text:
            description = self._emoji.get(character)
            if description is None:
                parts.append(character)
                after_space = character == " "
            else:
                parts.append(description if after_space else f" {description}")
                after_space = False
        return "".join(parts)

    def _described_plainly(self, text: str) -> str:
        """The same, without what goes with them, each a word of its own."""
        return (_without_what_is_joined(text, self._emoji) if _JOINER in text else text).translate(self._plain)

    def _joined(self, written: list[str], keys: list[str]) -> tuple[list[str], list[str]]:
        """Tokens with each phrase as one; from left to right, the longest that begins at a word counts."""
        phrases = self._phrases
        begins = compress(count(), map(phrases.__contains__, pairwise(keys)))
        free, chosen = 0, []
        for at in begins:
            if at < free:
                continue
            by_third = phrases[keys[at], keys[at + 1]]
            longer = by_third.get(keys[at + 2]) if at + 2 < len(keys) else None
            for phrase in (*longer, *by_third.get("", ())) if longer else by_third.get("", ()):
                end = at + len(phrase)
                if keys[at:end] == phrase and _goes_on(written[at : end - 1]):
                    free = end
                    chosen.append((at, end))
                    break
        for at, end in reversed(chosen):
            written[at:end] = [" ".join(written[at:end])]
            keys[at:end] = [" ".join(keys[at:end])]
        return written, keys


def _goes_on(written: Iterable[str]) -> bool:
    """Whether no sentence or part of one ends in these tokens."""
    for token in written:  # noqa: SIM110  all() takes twice the time
        if token[-1] in _ENDS:
            return False
    return True


def _by_first_words(phrases: Iterable[str]) -> _Phrases:
    """Phrases in words by their first two, then by their third, which may be empty; the longest first."""
    found: dict[tuple[str, str], dict[str, list[list[str]]]] = {}
    for phrase in sorted(phrases, key=lambda phrase: (-phrase.count(" "), phrase)):
        first, second, *rest = words = phrase.split()
        found.setdefault((first, second), {}).setdefault(rest[0] if rest else "", []).append(words)
    return found


def _without_what_is_joined(text: str, emoji: Container[str]) -> str:
    """A text without what is joined to an emoji: a woman who shrugs shrugs."""
    kept: list[str] = []
    after_emoji = joined = False
    for character in text:
        if joined:
            joined = False
        elif character == _JOINER and after_emoji:
            joined = True
        else:
            after_emoji = character in emoji or (after_emoji and character in _SELECTORS)
            kept.append(character)
    return "".join(kept)


def bare(written: str) -> str:
    """As written, without the punctuation around it; an emoticon is nothing but punctuation."""
    without = written.strip(string.punctuation)
    return without if len(without) > _EMOTICON else written
