"""How high a wave rose, and when talk was back to what is usual."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from reports.wave import ChartPoint, Mark, MarkKind, WaveChart

# What stays in the usual range for so long is back to usual; a shorter lull is the wave drawing breath.
CALM = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Wave:
    """The wave of an incident.

    Attributes:
        chart: its picture, with the first public answer and the recovery marked.
        peak: the highest point since the rise, None where nothing was counted.
        stood_out: whether that was beyond the usual range.
        usual_again_at: from when on counts stayed usual, None where they have not yet.
    """

    chart: WaveChart
    peak: ChartPoint | None
    stood_out: bool
    usual_again_at: datetime | None


def wave_of(chart: WaveChart, since: datetime, until: datetime, answered_at: datetime | None) -> Wave:
    """What a chart tells of the wave that rose at ``since`` and was looked at up to ``until``."""
    within = [
        (point, high)
        for point, high in zip(chart.whole, chart.highs, strict=False)  # a point that still runs is not whole
        if point.start + chart.step > since and point.start < until
    ]
    peak, high = max(within, key=lambda pair: pair[0].observed, default=(None, 0.0))
    stood_out = peak is not None and peak.observed > high
    again = _usual_again(chart, peak.start) if peak and stood_out else None
    return Wave(_marked(chart, answered_at, again), peak, stood_out, again)


def _usual_again(chart: WaveChart, peak_at: datetime) -> datetime | None:
    needed, calm = math.ceil(CALM / chart.step), 0
    for point, high in zip(chart.whole, chart.highs, strict=False):
        calm = calm + 1 if point.start > peak_at and point.observed <= high else 0
        if calm == needed:
            return point.start - (needed - 1) * chart.step
    return None


def _marked(chart: WaveChart, answered_at: datetime | None, again: datetime | None) -> WaveChart:
    times = ((answered_at, "First public answer"), (again, "Back to usual"))
    return replace(
        chart, marks=(*chart.marks, *(Mark(at, label, MarkKind.ACTION) for at, label in times if at is not None))
    )
