"""VADER in linear time.

The lexicon, the constants and the rules are those of the vaderSentiment package, and so is every score, to the last
digit: C.J. Hutto and E.E. Gilbert, VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social Media Text,
ICWSM 2014, https://github.com/cjhutto/vaderSentiment. The package lower-cases the whole text again for every word that
it knows, so that its time grows with the square of the length; here every word is looked at once. Where a rule looks
odd (which words "never so" reaches, which of two equal words "but" changes), it is the package's.
"""

from __future__ import annotations

import heapq
import string
from collections.abc import Mapping, Sequence
from functools import lru_cache

from vaderSentiment.vaderSentiment import BOOSTER_DICT, C_INCR, N_SCALAR, NEGATE, SPECIAL_CASES, normalize

_NEGATIONS = frozenset(NEGATE)
_SO = {"so", "this"}
_MOST_EXCLAMATIONS = 4
_EXCLAMATION = 0.292
_QUESTION = 0.18
_MANY_QUESTIONS = 0.96
_FEW = 3
# Beyond this distance to the left, words have no say.
_REACH = 3
# What is left of a token of so many characters without its punctuation may have been an emoticon.
_EMOTICON = 2
_DISTANCE = (1.0, 0.95, 0.9)


class Vader:
    """Scores texts by a lexicon.

    Args:
        lexicon: valence from -4 to 4 by lower-case word.
        emoji: what stands for an emoji, by its one character.
    """

    def __init__(self, lexicon: Mapping[str, float], emoji: Mapping[str, str]) -> None:
        self._lexicon = lexicon
        self._emoji = {character: text for character, text in emoji.items() if len(character) == 1}

    def compound(self, text: str) -> float:
        """The compound score of a text, from -1 (all anger) to 1 (all praise), rounded to four digits."""
        text = self._described(text).strip()
        tokens = [_token(token) for token in text.split()]
        if not tokens:
            return 0.0
        words, lower, shouted = zip(*tokens, strict=True)
        shouting = 0 < sum(shouted) < len(words)
        hits = {
            at: self._valence(words, lower, at, shouting=shouting)
            for at, word in enumerate(lower)
            if word in self._lexicon and not _is_modifier(lower, at)
        }
        if "but" in lower:
            _weigh_around(lower.index("but"), hits)
        total = float(sum(hits.values()))
        return round(float(normalize(_emphasised(total, text))), 4)

    def _described(self, text: str) -> str:
        """The text with words in place of emoji."""
        if text.isascii() or self._emoji.keys().isdisjoint(text):
            return text
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

    def _valence(self, words: Sequence[str], lower: Sequence[str], at: int, *, shouting: bool) -> float:
        lexicon = self._lexicon
        valence = lexicon[lower[at]]
        if lower[at] == "no" and at + 1 < len(lower) and lower[at + 1] in lexicon:
            valence = 0.0
        if _is_denied(lower, at):
            valence = lexicon[lower[at]] * N_SCALAR
        if shouting and words[at].isupper():
            valence += C_INCR if valence > 0 else -C_INCR
        for back in range(1, min(at, _REACH) + 1):
            if lower[at - back] in lexicon:
                continue
            booster = _boost(words[at - back], lower[at - back], valence, shouting=shouting)
            valence = _negated(valence + booster * _DISTANCE[back - 1], lower, at, back)
            if back == _REACH:
                valence = _idiomatic(valence, lower, at)
        if (
            at
            and lower[at - 1] == "least"
            and "least" not in lexicon
            and (at == 1 or lower[at - 2] not in {"at", "very"})
        ):
            valence *= N_SCALAR
        return valence


# The same words come again and again: most are looked up.
@lru_cache(maxsize=1 << 16)
def _token(token: str) -> tuple[str, str, bool]:
    """The word that a token holds, without its punctuation, in lower case, and whether it is all in capitals."""
    stripped = token.strip(string.punctuation)
    word = token if len(stripped) <= _EMOTICON else stripped
    return word, word.lower(), word.isupper()


def _is_modifier(lower: Sequence[str], at: int) -> bool:
    """Whether a word says how much, not what."""
    return lower[at] in BOOSTER_DICT or (lower[at] == "kind" and "of" in lower[at + 1 : at + 2])


def _is_denied(lower: Sequence[str], at: int) -> bool:
    before = lower[max(at - _REACH, 0) : at]
    return "no" in before[-2:] or ("no" in before[:-2] and before[-1] in {"or", "nor"})


def _is_least(lower: Sequence[str], at: int) -> bool:
    before = lower[max(at - 2, 0) : at]
    return "least" in before[-1:] and before[0] not in {"at", "very"}


def _boost(word: str, lower: str, valence: float, *, shouting: bool) -> float:
    scalar = BOOSTER_DICT.get(lower)
    if scalar is None:
        return 0.0
    if valence < 0:
        scalar = -scalar
    if shouting and word.isupper():
        scalar += C_INCR if valence > 0 else -C_INCR
    return float(scalar)


def _negated(valence: float, lower: Sequence[str], at: int, back: int) -> float:
    """The valence after what a negation so many words before it does."""
    word, last = lower[at - back], lower[at - 1]
    between = lower[at - back + 1]
    if back > 1:
        never = word == "never" and between in _SO
        if never or (back == _REACH and last in _SO):
            return valence * 1.25
        if word == "without" and "doubt" in {between, last}:
            return valence
    return valence * N_SCALAR if word in _NEGATIONS or "n't" in word else valence


def _idiomatic(valence: float, lower: Sequence[str], at: int) -> float:
    three, two, one, zero = lower[at - 3 : at + 1]
    before = (f"{one} {zero}", f"{two} {one} {zero}", f"{two} {one}", f"{three} {two} {one}", f"{three} {two}")
    valence = next((SPECIAL_CASES[idiom] for idiom in before if idiom in SPECIAL_CASES), valence)
    for end in (at + 2, at + 3):
        idiom = " ".join(lower[at:end])
        if end <= len(lower) and idiom in SPECIAL_CASES:
            valence = SPECIAL_CASES[idiom]
    for n in (3, 4, 2):
        valence += BOOSTER_DICT.get(before[n], 0)
    return valence


def _weigh_around(but: int, hits: dict[int, float]) -> None:
    """Halve what stands before "but", stress what follows.

    Going through the hits in order, the package changes the first one of the value it meets, which among equal ones is
    another. Which one that is, the heaps know.
    """
    places: dict[float, list[int]] = {}
    for at, valence in hits.items():
        places.setdefault(valence, []).append(at)
    for met in list(hits):
        valence = hits[met]
        if not valence:
            continue
        first = places[valence]
        while hits[first[0]] != valence:
            heapq.heappop(first)
        at = first[0]
        if at != but:
            hits[at] = valence * (0.5 if at < but else 1.5)
            heapq.heappush(places.setdefault(hits[at], []), at)


def _emphasised(total: float, text: str) -> float:
    """A sum of valences with what exclamation and question marks add to it."""
    questions = text.count("?")
    emphasis = min(text.count("!"), _MOST_EXCLAMATIONS) * _EXCLAMATION
    if questions > 1:
        emphasis += questions * _QUESTION if questions <= _FEW else _MANY_QUESTIONS
    if not total:
        return total
    return total + emphasis if total > 0 else total - emphasis
