"""The decision that all waves share: is this many people, and more than usual."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from detection.buckets import BUCKET, Bucket, bucket_start
from detection.history import HOUR, Distance, Sums, sums_of
from detection.known import Known
from detection.signal import Reason, Signal, Verdict
from detection.view import BrandView, Said, Series, Voices, counted, voices_of

# One person may be angry all night: a wave is many people.
LARGEST_SHARE = 0.5
# From a quarter on it is asked what would be left without one author, or without one story.
LARGE_SHARE = 0.25
# A wave is not over while it is this far beyond the usual, in parts of what is news: what fires at 1 and ends below 1
# would fire again with the next post.
STILL = 0.5
# Times both floors while the past is shorter than two days, and times the little that is known.
LEARNING_FACTOR = 4
_HOUR = round(HOUR / BUCKET)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Floors:
    """What a wave needs at least, whatever the past says.

    Attributes:
        mentions: in the last hour.
        authors: distinct voices behind them.
    """

    mentions: int
    authors: int


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of wave, with the words that its sentence uses.

    Attributes:
        did: what people did, in the past tense (``complained``).
        mention: what is counted (``negative mention``).
        chosen: whether a mention is one of those.
    """

    name: str
    did: str
    mention: str
    series: Series
    chosen: Callable[[Said], bool]
    floors: Floors


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the last hour of a kind stands against the past.

    Attributes:
        observed: mentions as they came.
        sums: counts as they are judged.
        required: the distance that is news.
        so_far: mentions an hour that came before the last one, as far as they are known; 0 where a whole day is.
    """

    floors: Floors
    known: Known
    observed: int
    sums: Sums
    required: float
    so_far: float

    @property
    def expected(self) -> float:
        """Mentions usual for an hour at this time of day, times what is planned."""
        return self.planned * self.usual

    @property
    def usual(self) -> float:
        """The same on an ordinary day; on the first day that is known, of all that came so far."""
        return self.so_far if self.known.length < _DAY else self.known.rhythm.expected or 0.0

    @property
    def planned(self) -> float:
        """How many times as much as usual was expected of the last hour, because of what is planned."""
        return max(self.observed / self.sums.hour, 1.0) if self.sums.hour else 1.0

    @property
    def distance(self) -> Distance:
        """How far beyond the usual the present is."""
        return self.known.past.distance(self.sums, self.required)

    @property
    def news(self) -> bool:
        """Whether it is far enough beyond the usual."""
        return self.reaches(self.required)

    @property
    def wave(self) -> bool:
        """Whether it is news, and as many as a wave needs people: where there never was one, one is news."""
        return self.observed >= self.floors.authors and self.news

    def reaches(self, required: float) -> bool:
        """Whether it is so far beyond the usual; while learning, whether it is many in any case."""
        if self.known.learning:
            return self.sums.hour >= LEARNING_FACTOR * max(self.floors.mentions, self.usual)
        return self.distance.beyond >= required

    def without(self, some: int) -> Standing:
        """As it would be with so many mentions less, weighed as all of the hour are."""
        weighed = round(some * self.sums.hour / self.observed)
        return replace(self, observed=self.observed - some, sums=self.sums.less(weighed))

    @property
    def threshold(self) -> float:
        """Mentions of an hour from which on it would be news."""
        if self.known.learning:
            return LEARNING_FACTOR * max(self.floors.mentions, self.expected)
        return max(self.planned * self.distance.hour_threshold, self.floors.mentions)


def standing_of(kind: Kind, view: BrandView) -> Standing:
    """Where the last hour of a brand stands."""
    known = view.known(kind.series)
    return Standing(
        floors=kind.floors,
        known=known,
        observed=counted(view, kind.series),
        sums=sums_of(view.weighed(kind.series)),
        required=view.sensitivity.required,
        so_far=_so_far(view, kind.series) if known.length < _DAY else 0.0,
    )


def _so_far(view: BrandView, series: Series) -> float:
    if view.heard_since is None:
        return 0.0
    first, past = bucket_start(view.heard_since), zip(view.recent[:-_HOUR], view.weighed(series), strict=False)
    counts = [count for bucket, count in past if bucket.start >= first]
    return sum(counts) / len(counts) * _HOUR if counts else 0.0


def judge(kind: Kind, view: BrandView) -> Signal | None:
    """Decide whether the last hour is a wave, and say why; None where nothing stands out.

    Nothing is looked up of a brand that does not come to half the floor, and little of one whose hour is usual.
    """
    if counted(view, kind.series) * 2 < kind.floors.mentions:
        return None
    if view.at_most(kind.series) < STILL * view.sensitivity.required:
        return None
    standing = standing_of(kind, view)
    voices = voices_of([one for one in view.said(HOUR) if kind.chosen(one)]) if standing.news else Voices()
    if standing.news:
        return _signal(kind, view, standing, voices, _objection(standing, voices) or Reason.ABOVE_BASELINE)
    if standing.observed >= kind.floors.mentions and standing.reaches(STILL * standing.required):
        return _signal(kind, view, standing, voices, Reason.STILL_RAISED)
    return None


def held(signal: Signal, reason: Reason, why: str) -> Signal:
    """A signal that would have fired, held for a reason; ``why`` is a sentence without its full stop."""
    return replace(signal, verdict=Verdict.HELD, reason=reason, sentence=f"{signal.sentence} Held: {why}.")


def negative_share(view: BrandView) -> float | None:
    """Part of the last hour that is negative, of what could be judged."""
    scored = counted(view, "scored")
    return counted(view, Series.NEGATIVE) / scored if scored else None


def people(number: int) -> str:
    """So many people, in words."""
    return "1 person" if number == 1 else f"{number:,} people"


def since_of(buckets: Sequence[Bucket], series: Series, raised: float) -> datetime | None:
    """Start of the rise that leads to the last of consecutive buckets: back while of two one at least is raised.

    Args:
        raised: what more than is raised.
    """
    start, calm = None, 0
    for bucket in reversed(buckets):
        calm = 0 if getattr(bucket, series) > raised else calm + 1
        if calm > 1:
            break
        if not calm:
            start = bucket.start
    return start


def _objection(standing: Standing, voices: Voices) -> Reason | None:
    """What speaks against a wave, None where nothing does."""
    floors, observed = standing.floors, standing.observed
    if observed < floors.mentions:
        return Reason.TOO_FEW_MENTIONS
    if voices.loudest > LARGEST_SHARE * observed or not _wave_without(standing, voices.loudest):
        return Reason.ONE_LOUD_AUTHOR
    if not _wave_without(standing, voices.retold):
        return Reason.ONE_STORY
    if voices.authors < floors.authors:
        return Reason.TOO_FEW_AUTHORS
    if standing.known.learning and voices.authors < floors.authors * LEARNING_FACTOR:
        return Reason.STILL_LEARNING
    return None


def _wave_without(standing: Standing, some: int) -> bool:
    """Whether it would be a wave with only one of so many mentions; few of them do not matter."""
    return some < LARGE_SHARE * standing.observed or standing.without(some - 1).wave


_VERDICTS = {Reason.ABOVE_BASELINE: Verdict.FIRED, Reason.STILL_RAISED: Verdict.GOES_ON}


def _signal(kind: Kind, view: BrandView, standing: Standing, voices: Voices, reason: Reason) -> Signal:
    raised = max(standing.expected * (BUCKET / HOUR) * 2, 0.5)
    why = _why(standing, voices, reason)
    return Signal(
        brand=view.brand,
        kind=kind.name,
        verdict=_VERDICTS.get(reason, Verdict.HELD),
        reason=reason,
        observed=standing.observed,
        expected=round(standing.expected, 2),
        threshold=round(standing.threshold, 1),
        window=HOUR,
        at=view.at,
        since=since_of(view.recent, kind.series, raised),
        authors=voices.authors,
        loudest_share=round(voices.loudest / standing.observed, 3) if standing.observed else 0.0,
        sentence=" ".join(filter(None, (_seen(kind, standing, voices), why and f"Held: {why}."))),
        learning=standing.known.learning,
        stories=voices.stories,
        beyond=round(standing.distance.beyond, 2),
        negative_share=negative_share(view),
        reach=voices.reach,
    )


def _seen(kind: Kind, standing: Standing, voices: Voices) -> str:
    one = standing.observed == 1
    mentions = f"{standing.observed:,} {kind.mention}{'' if one else 's'}"
    if not voices.mentions:
        return f"{mentions} in the last hour; {_usually(standing)}."
    return f"{people(voices.authors)} {kind.did} in the last hour ({mentions}); {_usually(standing)}."


def _why(standing: Standing, voices: Voices, reason: Reason) -> str:
    observed, floors = standing.observed, standing.floors
    match reason:
        case Reason.TOO_FEW_MENTIONS:
            return f"nobody is woken for fewer than {floors.mentions}"
        case Reason.ONE_LOUD_AUTHOR:
            only = "" if voices.loudest > LARGEST_SHARE * observed else ", and without them it is as usual"
            return f"{voices.loudest} of {observed} are by one author{only}"
        case Reason.ONE_STORY:
            return f"{voices.retold} of {observed} tell one story again, and without them it is as usual"
        case Reason.TOO_FEW_AUTHORS:
            return f"a wave needs at least {floors.authors} people"
        case Reason.STILL_LEARNING:
            return "less than two days are known, so what is usual is still being learned"
        case _:
            return ""


def _usually(standing: Standing) -> str:
    if standing.known.learning:
        return "what is usual is still being learned"
    usual = round(standing.expected)
    if usual == 0:
        return "usually hardly any at this time of day"
    if standing.planned > 1:
        return f"with what is planned about {usual:,} were to be expected"
    return f"usually about {usual:,} at this time of day"
