"""Passwords are checked, sessions begin and end; on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from pydantic import SecretStr
from sqlalchemy import func, select

from access.attempts import Counted, Throttled
from access.audit import AuditKind
from access.sessions import Means
from database import access as store
from database import auditing
from database.access_tables import AttemptsRow
from services.installation import Installation
from services.inviting import ask_reset
from services.passwords import hashed, is_outdated, is_right
from services.signing_in import (
    SignedIn,
    Visitor,
    Wrong,
    open_session,
    revoke,
    session_of,
    sessions_of,
    sign_in,
    sign_out,
)
from tests.installations import DANA, HandClock, installation

PASSWORD = "blue kettle on tuesday"  # noqa: S105  # the one of the tests
HERE, THERE = Visitor("192.0.2.7", "Firefox on Linux"), Visitor("198.51.100.9", "Chrome on Windows")


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def inst(tmp_path: Path, database_address: str, clock: HandClock) -> Iterator[Installation]:
    """Dana has a password, Lee has none."""
    made = installation(tmp_path, clock, database=SecretStr(database_address))
    with made.database:
        with made.database.writing() as connection:
            store.set_password(connection, "dana", _HASH, clock())
        yield made


_HASH = hashed(PASSWORD)


def kinds(inst: Installation) -> list[AuditKind]:
    with inst.database.reading() as connection:
        return [row.noted.kind for row in auditing.rows(connection, 50)][::-1]


def guess(inst: Installation, times: int, visitor: Visitor = THERE, mail: str = "dana@example.com") -> list[object]:
    return [sign_in(inst, mail, "a wrong password", visitor) for _ in range(times)]


def counts(inst: Installation) -> int:
    with inst.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(AttemptsRow)).scalar_one()


@pytest.mark.parametrize("mail", ["dana@example.com", " Dana@Example.COM "])
def test_whoever_knows_the_password_is_in(inst: Installation, mail: str) -> None:
    done = sign_in(inst, mail, PASSWORD, HERE)
    assert isinstance(done, SignedIn)
    session = session_of(inst, done.token, HERE.address)
    assert session is not None
    assert (session.person, session.browser, session.means) == ("dana", "Firefox on Linux", Means.PASSWORD)
    assert kinds(inst) == [AuditKind.SIGNED_IN]


@pytest.mark.parametrize(
    ("mail", "password"),
    [
        ("dana@example.com", "a wrong password"),
        ("dana@example.com", PASSWORD.upper()),
        ("dana@example.com", ""),
        pytest.param("dana@example.com", PASSWORD * 10_000, id="endless"),
        ("lee@example.com", PASSWORD),
        ("nobody@example.com", PASSWORD),
        ("", ""),
        ("\0", "\0"),
    ],
)
def test_every_other_combination_is_answered_alike(inst: Installation, mail: str, password: str) -> None:
    assert sign_in(inst, mail, password, HERE) is Wrong.PASSWORD
    assert kinds(inst) == [AuditKind.SIGN_IN_FAILED]


def test_a_password_typed_on_another_keyboard_is_the_same() -> None:
    assert is_right("Birnba\u0308ume im Wind", hashed("Birnb\u00e4ume im Wind"))
    assert not is_right("", None)


def test_neither_the_password_nor_the_token_is_stored(inst: Installation, tmp_path: Path) -> None:
    done = sign_in(inst, "dana@example.com", PASSWORD, HERE)
    assert isinstance(done, SignedIn)
    with inst.database.reading() as connection:
        kept = repr([store.account(connection, "dana"), store.sessions(connection)])
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("groundswell.db*"))
    for secret in (PASSWORD, done.token):
        assert secret not in kept
        assert secret.encode() not in stored


def test_guessing_is_stopped_and_the_right_password_works_after_the_wait(inst: Installation, clock: HandClock) -> None:
    assert guess(inst, 5) == [Wrong.PASSWORD] * 5
    held = sign_in(inst, "dana@example.com", PASSWORD, THERE)
    assert isinstance(held, Throttled)
    assert held.because is Counted.PAIR
    clock.now = held.until
    assert isinstance(sign_in(inst, "dana@example.com", PASSWORD, THERE), SignedIn)
    assert guess(inst, 4) == [Wrong.PASSWORD] * 4  # the count began anew


def test_attempts_during_the_wait_make_it_no_longer_and_fill_nothing(inst: Installation) -> None:
    guess(inst, 5)
    written, first = len(kinds(inst)), sign_in(inst, "dana@example.com", PASSWORD, THERE)
    assert set(guess(inst, 30)) == {first}
    assert len(kinds(inst)) == written
    assert kinds(inst)[-1] is AuditKind.THROTTLED


def test_nobody_is_locked_out_by_what_others_try(inst: Installation, clock: HandClock) -> None:
    assert isinstance(sign_in(inst, "dana@example.com", PASSWORD, HERE), SignedIn)
    clock.advance(days=1)
    for number in range(30):
        guess(inst, 1, Visitor(f"198.51.100.{number}"))
    stranger = sign_in(inst, "dana@example.com", PASSWORD, THERE)
    assert isinstance(stranger, Throttled)
    assert stranger.because is Counted.ACCOUNT
    assert stranger.until <= clock() + timedelta(minutes=1)
    assert isinstance(sign_in(inst, "dana@example.com", PASSWORD, HERE), SignedIn)


def test_one_address_that_tries_many_people_has_to_wait(inst: Installation) -> None:
    answers = [guess(inst, 1, mail=f"person-{number}@example.com")[0] for number in range(32)]
    assert answers[:30] == [Wrong.PASSWORD] * 30
    held = answers[30]
    assert isinstance(held, Throttled)
    assert held.because is Counted.ADDRESS


def test_attempts_at_ever_new_names_during_the_wait_fill_nothing(inst: Installation) -> None:
    for number in range(30):
        guess(inst, 1, mail=f"person-{number}@example.com")
    before = counts(inst)
    for number in range(30, 40):
        assert isinstance(guess(inst, 1, mail=f"person-{number}@example.com")[0], Throttled)
        ask_reset(inst, f"person-{number}@example.com", THERE)
    assert counts(inst) == before + 10 + 1  # the letters that were asked for, and their address


def test_one_line_with_countless_addresses_is_one_address(inst: Installation) -> None:
    answers = [
        guess(inst, 1, Visitor(f"2001:db8:0:7::{number:x}"), f"person-{number}@example.com")[0]
        for number in range(1, 32)
    ]
    assert isinstance(answers[-1], Throttled)
    assert guess(inst, 1, Visitor("2001:db8:0:8::1")) == [Wrong.PASSWORD]


def test_waits_do_not_tell_whose_address_it_is(inst: Installation) -> None:
    guess(inst, 5)
    assert isinstance(guess(inst, 1)[0], Throttled)
    assert guess(inst, 1, mail="dana") == [Wrong.PASSWORD]


def test_an_account_of_ones_own_makes_no_guesses_forgotten(inst: Installation) -> None:
    for number in range(29):
        guess(inst, 1, mail=f"person-{number}@example.com")
    assert isinstance(sign_in(inst, "dana@example.com", PASSWORD, THERE), SignedIn)
    guess(inst, 1, mail="another@example.com")
    assert isinstance(guess(inst, 1, mail="one-more@example.com")[0], Throttled)


def test_many_attempts_at_the_same_moment_gain_nothing(inst: Installation) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: guess(inst, 1)[0], range(16)))
    assert answers.count(Wrong.PASSWORD) == 5


def test_a_hash_of_weaker_parameters_is_made_anew_at_the_next_sign_in(inst: Installation) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with inst.database.writing() as connection:
        store.set_password(connection, "dana", weak, inst.clock())
    assert isinstance(sign_in(inst, "dana@example.com", PASSWORD, HERE), SignedIn)
    with inst.database.reading() as connection:
        kept = store.account(connection, "dana")
    assert kept is not None
    assert not is_outdated(kept.password_hash)
    assert is_right(PASSWORD, kept.password_hash)


def test_a_session_is_over_when_it_was_signed_out_or_revoked(inst: Installation) -> None:
    tokens = [open_session(inst, "dana", Means.PASSWORD, HERE.address, "") for _ in range(3)]
    first, second, third = (session_of(inst, token, HERE.address) for token in tokens)
    assert first
    assert second
    assert third
    sign_out(inst, first, HERE.address)
    assert revoke(inst, "dana", "lee", THERE.address, only=second.id) == 1
    assert [session_of(inst, token, HERE.address) for token in tokens] == [None, None, third]
    assert [one.id for one in sessions_of(inst, "dana")] == [third.id]
    assert kinds(inst)[3:] == [AuditKind.SIGNED_OUT, AuditKind.SESSION_REVOKED]
    assert revoke(inst, "lee", "", "", only=third.id) == 0  # not hers


def test_a_session_lives_while_its_person_comes_back_and_thirty_days_at_most(
    inst: Installation, clock: HandClock
) -> None:
    token = open_session(inst, "dana", Means.PASSWORD, HERE.address, "")
    for _ in range(4):
        clock.advance(days=6)
        assert session_of(inst, token, THERE.address)
    assert sessions_of(inst, "dana")[0].address == THERE.address
    clock.advance(days=6)
    assert session_of(inst, token, HERE.address) is None


def test_whoever_left_the_settings_is_out_at_once(inst: Installation) -> None:
    token = open_session(inst, "lee", Means.PASSWORD, HERE.address, "")
    assert session_of(inst, token, HERE.address)
    left = replace(inst, settings=inst.settings.model_copy(update={"people": (DANA,)}))
    assert session_of(left, token, HERE.address) is None


@pytest.mark.parametrize("token", ["", "x", "\0", "ü" * 5000, "groundswell_session"])
def test_a_made_up_token_is_nobody(inst: Installation, token: str) -> None:
    assert session_of(inst, token, HERE.address) is None
