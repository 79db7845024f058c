from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from access.links import Link, Purpose, Stale, judge
from access.roles import Role

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOUR, DAYS = timedelta(hours=1), timedelta(days=3)


@pytest.mark.parametrize(
    ("purpose", "age", "expected"),
    [
        (Purpose.INVITATION, timedelta(), None),
        (Purpose.INVITATION, DAYS - SECOND, None),
        (Purpose.INVITATION, DAYS, Stale.OLD),
        (Purpose.RESET, HOUR - SECOND, None),
        (Purpose.RESET, HOUR, Stale.OLD),
    ],
)
def test_an_invitation_is_good_for_three_days_and_a_reset_for_an_hour(
    purpose: Purpose, age: timedelta, expected: Stale | None
) -> None:
    assert judge(Link(7, "dana", purpose, NOW - age), 7, Role.VIEWER, NOW) is expected


@pytest.mark.parametrize(
    ("link", "newest", "role", "expected"),
    [
        (None, 0, None, Stale.UNKNOWN),
        (Link(7, "dana", Purpose.RESET, NOW, used_at=NOW), 7, Role.LEAD, Stale.USED),
        (Link(7, "dana", Purpose.RESET, NOW), 8, Role.LEAD, Stale.REPLACED),
        (Link(7, "dana", Purpose.RESET, NOW), 7, None, Stale.LEFT),
    ],
)
def test_a_link_counts_once_while_it_is_the_newest_of_somebody_of_the_team(
    link: Link | None, newest: int, role: Role | None, expected: Stale
) -> None:
    assert judge(link, newest, role, NOW) is expected
    assert expected.value.endswith(".")
