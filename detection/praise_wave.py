"""Many people praise at once: nobody is woken for it, and whoever works by day may want to answer while it lasts."""

from __future__ import annotations

from dataclasses import replace

from detection.signal import Signal, Verdict
from detection.view import BrandView, Said, Series
from detection.wave import Floors, Kind, judge
from sentiment.score import Label


def _positive(said: Said) -> bool:
    return said.label is Label.POSITIVE


KIND = Kind("praise_wave", "praised", "positive mention", Series.POSITIVE, _positive, Floors(15, 10))


def evaluate(view: BrandView) -> Signal | None:
    """Judge the positive mentions of the last hour against the brand's past fortnight."""
    signal = judge(KIND, view)
    if signal is None or signal.verdict is not Verdict.FIRED:
        return None
    return replace(signal, verdict=Verdict.NOTICED)
