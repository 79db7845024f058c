"""What a detector says about a brand at a moment."""

from __future__ import annotations

import importlib
import math
import pkgutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Protocol

from detection.history import HOUR
from detection.view import BrandView

NOT_KINDS = {
    "baseline",
    "behind",
    "buckets",
    "history",
    "known",
    "marks",
    "planned",
    "rhythm",
    "signal",
    "silence",
    "source_state",
    "tails",
    "view",
    "waking",
    "wave",
}


class Verdict(StrEnum):
    """What is to be done about what was observed."""

    FIRED = "fired"
    HELD = "held"
    # Worth knowing, and nobody is to be woken: praise, silence.
    NOTICED = "noticed"
    # Not news by itself, but too far beyond the usual for a wave that was news to be over.
    GOES_ON = "goes_on"


class Reason(StrEnum):
    """Why a detector decided as it did."""

    ABOVE_BASELINE = "above_baseline"
    MORE_THAN_EVER_AT_THIS_TIME = "more_than_ever"
    ONE_STORY_MANY_VOICES = "one_story_many_voices"
    EXTREME_REACH = "extreme_reach"
    SILENT = "silent"
    STILL_RAISED = "still_raised"
    TOO_FEW_MENTIONS = "too_few_mentions"
    TOO_FEW_AUTHORS = "too_few_authors"
    ONE_LOUD_AUTHOR = "one_loud_author"
    ONE_STORY = "one_story"
    LESS_NEGATIVE = "less_negative"
    STILL_LEARNING = "still_learning"
    MOSTLY_PRAISE = "mostly_praise"
    JUST_RESOLVED = "just_resolved"


@dataclass(frozen=True, slots=True)
class Signal:
    """A detector's answer, with the figures behind it.

    Attributes:
        kind: the detector's name (``negative_wave``).
        observed: mentions counted in the window.
        expected: mentions usual for such a window.
        threshold: mentions from which on it would have fired.
        window: length of the window that ends at ``at``.
        since: when the rise began, None where that is not known.
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

    @property
    def hourly(self) -> int:
        """Observed in an hour of the window, so that signals over windows of different length compare."""
        return math.ceil(self.observed / max(self.window / HOUR, 1.0))


class Detector(Protocol):
    """The shape of a module in this folder that is a detector; found by name, registered nowhere."""

    def evaluate(self, view: BrandView) -> Signal | None:
        """Judge the moment of a view, None where nothing stands out. Pure: the same view gives the same signal."""


@cache
def kinds() -> tuple[str, ...]:
    """Names of all detectors, sorted."""
    found = (module.name for module in pkgutil.iter_modules(importlib.import_module("detection").__path__))
    return tuple(sorted(name for name in found if name not in NOT_KINDS))


def load(kind: str) -> Detector:
    """The detector of a kind; the kind comes from :func:`kinds`."""
    module: Detector = importlib.import_module(f"detection.{kind}")  # the contract test checks every file
    return module
