"""Which settings fit what people said of alarms best: pure decisions on replays of the same past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from detection.marks import Mark, MarkVerdict
from detection.waking import Sensitivity
from services.replay.changing import with_brand_sensitivity, with_least_people, with_team_sensitivity
from services.replay.comparing import compare
from services.replay.walking import Alarm
from settings.model import Settings

# An alarm so near to a moment that was marked is the one that is meant: other settings raise it sooner or later.
NEAR = timedelta(hours=6)
_FEWEST_PEOPLE = 2
_AROUND = (-2, 3)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Settings with at most one thing changed.

    Attributes:
        sensitivity: the changed one, None where it stays.
        least_people: the changed number, None where it stays.
        brand: the brand whose sensitivity it is, empty for the team's.
    """

    sensitivity: Sensitivity | None = None
    least_people: int | None = None
    brand: str = ""

    def of(self, settings: Settings) -> Settings:
        """The settings with this change."""
        if self.least_people is not None:
            return with_least_people(settings, self.least_people)
        if self.sensitivity is None:
            return settings
        if self.brand:
            return with_brand_sensitivity(settings, self.brand, self.sensitivity)
        return with_team_sensitivity(settings, self.sensitivity)

    @property
    def lines(self) -> tuple[str, ...]:
        """What would have to stand in the settings file; none where nothing changes."""
        if self.least_people is not None:
            return ("detection:", f"  least_people: {self.least_people}")
        if self.sensitivity is None:
            return ()
        if self.brand:
            return ("brands:", f"  - id: {self.brand}", f"    sensitivity: {self.sensitivity}")
        return ("detection:", f"  sensitivity: {self.sensitivity}")


PRESENT = Candidate()


@dataclass(frozen=True, slots=True)
class Tried:
    """What a candidate would have raised."""

    candidate: Candidate
    alarms: tuple[Alarm, ...]


@dataclass(frozen=True, slots=True)
class Rated:
    """How a candidate stands to what people said.

    Attributes:
        noise: marks of noise near which it would still alarm.
        found: marks of missed alarms near which it would alarm.
        missed: those near which it would not.
        added: alarms that the present settings do not raise.
        removed: alarms that only the present settings raise.
    """

    candidate: Candidate
    alarms: tuple[Alarm, ...]
    noise: tuple[Mark, ...]
    found: tuple[Mark, ...]
    missed: tuple[Mark, ...]
    added: tuple[Alarm, ...]
    removed: tuple[Alarm, ...]

    @property
    def wrong(self) -> int:
        """How often it would go against what people said."""
        return len(self.noise) + len(self.missed)

    @property
    def changes(self) -> int:
        """How many alarms would come or go."""
        return len(self.added) + len(self.removed)


def candidates(settings: Settings, brand: str = "") -> tuple[Candidate, ...]:
    """The present settings first, then each sensitivity and fewer and more people, one change at a time.

    Args:
        brand: id of the brand that is tuned by itself; how many people it takes is a matter of all of them.
    """
    present = _present_sensitivity(settings, brand)
    others = [Candidate(sensitivity=one, brand=brand) for one in Sensitivity if one is not present]
    people = settings.detection.least_people
    numbers = () if brand else sorted({max(people + by, _FEWEST_PEOPLE) for by in _AROUND} - {people})
    return (PRESENT, *others, *(Candidate(least_people=number) for number in numbers))


def rate(tried: Sequence[Tried], marks: Sequence[Mark]) -> tuple[Rated, ...]:
    """How each candidate stands to the marks, and to the first one, which is the present."""
    present = tried[0].alarms if tried else ()
    return tuple(_rated(one, present, marks) for one in tried)


def proposed(rated: Sequence[Rated]) -> Rated:
    """The one that goes least against what people said; then the one that changes least, so the present wins ties."""
    return min(rated, key=lambda one: (one.wrong, one.changes))


def _present_sensitivity(settings: Settings, brand: str) -> Sensitivity:
    own = (settings.sensitivity_of(one) for one in settings.brands if one.id == brand)
    return next(own, settings.detection.sensitivity)


def _rated(tried: Tried, present: Sequence[Alarm], marks: Sequence[Mark]) -> Rated:
    compared = compare(tried.alarms, present)
    near = [mark for mark in marks if any(_is_near(mark, alarm) for alarm in tried.alarms)]
    missed = [mark for mark in marks if mark.verdict is MarkVerdict.MISSED]
    return Rated(
        candidate=tried.candidate,
        alarms=tried.alarms,
        noise=tuple(mark for mark in near if mark.verdict is MarkVerdict.NOISE),
        found=tuple(mark for mark in missed if mark in near),
        missed=tuple(mark for mark in missed if mark not in near),
        added=compared.only_first,
        removed=compared.only_other,
    )


def _is_near(mark: Mark, alarm: Alarm) -> bool:
    return mark.brand == alarm.signal.brand and abs(mark.moment - alarm.at) <= NEAR
