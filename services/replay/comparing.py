"""Two replays of one past side by side: which alarms both raise, and which only one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from services.replay.walking import Alarm

# So far apart two alarms about a brand are about one thing: whoever was woken by the one looks at the brand anyway.
APART = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Compared:
    """What two replays have in common.

    Attributes:
        both: pairs of alarms of the same brand, at most :data:`APART` apart; each alarm is in one pair at most.
    """

    both: tuple[tuple[Alarm, Alarm], ...]
    only_first: tuple[Alarm, ...]
    only_other: tuple[Alarm, ...]


def compare(first: Sequence[Alarm], other: Sequence[Alarm]) -> Compared:
    """Pair the alarms of two replays, those nearest to each other first."""
    near = sorted(
        (abs(one.at - two.at), one.at, here, there)
        for here, one in enumerate(first)
        for there, two in enumerate(other)
        if one.signal.brand == two.signal.brand and abs(one.at - two.at) <= APART
    )
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, here, there in near:
        if here not in pairs and there not in taken:
            pairs[here] = there
            taken.add(there)
    return Compared(
        tuple((first[here], other[there]) for here, there in sorted(pairs.items())),
        tuple(one for here, one in enumerate(first) if here not in pairs),
        tuple(one for there, one in enumerate(other) if there not in taken),
    )
