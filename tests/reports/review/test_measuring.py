from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from incidents.incident import EventKind, Status
from incidents.promises import Promised
from playbooks.playbook import Severity
from reports.review.measuring import Clock, Reading, Standing, kept, on_time, outcomes, readings, rise_of
from reports.review.record import Ending, Record
from tests.airline_crisis import after, crisis, crisis_record, happened, incident, step


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def read(record: Record, clock: Clock, rise_at: datetime | None = None) -> Reading:
    return {reading.clock: reading for reading in readings(record, rise_at)}[clock]


def test_the_four_clocks_of_a_crisis() -> None:
    record = replace(crisis_record(), first_public_at=after(72))
    assert readings(record, after(-12)) == (
        Reading(Clock.DETECT, Standing.UNLIMITED, minutes(12)),
        Reading(Clock.ACKNOWLEDGE, Standing.IN_TIME, minutes(4), minutes(60)),
        Reading(Clock.FIRST_PUBLIC, Standing.LATE, minutes(72), minutes(60), minutes(12)),
        Reading(Clock.RESOLVE, Standing.UNLIMITED, minutes(400)),
    )


@pytest.mark.parametrize(
    ("answered", "now", "status", "standing", "late"),
    [
        (60, 90, Status.RESOLVED, Standing.IN_TIME, 0),
        (60.5, 90, Status.RESOLVED, Standing.LATE, 0.5),
        (None, 30, Status.ACKNOWLEDGED, Standing.RUNNING, 0),
        (None, 75, Status.ACKNOWLEDGED, Standing.OVERDUE, 15),
        (None, 900, Status.RESOLVED, Standing.NEVER, 0),
    ],
)
def test_a_clock_with_a_limit_is_in_time_late_running_overdue_or_was_never_stopped(
    answered: float | None, now: float, status: Status, standing: Standing, late: float
) -> None:
    ended_at = after(400) if status is Status.RESOLVED else None
    first = None if answered is None else after(answered)
    record = replace(
        crisis_record(), incident=incident(status=status, resolved_at=ended_at), now=after(now), first_public_at=first
    )
    reading = read(record, Clock.FIRST_PUBLIC)
    assert (reading.standing, reading.late_by) == (standing, minutes(late))


def test_a_severity_raised_later_does_not_make_late_what_was_in_time() -> None:
    raised = happened(40, EventKind.SEVERITY, "jo", "Raised.", severity="SEV1", previous_severity="SEV2")
    record = replace(crisis_record(), first_public_at=after(39))
    record = replace(record, events=(*record.events, raised), incident=incident(severity=Severity.SEV1))
    assert read(record, Clock.FIRST_PUBLIC).standing is Standing.IN_TIME
    answered_after = replace(record, first_public_at=after(41))
    assert read(answered_after, Clock.FIRST_PUBLIC).late_by == minutes(21)


def test_the_first_acknowledgement_counts_where_it_was_reopened() -> None:
    record = crisis_record()
    again = happened(900, EventKind.ACKNOWLEDGED, "kim", "Kim Okafor has it.", owner="kim")
    reopened = replace(record, events=(again, *record.events), incident=incident(acknowledged_at=after(900)))
    assert read(reopened, Clock.ACKNOWLEDGE).took == minutes(4)


def test_a_playbook_without_a_limit_leaves_a_clock_unjudged() -> None:
    record = replace(crisis_record(), clocks={}, first_public_at=after(72))
    assert read(record, Clock.FIRST_PUBLIC) == Reading(Clock.FIRST_PUBLIC, Standing.UNLIMITED, minutes(72))


@pytest.mark.parametrize(
    ("since", "given", "expected"),
    [
        (after(-12).isoformat(), None, after(-12)),
        (after(-12).isoformat(), after(-20), after(-20)),
        ("", None, None),
        ("2026-05-12T12:00:00", None, None),
        ("a while ago", None, None),
    ],
)
def test_the_rise_is_what_is_given_or_what_the_opening_row_tells(
    since: str, given: datetime | None, expected: datetime | None
) -> None:
    opened = happened(0, EventKind.OPENED, "groundswell", "84 complaints.", since=since)
    record = replace(crisis_record(), events=(opened,))
    assert rise_of(replace(crisis(record), rise_at=given)) == expected


def test_nobody_knows_how_long_detection_took_where_nobody_knows_when_it_rose() -> None:
    assert read(crisis_record(), Clock.DETECT).standing is Standing.UNKNOWN


def test_what_became_of_each_step() -> None:
    steps = (step(2, "Late", 30, 42), step(1, "In time", 30, 30), step(3, "Open", 30, None), step(4, "Left", 30, None))
    told = outcomes(replace(crisis_record(), steps=steps, skipped={4: "Not needed."}))
    assert [(one.position, one.standing, one.late_by) for one in told] == [
        (1, Standing.IN_TIME, minutes(0)),
        (2, Standing.LATE, minutes(12)),
        (3, Standing.NEVER, minutes(0)),
        (4, Standing.SKIPPED, minutes(0)),
    ]
    assert on_time(told) == (1, 3)


def test_what_became_of_promised_updates_and_the_one_that_the_end_made_needless() -> None:
    promises = (
        Promised("public", after(430)),
        Promised("public", after(120), after(125)),
        Promised("public", after(60), after(60)),
        Promised("internal", after(200)),
    )
    told = [(one.promise.due_at, one.standing) for one in kept(crisis_record(), promises)]
    assert told == [(after(60), Standing.IN_TIME), (after(120), Standing.LATE), (after(200), Standing.NEVER)]


def test_the_severity_of_a_moment_is_that_of_the_last_change_before_it() -> None:
    record = crisis_record()
    assert [record.severity_at(after(minute)).value for minute in (-5, 0, 19, 20, 500)] == [
        "SEV3",
        "SEV3",
        "SEV3",
        "SEV2",
        "SEV2",
    ]
    assert replace(record, events=()).severity_at(after(0)) is Severity.SEV2


def test_an_incident_that_goes_on_has_not_ended() -> None:
    assert crisis_record().ending is Ending.RESOLVED
    assert replace(crisis_record(), incident=incident(resolved_at=None)).ending is Ending.RUNNING
