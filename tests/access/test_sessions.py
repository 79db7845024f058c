from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.roles import Role
from access.sessions import ABSOLUTE, IDLE, Ended, Means, Session, ended, worth_noting

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
FRESH = Session(1, "dana", NOW, NOW, "192.0.2.7", "Firefox on Linux", Means.PASSWORD)


@pytest.mark.parametrize(
    ("created", "seen", "revoked", "role", "expected"),
    [
        (timedelta(), timedelta(), None, Role.VIEWER, None),
        (IDLE, IDLE - SECOND, None, Role.ADMIN, None),
        (IDLE, IDLE, None, Role.ADMIN, Ended.IDLE),
        (ABSOLUTE - SECOND, SECOND, None, Role.ADMIN, None),
        (ABSOLUTE, SECOND, None, Role.ADMIN, Ended.TOO_OLD),
        (SECOND, SECOND, SECOND, Role.ADMIN, Ended.REVOKED),
        (SECOND, SECOND, None, None, Ended.LEFT),
    ],
)
def test_a_session_ends_by_itself_by_hand_and_with_whoever_leaves(
    created: timedelta, seen: timedelta, revoked: timedelta | None, role: Role | None, expected: Ended | None
) -> None:
    session = replace(
        FRESH, created_at=NOW - created, seen_at=NOW - seen, revoked_at=None if revoked is None else NOW - revoked
    )
    assert ended(session, role, NOW) is expected


@given(st.timedeltas(timedelta(), timedelta(days=90)), st.timedeltas(timedelta(), timedelta(days=90)))
def test_what_is_over_stays_over(first: timedelta, later: timedelta) -> None:
    if ended(FRESH, Role.LEAD, NOW + first):
        assert ended(FRESH, Role.LEAD, NOW + first + later)


@pytest.mark.parametrize(
    ("address", "after", "expected"),
    [
        ("192.0.2.7", timedelta(minutes=4), False),
        ("192.0.2.7", timedelta(minutes=5), True),
        ("192.0.2.8", timedelta(), True),
    ],
)
def test_being_seen_is_written_down_now_and_then_and_at_a_new_place(
    address: str,
    after: timedelta,
    expected: bool,  # noqa: FBT001  # a table
) -> None:
    assert worth_noting(FRESH, address, NOW + after) is expected
