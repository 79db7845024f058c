"""Which sources a round asks, and in which order."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from database import visits
from services.collecting import listening_for
from services.installation import Installation
from services.rounds import start_round
from sources.contract import HostBusyError
from sources.network.pacing import Wait
from tests.installations import NOON, HandClock, installation, source

MINUTE = timedelta(minutes=1)


def with_sources(folder: Path, *addresses: str) -> Installation:
    """An installation of feeds whose ids are the paths of their addresses."""
    feeds = tuple(source(address.rpartition("/")[2], url=address) for address in addresses)
    return installation(folder, HandClock(), sources=feeds)


def asked(inst: Installation, *, everything: bool = False) -> list[str]:
    return [each.id for each in start_round(inst, everything=everything)]


def remember(inst: Installation, source_id: str, **values: object) -> None:
    with inst.database.writing() as connection:
        visits.save_source(connection, source_id, **values)


def is_left_alone(inst: Installation, host: str) -> bool:
    try:
        inst.pacing.turn(host, 0)
    except HostBusyError:
        return True
    return False


def test_sources_of_one_host_come_apart_from_each_other(tmp_path: Path) -> None:
    inst = with_sources(tmp_path, *(f"https://big.example/{n}" for n in range(3)), "https://a.example/a", "https://b/b")
    assert asked(inst) == ["0", "a", "b", "1", "2"]


def test_the_longest_overdue_come_first_and_new_ones_before_them(tmp_path: Path) -> None:
    inst = with_sources(tmp_path, "https://a/one", "https://b/two", "https://c/new", "https://d/later")
    remember(inst, "one", next_at=NOON - MINUTE)
    remember(inst, "two", next_at=NOON - 5 * MINUTE)
    remember(inst, "later", next_at=NOON + 5 * MINUTE)
    assert asked(inst) == ["new", "two", "one"]
    assert asked(inst, everything=True) == ["new", "two", "one", "later"]


def test_a_source_that_is_due_within_half_a_tick_is_due(tmp_path: Path) -> None:
    inst = with_sources(tmp_path, "https://a/soon", "https://a/later")
    remember(inst, "soon", next_at=NOON + MINUTE / 2)
    remember(inst, "later", next_at=NOON + MINUTE / 2 + timedelta(seconds=1))
    assert asked(inst) == ["soon"]


def test_a_source_asked_by_a_clock_that_was_ahead_is_asked_again(tmp_path: Path) -> None:
    inst = with_sources(tmp_path, "https://a/one")
    remember(inst, "one", asked_at=NOON + 100 * MINUTE, next_at=NOON + 105 * MINUTE)
    assert asked(inst) == ["one"]


def test_a_source_put_off_by_a_clock_that_was_ahead_is_asked_again_and_its_host_with_it(tmp_path: Path) -> None:
    inst = with_sources(tmp_path, "https://a/one", "https://b/two")
    year, day = timedelta(days=365), timedelta(days=1)
    remember(inst, "one", asked_at=NOON - MINUTE, next_at=NOON + year)
    remember(inst, "two", asked_at=NOON - MINUTE, next_at=NOON + day)
    with inst.database.writing() as connection:
        visits.save_waits(connection, [Wait("a", NOON + year, "asked"), Wait("b", NOON + day, "asked")])
    assert asked(inst) == ["one"]
    assert [host for host in ("a", "b") if is_left_alone(inst, host)] == ["b"]


def test_a_source_that_is_gone_stays_stopped_until_it_is_set_up_differently(tmp_path: Path) -> None:
    inst = with_sources(tmp_path, "https://a/one")
    remember(inst, "one", stopped_at=NOON, next_at=NOON, asked_for=listening_for(inst, inst.settings.sources[0]))
    assert asked(inst) == []
    assert asked(inst, everything=True) == ["one"]
    moved = with_sources(tmp_path, "https://elsewhere/one")
    assert asked(moved) == ["one"]


def test_hosts_that_asked_for_silence_are_known_after_a_restart(tmp_path: Path) -> None:
    inst = with_sources(tmp_path, "https://a/one")
    with inst.database.writing() as connection:
        visits.save_waits(connection, [Wait("a", NOON + MINUTE, "it asked for that")])
    reborn = with_sources(tmp_path, "https://a/one")
    assert not is_left_alone(reborn, "a")
    start_round(reborn)
    assert is_left_alone(reborn, "a")


def test_a_failing_source_is_tried_at_once_when_it_was_set_up_differently(tmp_path: Path) -> None:
    inst = with_sources(tmp_path, "https://a/one")
    asked_for = listening_for(inst, inst.settings.sources[0])
    remember(inst, "one", asked_for=asked_for, next_at=NOON + 90 * MINUTE, failures=9)
    assert asked(inst) == []
    assert asked(with_sources(tmp_path, "https://mended/one")) == ["one"]
