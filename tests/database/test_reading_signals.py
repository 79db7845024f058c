from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection

from database import incidents as store
from database.reading_signals import Asked, Shown, hold_decision, list_decisions, tally
from database.session import Database
from detection.signal import Reason, Signal, Verdict
from incidents.outcome import Outcome
from tests.database.incident_rows import opening, signal
from tests.installations import NOON

HOUR = timedelta(hours=1)
HELD = replace(signal(), verdict=Verdict.HELD, reason=Reason.ONE_LOUD_AUTHOR, at=NOON - HOUR)

PRAISE = replace(signal("praise_wave"), verdict=Verdict.NOTICED)


def keep(connection: Connection, *signals: Signal) -> None:
    for one in signals:
        store.record_signal(connection, one, None, told=one.verdict is Verdict.FIRED)


def test_the_first_signal_of_an_incident_is_the_alarm_and_those_after_it_joined(database: Database) -> None:
    with database.writing() as connection:
        number = store.add(connection, opening())
        store.record_signal(connection, replace(signal(), beyond=2.5, stories=30), number, opened=True, told=True)
        store.record_signal(connection, signal("volume_wave"), number)
        store.record_signal(connection, replace(signal(), at=NOON + HOUR), number)
        last, same_moment, first = list_decisions(connection, Asked(), None, 9)
    assert [one.outcome for one in (first, same_moment, last)] == [Outcome.ALARM, Outcome.JOINED, Outcome.JOINED]
    assert (first.incident_id, first.incident_severity) == (number, "SEV2")
    assert first.incident_title == "Northwind Air: many people are complaining"
    assert (first.observed, first.expected, first.beyond, first.stories, first.window) == (40, 2.0, 2.5, 30, HOUR)


def test_the_last_decision_comes_first_page_by_page_and_by_what_is_asked(database: Database) -> None:
    with database.writing() as connection:
        keep(connection, HELD, signal(), PRAISE, signal(brand="bluebird"), signal("a_kind_to_come"))
        newest = list_decisions(connection, Asked(), None, 3)
        older = list_decisions(connection, Asked(), newest[-1].id, 3)
        held = list_decisions(connection, Asked("northwind", Shown.HELD), None, 9)
        alarms = list_decisions(connection, Asked("northwind", Shown.ALARMS), None, 9)
        recent = list_decisions(connection, Asked("northwind", since=NOON), None, 9)
        assert list_decisions(connection, Asked("elsewhere"), None, 9) == ()
    assert [one.kind for one in newest + older] == [
        "a_kind_to_come", "negative_wave", "praise_wave", "negative_wave", "negative_wave",
    ]  # fmt: skip
    assert [(one.outcome, one.reason) for one in held] == [(Outcome.HELD, "one_loud_author")]
    assert [one.kind for one in alarms] == ["a_kind_to_come", "negative_wave"]
    assert len(recent) == 3


def test_decisions_are_counted_by_what_came_of_them_and_by_why_they_were_held(database: Database) -> None:
    with database.writing() as connection:
        number = store.add(connection, opening())
        for told in (True, False):
            store.record_signal(connection, signal(), number, told=told)
        keep(connection, HELD, HELD, replace(HELD, reason=Reason.STILL_LEARNING), PRAISE)
        counted = tally(connection, Asked())
        none = tally(connection, Asked(since=NOON + 2 * HOUR))
    assert counted.outcomes == {Outcome.ALARM: 1, Outcome.JOINED: 1, Outcome.HELD: 3, Outcome.OPPORTUNITY: 1}
    assert list(counted.held.items()) == [("one_loud_author", 2), ("still_learning", 1)]
    assert (none.outcomes, none.held) == ({}, {})


def test_a_number_that_no_signal_has_finds_nothing(database: Database) -> None:
    with database.writing() as connection:
        assert [hold_decision(connection, number) for number in (-1, 0, 1, 2**63, 2**80)] == [None] * 5
