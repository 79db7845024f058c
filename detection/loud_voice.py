"""One complaint by somebody whom more follow than anybody who spoke of the brand: it may be a wave in an hour.

Compared with the farthest heard of the fortnight, not with a quantile of all: of a brand that is much spoken of, one in
a hundred speaks every few hours, and who is heard farther than anybody about once in the fortnight.
"""

from __future__ import annotations

from detection.history import HOUR
from detection.signal import Reason, Signal, Verdict
from detection.view import FAR, BrandView, Series, counted, voices_of
from detection.wave import negative_share
from sentiment.score import Label

NAME = "loud_voice"
# What is usual is not known before so many authors were seen; until then it takes ten times the least.
_ENOUGH = 50
_UNKNOWN = 10


def evaluate(view: BrandView) -> Signal | None:
    """Judge the negative mention of the last hour whose author most follow; who spoke before is no news again."""
    if not view.heard_far or not counted(view, Series.NEGATIVE):
        return None
    said = [one for one in view.said(HOUR) if one.label is Label.NEGATIVE]
    loudest = max(said, key=lambda one: one.reach or 0, default=None)
    if loudest is None or loudest.reach is None or loudest.reach < FAR:
        return None
    if view.spoke_before(loudest.author):
        return None
    reaches = view.reaches()
    known = len(reaches) >= _ENOUGH
    farthest = reaches[-1] if known else FAR * _UNKNOWN
    beyond = loudest.reach / (farthest * view.sensitivity.required)
    if beyond <= 1:
        return None
    by_author = voices_of([one for one in said if one.author == loudest.author])
    compared = (
        f"more than any of the {len(reaches):,} authors of the last two weeks has, the farthest heard of whom has "
        f"{farthest:,}"
        if known and loudest.reach > farthest
        else f"nearly as many as the farthest heard of {len(reaches):,} authors of the last two weeks ({farthest:,})"
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
        beyond=round(beyond, 2),
        negative_share=negative_share(view),
        reach=loudest.reach,
    )
