"""One complaint by somebody whom extremely many follow: it may be a wave in an hour."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from detection.history import HOUR
from detection.signal import Reason, Signal, Verdict
from detection.tails import Tail, code
from detection.view import FAR, BrandView, Series, counted, voices_of
from detection.wave import negative_share
from sentiment.score import Label

NAME = "loud_voice"
# What is usual is not known before so many authors were seen; until then it takes ten times the least.
_ENOUGH = 50
_UNKNOWN = 10


def evaluate(view: BrandView) -> Signal | None:
    """Judge the negative mention of the last hour whose author most follow against all authors of the fortnight."""
    if not view.heard_far or not counted(view, Series.NEGATIVE):
        return None
    said = [one for one in view.said(HOUR) if one.label is Label.NEGATIVE]
    loudest = max(said, key=lambda one: one.reach or 0, default=None)
    if loudest is None or loudest.reach is None or loudest.reach < FAR:
        return None
    reaches = view.reaches()
    tail = Tail(map(code, _others(reaches, loudest.reach)))
    known = len(reaches) >= _ENOUGH
    extreme = tail.loudness(code(loudest.reach)) / view.sensitivity.required if known else 0.0
    if extreme < 1 if known else loudest.reach < FAR * _UNKNOWN:
        return None
    by_author = voices_of([one for one in said if one.author == loudest.author])
    fewer = bisect_left(reaches, loudest.reach)
    usual = reaches[len(reaches) // 2] if reaches else 0
    compared = (
        f"more than {fewer:,} of the {len(reaches):,} authors of the last two weeks, of whom half have up to {usual:,}"
        if known
        else "how many follow those who usually speak is not known yet"
    )
    return Signal(
        brand=view.brand,
        kind=NAME,
        verdict=Verdict.FIRED,
        reason=Reason.EXTREME_REACH,
        observed=by_author.mentions,
        expected=0.0,
        threshold=1.0,
        window=HOUR,
        at=view.at,
        since=loudest.at,
        authors=1,
        loudest_share=1.0,
        sentence=f"Somebody with {loudest.reach:,} followers complained: {compared}.",
        stories=by_author.stories,
        beyond=round(extreme, 2),
        negative_share=negative_share(view),
        reach=loudest.reach,
    )


def _others(reaches: Sequence[int], own: int) -> list[int]:
    """The reaches of all but one with this one: who spoke before must not be compared with themselves."""
    place = bisect_left(reaches, own)
    return [*reaches[:place], *reaches[place + (own in reaches[place : place + 1]) :]]
