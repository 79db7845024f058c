"""Nobody speaks of a brand that is usually spoken of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from detection import brand_silence
from detection.signal import Reason, Signal, Verdict
from detection.silence import HeardHour
from tests.detection.views import DAY, HOUR, Talk
from tests.installations import NOON


def judged(silent: int, *, posts: int = 6, days: int = 21) -> Signal | None:
    """Three weeks of so many posts an hour, then hours without one."""
    hours = [HeardHour(NOON - back * HOUR, 0 if back <= silent else posts) for back in range(days * 24, 0, -1)]
    return brand_silence.evaluate(replace(Talk([]).view(), hours=hours))


def test_a_brand_that_is_spoken_of_every_hour_is_missed_after_some() -> None:
    signal = judged(8)
    assert signal is not None
    assert (signal.verdict, signal.reason, signal.observed) == (Verdict.NOTICED, Reason.SILENT, 0)
    assert (signal.since, signal.window) == (NOON - 8 * HOUR, 8 * HOUR)
    assert signal.beyond > 1
    assert signal.sentence == (
        "Nobody has spoken of Northwind Air in 8 hours of listening; about 48 posts usually come in that time. See "
        "whether its sources and its query still find it."
    )


@pytest.mark.parametrize(
    ("silent", "posts", "days"), [(1, 6, 21), (8, 6, 5), (8, 0, 21)], ids=["an hour", "learning", "never spoken of"]
)
def test_a_pause_that_means_nothing_is_no_signal(silent: int, posts: int, days: int) -> None:
    assert judged(silent, posts=posts, days=days) is None


def test_nothing_is_judged_where_it_is_not_time_to_ask() -> None:
    assert brand_silence.evaluate(Talk([], since=NOON - 30 * DAY).view()) is None
