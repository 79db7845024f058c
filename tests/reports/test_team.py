from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.incident import Status
from playbooks.playbook import Severity
from reports.review.measuring import Clock
from reports.review.record import Ending
from reports.team import Finished, Median, Span, figures, finished, median, periods, trend
from tests.airline_crisis import after, crisis_record, incident, step

BERLIN = ZoneInfo("Europe/Berlin")


def minutes(*counts: float) -> list[timedelta]:
    return [timedelta(minutes=count) for count in counts]


def ended(  # what a test says of an incident
    acknowledge: float | None = 10,
    *,
    at: datetime = datetime(2026, 5, 12, 12, tzinfo=UTC),
    severity: Severity = Severity.SEV2,
    ending: Ending = Ending.RESOLVED,
    drill: bool = False,
    steps: tuple[int, int] = (3, 4),
) -> Finished:
    took = {} if acknowledge is None else {Clock.ACKNOWLEDGE: timedelta(minutes=acknowledge)}
    return Finished(severity, at, ending, drill, took, *steps)


@pytest.mark.parametrize(
    ("times", "middle"),
    [
        (minutes(), None),
        (minutes(7), 7),
        (minutes(1, 9), 5),
        (minutes(30, 1, 2), 2),
        (minutes(4, 1, 100, 2), 3),
        (minutes(5, 5, 5, 5), 5),
    ],
)
def test_the_median_of_none_one_an_odd_and_an_even_number(times: list[timedelta], middle: float | None) -> None:
    assert median(times) == (None if middle is None else timedelta(minutes=middle))


@given(st.lists(st.integers(0, 10_000).map(lambda seconds: timedelta(seconds=seconds)), min_size=1))
def test_as_many_lie_above_the_median_as_below(times: list[timedelta]) -> None:
    middle = median(times)
    assert middle is not None
    assert sum(time < middle for time in times) <= len(times) / 2
    assert sum(time > middle for time in times) <= len(times) / 2


def test_medians_are_told_for_all_and_for_each_severity_that_occurred_the_worst_first() -> None:
    told = figures(
        [ended(20), ended(2, severity=Severity.SEV1), ended(40), ended(None), ended(9, severity=Severity.SEV4)]
    )
    assert told.medians[Clock.ACKNOWLEDGE] == Median(timedelta(minutes=14, seconds=30), 4)
    assert told.medians[Clock.RESOLVE] == Median(None, 0)
    assert list(told.by_severity) == [Severity.SEV1, Severity.SEV2, Severity.SEV4]
    assert told.by_severity[Severity.SEV2][Clock.ACKNOWLEDGE] == Median(timedelta(minutes=30), 2)


def test_drills_are_counted_apart_and_change_no_figure() -> None:
    real = [ended(20), ended(30, ending=Ending.DISMISSED)]
    drills = [ended(1, drill=True, steps=(9, 9)), ended(1, drill=True, ending=Ending.DISMISSED)]
    assert figures([*real, *drills]) == replace(figures(real), drills=2)
    assert figures(real).drills == 0


def test_noise_is_counted_and_enters_no_median() -> None:
    told = figures([ended(20), ended(1, ending=Ending.DISMISSED, steps=(0, 8)), ended(1, ending=Ending.DISMISSED)])
    assert (told.incidents, told.dismissed, told.share_dismissed) == (3, 2, 2 / 3)
    assert told.medians[Clock.ACKNOWLEDGE] == Median(timedelta(minutes=20), 1)
    assert told.share_on_time == 3 / 4


def test_what_was_merged_counts_with_what_it_was_merged_into() -> None:
    assert figures([ended(20), ended(1, ending=Ending.MERGED)]) == figures([ended(20)])


def test_without_incidents_there_are_no_shares() -> None:
    nothing = figures([])
    assert (nothing.incidents, nothing.share_dismissed, nothing.share_on_time) == (0, None, None)
    assert set(nothing.medians.values()) == {Median(None, 0)}
    assert nothing.by_severity == {}


def at(*days: tuple[int, int, int]) -> Iterable[Finished]:
    return [ended(at=datetime(*day, 12, tzinfo=UTC)) for day in days]


def test_every_month_from_the_first_incident_to_the_last_is_told_also_one_without_any() -> None:
    told = periods([*at((2025, 11, 3), (2026, 1, 1), (2026, 1, 31))], Span.MONTH, BERLIN)
    assert [(one.name, one.first, one.last, one.figures.incidents) for one in told] == [
        ("November 2025", date(2025, 11, 1), date(2025, 11, 30), 1),
        ("December 2025", date(2025, 12, 1), date(2025, 12, 31), 0),
        ("January 2026", date(2026, 1, 1), date(2026, 1, 31), 2),
    ]


def test_quarters_begin_with_january_april_july_and_october() -> None:
    told = periods([*at((2025, 12, 31), (2026, 1, 1), (2026, 3, 31), (2026, 4, 1))], Span.QUARTER, BERLIN)
    assert [(one.name, one.first, one.last, one.figures.incidents) for one in told] == [
        ("Q4 2025", date(2025, 10, 1), date(2025, 12, 31), 1),
        ("Q1 2026", date(2026, 1, 1), date(2026, 3, 31), 2),
        ("Q2 2026", date(2026, 4, 1), date(2026, 6, 30), 1),
    ]


def test_an_incident_belongs_to_the_day_of_the_team() -> None:
    midnight = ended(at=datetime(2026, 5, 31, 22, 30, tzinfo=UTC))
    assert [one.name for one in periods([midnight], Span.MONTH, BERLIN)] == ["June 2026"]
    assert [one.name for one in periods([midnight], Span.MONTH, ZoneInfo("UTC"))] == ["May 2026"]


def test_no_incidents_are_no_periods_and_no_trend() -> None:
    assert periods([], Span.MONTH, BERLIN) == ()
    assert trend(()) == ()


def test_the_trend_says_how_a_month_compares_with_the_one_before() -> None:
    april, may, july = (datetime(2026, month, 5, tzinfo=UTC) for month in (4, 5, 7))
    told = periods(
        [ended(30, at=april, steps=(1, 4)), ended(12, at=may), ended(18, at=may), ended(9, at=july)], Span.MONTH, BERLIN
    )
    to_may, to_june, to_july = trend(told)
    assert (to_may.before.name, to_may.period.name) == ("April 2026", "May 2026")
    assert (to_may.incidents, to_may.medians, to_may.share_on_time) == (
        1,
        {Clock.ACKNOWLEDGE: timedelta(minutes=-15)},
        0.5,
    )
    assert (to_june.incidents, to_june.medians, to_june.share_on_time) == (-2, {}, None)
    assert (to_july.incidents, to_july.medians, to_july.share_on_time) == (1, {}, None)


def test_what_counts_of_a_finished_incident_is_read_off_its_record() -> None:
    record = replace(crisis_record(), first_public_at=after(72), skipped={5: "Not needed."}, drill=True)
    told = finished(record)
    assert told is not None
    assert [told.took[clock] for clock in (Clock.ACKNOWLEDGE, Clock.FIRST_PUBLIC, Clock.RESOLVE)] == minutes(4, 72, 400)
    assert (told.steps_in_time, told.steps, told.drill, told.ending) == (3, 4, True, Ending.RESOLVED)


def test_an_incident_that_goes_on_does_not_count_yet() -> None:
    open_one = incident(status=Status.ACKNOWLEDGED, resolved_at=None)
    assert finished(replace(crisis_record(), incident=open_one, steps=(step(1, "Verify", 30, 20),))) is None
