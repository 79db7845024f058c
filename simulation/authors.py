"""Who speaks: made-up people, some of whom talk all day and most of whom hardly ever do."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from random import Random

from simulation.phrases import FIRST_NAMES, SECOND_NAMES

# Half of all people have fewer followers than this; one in a hundred has about forty times as many.
_MEDIAN_FOLLOWERS = 140
_FOLLOWER_SPREAD = 1.6


@dataclass(frozen=True, slots=True)
class Author:
    """A handle, and how many follow it."""

    handle: str
    followers: int


def stranger(rng: Random) -> Author:
    """Somebody who has not been heard of; about 160,000 handles, so two draws are hardly ever the same person."""
    handle = f"{rng.choice(FIRST_NAMES)}_{rng.choice(SECOND_NAMES)}{rng.randrange(10, 100)}"
    return Author(handle, round(_MEDIAN_FOLLOWERS * rng.lognormvariate(0, _FOLLOWER_SPREAD)))


class Regulars:
    """The people of one place, whose activity falls with their rank after Zipf's law.

    The few at the top write every day, the many at the bottom once in weeks: what every study of who writes in
    forums and networks finds (Zipf 1949; for posting, Wilkinson 2008, https://doi.org/10.1145/1386790.1386837).
    """

    def __init__(self, rng: Random, size: int) -> None:
        self._people = tuple(stranger(rng) for _ in range(size))
        # The offset keeps the first person from writing a tenth of everything.
        self._weights = tuple(accumulate(1 / (rank + 8) for rank in range(size)))

    def somebody(self, rng: Random) -> Author:
        """The author of the next post."""
        return rng.choices(self._people, cum_weights=self._weights)[0]
