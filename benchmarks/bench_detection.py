"""What judging a bucket costs, and what it takes to remember a fortnight; the rival is judging the fortnight anew.

Counts with a rhythm of the day, made up here, of a quiet, an ordinary and a loud brand: a quarter of them complaints, a
tenth praise. First the rule alone, learning online from counts of talk and complaints, as replays of counts do. Then
all signals as the running system judges them: it makes what it knows of the past when an hour may be unusual, and keeps
it. Time of the processor.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from operator import attrgetter
from random import Random

from detection.buckets import BUCKET, Bucket
from detection.history import HOUR, SPAN, History, past_of, sums_of
from detection.known import Known, known_of
from detection.rhythm import SWELL
from detection.signal import kinds, load
from detection.silence import HeardHour
from detection.view import RECENT, Said, Series
from detection.waking import Sensitivity
from sentiment.score import Label

BUCKETS, LATEST = SPAN // BUCKET, RECENT // BUCKET
MEANS = (0.1, 3, 300)
DAY = 288
ANEW = 200
BEGAN = datetime(2026, 3, 2, tzinfo=UTC)


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


class Seen:
    """A :class:`detection.view.BrandView` over counts; nobody is behind them until somebody asks."""

    brand, name = "b", "Brand"
    sensitivity, least_people, heard_far = Sensitivity.NORMAL, 5, False

    def __init__(self, buckets: Sequence[Bucket]) -> None:
        self._buckets = buckets
        self._kept: dict[Series, tuple[int, bytes]] = {}
        self._at_most: dict[Series, tuple[int, float]] = {}
        self.heard_since = buckets[0].start
        self.place = 0

    @property
    def at(self) -> datetime:
        """The end of the last bucket."""
        return self._buckets[self.place].start + BUCKET

    @property
    def recent(self) -> Sequence[Bucket]:
        """The newest buckets."""
        return self._buckets[self.place + 1 - LATEST : self.place + 1]

    def weighed(self, series: Series) -> Sequence[int]:
        """Counts of the newest buckets."""
        return [getattr(bucket, series) for bucket in self.recent]

    def known(self, series: Series) -> Known:
        """Made once an hour, and read once a bucket from where it is kept."""
        end = (self.place + 1) // 12 * 12
        made, content = self._kept.get(series, (0, b""))
        if made != end:
            content = self._made(series, end).to_bytes()
            self._kept[series] = end, content
        return Known.from_bytes(content)

    def _made(self, series: Series, end: int) -> Known:
        past = self._buckets[max(end - BUCKETS, 0) : end]
        toned = series in {Series.NEGATIVE, Series.POSITIVE}
        judged = [one.scored for one in past] if toned else ()
        return known_of([*map(attrgetter(str(series)), past)], judged, swells=series is Series.NEGATIVE)

    def at_most(self, series: Series) -> float:
        """By what is known of any hour of the last day; once a bucket."""
        place, most = self._at_most.get(series, (-1, 0.0))
        if place != self.place:
            known = self._newest_known(series)
            most = known.past.surely.beyond(partial(self._newest, series)) if known else math.inf
            self._at_most[series] = self.place, most
        return most

    def surely_no_swell(self, series: Series) -> bool:
        """By the same, of three hours."""
        known = self._newest_known(series)
        line = known.rhythm.surely_line if known else None
        return line is not None and sum(self._newest(series, SWELL)) <= line

    def _newest_known(self, series: Series) -> Known | None:
        made, content = self._kept.get(series, (0, b""))
        return Known.from_bytes(content) if content and self.place + 1 - made <= DAY else None

    def _newest(self, series: Series, window: timedelta) -> list[int]:
        some = self._buckets[self.place + 1 - window // BUCKET : self.place + 1]
        return [*map(attrgetter(str(series)), some)]

    def said(self, window: timedelta) -> Sequence[Said]:
        """Each by somebody else."""
        some = self._buckets[self.place + 1 - window // BUCKET : self.place + 1]
        return [
            Said(number, bucket.start, number, number, Label.NEGATIVE if n < bucket.negative else Label.NEUTRAL)
            for at, bucket in enumerate(some)
            for n in range(bucket.mentions)
            for number in (at * 100_000 + n,)
        ]

    def silent_hours(self) -> Sequence[HeardHour]:
        """Not asked."""
        return ()

    def spoke_before(self, author: Hashable) -> bool:
        """Nobody did."""
        del author
        return False

    def reaches(self) -> Sequence[int]:
        """Nobody is followed."""
        return ()

    @property
    def kept(self) -> int:
        """Bytes of all that is known of the past."""
        return sum(len(content) for _, content in self._kept.values())


def buckets_of(mean: float) -> list[Bucket]:
    """A fortnight and a few days more."""
    talk = counts(mean, BUCKETS + 3 * 288)
    return [Bucket(BEGAN + n * BUCKET, count, count, count // 4, count // 10) for n, count in enumerate(talk)]


def microseconds(doing: Callable[[Sequence[int]], None], some: Sequence[int]) -> float:
    """Of the processor for each of some."""
    began = time.process_time()
    doing(some)
    return (time.process_time() - began) / len(some) * 1e6


def rule(mean: float) -> Iterator[str]:
    """The rule alone, learning bucket by bucket."""
    past, present = counts(mean, BUCKETS), counts(mean, BUCKETS, seed=2)
    history = History()
    for count in past:
        history.push(count)

    def judge(some: Sequence[int]) -> None:
        for count in some:
            history.push(count)
            history.distance()

    def anew(some: Sequence[int]) -> None:
        for number in range(len(some)):
            whole = [*past, *some[: number + 1]]
            past_of(whole).distance(sums_of(whole))

    each, rival = microseconds(judge, present), microseconds(anew, present[:ANEW])
    yield f"{2 * each:6.1f} us, {2 * size_of(history) / 1000:5.1f} kB"
    yield f"anew {2 * rival:8.1f} us, {rival / each:4.0f} times as long"


def signals(mean: float) -> str:
    """All detectors, as the running system asks them."""
    view = Seen(buckets_of(mean))
    detectors = [load(kind) for kind in kinds()]

    def judge(places: Sequence[int]) -> None:
        for place in places:
            view.place = place
            for detector in detectors:
                detector.evaluate(view)

    each = microseconds(judge, range(BUCKETS, BUCKETS + 3 * 288))
    return f"{each:7.1f} us, {view.kept / 1000:4.1f} kB"


def main() -> None:
    print(f"a bucket of five minutes, with {BUCKETS:,} before it")
    for mean in MEANS:
        online, anew = rule(mean)
        print(f"  mean {mean:>5}: the rule for talk and complaints {online}; {anew}")
        print(f"              all {len(kinds())} signals, the past made when it is needed {signals(mean)}", flush=True)
    print(f"  (hours are {HOUR // BUCKET} buckets; in the running system a bucket comes every five minutes)")


def size_of(thing: object) -> int:
    """Bytes of an object and of all that it holds."""
    inner = [getattr(thing, name) for name in getattr(type(thing), "__slots__", ())]
    inner += list(vars(thing).values()) if hasattr(thing, "__dict__") else []
    inner += list(thing) if isinstance(thing, tuple) else []
    return sys.getsizeof(thing) + sum(map(size_of, inner))


if __name__ == "__main__":
    main()
