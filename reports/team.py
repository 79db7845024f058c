"""How a team does over time: medians of its clocks, steps on time, and how that compares with the period before.

Drills are counted apart and enter no figure. What was dismissed as noise or merged into another incident enters no
median either: ending it took a moment, and would flatter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from playbooks.playbook import Severity
from reports.review.measuring import Clock, on_time, outcomes, readings
from reports.review.record import Ending, Record

CLOCKS = (Clock.ACKNOWLEDGE, Clock.FIRST_PUBLIC, Clock.RESOLVE)
_MONTHS = 12


class Span(StrEnum):
    """How long the periods are that are compared."""

    MONTH = "month"
    QUARTER = "quarter"

    @property
    def months(self) -> int:
        """Its length in months."""
        return 1 if self is Span.MONTH else 3


@dataclass(frozen=True, slots=True)
class Finished:
    """What counts of an incident that has ended.

    Attributes:
        took: by clock; one that never stopped is missing.
        steps_in_time: of ``steps``, which leaves out those that were skipped for a reason.
    """

    severity: Severity
    opened_at: datetime
    ending: Ending
    drill: bool
    took: Mapping[Clock, timedelta]
    steps_in_time: int
    steps: int


@dataclass(frozen=True, slots=True)
class Median:
    """The middle of how long something took, and of how many; None where it is of none."""

    time: timedelta | None
    of: int


@dataclass(frozen=True, slots=True)
class TeamFigures:
    """A team's figures over some incidents, without its drills.

    Attributes:
        incidents: all of them, noise included; those merged into another count with that one.
        medians: by clock, over all severities.
        by_severity: the same for each severity that occurred, the worst first.
    """

    incidents: int
    drills: int
    dismissed: int
    medians: Mapping[Clock, Median]
    by_severity: Mapping[Severity, Mapping[Clock, Median]]
    steps_in_time: int
    steps: int

    @property
    def share_on_time(self) -> float | None:
        """Steps done in time over all steps, 0 to 1; None where there were none."""
        return self.steps_in_time / self.steps if self.steps else None

    @property
    def share_dismissed(self) -> float | None:
        """What was dismissed as noise over all incidents, 0 to 1; None where there were none."""
        return self.dismissed / self.incidents if self.incidents else None


@dataclass(frozen=True, slots=True)
class Period:
    """A month or a quarter, from ``first`` to ``last`` day."""

    name: str
    first: date
    last: date
    figures: TeamFigures


@dataclass(frozen=True, slots=True)
class Change:
    """A period against the one before.

    Attributes:
        medians: how much longer each clock took, negative where it was faster; a clock without a median in either
            period is missing.
        share_on_time: how much the share of steps on time rose, -1 to 1; None where either period had no steps.
    """

    period: Period
    before: Period
    incidents: int
    medians: Mapping[Clock, timedelta]
    share_on_time: float | None


def finished(record: Record) -> Finished | None:
    """What counts of an incident, None while it goes on."""
    if record.ending is Ending.RUNNING:
        return None
    took = {reading.clock: reading.took for reading in readings(record) if reading.took is not None}
    in_time, steps = on_time(outcomes(record))
    incident = record.incident
    return Finished(incident.severity, incident.opened_at, record.ending, record.drill, took, in_time, steps)


def figures(incidents: Iterable[Finished]) -> TeamFigures:
    """The figures over all of some incidents."""
    told = [one for one in incidents if one.ending is not Ending.MERGED]
    real = [one for one in told if not one.drill]
    resolved = [one for one in real if one.ending is Ending.RESOLVED]
    severities = sorted({one.severity for one in resolved}, key=lambda severity: severity.rank)
    return TeamFigures(
        incidents=len(real),
        drills=len(told) - len(real),
        dismissed=len(real) - len(resolved),
        medians=_medians(resolved),
        by_severity={one: _medians([each for each in resolved if each.severity is one]) for one in severities},
        steps_in_time=sum(one.steps_in_time for one in resolved),
        steps=sum(one.steps for one in resolved),
    )


def periods(incidents: Sequence[Finished], span: Span, zone: ZoneInfo) -> tuple[Period, ...]:
    """The figures of each month or quarter from the first incident to the last, by when they opened; none is left out.

    ``zone`` is the team's: it says on which day an incident opened.
    """
    numbers = [_number(one.opened_at, span, zone) for one in incidents]
    if not numbers:
        return ()
    return tuple(
        _period(number, span, [one for one, at in zip(incidents, numbers, strict=True) if at == number])
        for number in range(min(numbers), max(numbers) + 1)
    )


def trend(told: Sequence[Period]) -> tuple[Change, ...]:
    """Each period against the one before it, in order of time."""
    return tuple(_change(before, period) for before, period in pairwise(told))


def median(times: Iterable[timedelta]) -> timedelta | None:
    """The middle one, halfway between the two in the middle where their number is even; None of none."""
    ordered = sorted(times)
    if not ordered:
        return None
    upper = len(ordered) // 2
    lower = upper if len(ordered) % 2 else upper - 1
    return (ordered[lower] + ordered[upper]) / 2


def _medians(incidents: Sequence[Finished]) -> dict[Clock, Median]:
    times = {clock: [one.took[clock] for one in incidents if clock in one.took] for clock in CLOCKS}
    return {clock: Median(median(took), len(took)) for clock, took in times.items()}


def _number(at: datetime, span: Span, zone: ZoneInfo) -> int:
    """Which month or quarter it is, counted from the year 0."""
    local = at.astimezone(zone)
    return (local.year * _MONTHS + local.month - 1) // span.months


def _period(number: int, span: Span, incidents: Sequence[Finished]) -> Period:
    first, following = _first_day(number * span.months), _first_day((number + 1) * span.months)
    name = f"{first:%B %Y}" if span is Span.MONTH else f"Q{(first.month + 2) // 3} {first.year}"
    return Period(name, first, following - timedelta(days=1), figures(incidents))


def _first_day(months: int) -> date:
    return date(months // _MONTHS, months % _MONTHS + 1, 1)


def _change(before: Period, period: Period) -> Change:
    old, new = before.figures, period.figures
    medians = {
        clock: now - then
        for clock in CLOCKS
        if (now := new.medians[clock].time) is not None and (then := old.medians[clock].time) is not None
    }
    shares = new.share_on_time, old.share_on_time
    risen = None if shares[0] is None or shares[1] is None else shares[0] - shares[1]
    return Change(period, before, new.incidents - old.incidents, medians, risen)
