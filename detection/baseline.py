"""What is usual for a brand by the hour of the day, for charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from detection.buckets import BUCKET, bucket_start
from detection.history import HOUR, SPAN
from detection.tails import RARE


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
    past = counts[: max(len(counts) - int(HOUR / BUCKET), 0)]
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
