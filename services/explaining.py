"""Why a text was scored as it was, in words and figures for the people who read it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from database.reading_mentions import BrandMention
from sentiment.score import Carrier, Flag
from services.installation import Installation

# Who wants more than these wants the command line.
MOST_SHOWN = 8
_NOTES = {
    Flag.TRUNCATED: "Cut short: only its beginning was read.",
    Flag.MULTI_BRAND: "It names several brands; whose tone this is, the words do not tell.",
    Flag.LEARNED: "The model learned from your corrections chose the tone, not these words alone.",
}
# What rounds to nothing says nothing; what is marked in the text has to be worth a look.
_LISTED_FROM, _MARKED_FROM = 0.05, 1.0
# Scores are rounded to four digits.
_ALIKE = 0.0001


@dataclass(frozen=True, slots=True)
class Carried:
    """Words of a text and what they added to its score, all together where they stand there several times."""

    words: str
    counted: float
    times: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the content of a mention words stand that carried its score."""

    start: int
    end: int
    negative: bool


@dataclass(frozen=True, slots=True)
class Explained:
    """What led to a score.

    Attributes:
        carried: the strongest first, at most :data:`MOST_SHOWN`.
        more: how many are left out.
        emphasis: what exclamation and question marks added, with its sign.
        compound: what it comes to now, -1 to 1.
        changed: whether it was scored otherwise when it came, by another version or other settings.
        notes: what to know before trusting it.
        places: of those that weigh most, in the order of the text.
    """

    carried: tuple[Carried, ...]
    more: int
    emphasis: float
    compound: float
    changed: bool
    notes: tuple[str, ...]
    places: tuple[Place, ...]


def explain(inst: Installation, brand: str, mention: BrandMention) -> Explained | None:
    """Why a mention has its tone for a brand; None where it was not scored, or its text was erased since.

    It is scored again for that, which takes tens of microseconds for a post; nothing of it is kept.
    """
    scorer = inst.scorers.get(brand)
    if scorer is None or mention.compound is None or mention.erased_at:
        return None
    explanation = scorer.explain(mention.content, mention.language)
    compound = explanation.score.compound
    if compound is None:  # the language is told apart better than when it was scored
        return None
    carried = sorted(_together(explanation.carriers), key=lambda one: -abs(one.counted))
    return Explained(
        tuple(carried[:MOST_SHOWN]),
        len(carried[MOST_SHOWN:]),
        explanation.emphasis,
        compound,
        abs(compound - mention.compound) > _ALIKE,
        tuple(_NOTES[flag] for flag in Flag if flag in mention.flags.split() and flag in _NOTES),
        tuple(_places(mention.content, explanation.carriers)),
    )


def _together(carriers: Iterable[Carrier]) -> Iterator[Carried]:
    """Equal words that counted for something, as one."""
    times = Counter[tuple[str, bool]]()
    weights: dict[tuple[str, bool], float] = {}
    for one in carriers:
        if one.counted:
            key = (one.words.lower(), one.counted < 0)
            weights[key] = weights.get(key, 0.0) + one.counted
            times[key] += 1
    for (words, negative), weight in weights.items():
        if abs(weight) >= _LISTED_FROM:
            yield Carried(words, weight, times[words, negative])


def _places(text: str, carriers: Iterable[Carrier]) -> Iterator[Place]:
    """Where strong carriers stand; one that is not found as it is written (an entity, an emoji) is passed over."""
    at = 0
    for one in carriers:
        start, end = _find(text, one.words, at) if one.counted else (-1, -1)
        if start >= 0:
            at = end
            if abs(one.counted) >= _MARKED_FROM:
                yield Place(start, at, one.counted < 0)


def _find(text: str, words: str, at: int) -> tuple[int, int]:
    """Where words stand whole in a text from a place on, -1 where they do not."""
    while words and (start := text.find(words, at)) >= 0:
        end = start + len(words)
        if not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()):
            return start, end
        at = start + 1
    if " " in words:  # a phrase may be parted by more than a space
        found = re.compile(r"\s+".join(map(re.escape, words.split()))).search(text, at)
        return found.span() if found else (-1, -1)
    return -1, -1
