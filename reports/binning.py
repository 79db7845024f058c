"""From five-minute buckets to the points of a chart."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from detection.buckets import Bucket
from reports.chart import ChartPoint


def points(
    buckets: Iterable[Bucket],
    since: datetime,
    until: datetime,
    step: timedelta,
    expected_per_step: float | Callable[[datetime], float],
) -> tuple[ChartPoint, ...]:
    """One point per step from ``since`` on, the last one covering ``until``; where no bucket is, counts are zero.

    A bucket counts in the step its start falls into; those before ``since`` or from ``until`` on are left out. ``step``
    is a multiple of five minutes. ``expected_per_step`` is in mentions per step: a figure, or what is usual for the
    step that starts at a time.
    """
    number = max(math.ceil((until - since) / step), 0)
    observed, negative = [0] * number, [0] * number
    for bucket in buckets:
        if since <= bucket.start < until:
            observed[(bucket.start - since) // step] += bucket.mentions
            negative[(bucket.start - since) // step] += bucket.negative
    usual = expected_per_step if callable(expected_per_step) else lambda _: expected_per_step
    starts = (since + index * step for index in range(number))
    return tuple(
        ChartPoint(start, observed[index], usual(start), negative[index]) for index, start in enumerate(starts)
    )
