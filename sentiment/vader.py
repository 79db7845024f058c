"""VADER in linear time.

The lexicon, the constants and the rules are those of the vaderSentiment package, and so is every score, to the last
digit: C.J. Hutto and E.E. Gilbert, VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social Media Text,
ICWSM 2014, https://github.com/cjhutto/vaderSentiment. The package lower-cases the whole text again for every word that
it knows, so that its time grows with the square of the length; here every word is looked at once, and most words are
looked at no further, because nothing beside them has a say. Where a rule looks odd (which words "never so" reaches,
which of two equal words "but" changes), it is the package's.

What the package lacks is added on request: words, phrases that count as one word, and emoji with a valence of their
own. With them come two rules: a complaint that is denied ("isn't broken") is no praise, and neither is a question.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, count

from vaderSentiment.vaderSentiment import BOOSTER_DICT, C_INCR, N_SCALAR, NEGATE, SPECIAL_CASES, normalize

from sentiment.tokens import Tokenizer, Tokens, bare

_NEGATIONS = frozenset(NEGATE)
_SO = {"so", "this"}
_MOST_EXCLAMATIONS = 4
_EXCLAMATION = 0.292
_QUESTION = 0.18
_MANY_QUESTIONS = 0.96
_FEW = 3
# Beyond this distance to the left, words have no say; idioms reach two words to the right.
_REACH = 3
_AHEAD = 2
# What a question takes from praise: who asks whether it was good has not said so.
_ASKED = 2.0
_DISTANCE = (1.0, 0.95, 0.9)
# A word with none of these near it, and no "n't", counts as the lexicon has it. Every idiom holds one of the first of
# these sets, every booster of two words one of the second.
_OF_IDIOMS = frozenset({"shit", "bomb", "ass", "badass", "bus", "yeah", "kiss", "die", "beating"})
_OF_BOOSTERS = frozenset({"enough", "kind", "sort", "kind-of", "sort-of"})
_OF_TWO_WORDS = _OF_IDIOMS | _OF_BOOSTERS
_HAVING_A_SAY = frozenset({*BOOSTER_DICT, *_NEGATIONS, *_SO, "no", "least", *_OF_TWO_WORDS})


@dataclass(frozen=True, slots=True)
class Weighed:
    """A word that carried feeling, or a phrase that counts as one.

    Attributes:
        words: as they stand in the text, without the punctuation around them.
        key: by which the lexicon knows them.
        valence: of the lexicon.
        counted: what it came to.
    """

    words: str
    key: str
    valence: float
    counted: float


class Vader:
    """Scores texts by a lexicon.

    Args:
        lexicon: valence from -4 to 4 by lower-case word.
        emoji: what stands for an emoji, by its one character.
        added: outweighs the lexicon (:class:`sentiment.tokens.Tokenizer`); 0 stands for a word that carries nothing.
        most_tokens: as many are looked at.
    """

    def __init__(
        self,
        lexicon: Mapping[str, float],
        emoji: Mapping[str, str],
        added: Mapping[str, float] | None = None,
        most_tokens: int | None = None,
    ) -> None:
        added = added or {}
        # A word that carries nothing is in no lexicon: what it stands beside asks for no more than that.
        self._lexicon = {word: valence for word, valence in {**lexicon, **added}.items() if added.get(word, 1.0)}
        self._beyond_package = bool(added)
        self.tokens = Tokenizer(emoji, added, most_tokens).tokens

    def compound(self, text: str) -> float:
        """The compound score of a text, from -1 (all anger) to 1 (all praise), rounded to four digits."""
        return self.weigh(self.tokens(text))

    def weigh(self, tokens: Tokens) -> float:
        """The compound score of a text in pieces."""
        hits = self._hits(tokens)
        return round(float(normalize(self._emphasised(float(sum(hits.values())), tokens.text))), 4) if hits else 0.0

    def explain(self, tokens: Tokens) -> tuple[tuple[Weighed, ...], float]:
        """The words that carried the score of a text, in its order, and what marks of exclamation and question add."""
        hits = self._hits(tokens)
        weighed = (
            Weighed(bare(tokens.written[at]), tokens.keys[at], self._lexicon[tokens.keys[at]], counted)
            for at, counted in hits.items()
        )
        total = float(sum(hits.values()))
        return tuple(weighed), self._emphasised(total, tokens.text) - total

    def _emphasised(self, total: float, text: str) -> float:
        """A sum of valences with what exclamation and question marks do to it."""
        asked = "?" in text
        if asked or "!" in text:
            total = _emphasised(total, text)
        return max(0.0, total - _ASKED) if asked and total > 0 and self._beyond_package else total

    def _hits(self, tokens: Tokens) -> dict[int, float]:
        """What words come to, by their place."""
        keys, lexicon = tokens.keys, self._lexicon
        places = [*compress(count(), map(lexicon.__contains__, keys))]
        if not places:
            return {}
        contracted = [key for key in keys if "n't" in key] if "n't" in tokens.text.lower() else ()
        shouting: bool | None = None
        hits = {}
        for at in places:
            if keys[at] in BOOSTER_DICT:  # it says how much, not what
                continue
            near = keys[at - _REACH if at > _REACH else 0 : at + _AHEAD + 1]
            alone = _HAVING_A_SAY.isdisjoint(near) and not (contracted and any(key in near for key in contracted))
            if alone and not tokens.written[at].isupper():
                hits[at] = lexicon[keys[at]]
                continue
            if shouting is None:
                shouting = 0 < sum(map(str.isupper, tokens.written)) < len(keys)
            # "Kind of" says how much, too.
            if keys[at] != "kind" or "of" not in keys[at + 1 : at + 2]:
                valence = self._valence(tokens.written, keys, at, shouting=shouting)
                hits[at] = 0.0 if self._beyond_package and valence > 0 > lexicon[keys[at]] else valence
        if "but" in keys:
            _weigh_around(keys.index("but"), hits)
        return hits

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
            if back == _REACH and not _OF_TWO_WORDS.isdisjoint(lower[at - _REACH : at + _AHEAD + 1]):
                valence = _idiomatic(valence, lower, at)
        if (
            at
            and lower[at - 1] == "least"
            and "least" not in lexicon
            and (at == 1 or lower[at - 2] not in {"at", "very"})
        ):
            valence *= N_SCALAR
        return valence


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
