"""What people rate, beside what they write: distribution, mean or Net Promoter Score, and how both move in time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from voices.intervals import Estimate, mean, net_promoters

# Ratings at or below, or at or above these shares of their scale say the opposite of a positive or a negative text.
POOR, GOOD = 0.25, 0.75
NPS = "nps"
NPS_ENDS = (0.0, 10.0)
PROMOTER, DETRACTOR = 9, 6
# A scale of more steps is shown in this many parts.
MOST_BARS = 11
PARTS = 10
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
_DAYS = 7
_MOST_DAYS = 21


@dataclass(frozen=True, slots=True, order=True)
class Scale:
    """What was asked, and its ends; ``best`` may be the smaller one (a scale of effort).

    Attributes:
        kind: ``stars``, ``nps``, ``csat`` or ``ces``.
    """

    kind: str
    worst: float
    best: float

    @property
    def is_nps(self) -> bool:
        """Whether a Net Promoter Score can be made of it."""
        return self.kind == NPS and (self.worst, self.best) == NPS_ENDS

    def share(self, value: float) -> float:
        """Where a value lies between worst (0) and best (1)."""
        return (value - self.worst) / (self.best - self.worst)


@dataclass(frozen=True, slots=True)
class Rated:
    """All texts of a window with the same rating.

    Attributes:
        scored, negative: how many of them were scored, and judged negative.
    """

    scale: Scale
    value: float
    mentions: int
    scored: int
    negative: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a distribution: the ratings from ``worse`` to ``better``; the same where it stands for one value."""

    worse: float
    better: float
    mentions: int


@dataclass(frozen=True, slots=True)
class Ratings:
    """The ratings of one scale in a window.

    Attributes:
        bars: from worst to best.
        estimate: the Net Promoter Score (-100 to 100) of a scale of that kind, else the mean, in the scale's own units.
        negative_share: of the rated texts that were scored, the part judged negative; None where none was scored.
    """

    scale: Scale
    mentions: int
    bars: tuple[Bar, ...]
    estimate: Estimate
    negative_share: float | None


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """The ratings of one scale in a day or a week; ``ratings`` is None where there were none."""

    since: datetime
    until: datetime
    ratings: Ratings | None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A positive text rated at :data:`POOR` or below, or a negative one at :data:`GOOD` or above.

    One of the two is likely to be wrong, mostly the tone: somebody should look, and correct it.
    """

    mention_id: int
    text: str
    label: str
    compound: float | None
    scale: Scale
    value: float
    url: str | None
    source: str
    published_at: datetime


def summarise(rated: Iterable[Rated]) -> tuple[Ratings, ...]:
    """The ratings of each scale, the most used one first."""
    by_scale: defaultdict[Scale, list[Rated]] = defaultdict(list)
    for one in rated:
        by_scale[one.scale].append(one)
    found = (_ratings(scale, ones) for scale, ones in by_scale.items())
    return tuple(sorted(found, key=lambda one: (-one.mentions, one.scale)))


def trend(
    scale: Scale, periods: Sequence[tuple[datetime, datetime]], rated: Sequence[Sequence[Rated]]
) -> tuple[TrendPoint, ...]:
    """The ratings of a scale in each of some periods, in their order."""
    points = []
    for (since, until), ones in zip(periods, rated, strict=True):
        own = [one for one in ones if one.scale == scale]
        points.append(TrendPoint(since, until, _ratings(scale, own) if own else None))
    return tuple(points)


def periods(since: datetime, until: datetime, zone: ZoneInfo) -> tuple[tuple[datetime, datetime], ...]:
    """Days, or from three weeks on weeks from Monday to Monday, of a time zone: those of a window, seven days at least.

    The last one ends with the window.
    """
    since = min(since, until - (_DAYS - 1) * _DAY)
    step = _WEEK if until - since > _MOST_DAYS * _DAY else _DAY
    start = since.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    if step == _WEEK:
        start -= start.weekday() * _DAY
    starts = []
    while start < until:
        starts.append(start)
        start += step  # of the same zone, so a day is a day also when the clocks change
    moments = [moment.astimezone(until.tzinfo) for moment in starts]
    return tuple(zip(moments, [*moments[1:], until], strict=True))


def _ratings(scale: Scale, rated: Sequence[Rated]) -> Ratings:
    scored = sum(one.scored for one in rated)
    share = sum(one.negative for one in rated) / scored if scored else None
    return Ratings(scale, sum(one.mentions for one in rated), _bars(scale, rated), _estimate(scale, rated), share)


def _estimate(scale: Scale, rated: Sequence[Rated]) -> Estimate:
    answers = sum(one.mentions for one in rated)
    if scale.is_nps:
        promoters = sum(one.mentions for one in rated if one.value >= PROMOTER)
        return net_promoters(promoters, sum(one.mentions for one in rated if one.value <= DETRACTOR), answers)
    total = sum(one.value * one.mentions for one in rated)
    squares = sum(one.value**2 * one.mentions for one in rated)
    return mean(answers, total, squares, (scale.worst, scale.best))


def _bars(scale: Scale, rated: Sequence[Rated]) -> tuple[Bar, ...]:
    """A bar for every whole value of a short scale, else for each tenth of it."""
    counts: Counter[float] = Counter()
    for one in rated:
        counts[one.value] += one.mentions
    whole = all(float(value).is_integer() for value in (scale.worst, scale.best, *counts))
    if whole and abs(scale.best - scale.worst) < MOST_BARS:
        step = 1 if scale.best > scale.worst else -1
        values = range(int(scale.worst), int(scale.best) + step, step)
        return tuple(Bar(value, value, counts[value]) for value in values)
    return _tenths(scale, counts)


def _tenths(scale: Scale, counts: Counter[float]) -> tuple[Bar, ...]:
    parts = [0] * PARTS
    for value, count in counts.items():
        parts[min(max(int(scale.share(value) * PARTS), 0), PARTS - 1)] += count
    ends = [scale.worst + (scale.best - scale.worst) * part / PARTS for part in range(PARTS + 1)]
    return tuple(Bar(ends[part], ends[part + 1], count) for part, count in enumerate(parts))
