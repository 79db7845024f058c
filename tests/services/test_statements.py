"""What is said to the public, and what a publication brings with it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from database import incidents as store
from database import outbox, responses
from incidents.incident import Change
from incidents.statements import Edit
from services import statements
from tests.database.incident_rows import opening
from tests.installations import NOON, HandClock, installation


@pytest.mark.parametrize(("added", "ticked"), [("", True), (" Nobody can blame us for it.", False)])
def test_only_the_wording_that_legal_agreed_to_goes_out_without_asking_legal(
    tmp_path: Path,
    database_address: str,
    added: str,
    ticked: bool,  # noqa: FBT001
) -> None:
    inst = installation(tmp_path, HandClock(), database=SecretStr(database_address))
    with inst.database.writing() as connection:
        number = store.add(connection, opening())
    statements.draft_from(inst, number, "dana", "holding")
    with inst.database.reading() as connection:
        text = responses.statements(connection, number)[0].text
    filled = re.sub(r"\[[^\]]*\]", "rebooking people", text) + added
    assert isinstance(statements.edit(inst, number, "dana", Edit(1, 1, filled)), Change)
    assert isinstance(statements.approve(inst, number, "lee", 1, 2), Change)
    assert isinstance(statements.publish(inst, number, "dana", 1, 2, "https://example.com/said"), Change)
    with inst.database.reading() as connection:
        step = next(one for one in responses.steps(connection, number) if one.statement == "holding")
    assert step.approval == "legal"
    assert (step.done_at is not None) is ticked


def test_a_promise_for_another_day_names_the_day(tmp_path: Path) -> None:
    inst = installation(tmp_path, HandClock())
    with inst.database.writing() as connection:
        number = store.add(connection, opening())
    for days, told in ((0, "for 13:00 UTC."), (2, "for 2026-03-06 at 13:00 UTC.")):
        done = statements.promise(inst, number, "dana", NOON + timedelta(days=days, hours=1))
        assert isinstance(done, Change)
        assert done.event.text.endswith(told)


def test_an_update_goes_out_without_what_is_half_a_character(tmp_path: Path) -> None:
    inst = installation(tmp_path, HandClock())
    with inst.database.writing() as connection:
        number = store.add(connection, opening())
    assert isinstance(statements.brief(inst, number, "dana", "It is\x00 over \ud800."), Change)
    with inst.database.reading() as connection:
        letters = [one.content for one in outbox.due(connection, inst.clock(), 100)]
    assert letters
    assert all("It is over ?." in one for one in letters)
