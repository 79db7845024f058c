"""Whether a source that usually speaks has fallen silent.

A pause is measured in the posts that usually come in such a time, by the source's own rhythm of the day and the week:
a night without a post weighs next to nothing at a source that sleeps at night (the time-rescaling theorem: Brown et
al., Neural Computation 14, 2002). It is no pause any more when it weighs over twice as much as the heaviest of the
last weeks. Sources whose posts come in bursts have heavy pauses and are given long ones; those that speak like a clock
are missed soon.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from statistics import median

HOUR = timedelta(hours=1)
REFERENCE = timedelta(days=28)
# Hours that must have been listened to before anything is usual: a week, so that each day of it has been seen.
LEARNED = 7 * 24
# With fewer hours in which it spoke there are too few pauses to compare with.
_SPOKEN = 10
# Where posts came at random, one pause in twenty would weigh as much as three posts.
_LEAST_MISSED = 3.0
# How often the heaviest pause must be exceeded where many came near it, and by how much more where only one did.
_TIMES_HEAVIEST = 2.0
_LEAST_HOURS = 3
# An hour counts for no more than this many usual ones: a burst is not a rhythm.
_BURST = 3.0
# An hour of the day or a day of the week is believed as much as the mean once so many posts came in it.
_BELIEVED = 4.0

Rhythm = Callable[[datetime], float]


class Hearing(StrEnum):
    """Why a source counts as silent or not."""

    SPEAKING = "speaking"
    USUAL_PAUSE = "usual pause"
    SELDOM_SPEAKS = "seldom speaks"
    STILL_LEARNING = "still learning"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class HeardHour:
    """An hour in which a source was asked and answered, with the posts that were published in it.

    Hours in which it could not be asked are left out: they say nothing.
    """

    start: datetime
    posts: int


@dataclass(frozen=True, slots=True)
class Silence:
    """A decision about a source, with the figures behind it.

    Attributes:
        since: end of the last hour with a post, None where there was none.
        hours: hours listened to since then.
        missed: posts that usually come in these hours.
        needed: the same figure from which on it is no usual pause any more.
        sentence: why, in words for people.
    """

    reason: Hearing
    since: datetime | None
    hours: int
    missed: float
    needed: float
    sentence: str

    @property
    def silent(self) -> bool:
        """Whether somebody should look after it."""
        return self.reason is Hearing.SILENT


def judge_silence(hours: Iterable[HeardHour], now: datetime, *, interval: timedelta = HOUR) -> Silence:
    """Judge the time since a source last spoke.

    Args:
        hours: what was heard, in any order, each hour at most once.
        now: only hours that are over count, unless something was published in them.
        interval: how often it is asked; between two visits no further apart it was listened to.
    """
    heard = _listened(hours, now, interval)
    last = max((at for at, hour in enumerate(heard) if hour.posts), default=None)
    if last is None:
        reason = Hearing.STILL_LEARNING if len(heard) < LEARNED else Hearing.SELDOM_SPEAKS
        return Silence(reason, None, len(heard), 0.0, 0.0, _sentence(reason, len(heard), 0.0))
    past = [hour for hour in heard[: last + 1] if hour.start > heard[last].start - REFERENCE]
    pause = heard[last + 1 :]
    usual = _rhythm(past)
    missed = sum(usual(hour.start) for hour in pause)
    needed = _needed(past, usual)
    reason = _reason(past, len(pause), missed >= needed, interval)
    sentence = _sentence(reason, len(pause), missed)
    return Silence(reason, heard[last].start + HOUR, len(pause), missed, needed, sentence)


def _reason(past: Sequence[HeardHour], pause: int, heavy: bool, interval: timedelta) -> Hearing:  # noqa: FBT001  # a fact
    if not pause:
        return Hearing.SPEAKING
    if len(past) < LEARNED:
        return Hearing.STILL_LEARNING
    if sum(hour.posts > 0 for hour in past) < _SPOKEN:
        return Hearing.SELDOM_SPEAKS
    if heavy and pause >= max(_LEAST_HOURS, 2 * interval / HOUR):
        return Hearing.SILENT
    return Hearing.USUAL_PAUSE


def _listened(hours: Iterable[HeardHour], now: datetime, interval: timedelta) -> list[HeardHour]:
    """The hours that count, in order; those between two visits were listened to by the later one."""
    known = sorted((hour for hour in hours if hour.posts or hour.start + HOUR <= now), key=lambda hour: hour.start)
    whole = known[:1]
    for before, after in pairwise(known):
        apart = after.start - before.start
        if HOUR < apart <= interval:
            whole += [HeardHour(before.start + n * HOUR, 0) for n in range(1, apart // HOUR)]
        whole.append(after)
    return whole


def _rhythm(past: Sequence[HeardHour]) -> Rhythm:
    """Posts that are usual in an hour: the mean, times what the hour of the day and the day of the week make of it."""
    most = _BURST * median(hour.posts for hour in past if hour.posts)
    posts = {hour.start: min(hour.posts, most) for hour in past}
    mean = sum(posts.values()) / len(posts)
    by_hour, by_day = defaultdict[int, list[float]](list), defaultdict[int, list[float]](list)
    for start, count in posts.items():
        by_hour[start.astimezone(UTC).hour].append(count)
        by_day[start.astimezone(UTC).weekday()].append(count)

    def usual(start: datetime) -> float:
        at = start.astimezone(UTC)
        return _blended(by_hour[at.hour], mean) * _blended(by_day[at.weekday()], mean) / mean

    return usual


def _blended(counts: Sequence[float], mean: float) -> float:
    """The mean of some counts, drawn to the mean of all as long as they hold few posts."""
    return (sum(counts) + _BELIEVED) / (len(counts) + _BELIEVED / mean)


def _needed(past: Sequence[HeardHour], usual: Rhythm) -> float:
    """How heavy a pause must be to be none: the fewer came near the heaviest one, the less that one says."""
    weights = [0.0]
    for hour in past:
        if hour.posts:
            weights.append(0.0)
        else:
            weights[-1] += usual(hour.start)
    heaviest = max(weights)
    near = sum(weight >= heaviest / 2 for weight in weights)
    return max(_LEAST_MISSED, _TIMES_HEAVIEST * (1 + 1 / near) * heaviest)


def _sentence(reason: Hearing, hours: int, missed: float) -> str:
    match reason:
        case Hearing.SPEAKING:
            return "New posts came within the last hour."
        case Hearing.USUAL_PAUSE:
            return f"Nothing new in {_length(hours)} of listening, which is not unusual for it."
        case Hearing.SELDOM_SPEAKS:
            return "It speaks so seldom that its silence means nothing."
        case Hearing.STILL_LEARNING:
            return "What is usual for it is known after a week of listening."
        case Hearing.SILENT:
            return f"Nothing new in {_length(hours)} of listening; about {missed:,.0f} posts usually come in that time."


def _length(hours: int) -> str:
    days, rest = divmod(hours, 24)
    return " ".join(part for part in (f"{days} d" if days else "", f"{rest} h" if rest or not days else "") if part)
