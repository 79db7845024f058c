"""Many people complain at once: negative mentions beyond what is usual for the brand."""

from __future__ import annotations

from detection.baseline import counts_until, series, stand
from detection.signal import BrandView, Signal
from detection.wave import Floors, Kind, judge

# Eight complaints by five people are the least that a person on call should be asked to look at.
KIND = Kind("negative_wave", "complained", "negative mention", required=1.0, floors=Floors(mentions=8, authors=5))


def evaluate(view: BrandView) -> Signal:
    """Judge the negative mentions of the last hour against the brand's past fortnight."""
    counts = counts_until(series(view.buckets, "negative"), view.now, view.listening_since)
    return judge(KIND, view, stand(counts, view.now, required=KIND.required), view.negative_voices)
