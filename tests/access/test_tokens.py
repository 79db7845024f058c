"""What a token allows at a moment, and why it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.roles import GRANTS, Permission, Role
from access.tokens import (
    MOST_DAYS,
    Fault,
    Presented,
    Token,
    digest_of,
    expiry,
    holds_token,
    lacking,
    read,
    refuse_wanted,
    standing,
)
from tests.installations import NOON

SHOWN = Presented("a1B2c3D4e5F6", "s" * 43)
TOKEN = Token(
    id=SHOWN.id,
    name="nightly report",
    person="lee",
    scopes=frozenset({Permission.READ, Permission.RESPOND}),
    digest=digest_of(SHOWN.secret),
    created_at=NOON,
    expires_at=NOON + timedelta(days=90),
)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("token", "role", "after", "fault"),
    [
        (TOKEN, Role.RESPONDER, DAY, None),
        (None, Role.RESPONDER, DAY, Fault.UNKNOWN),
        (replace(TOKEN, digest=digest_of("other")), Role.RESPONDER, DAY, Fault.UNKNOWN),
        (replace(TOKEN, revoked_at=NOON), Role.RESPONDER, DAY, Fault.REVOKED),
        (TOKEN, Role.RESPONDER, 90 * DAY - timedelta(seconds=1), None),
        (TOKEN, Role.RESPONDER, 90 * DAY, Fault.EXPIRED),
        (TOKEN, None, DAY, Fault.OWNER_LEFT),
        (replace(TOKEN, revoked_at=NOON), None, 99 * DAY, Fault.REVOKED),
    ],
)
def test_a_token_that_allows_nothing_says_why(
    token: Token | None, role: Role | None, after: timedelta, fault: Fault | None
) -> None:
    found = standing(token, SHOWN, role, NOON + after)
    assert (found.fault, bool(found.permissions)) == (fault, fault is None)


@given(st.frozensets(st.sampled_from(Permission)), st.sampled_from(Role))
def test_a_token_never_allows_more_than_its_scopes_or_its_owner(scopes: frozenset[Permission], role: Role) -> None:
    may = standing(replace(TOKEN, scopes=scopes), SHOWN, role, NOON).permissions
    assert may == scopes & GRANTS[role]


def test_whose_role_was_taken_away_has_a_token_that_lost_it_too() -> None:
    assert standing(TOKEN, SHOWN, Role.VIEWER, NOON).permissions == {Permission.READ}
    assert lacking(TOKEN, Permission.LEAD) is Fault.SCOPE_MISSING
    assert lacking(TOKEN, Permission.RESPOND) is None


@given(st.from_regex(r"\A[A-Za-z0-9]{12}\Z"), st.from_regex(r"\A[A-Za-z0-9_-]{43}\Z"))
def test_what_is_handed_out_is_read_again(token_id: str, secret: str) -> None:
    shown = Presented(token_id.strip(), secret.strip())
    assert read(shown.text) == shown
    assert holds_token(f"Bearer {shown.text} ")


@pytest.mark.parametrize(
    "text", ["", "gsw_", SHOWN.text[:-1], f"{SHOWN.text}x", f" {SHOWN.text}", f"{SHOWN.text}\n", SHOWN.text.upper()]
)
def test_anything_else_is_no_token(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("name", "scopes", "days", "role", "says"),
    [
        ("report", {Permission.READ}, 90, Role.VIEWER, ""),
        ("report", {Permission.READ}, MOST_DAYS, Role.VIEWER, ""),
        ("  ", {Permission.READ}, 90, Role.VIEWER, "what the token is for"),
        ("x" * 101, {Permission.READ}, 90, Role.VIEWER, "1 to 100 characters"),
        ("report", set(), 90, Role.VIEWER, "at least one thing"),
        ("report", {Permission.READ, Permission.LEAD}, 90, Role.RESPONDER, "does not include: lead"),
        ("report", {Permission.READ}, 0, Role.VIEWER, "1 to 365 days"),
        ("report", {Permission.READ}, MOST_DAYS + 1, Role.VIEWER, "1 to 365 days"),
        ("report", {Permission.READ}, 90, None, "under people in the settings"),
    ],
)
def test_nobody_is_given_a_token_that_reaches_further_than_they_do(
    name: str, scopes: set[Permission], days: int, role: Role | None, says: str
) -> None:
    told = refuse_wanted(name, scopes, days, role)
    assert (says in told, bool(told)) == (True, bool(says))


def test_a_token_ends_after_whole_days() -> None:
    assert expiry(90, NOON) - NOON == 90 * DAY
