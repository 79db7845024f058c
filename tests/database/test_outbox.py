from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from database import outbox
from database.incidents import add
from database.outbox import Pending
from database.session import Database
from tests.database.incident_rows import opening
from tests.installations import NOON

LATER = NOON + timedelta(minutes=1)


@pytest.fixture
def letter(database: Database) -> Pending:
    with database.writing() as connection:
        number = add(connection, opening())
        wanted = Pending(0, number, "<one@x>", "<one@x>", "dana", "dana@example.com", "{}", NOON, 0)
        assert outbox.post(connection, wanted)
        return outbox.due(connection, NOON, 10)[0]


def test_a_letter_of_a_known_message_id_is_not_posted_again(database: Database, letter: Pending) -> None:
    with database.writing() as connection:
        assert not outbox.post(connection, replace(letter, content="again"))
        assert len(outbox.due(connection, NOON, 10)) == 1


def test_a_claimed_letter_is_not_due_until_its_next_attempt(database: Database, letter: Pending) -> None:
    with database.writing() as connection:
        assert outbox.claim(connection, letter, LATER)
        assert outbox.due(connection, NOON, 10) == ()
        assert [again.attempts for again in outbox.due(connection, LATER, 10)] == [1]


def test_only_one_of_two_processes_gets_a_letter(database: Database, letter: Pending) -> None:
    with database.writing() as connection:
        assert outbox.claim(connection, letter, LATER)
    with database.writing() as connection:
        assert not outbox.claim(connection, letter, LATER)


@pytest.mark.parametrize(
    ("ending", "still_waits"),
    [
        (lambda connection, number: outbox.mark_sent(connection, number, NOON), False),
        (lambda connection, number: outbox.mark_failed(connection, number, "refused", permanent=False), True),
        (lambda connection, number: outbox.mark_failed(connection, number, "unknown", permanent=True), False),
    ],
)
def test_what_becomes_of_a_letter(
    database: Database, letter: Pending, ending: Callable[[Connection, int], None], *, still_waits: bool
) -> None:
    with database.writing() as connection:
        outbox.claim(connection, letter, LATER)
        ending(connection, letter.id)
        assert bool(outbox.due(connection, LATER, 10)) is still_waits
        assert bool(outbox.waiting(connection)) is still_waits
