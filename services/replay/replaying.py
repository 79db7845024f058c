"""The past of a file or of the team itself, replayed from beginning to end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from database.buckets import buckets_between, listening_since
from database.session import Database
from detection.buckets import Bucket
from detection.history import REFERENCE
from detection.rhythm import SWELL
from errors import GroundswellError
from services.evaluating import LATE
from services.files.importing import Choices
from services.installation import system_clock
from services.replay.copying import copy_team, judged_brands, to_copy
from services.replay.loading import Loaded, lines_in, load_file
from services.replay.rehearsal import Rehearsal, rehearsal
from services.replay.walking import Walked, span_of, steps_of, walk
from settings.model import Settings

# What is being done, how much of it is done, and how much there is.
Progress = Callable[[str, int, int], None]
LOADING, JUDGING = "Loading", "Judging"
# At its beginning it looks at what was said in so long a time before.
_LOOKED_BACK = LATE + SWELL


class ReplayError(GroundswellError):
    """There is nothing that could be replayed."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What was put into a rehearsal, and from when to when it is to be judged."""

    since: datetime
    until: datetime
    loaded: Loaded | None = None


class Past(Protocol):
    """A past that can be put into a rehearsal."""

    def fill(self, rehearsed: Rehearsal, progress: Progress) -> Filled:
        """Put it in.

        Raises:
            ReplayError: there is nothing to judge.
        """


@dataclass(frozen=True, slots=True)
class FilePast:
    """The mentions of a file."""

    path: Path
    choices: Choices

    def fill(self, rehearsed: Rehearsal, progress: Progress) -> Filled:
        """Take in the file."""
        lines = lines_in(self.path)
        loaded = load_file(rehearsed, self.path, self.choices, lambda rows: progress(LOADING, rows, lines))
        span = span_of(rehearsed)
        if span is None:
            raise _nothing(self.path, loaded)
        return Filled(*span, loaded)


@dataclass(frozen=True, slots=True)
class TeamPast:
    """What a team's own database holds between two moments; it is only read."""

    team: Database
    since: datetime
    until: datetime

    def heard(self, settings: Settings, now: datetime) -> TeamPast:
        """The part of it from the first mention on whose authors are still known.

        Before the first one there was nothing to alarm of; one person's flood whose author is erased looks like many.

        Raises:
            ReplayError: of none of it the authors are known any more.
        """
        keep = settings.privacy.keep
        oldest = now - keep + _LOOKED_BACK if keep else self.since
        if oldest >= self.until:
            told = f"does not know any more who wrote what was published before {oldest:%Y-%m-%d %H:%M} UTC."
            raise ReplayError("the database", told, "Replay a later time; privacy.keep says how long it is known.")
        with self.team.reading() as connection:
            firsts = [listening_since(connection, brand) for brand in judged_brands(settings)]
        first = min((at for at in firsts if at and at < self.until), default=self.since)
        return replace(self, since=max(first, oldest, self.since))

    def fill(self, rehearsed: Rehearsal, progress: Progress) -> Filled:
        """Copy it."""
        whole, copied = to_copy(self.team, rehearsed.inst.settings, self.since, self.until), 0
        for number in copy_team(self.team, rehearsed, self.since, self.until):
            copied += number
            progress(LOADING, copied, whole)
        if span_of(rehearsed) is None:
            told = f"holds nothing about your brands that was published from {self.since:%Y-%m-%d %H:%M} UTC on."
            raise ReplayError("the database", told, "Begin earlier, or replay a file: groundswell replay FILE.")
        return Filled(self.since, self.until)


@dataclass(frozen=True, slots=True)
class Finished:
    """A replay that is over.

    Attributes:
        buckets: what was counted of each brand that is judged, by its id, from a fortnight before the beginning on;
            empty ones are missing.
    """

    settings: Settings
    walked: Walked
    buckets: Mapping[str, Sequence[Bucket]]
    loaded: Loaded | None = None

    @property
    def mentions(self) -> int:
        """How many mentions were judged; one about two brands is two."""
        since = self.walked.since
        return sum(one.mentions for buckets in self.buckets.values() for one in buckets if one.start >= since)


def replay(settings: Settings, past: Past, progress: Progress = lambda *_: None) -> Finished:
    """Replay a past by some settings, in a rehearsal of its own that is gone afterwards.

    Raises:
        ReplayError: there is nothing to judge.
        GroundswellError: it cannot be read.
    """
    with rehearsal(settings, system_clock()) as rehearsed:
        filled = past.fill(rehearsed, progress)
        walked = judge(rehearsed, filled.since, filled.until, progress)
        return Finished(settings, walked, _buckets(rehearsed, walked), filled.loaded)


def judge(rehearsed: Rehearsal, since: datetime, until: datetime, progress: Progress) -> Walked:
    """Judge what a rehearsal holds."""
    walked, steps = Walked(since, until), steps_of(since, until)
    for end in walk(rehearsed, walked):
        progress(JUDGING, steps_of(since, end), steps)
    return walked


def _buckets(rehearsed: Rehearsal, walked: Walked) -> Mapping[str, Sequence[Bucket]]:
    with rehearsed.inst.database.reading() as connection:
        return {
            brand: buckets_between(connection, brand, walked.since - REFERENCE, walked.until)
            for brand in judged_brands(rehearsed.inst.settings)
        }


def _nothing(path: Path, loaded: Loaded) -> ReplayError:
    counts = loaded.counts
    if counts.unrelated:
        told = f"holds {counts.unrelated:,} rows, and none is about a brand of the settings."
        return ReplayError(str(path), told, "Name its brand with --brand, or add --no-settings.")
    if loaded.remarks:
        first = loaded.remarks[0]
        told = f"holds no row that can be read. The first: line {first.line}. {first.text}"
        return ReplayError(str(path), told, "Say how it is written: --map, --date-format, --encoding.")
    return ReplayError(str(path), "holds no mention.", "Check that it is the right file.")
