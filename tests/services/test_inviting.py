"""Links by mail: once, for a time, only the newest; and nothing of them stays behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from access.attempts import Throttled
from access.audit import AuditKind
from access.links import Link, Stale
from access.passwords import Unsuitable
from access.sessions import Means
from alerts.access_alert import SPENT
from database import auditing
from database.tables import OutboxRow
from services.delivery import deliver
from services.installation import Installation
from services.inviting import ask_reset, change, choose, first_invitation, invite, opened
from services.signing_in import SignedIn, Visitor, Wrong, open_session, session_of, sign_in
from settings.model import Console
from tests.installations import HandClock, installation

PASSWORD, OTHER = "blue kettle on tuesday", "green ladder in the rain"
HERE = Visitor("192.0.2.7", "Firefox on Linux")


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def inst(tmp_path: Path, database_address: str, clock: HandClock) -> Iterator[Installation]:
    made = installation(tmp_path, clock, database=SecretStr(database_address), console=Console())
    with made.database:
        yield made


def token_of(link: str) -> str:
    return link.rpartition("/")[2]


def mails(folder: Path) -> list[str]:
    """The plain text of the letters that were delivered, by their recipients' order of arrival."""
    found = [
        message_from_bytes(file.read_bytes(), policy=default) for file in sorted((folder / "outbox").glob("*.eml"))
    ]
    return [f"{one['To']}\n{one.get_body(('plain',)).get_content()}" for one in found]  # type: ignore[union-attr]


def outbox(inst: Installation) -> list[str]:
    with inst.database.reading() as connection:
        return [row.content for row in connection.execute(select(OutboxRow.content).order_by(OutboxRow.id))]


def kinds(inst: Installation) -> list[AuditKind]:
    with inst.database.reading() as connection:
        return [row.noted.kind for row in auditing.rows(connection, 50)][::-1]


def test_an_invitation_arrives_by_mail_and_lets_its_person_in_once(inst: Installation, tmp_path: Path) -> None:
    link = invite(inst, "lee", "dana")
    assert link.startswith("http://127.0.0.1:8420/invitation/")
    assert deliver(inst).sent == 1
    (mail,) = mails(tmp_path)
    assert "lee@example.com" in mail
    assert "Dana Reyes invites you" in " ".join(mail.split())
    assert link in mail
    done = choose(inst, token_of(link), PASSWORD, HERE)
    assert isinstance(done, SignedIn)
    session = session_of(inst, done.token, HERE.address)
    assert session
    assert (session.person, session.means) == ("lee", Means.LINK)
    assert choose(inst, token_of(link), OTHER, HERE) is Stale.USED
    assert isinstance(sign_in(inst, "lee@example.com", PASSWORD, HERE), SignedIn)
    assert kinds(inst)[:3] == [AuditKind.INVITED, AuditKind.PASSWORD_SET, AuditKind.SIGNED_IN]


def test_the_link_does_not_stay_where_it_was_sent_from(inst: Installation, tmp_path: Path) -> None:
    token = token_of(invite(inst, "lee"))
    assert token in outbox(inst)[0]
    deliver(inst)
    assert outbox(inst) == [SPENT]
    assert token.encode() not in b"".join(file.read_bytes() for file in tmp_path.glob("groundswell.db"))


def test_looking_at_a_link_uses_nothing_up(inst: Installation) -> None:
    token = token_of(invite(inst, "lee"))
    for _ in range(3):
        assert isinstance(opened(inst, token), Link)
    assert isinstance(choose(inst, token, PASSWORD, HERE), SignedIn)


def test_only_the_newest_link_counts_and_an_older_letter_is_not_sent(inst: Installation) -> None:
    older, newer = token_of(invite(inst, "lee")), token_of(invite(inst, "lee"))
    assert choose(inst, older, PASSWORD, HERE) is Stale.REPLACED
    assert outbox(inst)[0] == SPENT
    assert deliver(inst).sent == 1
    assert isinstance(choose(inst, newer, PASSWORD, HERE), SignedIn)


@pytest.mark.parametrize("token", ["", "x", "ü", "\0", "../../etc"])
def test_a_made_up_link_is_nobodys(inst: Installation, token: str) -> None:
    assert opened(inst, token) is Stale.UNKNOWN


