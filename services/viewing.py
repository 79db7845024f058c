"""What detectors see of a brand, looked up when they ask for it."""

from __future__ import annotations

import hashlib
import math
from bisect import bisect_left
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property, partial

from sqlalchemy import Connection

from database.brand_hours import brand_hours
from database.buckets import buckets_between
from database.listening import known_since
from database.pasts import KEPT, WEIGHTS, KeptPast, kept_past, newest_past
from database.said import reaches_between, said_between, spoke_between
from detection.buckets import BUCKET, Bucket, bucket_start
from detection.history import HOUR, REFERENCE, SPAN
from detection.known import FORM, Known, known_of
from detection.planned import PlannedEvent, relieved
from detection.rhythm import SWELL
from detection.silence import REFERENCE as SILENCE_REFERENCE
from detection.silence import HeardHour
from detection.view import RECENT, Said, Series
from detection.waking import Sensitivity


@dataclass(frozen=True, slots=True)
class Judging:
    """How a brand is judged, by the settings.

    Attributes:
        least_people: how many people a wave of complaints needs at least.
        events: planned ones.
    """

    brand: str
    name: str
    sensitivity: Sensitivity
    least_people: int
    events: tuple[PlannedEvent, ...] = ()

    @property
    def made_from(self) -> str:
        """What changes with the settings that a past depends on."""
        return repr(self.events)


@dataclass(slots=True)
class Lookup:
    """What is looked up of one brand for all moments at which it is judged; each thing once.

    Attributes:
        since: start of the first bucket that may be the last one of a moment.
        until: start of the last such bucket.
        heard_far: whether somebody with many followers may have spoken lately.
        silent: whether it is time to ask if the brand has fallen silent.
        made: pasts that had to be made, to be kept.
    """

    connection: Connection
    judging: Judging
    since: datetime
    until: datetime
    heard_far: bool = True
    silent: bool = False
    made: list[KeptPast] = field(default_factory=list)
    _buckets: dict[datetime, Bucket] | None = None
    _said: list[Said] | None = None
    _pasts: dict[tuple[Series, datetime, str], Known] = field(default_factory=dict)
    _newest: dict[tuple[Series, datetime, str], tuple[datetime, Known] | None] = field(default_factory=dict)
    _whole: dict[datetime, list[Bucket]] = field(default_factory=dict)

    @property
    def buckets(self) -> Mapping[datetime, Bucket]:
        """The newest buckets by their start; empty ones are missing."""
        if self._buckets is None:
            first = self.since - RECENT
            found = buckets_between(self.connection, self.judging.brand, first, self.until)
            self._buckets = {bucket.start: bucket for bucket in found}
        return self._buckets

    def said(self, since: datetime, until: datetime) -> Sequence[Said]:
        """The mentions between two moments, in order of time."""
        if self._said is None:
            first, end = self.since - SWELL, self.until + BUCKET
            self._said = said_between(self.connection, self.judging.brand, first, end)
        times = [one.at for one in self._said]
        return self._said[bisect_left(times, since) : bisect_left(times, until)]

    def newest_known(self, series: Series, hour: datetime, since: datetime | None) -> tuple[datetime, Known] | None:
        """What is known at the newest full hour of which that was made, with that hour; None where it is a day ago."""
        made_from = self._made_from(since)
        if (series, hour, made_from) in self._pasts:
            return hour, self._pasts[series, hour, made_from]
        key = (series, hour, made_from)
        if key not in self._newest:
            found = newest_past(self.connection, self.judging.brand, series, hour - KEPT, hour, made_from)
            self._newest[key] = (found[0], Known.from_bytes(found[1])) if found else None
        return self._newest[key]

    def _made_from(self, since: datetime | None) -> str:
        return hashlib.blake2b(f"{FORM} {since} {self.judging.made_from}".encode(), digest_size=16).hexdigest()

    def known(self, series: Series, hour: datetime, since: datetime | None) -> Known:
        """What is known of the past of a series at a full hour, of what was heard from ``since`` on."""
        made_from = self._made_from(since)
        key = (series, hour, made_from)
        if key not in self._pasts:
            content = kept_past(self.connection, self.judging.brand, series, hour, made_from)
            self._pasts[key] = Known.from_bytes(content) if content else self._make(series, hour, since, made_from)
        return self._pasts[key]

    def _make(self, series: Series, hour: datetime, since: datetime | None, made_from: str) -> Known:
        buckets = self._past_buckets(hour)
        first = max(hour - SPAN, bucket_start(since)) if since else hour
        made = known_of(
            self._counts(buckets, series, first, hour),
            self._counts(buckets, "scored", first, hour) if series in {Series.NEGATIVE, Series.POSITIVE} else (),
            swells=series is Series.NEGATIVE,
        )
        total = sum(
            getattr(one, name) * weight
            for one in buckets
            if first <= one.start < hour
            for name, weight in WEIGHTS.items()
        )
        kept = KeptPast(self.judging.brand, series, hour, made_from, made.to_bytes(), first, total)
        self.made.append(kept)
        return made

    def _past_buckets(self, hour: datetime) -> Sequence[Bucket]:
        if hour not in self._whole:
            self._whole[hour] = buckets_between(self.connection, self.judging.brand, hour - SPAN, hour - BUCKET)
        return self._whole[hour]

    def _counts(self, buckets: Sequence[Bucket], name: str, first: datetime, end: datetime) -> list[int]:
        counts = [0] * max(int((end - first) / BUCKET), 0)
        for bucket in buckets:
            if first <= bucket.start < end:
                counts[int((bucket.start - first) / BUCKET)] = weighed(self.judging, bucket, name)
        return counts


