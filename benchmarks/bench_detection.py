"""What judging a bucket costs, and what it takes to remember a fortnight; the rival is judging the fortnight anew.

Counts with a rhythm of the day, made up here, of a quiet, an ordinary and a loud brand. Time of the processor.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Sequence
from random import Random

from detection.buckets import BUCKET
from detection.history import SPAN, History, past_of, sums_of

BUCKETS = SPAN // BUCKET
MEANS = (0.1, 3, 300)
ANEW = 200


def counts(mean: float, number: int, seed: int = 1) -> list[int]:
    """Counts around a mean that is three times as high by day as by night."""
    dice = Random(seed)  # noqa: S311  # repeatable, not secret
    return [_poisson(dice, mean * (1 + 0.5 * math.sin(n / 288 * 2 * math.pi))) for n in range(number)]


def _poisson(dice: Random, mean: float) -> int:
    """Knuth's for small means, the normal distribution beyond."""
    if mean > 30:  # noqa: PLR2004  # where the one becomes the other
        return max(round(dice.gauss(mean, mean**0.5)), 0)
    limit, number, product = math.exp(-mean), 0, dice.random()
    while product > limit:
        number += 1
        product *= dice.random()
    return number


def microseconds(doing: Callable[[Sequence[int]], None], some: Sequence[int]) -> float:
    began = time.process_time()
    doing(some)
    return (time.process_time() - began) / len(some) * 1e6


def main() -> None:
    print(f"a bucket of five minutes, with {BUCKETS:,} before it")
    for mean in MEANS:
        past, present = counts(mean, BUCKETS), counts(mean, BUCKETS, seed=2)
        history = History()
        for count in past:
            history.push(count)

        def judge(some: Sequence[int], history: History = history) -> None:
            for count in some:
                history.push(count)
                history.distance()

        def anew(some: Sequence[int], past: Sequence[int] = past) -> None:
            for number in range(len(some)):
                whole = [*past, *some[: number + 1]]
                past_of(whole).distance(sums_of(whole))

        each, rival = microseconds(judge, present), microseconds(anew, present[:ANEW])
        print(
            f"  mean {mean:>5}: {2 * each:6.1f} us and {2 * size_of(history) / 1000:5.1f} kB for both kinds of wave; "
            f"anew {2 * rival:8.1f} us, {rival / each:5.0f} times as long"
        )


def size_of(thing: object) -> int:
    """Bytes of an object and of all that it holds."""
    inner = [getattr(thing, name) for name in getattr(type(thing), "__slots__", ())]
    inner += list(vars(thing).values()) if hasattr(thing, "__dict__") else []
    inner += list(thing) if isinstance(thing, tuple) else []
    return sys.getsizeof(thing) + sum(map(size_of, inner))


if __name__ == "__main__":
    main()