def test_whoever_was_shown_the_link_gets_no_mail_with_one_that_is_used(inst: Installation) -> None:
    assert isinstance(choose(inst, token_of(invite(inst, "lee")), PASSWORD, HERE), SignedIn)
    assert outbox(inst) == [SPENT]
    assert deliver(inst).sent == 0


def test_a_link_that_ended_before_its_letter_left_is_not_sent(inst: Installation, clock: HandClock) -> None:
    link = invite(inst, "lee")
    clock.advance(days=3)
    assert deliver(inst).sent == 0
    assert outbox(inst) == [SPENT]
    assert choose(inst, token_of(link), PASSWORD, HERE) is Stale.OLD


def test_a_password_that_is_not_taken_leaves_the_link_as_it_was(inst: Installation) -> None:
    token = token_of(invite(inst, "lee"))
    assert isinstance(choose(inst, token, "Lee Okafor 2026!", HERE), Unsuitable)
    assert isinstance(choose(inst, token, PASSWORD, HERE), SignedIn)


def test_a_new_password_ends_every_other_session(inst: Installation, tmp_path: Path) -> None:
    choose(inst, token_of(invite(inst, "lee")), PASSWORD, HERE)
    before = open_session(inst, "lee", Means.PASSWORD, "198.51.100.9", "")
    ask_reset(inst, "LEE@example.com", HERE)
    deliver(inst)
    (found,) = re.findall(r"http://127\.0\.0\.1:8420/reset/(\S+)", "".join(mails(tmp_path)))
    done = choose(inst, found, OTHER, HERE)
    assert isinstance(done, SignedIn)
    assert session_of(inst, before, "198.51.100.9") is None
    assert session_of(inst, done.token, HERE.address)
    assert sign_in(inst, "lee@example.com", PASSWORD, HERE) is Wrong.PASSWORD


def test_nobody_gets_a_mail_for_an_address_that_is_nobodys(inst: Installation) -> None:
    ask_reset(inst, "nobody@example.com", HERE)
    assert outbox(inst) == []
    assert kinds(inst) == [AuditKind.RESET_ASKED]


def test_nobodys_mailbox_is_flooded(inst: Installation, clock: HandClock) -> None:
    for _ in range(50):
        ask_reset(inst, "lee@example.com", HERE)
    assert len(outbox(inst)) == 3
    clock.advance(hours=1)
    ask_reset(inst, "lee@example.com", HERE)
    assert len(outbox(inst)) == 4


def test_nothing_is_filled_by_asking_for_everybody(inst: Installation) -> None:
    for number in range(50):
        ask_reset(inst, f"person-{number}@example.com", HERE)
    assert len(kinds(inst)) == 30
    ask_reset(inst, "lee@example.com", Visitor("198.51.100.9"))
    assert len(outbox(inst)) == 1


def test_whoever_has_to_wait_can_still_choose_a_new_password_by_mail(inst: Installation) -> None:
    for _ in range(6):
        held = sign_in(inst, "lee@example.com", "a wrong password", HERE)
    assert isinstance(held, Throttled)
    assert isinstance(choose(inst, token_of(invite(inst, "lee")), PASSWORD, HERE), SignedIn)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [(PASSWORD, OTHER, SignedIn), ("a wrong password", OTHER, Wrong), (PASSWORD, "short", Unsuitable)],
)
def test_a_password_is_changed_by_whoever_knows_it(
    inst: Installation, old: str, new: str, expected: type[object]
) -> None:
    first = choose(inst, token_of(invite(inst, "lee")), PASSWORD, HERE)
    assert isinstance(first, SignedIn)
    session = session_of(inst, first.token, HERE.address)
    assert session
    done = change(inst, session, old, new, HERE)
    assert isinstance(done, expected)
    assert (session_of(inst, first.token, HERE.address) is None) is isinstance(done, SignedIn)


def test_the_first_start_has_a_link_for_whoever_administers_it(inst: Installation) -> None:
    link = first_invitation(inst)
    assert isinstance(choose(inst, token_of(link), PASSWORD, HERE), SignedIn)
    assert first_invitation(inst) == ""


def test_a_link_is_dead_after_its_time(inst: Installation, clock: HandClock) -> None:
    token = token_of(invite(inst, "lee"))
    clock.advance(seconds=timedelta(days=3).total_seconds())
    assert opened(inst, token) is Stale.OLD
