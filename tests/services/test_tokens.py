"""Tokens are made, looked at and ended on every database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, event

from access.audit import sentence
from access.roles import Permission
from access.tokens import Fault, read
from database import auditing
from database import tokens as store
from incidents.incident import Refusal
from services import tokens
from services.auditing import Doer
from services.installation import Installation
from services.tokens import Created
from tests.installations import HandClock, installation


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def inst(tmp_path: Path, clock: HandClock, database_address: str) -> Installation:
    return installation(tmp_path, clock, database=SecretStr(database_address))


def made(inst: Installation, person: str = "dana", **given: Any) -> Created:
    done = tokens.create(inst, person, " nightly report ", {Permission.READ, Permission.RESPOND}, **given)
    assert isinstance(done, Created)
    return done


def test_a_token_lets_its_owner_in_and_its_secret_is_kept_nowhere(inst: Installation) -> None:
    done = made(inst)
    found = tokens.check(inst, done.text)
    assert found.standing.permissions == {Permission.READ, Permission.RESPOND}
    assert found.token
    assert (found.token.person, found.token.name) == ("dana", "nightly report")
    shown = read(done.text)
    assert shown
    with inst.database.reading() as connection:
        assert shown.secret not in str(store.tokens_of(connection, None))


def test_that_a_token_is_made_and_ended_is_written_down_once(inst: Installation) -> None:
    token = made(inst, by=Doer("dana", "192.0.2.7")).token
    for _ in range(2):
        tokens.revoke(inst, token.id)
    with inst.database.reading() as connection:
        rows = [sentence(row.noted, inst.names) for row in auditing.rows(connection, 9)]
    named = f"the token nightly report ({token.id}) of Dana Reyes"
    assert rows == [f"Somebody at the command line revoked {named}.", f"Dana Reyes made {named}, for: read, respond."]


def test_two_tokens_are_never_alike(inst: Installation) -> None:
    assert len({made(inst).text for _ in range(20)}) == 20


def test_that_a_token_was_used_is_written_once_a_minute(inst: Installation, clock: HandClock) -> None:
    text = made(inst).text
    seen = []
    for seconds in (10, 20, 40, 30):
        clock.advance(seconds=seconds)
        tokens.check(inst, text)
        seen.append(tokens.owned_by(inst, "dana")[0].last_used_at)
    assert seen[0] == seen[1] == clock.now.replace(minute=0, second=0)
    assert seen[2] == seen[3] == clock.now.replace(minute=1, second=0)


def test_reading_within_a_minute_writes_nothing(inst: Installation, clock: HandClock) -> None:
    text, asked = made(inst).text, []
    tokens.check(inst, text)

    def note(*given: object) -> None:
        asked.append(str(given[2]))

    event.listen(Engine, "before_cursor_execute", note)
    clock.advance(seconds=59)
    tokens.check(inst, text)
    event.remove(Engine, "before_cursor_execute", note)
    # The transaction of a writer would begin at once, before it has anything to write.
    assert [statement.split()[0] for statement in asked if not statement.startswith("BEGIN")] == ["SELECT"]


def test_a_token_that_was_ended_or_has_run_out_lets_nobody_in(inst: Installation, clock: HandClock) -> None:
    short, ended = made(inst, days=1), made(inst)
    assert not isinstance(tokens.revoke(inst, ended.token.id, "dana"), Refusal)
    assert tokens.check(inst, ended.text).standing.fault is Fault.REVOKED
    clock.advance(days=1)
    assert tokens.check(inst, short.text).standing.fault is Fault.EXPIRED


def test_a_right_id_with_a_wrong_secret_is_as_unknown_as_any(inst: Installation) -> None:
    text = made(inst).text
    for wrong in (text[:-1] + ("A" if text[-1] != "A" else "B"), "gsw_" + "x" * 12 + text[16:], "nothing", ""):
        found = tokens.check(inst, wrong)
        assert (found.token, found.standing.fault) == (None, Fault.UNKNOWN)


def test_who_has_left_the_settings_takes_their_tokens_with_them(inst: Installation, tmp_path: Path) -> None:
    text = made(inst, "lee").text
    left = installation(tmp_path, people=inst.settings.people[:1], database=inst.settings.database)
    assert tokens.check(left, text).standing.fault is Fault.OWNER_LEFT


def test_nobody_ends_the_token_of_somebody_else(inst: Installation) -> None:
    token = made(inst).token
    assert isinstance(tokens.revoke(inst, token.id, "lee"), Refusal)
    assert isinstance(tokens.revoke(inst, "x" * 12), Refusal)
    assert tokens.owned_by(inst, "dana")[0].revoked_at is None


def test_ending_a_token_again_changes_nothing(inst: Installation, clock: HandClock) -> None:
    token = made(inst).token
    first = tokens.revoke(inst, token.id)
    clock.advance(minutes=5)
    assert tokens.revoke(inst, token.id) == first


def test_a_token_that_reaches_too_far_is_not_made(inst: Installation) -> None:
    done = tokens.create(inst, "lee", "report", {Permission.ADMINISTER})
    assert isinstance(done, Refusal)
    assert tokens.owned_by(inst, None) == ()
