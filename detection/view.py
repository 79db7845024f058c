"""All that detectors see of a brand at a moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from operator import attrgetter
from typing import Protocol

from detection.buckets import BUCKET, Bucket
from detection.history import HOUR
from detection.known import Known
from detection.silence import HeardHour
from detection.waking import Sensitivity
from sentiment.score import Label

# So much of the newest counts detectors may look at.
RECENT = timedelta(hours=15)
# Fewer followers than these make no news, however small the voices of a brand are otherwise.
FAR = 10_000


class Series(StrEnum):
    """What buckets count; the names are those of :class:`detection.buckets.Bucket`."""

    MENTIONS = "mentions"
    NEGATIVE = "negative"
    POSITIVE = "positive"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class Said:
    """A mention of a brand.

    Attributes:
        author: who said it; a mention without an author is a voice by itself.
        story: what it tells; a repost or a copy with a few words changed tells the same.
        reach: how many follow its author, None where that is not known.
        critical: names of the critical words in it.
    """

    id: int
    at: datetime
    author: Hashable
    story: int
    label: Label
    reach: int | None = None
    critical: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Voices:
    """Who is behind some mentions.

    Attributes:
        mentions: how many there are.
        authors: distinct ones.
        loudest: mentions by the most frequent author.
        stories: distinct ones.
        retold: mentions that tell the most frequent story.
        retold_by: authors who tell it.
        reach: the most who follow one of the authors, None where that is not known of any.
    """

    mentions: int = 0
    authors: int = 0
    loudest: int = 0
    stories: int = 0
    retold: int = 0
    retold_by: int = 0
    reach: int | None = None


class BrandView(Protocol):
    """A brand as it stood at a moment: nothing that was published later is in it.

    What is asked for is looked up when it is asked for: most brands are quiet most of the time, and few counts show it.
    """

    @property
    def brand(self) -> str:
        """The brand's id."""

    @property
    def name(self) -> str:
        """Its name, for sentences."""

    @property
    def at(self) -> datetime:
        """The moment."""

    @property
    def sensitivity(self) -> Sensitivity:
        """How far beyond the usual is news for this brand."""

    @property
    def least_people(self) -> int:
        """How many people a wave of complaints needs at least."""

    @property
    def heard_far(self) -> bool:
        """Whether somebody with at least :data:`FAR` followers may have spoken lately."""

    @property
    def heard_since(self) -> datetime | None:
        """Since when the sources that speak now have been heard, None before the first mention."""

    @property
    def recent(self) -> Sequence[Bucket]:
        """The buckets of the last :data:`RECENT`, in order, gaps filled; the last one ends at ``at`` or runs."""

    def weighed(self, series: Series) -> Sequence[int]:
        """Counts of the recent buckets, those of planned events weighed as on an ordinary day."""

    def known(self, series: Series) -> Known:
        """What is known of the past of a series."""

    def at_most(self, series: Series) -> float:
        """How far beyond the usual a series is at most, by what is known of any hour of the last day.

        Most hours of a brand are usual, and this is told without making what is known of each. As of
        :class:`detection.history.Distance`, but not below 0; infinite where nothing is sure.
        """

    def surely_no_swell(self, series: Series) -> bool:
        """Whether the last three hours are surely not above the line of :class:`detection.rhythm.Rhythm`."""

    def said(self, window: timedelta) -> Sequence[Said]:
        """The mentions of the newest buckets, in order of time; ``window`` is at most three hours."""

    def silent_hours(self) -> Sequence[HeardHour]:
        """Mentions by the hour of the last weeks; empty but once an hour, after six without a mention."""

    def reaches(self) -> Sequence[int]:
        """How many follow each author of the past fortnight of whom that is known, in order of size."""

    def spoke_before(self, author: Hashable) -> bool:
        """Whether an author spoke of the brand in the past fortnight, before the last hour."""


def counted(view: BrandView, series: str, window: timedelta = HOUR) -> int:
    """Mentions of a series in the newest buckets, as they came."""
    # Reading an attribute takes twice as long by a name that is no plain string.
    return sum(map(attrgetter(str(series)), view.recent[-(window // BUCKET) :]))


def voices_of(said: Sequence[Said]) -> Voices:
    """Who is behind some mentions."""
    if not said:
        return Voices()
    authors, stories = Counter(one.author for one in said), Counter(one.story for one in said)
    top, retold = max(stories.items(), key=lambda each: (each[1], -each[0]))
    return Voices(
        mentions=len(said),
        authors=len(authors),
        loudest=max(authors.values()),
        stories=len(stories),
        retold=retold,
        retold_by=len({one.author for one in said if one.story == top}),
        reach=max((one.reach for one in said if one.reach is not None), default=None),
    )
