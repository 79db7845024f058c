"""Many people talk at once, whatever their tone: all mentions beyond what is usual for the brand."""

from __future__ import annotations

from dataclasses import replace

from detection.baseline import LONG, counts_until, series, stand
from detection.signal import BrandView, Reason, Signal, Verdict
from detection.wave import Floors, Kind, judge

# Talk without complaint is seldom urgent: it takes more of it, by more people, further beyond the usual.
KIND = Kind("volume_wave", "spoke", "mention", required=1.0, floors=Floors(mentions=30, authors=15))


def evaluate(view: BrandView) -> Signal:
    """Judge all mentions of the last hour against the brand's past fortnight; a wave of praise is no alarm."""
    counts = counts_until(series(view.buckets, "mentions"), view.now, view.listening_since)
    signal = judge(KIND, view, stand(counts, view.now, required=KIND.required), view.voices)
    if signal.verdict is Verdict.FIRED and _mostly_praise(view):
        sentence = f"{signal.sentence} Held: most of it is praise."
        return replace(signal, verdict=Verdict.HELD, reason=Reason.MOSTLY_PRAISE, sentence=sentence)
    return signal


def _mostly_praise(view: BrandView) -> bool:
    recent = [bucket for bucket in view.buckets if bucket.start > view.now - LONG]
    positive, negative = sum(bucket.positive for bucket in recent), sum(bucket.negative for bucket in recent)
    return positive > 2 * negative and positive * 2 > sum(bucket.scored for bucket in recent)
