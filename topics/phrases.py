"""Which of several terms to show where one stands inside another: "on hold", or "hold"."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from topics.counting import Tally
from topics.terms import Key, Kind, Term, parts, tells

# A phrase stands for a word in it from this part of the word's uses on.
MOST = 2 / 3
# A phrase that begins or ends with a word such as "on" is one only if its other words are seldom without.
HALF = 1 / 2


def whole_phrases(found: Iterable[Term], tally: Tally) -> set[Term]:
    """Terms without those that another one stands for.

    A phrase takes the place of its parts where it accounts for most of their uses. Where the parts mostly stand
    elsewhere they say as much without it, so it is left out if one of them is shown.
    """
    kept = {term for term in found if term[0] is not Kind.WORDS or _holds_together(term[1], tally)}
    rows = [term for term in kept if term[0] is Kind.WORDS]
    # Keys are words, or one text in a script that has none; the two cannot be compared.
    for whole in sorted(rows, key=lambda term: (len(term[1]), isinstance(term[1], str), term[1]), reverse=True):
        inside = _shown_parts(whole, kept)
        swallowed = {part for part in inside if tally.count(whole) >= MOST * tally.count(part)}
        if swallowed:
            kept -= swallowed
        elif inside:
            kept.discard(whole)
    return kept


def _shown_parts(whole: Term, kept: Collection[Term]) -> set[Term]:
    return {part for key in parts(whole[1]) if (part := (Kind.WORDS, key)) in kept}


def _holds_together(key: Key, tally: Tally) -> bool:
    if isinstance(key, str) or (tells(key[0]) and tells(key[-1])) or key[-1].isdigit():
        return True
    count = tally.count((Kind.WORDS, key))
    return all(count >= HALF * tally.count((Kind.WORDS, (word,))) for word in key if tells(word))
