"""Many people complain at once: negative mentions beyond what is usual for the brand."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

from detection.buckets import BUCKET
from detection.history import HOUR
from detection.rhythm import SWELL
from detection.signal import Reason, Signal, Verdict
from detection.view import BrandView, Said, Series, Voices, counted, voices_of
from detection.wave import (
    LARGEST_SHARE,
    Floors,
    Kind,
    held,
    judge,
    negative_share,
    people,
    since_of,
)
from sentiment.score import Label
from voices.intervals import share

NAME = "negative_wave"
# Eight complaints by five people are the least that a person on call should be asked to look at.
MENTIONS = 8
_HOURS, _BUCKETS = round(SWELL / HOUR), round(SWELL / BUCKET)


def evaluate(view: BrandView) -> Signal | None:
    """Judge the negative mentions of the last hour against the brand's past fortnight.

    Where they are no wave, those of the last three hours are judged against what they ever came to at this time of day.
    """
    signal = judge(_kind(view.least_people), view)
    if signal and signal.verdict is Verdict.FIRED and _less_negative(view, HOUR):
        usual, now = view.known(Series.NEGATIVE).share or 0.0, signal.negative_share or 0.0
        why = f"of what could be judged {now:.0%} is negative, usually {usual:.0%}: more talk, not more anger"
        signal = held(signal, Reason.LESS_NEGATIVE, why)
    if signal and signal.verdict is Verdict.FIRED:
        return signal
    return _swell(view) or signal


@cache  # the same for bucket after bucket
def _kind(least_people: int) -> Kind:
    floors = Floors(max(MENTIONS, least_people), least_people)
    return Kind(NAME, "complained", "negative mention", Series.NEGATIVE, _negative, floors)


def _negative(said: Said) -> bool:
    return said.label is Label.NEGATIVE


def _less_negative(view: BrandView, window: timedelta) -> bool:
    """Whether complaints are a clearly smaller part of the talk than they usually are."""
    known, scored = view.known(Series.NEGATIVE), counted(view, "scored", window)
    if known.learning or known.share is None or not scored:
        return False
    return (share(counted(view, Series.NEGATIVE, window), scored).high or 0.0) < known.share


def _swell(view: BrandView) -> Signal | None:
    """A wave that grows slowly, at a time of day at which there never were so many."""
    observed = counted(view, Series.NEGATIVE, SWELL)
    # Half of its share must have come in the last hour: what is over is no wave that grows.
    if observed < MENTIONS * _HOURS or counted(view, Series.NEGATIVE) * _HOURS * 2 < observed:
        return None
    if view.surely_no_swell(Series.NEGATIVE):
        return None
    known, weighed = view.known(Series.NEGATIVE), sum(view.weighed(Series.NEGATIVE)[-_BUCKETS:])
    rhythm, required = known.rhythm, view.sensitivity.required
    if not rhythm.swells(weighed, required) or _less_negative(view, SWELL):
        return None
    voices = voices_of([one for one in view.said(SWELL) if _negative(one)])
    if voices.authors < view.least_people * _HOURS or voices.loudest > LARGEST_SHARE * observed:
        return None
    left = observed - max(voices.loudest, voices.retold) + 1
    if left < view.least_people * _HOURS or not rhythm.swells(round(left * weighed / observed), required):
        return None
    return _swelling(view, observed, voices)


def _swelling(view: BrandView, observed: int, voices: Voices) -> Signal:
    rhythm = view.known(Series.NEGATIVE).rhythm
    expected, highest = rhythm.usual or 0.0, rhythm.highest or 0
    threshold = rhythm.needed(view.sensitivity.required)
    return Signal(
        brand=view.brand,
        kind=NAME,
        verdict=Verdict.FIRED,
        reason=Reason.MORE_THAN_EVER_AT_THIS_TIME,
        observed=observed,
        expected=round(expected, 2),
        threshold=round(threshold, 1),
        window=SWELL,
        at=view.at,
        since=since_of(view.recent, Series.NEGATIVE, max(expected / _BUCKETS * 2, 0.5)),
        authors=voices.authors,
        loudest_share=round(voices.loudest / observed, 3),
        sentence=f"{people(voices.authors)} complained in the last three hours ({observed:,} negative mentions), more "
        f"than on any known day at this time ({highest:,} at most); usually about {round(expected):,}.",
        stories=voices.stories,
        beyond=round(observed / max(threshold, 1.0), 2),
        negative_share=negative_share(view),
        reach=voices.reach,
    )