def weighed(judging: Judging, bucket: Bucket, name: str) -> int:
    """A count of a bucket, that of a planned event as on an ordinary day; nobody plans deaths and lawsuits."""
    count: int = getattr(bucket, name)
    if name == Series.CRITICAL:
        return count
    return relieved(count, bucket.start, judging.events) if judging.events else count


class View:
    """A brand at a moment; a :class:`detection.view.BrandView`.

    Args:
        last: start of the newest bucket that is seen.
        at: the moment: the end of that bucket, or one within it.
    """

    def __init__(self, lookup: Lookup, last: datetime, at: datetime) -> None:
        self._lookup = lookup
        self._last = last
        self._weighed: dict[Series, Sequence[int]] = {}
        self._at_most: dict[Series, float] = {}
        self.at = at
        self.brand = lookup.judging.brand
        self.name = lookup.judging.name
        self.sensitivity = lookup.judging.sensitivity
        self.least_people = lookup.judging.least_people
        self.heard_far = lookup.heard_far

    @cached_property
    def recent(self) -> Sequence[Bucket]:
        """The buckets of the last :data:`RECENT`, in order, gaps filled."""
        found, last = self._lookup.buckets, self._last
        starts = (last - back * BUCKET for back in range(int(RECENT / BUCKET) - 1, -1, -1))
        return [found.get(start) or Bucket(start) for start in starts]

    def weighed(self, series: Series) -> Sequence[int]:
        """Counts of the recent buckets, those of planned events weighed as on an ordinary day."""
        if series not in self._weighed:
            self._weighed[series] = [weighed(self._lookup.judging, bucket, series) for bucket in self.recent]
        return self._weighed[series]

    def known(self, series: Series) -> Known:
        """What is known of the past of a series."""
        return self._lookup.known(series, self._hour, self.heard_since)

    def at_most(self, series: Series) -> float:
        """How far beyond the usual a series is at most, by what is known of any hour of the last day."""
        if series not in self._at_most:
            newest = self._newest_known(series)
            most = newest[1].past.surely.beyond(partial(self._newest, series)) if newest else math.inf
            self._at_most[series] = most
        return self._at_most[series]

    def surely_no_swell(self, series: Series) -> bool:
        """Whether the last three hours are surely not above the line of :class:`detection.rhythm.Rhythm`."""
        newest = self._newest_known(series)
        line = newest[1].rhythm.surely_line if newest else None
        return line is not None and sum(self._newest(series, SWELL)) <= line

    def _newest_known(self, series: Series) -> tuple[datetime, Known] | None:
        newest = self._lookup.newest_known(series, self._hour, self.heard_since)
        return None if newest is None or newest[1].learning else newest

    def _newest(self, series: Series, window: timedelta) -> list[int]:
        return [weighed(self._lookup.judging, bucket, series) for bucket in self.recent[-(window // BUCKET) :]]

    @property
    def _hour(self) -> datetime:
        return self.at.replace(minute=0, second=0, microsecond=0)

    def said(self, window: timedelta) -> Sequence[Said]:
        """The mentions of the newest buckets, in order of time."""
        end = self._end
        return self._lookup.said(end - window, end)

    def silent_hours(self) -> Sequence[HeardHour]:
        """Mentions by the hour of the last weeks, where it is time to ask whether the brand has fallen silent."""
        lookup = self._lookup
        if not lookup.silent:
            return ()
        until = self.at.replace(minute=0, second=0, microsecond=0)
        return brand_hours(lookup.connection, self.brand, until - SILENCE_REFERENCE, until)

    def reaches(self) -> Sequence[int]:
        """How many follow each author of the past fortnight of whom that is known, in order of size."""
        lookup, end = self._lookup, self._end
        return reaches_between(lookup.connection, self.brand, end - REFERENCE, end - HOUR)

    def spoke_before(self, author: Hashable) -> bool:
        """Whether somebody spoke of the brand in the past fortnight, before the last hour."""
        lookup, end = self._lookup, self._end
        return spoke_between(lookup.connection, self.brand, author, end - REFERENCE, end - HOUR)

    @cached_property
    def heard_since(self) -> datetime | None:
        """Since when the sources that speak now have been heard, None before the first mention."""
        end = self._end
        return known_since(self._lookup.connection, self.brand, end - HOUR, end)

    @property
    def _end(self) -> datetime:
        return self._last + BUCKET
