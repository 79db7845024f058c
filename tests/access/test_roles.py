"""Each role may do what the one before it may."""

from __future__ import annotations

from itertools import pairwise

from access.roles import EVERYTHING, GRANTS, Permission, Role, least


def test_each_role_may_do_what_the_one_before_it_may_and_more() -> None:
    assert all(GRANTS[lower] < GRANTS[higher] for lower, higher in pairwise(Role))
    assert GRANTS[Role.ADMIN] == EVERYTHING


def test_a_viewer_changes_nothing_and_takes_nothing_away() -> None:
    assert GRANTS[Role.VIEWER] == {Permission.READ, Permission.REPORT, Permission.PROPOSE}


def test_every_permission_is_somebodys_first() -> None:
    assert {least(one) for one in Permission} == set(Role)
