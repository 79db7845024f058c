"""What is told surely, without making what is known of an hour, changes no decision."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import fields
from datetime import timedelta

import pytest

from detection.buckets import BUCKET
from detection.signal import Signal, Verdict, kinds, load
from detection.view import Series
from detection.waking import Sensitivity
from tests.detection.views import (
    DAY,
    HOUR,
    NEUTRAL,
    POSITIVE,
    MadeView,
    Talk,
    burst,
    complaints,
    ordinary,
    posts,
    weekly,
)
from tests.installations import NOON


class Unsure(MadeView):
    """A view of which nothing is told surely."""

    def at_most(self, series: Series) -> float:
        del series
        return math.inf

    def surely_no_swell(self, series: Series) -> bool:
        del series
        return False


def talk(days: float) -> Talk:
    """An ordinary brand, with outcries of every size in its last two days, reposts and praise."""
    until = NOON + 2 * DAY
    rows = [complaints(ordinary(1, per_day=80, days=days, until=until, rhythm=weekly))]
    for number in range(8):
        at = NOON + (4 + 5 * number) * HOUR
        rows += [
            complaints(burst(6 + 3 * number, minutes=15 + 20 * (number % 4), until=at)),
            posts(burst(10 + 8 * number, minutes=50, until=at + HOUR), POSITIVE),
            posts(burst(10 * number, minutes=40, until=at + 2 * HOUR), NEUTRAL, stories=2),
        ]
    rows.append(posts(ordinary(2, per_day=250, days=days, until=until), NEUTRAL))
    rows.append(posts(ordinary(3, per_day=60, days=days, until=until), POSITIVE))
    return Talk([one for said in rows for one in said])


def signals(view: MadeView) -> list[Signal]:
    return [signal for kind in kinds() if (signal := load(kind).evaluate(view))]


@pytest.mark.parametrize(
    ("days", "behind", "sensitivity"),
    [
        (4, timedelta(0), Sensitivity.LOW),
        (16.4, 5 * HOUR, Sensitivity.NORMAL),  # the fortnight fills up meanwhile
        (16.4, DAY, Sensitivity.HIGH),
        (19, DAY, Sensitivity.NORMAL),
    ],
)
def test_signals_are_the_same_where_nothing_is_told_surely(
    days: float, behind: timedelta, sensitivity: Sensitivity
) -> None:
    heard, found, spared = talk(days), list[Signal](), 0
    for number in range(2 * DAY // BUCKET):
        view = heard.view(NOON + number * BUCKET, sensitivity=sensitivity)
        view.behind = behind
        given = {each.name: getattr(view, each.name) for each in fields(view)}
        unsure = Unsure(**given | {"asked": Counter[str]()})
        told = signals(view)
        assert told == signals(unsure)
        found += told
        spared += view.asked["known"] < unsure.asked["known"]
    assert {Verdict.FIRED, Verdict.GOES_ON} <= {signal.verdict for signal in found}
    assert spared > 100
