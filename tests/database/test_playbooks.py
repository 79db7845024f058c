"""Which versions of playbooks are kept, and which is in force."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from database.playbooks import current_version, keep_version, text_of
from database.session import Database
from tests.installations import NOON


def test_two_who_keep_the_same_version_at_once_keep_it_once(database: Database) -> None:
    def keep(wait: Callable[[], object]) -> None:
        with database.writing() as connection:
            if not database.is_sqlite:  # there only one can be in the middle of it
                wait()
            keep_version(connection, "strike", "1", "text", NOON)

    start = threading.Barrier(2)
    with ThreadPoolExecutor(2) as both:
        for done in [both.submit(keep, start.wait) for _ in range(2)]:
            done.result()
    with database.reading() as connection:
        assert text_of(connection, "strike", "1") == "text"
        assert current_version(connection, "strike") is None


def test_a_version_that_an_incident_keeps_stays_the_one_in_force(database: Database) -> None:
    with database.writing() as connection:
        keep_version(connection, "strike", "1", "text", NOON, current=True)
        keep_version(connection, "strike", "1", "text", NOON)
        assert current_version(connection, "strike") == "1"
        keep_version(connection, "strike", "2", "text", NOON, current=True)
        keep_version(connection, "strike", "1", "text", NOON, current=True)
        assert current_version(connection, "strike") == "1"
