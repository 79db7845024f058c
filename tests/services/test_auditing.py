from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from access.audit import AuditKind, Noted
from access.roles import Role
from database import auditing
from services.auditing import note, note_access_changes
from services.installation import Installation
from tests.installations import DANA, LEE, NOON, installation


@pytest.fixture
def inst(tmp_path: Path, database_address: str) -> Iterator[Installation]:
    made = installation(tmp_path, database=SecretStr(database_address))
    with made.database:
        yield made


def changed(inst: Installation, **settings: Any) -> Installation:
    return replace(inst, settings=inst.settings.model_copy(update=settings))


def noted(inst: Installation, **wanted: Any) -> list[tuple[str, dict[str, Any]]]:
    with inst.database.reading() as connection:
        return [(row.noted.subject, dict(row.noted.facts)) for row in auditing.rows(connection, 50, **wanted)]


def test_what_is_written_down_is_read_back_the_last_first(inst: Installation) -> None:
    said = Noted(AuditKind.EXPORTED, "dana", "mentions.csv\0", {"rows": "5"}, "192.0.2.7")
    with inst.database.writing() as connection:
        note(connection, said, NOON)
        note(connection, Noted(AuditKind.SIGNED_OUT, "lee", "lee"), NOON)
    with inst.database.reading() as connection:
        second, first = auditing.rows(connection, 10)
        assert (first.at, first.noted.subject, first.noted.facts) == (NOON, "mentions.csv", {"rows": "5"})
        assert [row.noted.person for row in auditing.rows(connection, 10, before=second.id)] == ["dana"]
        assert [row.noted.person for row in auditing.rows(connection, 10, kind=AuditKind.SIGNED_OUT)] == ["lee"]
        assert [row.noted.person for row in auditing.rows(connection, 10, person="dana")] == ["dana"]


def test_a_change_of_somebodys_access_is_written_down_once(inst: Installation) -> None:
    note_access_changes(inst)
    assert noted(inst) == []
    raised = changed(inst, people=(DANA, LEE.model_copy(update={"access": Role.LEAD})))
    for _ in range(2):
        note_access_changes(raised)
    assert noted(inst) == [("lee", {"before": "responder", "after": "lead"})]
    note_access_changes(changed(inst, people=(DANA,)))
    assert noted(inst)[0] == ("lee", {"before": "lead", "after": "none"})
