"""One story is told again and again by many: what a brand is talked about for today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from detection.history import HOUR
from detection.signal import Reason, Signal, Verdict
from detection.view import BrandView, Said, Series, counted, voices_of
from detection.wave import LARGEST_SHARE, Floors, Kind, people, standing_of
from sentiment.score import Label

NAME = "repost_wave"
# As many as must speak for talk to be a wave.
LEAST = 15
_WORDS = {Series.MENTIONS: ("mentions", "anything"), Series.NEGATIVE: ("complaints", "complaints")}


def evaluate(view: BrandView) -> Signal | None:
    """Judge the story that most tell in the last hour, where talk or complaints are beyond what is usual."""
    if counted(view, Series.MENTIONS) < LEAST:
        return None
    told = _told(view, Series.NEGATIVE) if counted(view, Series.NEGATIVE) >= LEAST else None
    return told or _told(view, Series.MENTIONS)


def _told(view: BrandView, series: Series) -> Signal | None:
    if view.at_most(series) < view.sensitivity.required:
        return None
    kind = Kind(NAME, "told one story", "mention", series, bool, Floors(LEAST, LEAST))
    standing = standing_of(kind, view)
    if not standing.news:
        return None
    heard = view.said(HOUR)
    said = _of_top_story([one for one in heard if series is Series.MENTIONS or one.label is Label.NEGATIVE])
    voices = voices_of(said)
    if voices.authors < LEAST or voices.loudest > LARGEST_SHARE * len(said) or standing.without(len(said) - 1).wave:
        return None
    toned = [one.label is Label.NEGATIVE for one in heard if one.story == said[0].story]
    those, of_what = _WORDS[series]
    told = f"{people(voices.authors)} told one story in the last hour ({len(said):,} of {standing.observed:,} {those})"
    return Signal(
        brand=view.brand,
        kind=NAME,
        verdict=Verdict.FIRED,
        reason=Reason.ONE_STORY_MANY_VOICES,
        observed=len(said),
        expected=round(standing.expected, 2),
        threshold=round(standing.threshold, 1),
        window=HOUR,
        at=view.at,
        since=min(one.at for one in said),
        authors=voices.authors,
        loudest_share=round(voices.loudest / len(said), 3),
        sentence=f"{told}; of {of_what} there are usually about {round(standing.expected):,} at this time of day.",
        learning=standing.known.learning,
        stories=1,
        beyond=round(standing.distance.beyond, 2),
        negative_share=sum(toned) / len(toned),
        reach=voices.reach,
    )


def _of_top_story(said: Sequence[Said]) -> list[Said]:
    stories = Counter(one.story for one in said)
    top = max(stories, key=lambda story: (stories[story], -story), default=None)
    return [one for one in said if one.story == top]
