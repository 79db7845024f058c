from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection

from database import incidents as store
from database.marks import add_mark, all_marks, mark_with, marks_of, missed_at, remove_mark, unnoticed
from database.reading import pulse
from database.reading_signals import Asked, list_decisions
from database.session import Database
from detection.marks import Mark, MarkVerdict
from tests.database.incident_rows import signal
from tests.installations import NOON

HOUR = timedelta(hours=1)
MISSED = Mark(0, "northwind", MarkVerdict.MISSED, NOON - HOUR, None, "lee", NOON, "on the radio")


def noise(connection: Connection, brand: str = "northwind") -> Mark:
    """A signal that fired, and the word that it was noise."""
    store.record_signal(connection, signal(brand=brand), None)
    number = list_decisions(connection, Asked(), None, 1)[0].id
    return add_mark(connection, Mark(0, brand, MarkVerdict.NOISE, NOON, number, "dana", NOON))


def test_marks_come_back_in_the_order_of_their_moments_with_the_kind_of_their_signal(database: Database) -> None:
    with database.writing() as connection:
        about_signal = noise(connection)
        missed = add_mark(connection, MISSED)
        other = noise(connection, brand="bluebird")
        found = all_marks(connection, "northwind", None)
        assert found == (missed, replace(about_signal, kind="negative_wave"))
        assert [one.id for one in all_marks(connection, None, NOON)] == [about_signal.id, other.id]
        assert all_marks(connection, "northwind", NOON + HOUR) == ()


def test_a_mark_is_found_by_its_number_its_signal_or_its_moment(database: Database) -> None:
    with database.writing() as connection:
        about_signal, missed = noise(connection), add_mark(connection, MISSED)
        number = about_signal.signal_id or 0
        assert {key: one.id for key, one in marks_of(connection, [number, 99]).items()} == {number: about_signal.id}
        assert mark_with(connection, missed.id) == missed
        assert [mark_with(connection, number) for number in (0, 99, 2**63)] == [None, None, None]
        assert missed_at(connection, "northwind", NOON - HOUR) == missed
        assert missed_at(connection, "northwind", NOON) is None, "there it was noise"
        assert unnoticed(connection, "", 9) == unnoticed(connection, "northwind", 9) == (missed,)
        assert unnoticed(connection, "bluebird", 9) == ()


def test_a_mark_is_taken_back_once(database: Database) -> None:
    with database.writing() as connection:
        mark = add_mark(connection, MISSED)
        assert remove_mark(connection, mark.id)
        assert not remove_mark(connection, mark.id)
        assert all_marks(connection, None, None) == ()


def test_a_note_that_no_database_takes_is_kept_without_what_it_refuses(database: Database) -> None:
    with database.writing() as connection:
        mark = add_mark(connection, replace(MISSED, note="bro\0ken \ud800"))
        found = mark_with(connection, mark.id)
    assert found
    assert found.note == "broken ?"


def test_the_pulse_changes_with_signals_and_with_marks(database: Database) -> None:
    with database.writing() as connection:
        seen = [pulse(connection)]
        mark = noise(connection)
        seen.append(pulse(connection))
        remove_mark(connection, mark.id)
        seen.append(pulse(connection))
        add_mark(connection, replace(mark, at=NOON + HOUR))
        seen.append(pulse(connection))
    assert len(set(seen)) == 4
