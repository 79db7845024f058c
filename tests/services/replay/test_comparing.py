from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from playbooks.playbook import Severity
from services.replay.comparing import APART, Compared, compare
from services.replay.walking import Alarm, News
from tests.database.incident_rows import signal
from tests.installations import NOON

HOUR = timedelta(hours=1)


def alarm(hours: float, brand: str = "northwind") -> Alarm:
    at = NOON + hours * HOUR
    return Alarm(at, News.OPENED, Severity.SEV2, replace(signal(), brand=brand, at=at), 1)


@pytest.mark.parametrize(
    ("first", "other", "pairs"),
    [
        ([], [], []),
        ([0], [], []),
        ([0], [3], [(0, 3)]),
        ([0], [24], [(0, 24)]),
        ([0], [24.1], []),
        ([0, 5], [4], [(5, 4)]),
        ([0, 5], [4, 5], [(0, 4), (5, 5)]),
        ([0, 1, 2], [1], [(1, 1)]),
        ([0, 30], [20], [(30, 20)]),
    ],
)
def test_alarms_that_are_nearest_to_each_other_are_one_thing(
    first: list[float], other: list[float], pairs: list[tuple[float, float]]
) -> None:
    here, there = [alarm(at) for at in first], [alarm(at) for at in other]
    compared = compare(here, there)
    assert compared.both == tuple((alarm(one), alarm(two)) for one, two in pairs)
    assert {*compared.only_first} == {*here} - {one for one, _ in compared.both}
    assert {*compared.only_other} == {*there} - {two for _, two in compared.both}


def test_alarms_about_two_brands_are_never_one_thing() -> None:
    here, there = alarm(0, "northwind"), alarm(0, "southwind")
    assert compare([here], [there]) == Compared((), (here,), (there,))


def test_a_day_apart_is_what_the_documentation_says() -> None:
    assert timedelta(hours=24) == APART
