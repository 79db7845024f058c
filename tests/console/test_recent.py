from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event

import pytest

from console.recent import MOST, OLDEST, Recent, oldest
from tests.installations import NOON

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.mark.parametrize(
    ("length", "seconds"),
    [(timedelta(hours=6), 30), (DAY, 30), (7 * DAY, 210), (30 * DAY, 300)],
)
def test_what_a_month_amounts_to_may_be_some_minutes_old(length: timedelta, seconds: int) -> None:
    assert oldest(length) == timedelta(seconds=seconds)


def test_a_report_is_read_again_when_it_is_old_or_people_changed_something_or_another_is_asked_for() -> None:
    read: list[tuple[str, timedelta]] = []

    def note(brand: str, since: datetime, until: datetime) -> int:
        read.append((brand, until - since))
        return len(read)

    recent = Recent(note)
    asked = [
        ("a", NOON, DAY, ""),
        ("a", NOON + 30 * SECOND, DAY, ""),
        ("a", NOON + 31 * SECOND, DAY, ""),
        ("a", NOON, DAY, ""),  # a clock that was put back
        ("a", NOON, DAY, "corrected"),
        ("a", NOON, 7 * DAY, ""),
        ("b", NOON, DAY, ""),
        ("b", NOON, DAY, ""),
    ]
    assert [recent.of(brand, at - length, at, stamp) for brand, at, length, stamp in asked] == [1, 1, 2, 3, 4, 5, 6, 6]


def test_of_two_who_ask_at_once_one_reads() -> None:
    reads, both_ask = [], Event()

    def slow(brand: str, _since: datetime, _until: datetime) -> str:
        reads.append(brand)
        both_ask.wait(5)
        return brand

    recent = Recent(slow)
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(recent.of, "a", NOON - DAY, NOON) for _ in range(2)]
        both_ask.set()
        assert [one.result() for one in asked] == ["a", "a"]
    assert reads == ["a"]


def test_windows_that_were_asked_for_long_ago_are_forgotten() -> None:
    read: list[timedelta] = []

    def note(_brand: str, since: datetime, until: datetime) -> int:
        read.append(until - since)
        return len(read)

    recent = Recent(note)
    for minutes in [*range(MOST + 1), MOST, 0]:
        recent.of("a", NOON - timedelta(minutes=minutes), NOON)
    assert len(read) == MOST + 2
    assert read[-1] == timedelta(0)


def test_of_what_changes_sooner_no_report_is_older_however_long_the_window() -> None:
    recent = Recent(lambda _brand, _since, until: until, longest=OLDEST)
    asked = [NOON, NOON + OLDEST, NOON + OLDEST + SECOND]
    assert [recent.of("a", at - 30 * DAY, at) for at in asked] == [NOON, NOON, asked[-1]]
