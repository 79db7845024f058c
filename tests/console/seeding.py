"""Installations that have heard something, for the pages to show."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import insert

from database import incidents as store
from database.listening import About, Heard
from database.listening import store as store_mentions
from database.tables import TickRow
from database.visits import save_source
from mentions.matching import about
from mentions.mention import Mention
from services.installation import Installation
from tests.database.incident_rows import opening, signal


def hear(inst: Installation, mentions: Iterable[Mention], source: str = "forum", brand: str = "northwind") -> None:
    """Store mentions as listening does; those that name no brand count for one because of their source."""
    said = list(mentions)
    scores = inst.scorers[brand].score_batch([one.content for one in said], [one.language for one in said])
    heard = [
        Heard(one, tuple(About(match, score) for match in inst.matcher.match(one, source) or about([brand], source)))
        for one, score in zip(said, scores, strict=True)
    ]
    with inst.database.writing() as connection:
        store_mentions(connection, source, heard, inst.clock())


def open_incident(inst: Installation, kind: str = "negative_wave") -> int:
    """An incident as evaluation leaves it; its number."""
    with inst.database.writing() as connection:
        number = store.add(connection, opening(kind))
        store.record_signal(connection, signal(kind), number, opened=True, told=True)
    return number


def tick(inst: Installation, *, seconds_ago: float = 40) -> None:
    """A round of listening that finished some time ago."""
    finished = inst.clock() - timedelta(seconds=seconds_ago)
    with inst.database.writing() as connection:
        connection.execute(insert(TickRow).values(started_at=finished - timedelta(seconds=3), finished_at=finished))


def fail_source(inst: Installation, source: str, problem: str, remedy: str) -> None:
    """A source that could not be read, three times in a row."""
    with inst.database.writing() as connection:
        save_source(connection, source, asked_at=inst.clock(), failures=3, problem=problem, remedy=remedy)
