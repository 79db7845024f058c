from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event

import pytest

from console.recent import MOST, Recent, Window, oldest
from errors import GroundswellError
from tests.installations import NOON

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.mark.parametrize(
    ("length", "seconds"),
    [(timedelta(hours=6), 30), (DAY, 30), (7 * DAY, 210), (30 * DAY, 300)],
)
def test_what_a_month_amounts_to_may_be_some_minutes_old(length: timedelta, seconds: int) -> None:
    assert oldest(Window("a", length)) == timedelta(seconds=seconds)


def test_a_report_is_read_again_when_it_is_old_or_people_changed_something_or_another_is_asked_for() -> None:
    read: list[Window] = []

    def note(window: Window, _until: datetime) -> int:
        read.append(window)
        return len(read)

    recent = Recent(note, lambda _: None, oldest)
    asked = [
        ("a", NOON, DAY, ""),
        ("a", NOON + 30 * SECOND, DAY, ""),
        ("a", NOON + 91 * SECOND, DAY, ""),
        ("a", NOON, DAY, ""),  # a clock that was put back
        ("a", NOON, DAY, "corrected"),
        ("a", NOON, 7 * DAY, ""),
        ("b", NOON, DAY, ""),
        ("b", NOON, DAY, ""),
    ]
    assert [recent.of(Window(brand, length), at, stamp) for brand, at, length, stamp in asked] == [
        1,
        1,
        2,
        3,
        4,
        5,
        6,
        6,
    ]


def test_of_two_who_ask_at_once_one_reads() -> None:
    reads, both_ask = [], Event()

    def slow(brand: str, _until: datetime) -> str:
        reads.append(brand)
        both_ask.wait(5)
        return brand

    recent = Recent(slow, lambda _: None)
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(recent.of, "a", NOON) for _ in range(2)]
        both_ask.set()
        assert [one.result() for one in asked] == ["a", "a"]
    assert reads == ["a"]


def test_one_that_is_somewhat_too_old_is_shown_once_more_and_read_once_meanwhile() -> None:
    ends: list[datetime] = []
    tasks: list[Callable[[], None]] = []

    def read(_brand: str, until: datetime) -> datetime:
        ends.append(until)
        return until

    recent = Recent(read, tasks.append)

    def seen(at: datetime) -> datetime:
        return recent.of("a", at)

    later = NOON + 31 * SECOND
    assert [seen(at) for at in (NOON, later, later + SECOND, NOON + 90 * SECOND)] == [NOON] * 4
    assert len(tasks) == 1
    tasks.pop()()
    assert (seen(later + SECOND), ends) == (later, [NOON, later])
    assert not tasks


def test_one_that_could_not_be_read_meanwhile_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    tasks: list[Callable[[], None]] = []
    answers: list[str | GroundswellError] = ["old", GroundswellError("database", "is busy.", "Wait."), "new"]

    def read(*_window: object) -> str:
        answer = answers.pop(0)
        if isinstance(answer, GroundswellError):
            raise answer
        return answer

    recent = Recent(read, tasks.append)

    def seen(seconds: int) -> str:
        at = NOON + seconds * SECOND
        return recent.of("a", at)

    assert [seen(0), seen(40)] == ["old", "old"]
    tasks.pop()()
    assert "is busy" in caplog.text
    assert seen(41) == "old"
    tasks.pop()()
    assert seen(42) == "new"


def test_windows_that_were_asked_for_long_ago_are_forgotten() -> None:
    read: list[int] = []

    def note(key: int, _until: datetime) -> int:
        read.append(key)
        return len(read)

    recent = Recent(note, lambda _: None)
    for key in [*range(MOST + 1), MOST, 0]:
        recent.of(key, NOON)
    assert len(read) == MOST + 2
    assert read[-1] == 0


def test_what_nobody_waits_for_is_read_elsewhere() -> None:
    tasks: list[Callable[[], None]] = []
    recent = Recent[str, str](lambda _key, _until: "here", tasks.append, again=lambda _key, _until: "elsewhere")
    assert recent.of("a", NOON) == "here"
    recent.of("a", NOON + 31 * SECOND)
    tasks.pop()()
    assert recent.of("a", NOON + 31 * SECOND) == "elsewhere"
