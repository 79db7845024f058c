"""Nobody speaks of a brand that is usually spoken of: it may be calm, or nobody hears what is said any more."""

from __future__ import annotations

from detection.signal import Reason, Signal, Verdict
from detection.silence import HOUR, judge_silence
from detection.view import BrandView

NAME = "brand_silence"
_ADVICE = "See whether its sources and its query still find it."


def evaluate(view: BrandView) -> Signal | None:
    """Judge the time since the brand was last spoken of, by its own rhythm of the day and the week."""
    hours = view.silent_hours()
    if not hours:
        return None
    silence = judge_silence(hours, view.at)
    if not silence.silent or silence.since is None:
        return None
    usually = f"about {silence.missed:,.0f} posts usually come in that time"
    return Signal(
        brand=view.brand,
        kind=NAME,
        verdict=Verdict.NOTICED,
        reason=Reason.SILENT,
        observed=0,
        expected=round(silence.missed, 2),
        threshold=0.0,
        window=silence.hours * HOUR,
        at=view.at,
        since=silence.since,
        authors=0,
        loudest_share=0.0,
        sentence=f"Nobody has spoken of {view.name} in {silence.hours:,} hours of listening; {usually}. {_ADVICE}",
        beyond=round(silence.missed / silence.needed, 2),
    )
