"""Many people talk at once, whatever their tone: all mentions beyond what is usual for the brand."""

from __future__ import annotations

from detection.signal import Reason, Signal, Verdict
from detection.view import BrandView, Said, Series, counted
from detection.wave import Floors, Kind, held, judge


def _any(said: Said) -> bool:
    del said
    return True


# Talk without complaint is seldom urgent: it takes more of it, by more people.
KIND = Kind("volume_wave", "spoke", "mention", Series.MENTIONS, _any, Floors(30, 15))


def evaluate(view: BrandView) -> Signal | None:
    """Judge all mentions of the last hour against the brand's past fortnight; a wave of praise is no alarm."""
    signal = judge(KIND, view)
    if signal and signal.verdict is Verdict.FIRED and _mostly_praise(view):
        return held(signal, Reason.MOSTLY_PRAISE, "most of it is praise")
    return signal


def _mostly_praise(view: BrandView) -> bool:
    positive, negative = counted(view, Series.POSITIVE), counted(view, Series.NEGATIVE)
    return positive > 2 * negative and positive * 2 > counted(view, "scored")
