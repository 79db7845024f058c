from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

from console.recent_topics import OLDEST, RecentTopics
from services.topics import Topics
from tests.installations import NOON, installation

DAY = timedelta(days=1)


def asked(recent: RecentTopics, after: timedelta = timedelta(0), window: timedelta = DAY) -> Topics:
    return recent.of("northwind", NOON + after - window, NOON + after, DAY)


def test_within_half_a_minute_everybody_sees_the_same_and_later_what_is_new(tmp_path: Path) -> None:
    recent = RecentTopics(installation(tmp_path))
    first = asked(recent)
    assert asked(recent, OLDEST) is first
    assert asked(recent, OLDEST + timedelta(seconds=1)).until == NOON + OLDEST + timedelta(seconds=1)


def test_a_clock_that_was_set_back_shows_nothing_from_the_future(tmp_path: Path) -> None:
    recent = RecentTopics(installation(tmp_path))
    asked(recent)
    assert asked(recent, -DAY).until == NOON - DAY


def test_windows_of_another_length_are_read_by_themselves(tmp_path: Path) -> None:
    recent = RecentTopics(installation(tmp_path))
    assert asked(recent).since != asked(recent, window=timedelta(hours=6)).since


def test_of_many_who_ask_at_once_one_reads(tmp_path: Path) -> None:
    recent = RecentTopics(installation(tmp_path))
    with ThreadPoolExecutor(8) as pool:
        assert len({id(topics) for topics in pool.map(lambda _: asked(recent), range(8))}) == 1
