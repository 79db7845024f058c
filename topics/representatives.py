"""Posts that stand for many: central to what is said, not merely popular, and each a different face of it.

Central is what lies near the centroid of all texts in TF-IDF weights (D. Radev et al., "Centroid-based summarization of
multiple documents", Information Processing and Management 40(6), 2004); a face is different by maximal marginal
relevance (J. Carbonell and J. Goldstein, "The use of MMR, diversity-based reranking for reordering documents and
producing summaries", SIGIR 1998). Each voice has the same weight, however much it writes, and so has each story.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt
from statistics import median

from topics.counting import Read
from topics.said import Said
from topics.terms import Kind, Term, Terms, tells

# How much being central counts against being unlike those chosen before. Two texts are less alike than either is like
# the centroid, so being unlike needs the greater weight to matter.
CENTRAL = 0.4
MOST_NAMED = 3
_Weights = Mapping[Term, float]


@dataclass(frozen=True, slots=True)
class Representative:
    """A post that stands for others.

    Attributes:
        said: the earliest mention of its story.
        shared: up to three words or tags that most make it central, as it writes them.
        others: how many other voices use it, or at least two of them.
    """

    said: Said
    shared: tuple[str, ...]
    others: int

    @property
    def reason(self) -> str:
        """Why it was chosen, for people."""
        if not self.others:
            return "says something of its own"
        verb, noun = ("says", "1 other") if self.others == 1 else ("say", f"{self.others} others")
        return f"says what {noun} {verb}: {', '.join(self.shared)}"


def representatives(window: Sequence[Read], most: int = 3) -> tuple[Representative, ...]:
    """Up to so many posts, no two of one story or one voice, the most central first; of equals the earliest.

    Args:
        window: texts that have been read, in order of time.
    """
    told = _one_of_each_story(window)
    used = [_words(text) for _, text in told]
    weights = _weights(used)
    centroid = _centroid([said for said, _ in told], weights)
    central = [_dot(one, centroid) for one in weights]
    # What has nothing in common with anybody is as unlike as can be; it comes where nothing else is left.
    retold = _retold(window)
    shared = [near > 0 or said.story_id in retold for near, (said, _) in zip(central, told, strict=True)]
    chosen: list[int] = []
    nearest = [0.0] * len(told)
    while len(chosen) < most and (left := _left(told, chosen)):
        best = max(left, key=lambda at: (shared[at], CENTRAL * central[at] - (1 - CENTRAL) * nearest[at], -at))
        chosen.append(best)
        nearest = [max(near, _dot(one, weights[best])) for near, one in zip(nearest, weights, strict=True)]
    users = _users(told, used)
    return tuple(_representative(told[at][0], used[at], weights[at], centroid, users) for at in chosen)


def _one_of_each_story(window: Iterable[Read]) -> list[Read]:
    first: dict[int, Read] = {}
    for said, text in window:
        first.setdefault(said.story_id, (said, text))
    return list(first.values())


def _retold(window: Iterable[Read]) -> set[int]:
    """Stories that more than one voice tells."""
    voices: dict[int, set[str]] = {}
    for said, _ in window:
        voices.setdefault(said.story_id, set()).add(said.voice)
    return {story for story, its in voices.items() if len(its) > 1}


def _words(text: Terms) -> Mapping[Term, str]:
    """Single words, pairs of characters where there are none, and tags, with how they are written."""
    found: dict[Term, str] = {}
    for row, stems in zip(text.rows, text.stems, strict=True):
        found.update({(Kind.WORDS, (stem,)): word for stem, word in zip(stems, row, strict=True) if tells(stem)})
    for run in text.runs:
        found.update({(Kind.WORDS, run[at : at + 2]): run[at : at + 2] for at in range(len(run) - 1)})
    found.update({label: str(label[1]) for label in text.labels if label[0] is Kind.TAG})
    return found


def _weights(used: Sequence[Iterable[Term]]) -> list[_Weights]:
    """What each text says, by how rare it is; what only one says makes nothing central and has no weight.

    Lengths are made equal, but short texts are not stretched: two words that all use would be the centre of everything.
    """
    counts = Counter(term for words in used for term in words)
    rarity = {term: log((1 + len(used)) / count) for term, count in counts.items() if count > 1}
    raw = [{term: rarity[term] for term in words if term in rarity} for words in used]
    lengths = [_length(one) for one in raw]
    usual = median([length for length in lengths if length] or [1.0])
    return [_scaled(one, 1 / max(length, usual)) for one, length in zip(raw, lengths, strict=True)]


def _centroid(said: Sequence[Said], weights: Sequence[_Weights]) -> _Weights:
    """The mean of all texts, each voice counting as much as any other."""
    texts = Counter(one.voice for one in said)
    total: dict[Term, float] = {}
    for one, text in zip(said, weights, strict=True):
        for term, weight in text.items():
            total[term] = total.get(term, 0.0) + weight / texts[one.voice]
    return _scaled(total, 1 / (_length(total) or 1.0))


def _left(told: Sequence[Read], chosen: Iterable[int]) -> list[int]:
    heard = {told[at][0].voice for at in chosen}
    return [at for at, (said, _) in enumerate(told) if said.voice not in heard]


def _users(told: Sequence[Read], used: Sequence[Iterable[Term]]) -> Mapping[Term, set[str]]:
    users: dict[Term, set[str]] = {}
    for (said, _), words in zip(told, used, strict=True):
        for term in words:
            users.setdefault(term, set()).add(said.voice)
    return users


def _representative(
    said: Said,
    words: Mapping[Term, str],
    weights: _Weights,
    centroid: _Weights,
    users: Mapping[Term, set[str]],
) -> Representative:
    named = [term for term in weights if len(users[term]) > 1]
    named = sorted(named, key=lambda term: (-weights[term] * centroid[term], term))[:MOST_NAMED]
    others = _sharing(named, users) - {said.voice}
    if not others:
        named = named[:1]
        others = _sharing(named, users) - {said.voice}
    return Representative(said, tuple(words[term] for term in named), len(others))


def _sharing(named: Sequence[Term], users: Mapping[Term, set[str]]) -> set[str]:
    """Voices that use at least two of the terms, or the only one: one word in common is easily chance."""
    counts = Counter(voice for term in named for voice in users[term])
    return {voice for voice, count in counts.items() if count >= min(2, len(named))}


def _length(weights: _Weights) -> float:
    return sqrt(sum(weight * weight for weight in weights.values()))


def _scaled(weights: _Weights, factor: float) -> _Weights:
    return {term: weight * factor for term, weight in weights.items()}


def _dot(one: _Weights, other: _Weights) -> float:
    if len(one) > len(other):
        one, other = other, one
    return sum(weight * other[term] for term, weight in one.items() if term in other)
