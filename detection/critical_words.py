"""Several people use words after which a comms team wants to know at once: death, injury, lawsuit, recall, breach."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from detection.history import HOUR
from detection.signal import Reason, Signal
from detection.view import BrandView, Said, Series
from detection.wave import Floors, Kind, judge


def _critical(said: Said) -> bool:
    return bool(said.critical)


# One post may be a figure of speech, and two may answer each other.
KIND = Kind("critical_words", "used critical words", "such mention", Series.CRITICAL, _critical, Floors(3, 3))


def evaluate(view: BrandView) -> Signal | None:
    """Judge the mentions with critical words of the last hour against the brand's past fortnight."""
    signal = judge(KIND, view)
    if signal is None or signal.reason is Reason.STILL_RAISED:
        return signal
    words = Counter(word for one in view.said(HOUR) for word in one.critical)
    named = ", ".join(word for word, _ in sorted(words.items(), key=lambda each: (-each[1], each[0])))
    return replace(signal, sentence=signal.sentence.replace(KIND.did, f"{KIND.did} ({named})", 1))
