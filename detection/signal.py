"""What a detector says about a brand at a moment."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from detection.buckets import Bucket

NOT_KINDS = {"baseline", "buckets", "history", "marks", "signal", "silence", "source_state", "tails", "waking", "wave"}


class Verdict(StrEnum):
    """What is to be done about what was observed."""

    FIRED = "fired"
    HELD = "held"
    QUIET = "quiet"


class Reason(StrEnum):
    """Why a detector decided as it did."""

    ABOVE_BASELINE = "above_baseline"
    WITHIN_BASELINE = "within_baseline"
    TOO_FEW_MENTIONS = "too_few_mentions"
    TOO_FEW_AUTHORS = "too_few_authors"
    ONE_LOUD_AUTHOR = "one_loud_author"
    STILL_LEARNING = "still_learning"
    MOSTLY_PRAISE = "mostly_praise"
    JUST_RESOLVED = "just_resolved"


@dataclass(frozen=True, slots=True)
class Voices:
    """Who is behind the mentions that a detector counts, within its window.

    Attributes:
        authors: distinct known authors; mentions without an author count as one voice each.
        loudest: mentions by the most frequent author.
        stories: distinct stories; a repost or a copy with a few words changed tells the same one.
    """

    authors: int
    loudest: int
    stories: int


@dataclass(frozen=True, slots=True)
class BrandView:
    """All that detectors see of a brand.

    Attributes:
        brand: id of the brand.
        name: its name, for sentences.
        now: the moment of the evaluation.
        buckets: in order of time, gaps are zeros, none starting after ``now``.
        negative_voices: voices behind the negative mentions of the last hour.
        voices: voices behind all mentions of the last hour.
        listening_since: since when the sources that speak now have been heard, None before the first mention. What lies
            before is unknown, not quiet.
    """

    brand: str
    name: str
    now: datetime
    buckets: Sequence[Bucket]
    negative_voices: Voices
    voices: Voices
    listening_since: datetime | None


@dataclass(frozen=True, slots=True)
class Signal:
    """A detector's answer, with the figures behind it.

    Attributes:
        kind: the detector's name (``negative_wave``).
        observed: mentions counted in the window.
        expected: mentions usual for such a window.
        threshold: mentions from which on it would have fired.
        window: length of the window that ends at ``at``.
        since: when the rise began, None unless something was above the baseline.
        authors: distinct voices behind ``observed``.
        loudest_share: part of ``observed`` by the most frequent author, 0 to 1.
        sentence: why, in words for people.
        learning: too little is known of the past for ``expected`` to mean anything.
        stories: distinct stories behind ``observed``.
        beyond: how unlikely it is: how far beyond the usual extremes, 1 is where news begins.
        negative_share: part that is negative of what could be judged in the window, None where nothing could.
        reach: most people who follow an author of these mentions, None where no follower count is known.
        category: the crisis category that these mentions are about, None where none leads.
    """

    brand: str
    kind: str
    verdict: Verdict
    reason: Reason
    observed: int
    expected: float
    threshold: float
    window: timedelta
    at: datetime
    since: datetime | None
    authors: int
    loudest_share: float
    sentence: str
    learning: bool = False
    stories: int = 0
    beyond: float = 0.0
    negative_share: float | None = None
    reach: int | None = None
    category: str | None = None

    @property
    def ratio(self) -> float:
        """Observed over expected, with an expectation of at least one."""
        return self.observed / max(self.expected, 1.0)


class Detector(Protocol):
    """The shape of a module in this folder that is a detector; found by name, registered nowhere."""

    def evaluate(self, view: BrandView) -> Signal:
        """Judge the window that ends at ``view.now``. Pure: the same view gives the same signal."""


def kinds() -> tuple[str, ...]:
    """Names of all detectors, sorted."""
    found = (module.name for module in pkgutil.iter_modules(importlib.import_module("detection").__path__))
    return tuple(sorted(name for name in found if name not in NOT_KINDS))


def load(kind: str) -> Detector:
    """The detector of a kind; the kind comes from :func:`kinds`."""
    module: Detector = importlib.import_module(f"detection.{kind}")  # the contract test checks every file
    return module
