"""When a source is asked again.

One that speaks is asked at its full pace; one that seldom brings anything, four times as often as it usually does, so
that a post of it is found within a quarter of its usual pause. One that fails is asked less and less often, each at
its own random distance, so that what failed together does not come back together.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from sources.contract import SourceError

# So many visits fall into the usual pause between two posts of a source.
_VISITS_PER_POST = 4
# Unless the settings say otherwise, a quiet source is asked no less often than this many of its shortest intervals ...
_SLOWEST = 4
# ... and never less often than this, where its shortest interval is shorter.
_SLOWEST_OF_ALL = timedelta(minutes=30)
# A source that fails comes back by itself: never so seldom that its return goes unnoticed for long.
LONGEST_PAUSE = timedelta(minutes=15)
# One that cannot work before somebody changes something needs no asking at that pace.
LONGEST_PERMANENT_PAUSE = timedelta(hours=2)
# A failing source is asked up to this much later than its pause says, and not more than five minutes.
_SPREAD = 0.25
_LARGEST_SPREAD = timedelta(minutes=5)


class VisitReason(StrEnum):
    """Why a source is asked again when it is."""

    SPEAKING = "speaking"
    URGENT = "urgent"
    BEHIND = "behind"
    SELDOM = "seldom"
    FAILING = "failing"
    TOLD_TO_WAIT = "told to wait"
    TOMORROW = "tomorrow"


@dataclass(frozen=True, slots=True)
class Pace:
    """Within which bounds a source is asked.

    Attributes:
        every: the shortest interval, as configured.
        slowest: the longest one; None for four times ``every``, at most half an hour.
    """

    every: timedelta
    slowest: timedelta | None = None

    @property
    def longest(self) -> timedelta:
        """The longest interval, never shorter than the shortest."""
        usual = min(_SLOWEST * self.every, _SLOWEST_OF_ALL)
        return max(self.every, usual if self.slowest is None else self.slowest)


@dataclass(frozen=True, slots=True)
class NextVisit:
    """When to ask again, and why then."""

    at: datetime
    reason: VisitReason


@dataclass(frozen=True, slots=True)
class Brought:
    """What a visit that worked says about the next.

    Attributes:
        news: it showed posts that were not there before.
        behind: more is waiting than the visit had room for.
        posts_a_week: posts that the source showed in the last seven days, None where it is not known for that long.
        urgent: an incident of a brand that listens here is open.
    """

    news: bool
    behind: bool = False
    posts_a_week: int | None = None
    urgent: bool = False


def after_success(pace: Pace, now: datetime, brought: Brought) -> NextVisit:
    """When to ask a source again that answered."""
    if brought.behind:
        return NextVisit(now, VisitReason.BEHIND)
    if brought.urgent:
        return NextVisit(now + pace.every, VisitReason.URGENT)
    if brought.news or brought.posts_a_week is None:
        return NextVisit(now + pace.every, VisitReason.SPEAKING)
    usual_pause = timedelta(weeks=1) / max(brought.posts_a_week, 1)
    interval = min(max(usual_pause / _VISITS_PER_POST, pace.every), pace.longest)
    return NextVisit(now + interval, VisitReason.SPEAKING if interval == pace.every else VisitReason.SELDOM)


def after_failure(pace: Pace, now: datetime, failures: int, error: SourceError, rng: random.Random) -> NextVisit:
    """When to ask a source again that has failed this many times in a row; never before the time it asked for."""
    longest = LONGEST_PERMANENT_PAUSE if error.permanent else LONGEST_PAUSE
    grown = min(pace.every * (1 << min(failures - 1, 20)), max(pace.every, longest))
    asked = timedelta(seconds=error.retry_after or 0)
    pause = max(grown, asked)
    reason = VisitReason.TOLD_TO_WAIT if asked > grown else VisitReason.FAILING
    return NextVisit(now + pause + _spread(pause, rng), reason)


def after_refusal(now: datetime, retry_after: float, rng: random.Random) -> NextVisit:
    """When to ask a source that was not asked because its host wants to be left alone for so many seconds."""
    wait = timedelta(seconds=retry_after)
    return NextVisit(now + wait + _spread(wait, rng), VisitReason.TOLD_TO_WAIT)


def _spread(pause: timedelta, rng: random.Random) -> timedelta:
    return rng.random() * min(_SPREAD * pause, _LARGEST_SPREAD)


def after_budget(now: datetime, rng: random.Random) -> NextVisit:
    """When to ask a source again that has used up its day: just after the next midnight (UTC)."""
    midnight = datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)
    return NextVisit(midnight + rng.random() * _LARGEST_SPREAD, VisitReason.TOMORROW)
