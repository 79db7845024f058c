"""Views of a brand made in memory, of what people said."""

from __future__ import annotations

import math
import random
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property, partial
from itertools import count
from operator import attrgetter

from detection.buckets import BUCKET, Bucket, bucket_start
from detection.history import SPAN
from detection.known import Known, known_of
from detection.planned import PlannedEvent, relieved
from detection.signal import Signal, Verdict, kinds, load
from detection.silence import HeardHour
from detection.view import RECENT, Said, Series
from detection.waking import Sensitivity
from sentiment.score import Label
from tests.installations import NOON

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
NEGATIVE, NEUTRAL, POSITIVE, UNSCORED = Label.NEGATIVE, Label.NEUTRAL, Label.POSITIVE, Label.UNSCORED
_numbers = count(1)


def last_bucket(at: datetime) -> datetime:
    """Start of the bucket that ends with a moment or holds it."""
    return bucket_start(at - datetime.resolution)


class Talk:
    """All that was said of a brand, and what its past is.

    Args:
        said: in any order.
        since: when listening began to know something, by default with the first mention.
        events: planned ones.
        reaches: how many follow each author of the past.
    """

    def __init__(
        self,
        said: Iterable[Said],
        *,
        since: datetime | None = None,
        events: Sequence[PlannedEvent] = (),
        reaches: Iterable[int] = (),
    ) -> None:
        self.said = sorted(said, key=lambda one: (one.at, one.id))
        self.times = [one.at for one in self.said]
        self.since = since or (self.times[0] if self.times else None)
        self.events = events
        self.reaches = sorted(reaches)
        self.buckets = _buckets(self.said)
        self._known: dict[tuple[Series, datetime], Known] = {}

    def view(
        self, at: datetime = NOON, *, sensitivity: Sensitivity = Sensitivity.NORMAL, least_people: int = 5
    ) -> MadeView:
        """The brand at a moment."""
        return MadeView(self, at, sensitivity, least_people)

    def weighed(self, series: str, bucket: Bucket) -> int:
        """A count, that of a planned event as on an ordinary day."""
        return relieved(getattr(bucket, series), bucket.start, self.events)

    def known(self, series: Series, hour: datetime) -> Known:
        """What is known at a full hour, made once."""
        if (series, hour) not in self._known:
            toned = series in {Series.NEGATIVE, Series.POSITIVE}
            judged = self._counts("scored", hour) if toned else ()
            self._known[series, hour] = known_of(self._counts(series, hour), judged, swells=series is Series.NEGATIVE)
        return self._known[series, hour]

    def _counts(self, series: str, hour: datetime) -> list[int]:
        first = max(hour - SPAN, bucket_start(self.since)) if self.since else hour
        starts = (first + number * BUCKET for number in range(max((hour - first) // BUCKET, 0)))
        found = (self.buckets.get(start) for start in starts)
        read = attrgetter(series) if not self.events else partial(self.weighed, series)
        return [read(bucket) if bucket else 0 for bucket in found]


def _buckets(said: Iterable[Said]) -> dict[datetime, Bucket]:
    counts: dict[datetime, Counter[str]] = {}
    for one in said:
        names = ["mentions", "critical"] if one.critical else ["mentions"]
        if one.label is not UNSCORED:
            names += ["scored", one.label]
        counts.setdefault(bucket_start(one.at), Counter()).update(names)
    series = ("mentions", "scored", "negative", "positive", "critical")
    return {start: Bucket(start, *(found[name] for name in series)) for start, found in counts.items()}


@dataclass
class MadeView:
    """A :class:`detection.view.BrandView` of a talk; what is looked up is counted by name."""

    talk: Talk
    at: datetime
    sensitivity: Sensitivity
    least_people: int
    brand: str = "northwind"
    name: str = "Northwind Air"
    asked: Counter[str] = field(default_factory=Counter)
    heard_far: bool = True
    hours: Sequence[HeardHour] = ()
    behind: timedelta = timedelta(0)

    @property
    def heard_since(self) -> datetime | None:
        return self.talk.since

    @cached_property
    def recent(self) -> Sequence[Bucket]:
        last, found = last_bucket(self.at), self.talk.buckets
        starts = [last - back * BUCKET for back in range(RECENT // BUCKET - 1, -1, -1)]
        return [found.get(start) or Bucket(start) for start in starts]

    def weighed(self, series: Series) -> Sequence[int]:
        return [self.talk.weighed(series, bucket) for bucket in self.recent]

    def known(self, series: Series) -> Known:
        self.asked["known"] += 1
        return self.talk.known(series, self.at.replace(minute=0, second=0, microsecond=0))

    def at_most(self, series: Series) -> float:
        """By what was known a few hours ago, as the running system has it."""
        known, counts = self._known_before(series), list(self.weighed(series))
        return math.inf if known.learning else known.past.surely.beyond(lambda window: counts[-(window // BUCKET) :])

    def surely_no_swell(self, series: Series) -> bool:
        """By the same, of three hours."""
        known, line = self._known_before(series), self._known_before(series).rhythm.surely_line
        return not known.learning and line is not None and sum(self.weighed(series)[-36:]) <= line

    def _known_before(self, series: Series) -> Known:
        return self.talk.known(series, self.at.replace(minute=0, second=0, microsecond=0) - self.behind)

    def said(self, window: timedelta) -> Sequence[Said]:
        self.asked["said"] += 1
        end, times = last_bucket(self.at) + BUCKET, self.talk.times
        return self.talk.said[bisect_left(times, end - window) : bisect_left(times, end)]

    def silent_hours(self) -> Sequence[HeardHour]:
        return self.hours

    def reaches(self) -> Sequence[int]:
        self.asked["reaches"] += 1
        return self.talk.reaches

    def spoke_before(self, author: Hashable) -> bool:
        end = last_bucket(self.at) + BUCKET - HOUR
        return any(one.author == author for one in self.talk.said if end - 14 * DAY <= one.at < end)


def posts(
    moments: Iterable[datetime],
    label: Label = NEUTRAL,
    *,
    authors: int | None = None,
    stories: int | None = None,
    reach: int | None = None,
    critical: tuple[str, ...] = (),
) -> list[Said]:
    """A mention at each moment, by so many authors and of so many stories in turn; by default each has its own."""
    said = []
    first = next(_numbers)
    for place, at in enumerate(moments):
        number = next(_numbers)
        author: Hashable = number if authors is None else (first, place % authors)
        story = number if stories is None else first - (place % stories) * 10_000_000
        said.append(Said(number, at, author, story, label, reach, critical))
    return said


def complaints(moments: Iterable[datetime], *, authors: int | None = None, stories: int | None = None) -> list[Said]:
    """Negative mentions, as :func:`posts`."""
    return posts(moments, NEGATIVE, authors=authors, stories=stories)


def day_and_night(at: datetime) -> float:
    """Five times as much by day as by night, once on average."""
    return 1.5 if 7 <= at.hour < 23 else 0.3


def evenly(at: datetime) -> float:
    """The same at all times."""
    del at
    return 1.0


def weekly(at: datetime) -> float:
    """By day on workdays, next to nothing otherwise."""
    return day_and_night(at) * (1.3 if at.weekday() < 5 else 0.25)


def ordinary(
    seed: int,
    *,
    per_day: float,
    days: float = 21,
    until: datetime = NOON,
    rhythm: Callable[[datetime], float] = day_and_night,
) -> list[datetime]:
    """Moments of ordinary talk, at random."""
    dice = random.Random(seed)  # noqa: S311  # traffic, not secrets
    start = until - days * DAY
    return [
        start + bucket * BUCKET + dice.random() * BUCKET
        for bucket in range(round(days * DAY / BUCKET))
        for _ in range(_poisson(dice, per_day * (BUCKET / DAY) * rhythm(start + bucket * BUCKET)))
    ]


def _poisson(dice: random.Random, mean: float) -> int:
    number, chance, limit = 0, dice.random(), math.exp(-mean)
    while chance > limit:
        chance *= dice.random()
        number += 1
    return number


def burst(number: int, *, minutes: float = 20, until: datetime = NOON) -> list[datetime]:
    """Evenly spaced moments before one."""
    return [until - (place + 0.5) / number * minutes * MINUTE for place in range(number)]


def judged(talk: Talk, since: datetime, until: datetime, *, every: timedelta = BUCKET) -> Iterator[Signal]:
    """What all detectors say after each bucket of a time."""
    found = [load(kind) for kind in kinds()]
    for place in range(1, (until - since) // every + 1):
        view = talk.view(since + place * every)
        yield from filter(None, (detector.evaluate(view) for detector in found))


def fired(talk: Talk, since: datetime, until: datetime, *, every: timedelta = BUCKET) -> list[Signal]:
    """What is news in a time, judged bucket by bucket."""
    return [one for one in judged(talk, since, until, every=every) if one.verdict is Verdict.FIRED]
