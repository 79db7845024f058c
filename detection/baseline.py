"""What is usual for a brand at this time of day, and how the present stands out from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from detection.buckets import BUCKET, Bucket, bucket_start
from detection.history import HOUR, SPAN, History
from detection.tails import RARE
from detection.waking import LEARNING

LONG = HOUR


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the present stands against the past.

    Attributes:
        observed: count of the last :data:`LONG`.
        expected: mean count of a window of that length at this time of day.
        threshold: count of such a window from which on it is beyond the usual extremes.
        beyond: as :class:`detection.history.Distance` has it.
        learning: the past is shorter than :data:`LEARNING`; ``beyond`` is then not to be relied on.
        since: start of the unbroken run of raised buckets that leads to now, None where nothing is raised.
    """

    observed: int
    expected: float
    threshold: float
    beyond: float
    learning: bool
    since: datetime | None


def window_start(now: datetime) -> datetime:
    """Start of the first bucket of the :data:`LONG` window that ends with the bucket of ``now``."""
    return bucket_start(now) - LONG + BUCKET


def counts_until(buckets: Sequence[tuple[datetime, int]], now: datetime, known_since: datetime | None) -> list[int]:
    """Counts of consecutive buckets, the last one holding ``now``, gaps filled with zeros.

    Args:
        buckets: starts and counts in order of time.
        known_since: when listening began to know something; nothing is filled in before that.
    """
    last = bucket_start(now)
    # A clock that was ahead may have left mentions in what is the future now.
    first = min(max(last - SPAN, bucket_start(known_since) if known_since else last), last)
    counts = [0] * (int((last - first) / BUCKET) + 1)
    for start, count in buckets:
        if first <= start <= last:
            counts[int((start - first) / BUCKET)] = count
    return counts


def stand(counts: Sequence[int], now: datetime, *, required: float) -> Standing:
    """Compare the end of ``counts`` (as of :func:`counts_until`) with all that came before the last hour.

    Args:
        required: how far beyond the usual extremes is news.
    """
    long = int(LONG / BUCKET)
    history = History(counts=counts)
    distance = history.distance(required)
    expected = _expected(counts, long)
    return Standing(
        observed=distance.hour,
        expected=expected,
        threshold=max(distance.hour_threshold, 1.0),
        beyond=distance.beyond,
        learning=len(counts) * BUCKET < LEARNING,
        since=_since(counts, now, max(expected / long * 2, 0.5)),
    )


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual for a window that starts in a certain hour of the day: the mean, and what one in fifty exceeds."""

    mean: float
    high: float


def usual_day(counts: Sequence[int], now: datetime, window: timedelta) -> list[Usual]:
    """What is usual by hour of the day in UTC, 24 values, judged by all but the last hour.

    Args:
        counts: as of :func:`counts_until`.
        window: length of what is counted, a multiple of a bucket.
    """
    size = max(int(window / BUCKET), 1)
    past = counts[: max(len(counts) - int(LONG / BUCKET), 0)]
    start = bucket_start(now) - (len(counts) - 1) * BUCKET
    by_hour: list[list[int]] = [[] for _ in range(24)]
    for end, total in enumerate(_windows(past, size)[size - 1 :]):
        by_hour[(start + end * BUCKET).hour].append(total)
    everything = sorted(total for hour in by_hour for total in hour)
    return [_usual(sorted(hour) or everything) for hour in by_hour]


def _usual(totals: Sequence[int]) -> Usual:
    if not totals:
        return Usual(0.0, 0.0)
    return Usual(sum(totals) / len(totals), float(totals[min(int((1 - RARE) * len(totals)), len(totals) - 1)]))


def _windows(counts: Sequence[int], size: int) -> list[int]:
    """Sums of all windows of ``size`` buckets, shorter ones at the beginning."""
    total = [0, *accumulate(counts)]
    return [total[end] - total[max(end - size, 0)] for end in range(1, len(total))]


def _expected(counts: Sequence[int], size: int) -> float:
    """Mean of the windows that ended at this time of day, half an hour more or less, on the days before."""
    day, half = int(timedelta(days=1) / BUCKET), size // 2
    sums = _windows(counts, size)
    now = len(sums) - 1
    alike = [
        sums[at]
        for back in range(day, now + 1, day)
        for at in range(max(now - back - half, size), now - back + half + 1)
        if at < now - size
    ]
    if alike:
        return sum(alike) / len(alike)
    before = counts[:-size]
    return sum(before) / len(before) * size if before else 0.0


def _since(counts: Sequence[int], now: datetime, raised: float) -> datetime | None:
    """Start of the rise: back from now while buckets, two of three, are raised."""
    start, calm, at = None, 0, bucket_start(now)
    for count in reversed(counts):
        calm = 0 if count > raised else calm + 1
        if calm > 1:
            break
        if not calm:
            start = at
        at -= BUCKET
    return start


def series(buckets: Sequence[Bucket], field: str) -> list[tuple[datetime, int]]:
    """One of the counts of buckets, with their starts."""
    return [(bucket.start, getattr(bucket, field)) for bucket in buckets]
