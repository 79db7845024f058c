"""Which mentions a signal is about, where that is not simply those of its tone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from detection.view import Said
from sentiment.score import Label

# As many as a letter quotes.
MOST = 3


def behind(kind: str, said: Sequence[Said]) -> tuple[int, ...]:
    """Ids of up to three mentions that show what a signal is about; empty where its kind singles none out.

    Args:
        kind: of the signal.
        said: what was said in its window, in order of time.
    """
    match kind:
        case "critical_words":
            chosen = _by_different([one for one in said if one.critical])
        case "loud_voice":
            chosen = _by_the_farthest_heard(said)
        case "repost_wave":
            chosen = _of_top_story(said)
        case _:
            chosen = []
    return tuple(one.id for one in chosen[:MOST])


def _by_different(said: Sequence[Said]) -> list[Said]:
    first: dict[object, Said] = {}
    for one in said:
        first.setdefault(one.author, one)
    return list(first.values())


def _by_the_farthest_heard(said: Sequence[Said]) -> list[Said]:
    heard = [one for one in said if one.label is Label.NEGATIVE and one.reach is not None]
    farthest = max((one.reach or 0 for one in heard), default=0)
    return [one for one in heard if one.reach == farthest][::-1]


def _of_top_story(said: Sequence[Said]) -> list[Said]:
    """Its first telling, then those by who is heard farthest."""
    top = max(Counter(one.story for one in said).items(), key=lambda each: (each[1], -each[0]), default=None)
    told = [one for one in said if top and one.story == top[0]]
    return told[:1] + sorted(told[1:], key=lambda one: -(one.reach or 0))
