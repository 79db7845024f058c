from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import func, insert, select, update

from database.response_tables import IncidentRow, TimelineRow
from database.tables import BrandMentionRow, MentionRow, OutboxRow, ReceivedRow, TickRow
from services.delivery import deliver
from services.installation import Installation
from services.reporting import Told, take_report
from services.retaining import erase_expired
from settings.understanding import Privacy
from tests.installations import NOON, HandClock, installation, said
from tests.services.traces import LINK, QUILL, WORDS, hear, tell_of, traces

MONTH = timedelta(days=30)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def inst(tmp_path: Path, database_address: str, clock: HandClock) -> Installation:
    return installation(tmp_path, clock, privacy=Privacy(keep=MONTH), database=SecretStr(database_address))


def rows(inst: Installation, *columns: Any) -> list[tuple[Any, ...]]:
    with inst.database.reading() as connection:
        return [tuple(row) for row in connection.execute(select(*columns))]


def tick_at(inst: Installation, clock: HandClock) -> None:
    with inst.database.writing() as connection:
        connection.execute(insert(TickRow).values(started_at=clock()))


def resolve_all(inst: Installation, clock: HandClock) -> None:
    with inst.database.writing() as connection:
        connection.execute(update(IncidentRow).values(resolved_at=clock()))


def test_after_the_time_to_keep_no_file_holds_what_was_said_and_by_whom(tmp_path: Path, clock: HandClock) -> None:
    with (inst := installation(tmp_path, clock, privacy=Privacy(keep=MONTH))).database:
        tell_of(inst)
        resolve_all(inst, clock)
        labels = select(BrandMentionRow.label, func.count()).group_by(BrandMentionRow.label)
        with inst.database.reading() as connection:
            before = connection.execute(labels).all()
        clock.advance(days=31)
        assert erase_expired(inst) > 700
        assert erase_expired(inst) == 0
        inst.database.close()  # which ends the log; nothing is written anew
        assert traces(tmp_path) == set()
        assert list((tmp_path / "outbox").iterdir()) == []
        with inst.database.reading() as connection:
            assert connection.execute(labels).all() == before


def test_what_is_young_enough_and_what_nobody_wants_erased_stays(tmp_path: Path, clock: HandClock) -> None:
    with (inst := installation(tmp_path, clock, privacy=Privacy(keep=MONTH))).database:
        old, young = NOON - MONTH - timedelta(seconds=1), NOON - MONTH
        hear(inst, [said("old", old, number=1), said("young", young, number=2)])
        assert erase_expired(inst) == 1
        assert rows(inst, MentionRow.text, MentionRow.erased_at) == [("", NOON), ("young", None)]
    with (kept := installation(tmp_path / "kept", clock)).database:
        hear(kept, [said("old", old, number=1)])
        assert erase_expired(kept) == 0


def test_it_erases_so_much_at_a_time_and_the_oldest_first(inst: Installation) -> None:
    with inst.database:
        hear(inst, [said(f"post {n}", NOON - MONTH - timedelta(days=n), number=n) for n in range(1, 7)])
        assert erase_expired(inst, at_once=2, batches=2) == 4
        assert {text for (text,) in rows(inst, MentionRow.text)} == {"", "post 1", "post 2"}
        assert erase_expired(inst) == 2


def test_what_was_erased_stays_so_when_its_source_still_shows_it(inst: Installation, clock: HandClock) -> None:
    with inst.database:
        hear(inst, [QUILL])
        clock.advance(days=31)
        erase_expired(inst)
        assert hear(inst, [QUILL]) == 0
        assert rows(inst, MentionRow.title, MentionRow.text, MentionRow.author, MentionRow.url) == [
            ("", "", None, None)
        ]


def test_a_letter_that_could_not_be_sent_for_so_long_is_given_up(inst: Installation, clock: HandClock) -> None:
    with inst.database:
        take_report(inst, Told(words=WORDS, brand="northwind", url=LINK))
        clock.advance(days=31)
        erase_expired(inst)
        letters = rows(inst, OutboxRow.content, OutboxRow.due_at, OutboxRow.sent_at, OutboxRow.problem)
        assert letters == [("", None, None, "Not sent: it is older than texts are kept.")] * 2
        assert deliver(inst).sent == 0


def test_a_report_is_kept_for_as_long_as_its_incident_is_open(inst: Installation, clock: HandClock) -> None:
    def told() -> str:
        return str(rows(inst, TimelineRow.text, TimelineRow.facts) + rows(inst, IncidentRow.title, IncidentRow.why))

    with inst.database:
        take_report(inst, Told(words=WORDS, brand="northwind", url=LINK, said_by="Zephyrine Quill"))
        clock.advance(days=31)
        erase_expired(inst)
        assert "purple walrus" in told()
        resolve_all(inst, clock)
        clock.advance(days=31)
        erase_expired(inst)
        assert "was reported." in told()
        assert not [piece for piece in ("walrus", "Zephyrine", "social.example") if piece in told()]


def test_answers_no_longer_quote_what_could_not_be_read(inst: Installation, clock: HandClock) -> None:
    answer = {"received": 1, "refused": [{"index": 0, "reason": 'The date "Ana, Rua 5" is odd.'}]}
    with inst.database:
        with inst.database.writing() as connection:
            row = {"sender": "shop", "key": "1", "body_digest": "", "answer": answer, "at": NOON}
            connection.execute(insert(ReceivedRow).values(row))
        clock.advance(days=31)
        erase_expired(inst)
        assert rows(inst, ReceivedRow.answer) == [({"received": 1, "refused": [{"index": 0, "reason": "[erased]"}]},)]


def test_records_are_looked_through_once_an_hour(inst: Installation, clock: HandClock) -> None:
    with inst.database:
        take_report(inst, Told(words=WORDS, brand="northwind"))
        clock.advance(days=31)
        tick_at(inst, clock)
        erase_expired(inst)
        assert "walrus" in str(rows(inst, OutboxRow.content))
        clock.advance(hours=1)
        erase_expired(inst)
        assert "walrus" not in str(rows(inst, OutboxRow.content))
