"""Threads that queue to write one SQLite file: written together, failing alone, told the truth."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from _pytest.outcomes import Failed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import OperationalError

from database.group_commit import GroupCommit, NestedError, QueueTimeoutError, UndoneError

Block = Callable[[Connection], None]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return prepared(tmp_path / "tally.db")


@pytest.fixture
def engine(file: Path) -> Iterator[Engine]:
    engine = opened(file)
    yield engine
    engine.dispose()


def prepared(file: Path) -> Path:
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE tally (n INTEGER PRIMARY KEY, padding BLOB)")
    return file


def opened(file: Path) -> Engine:
    engine = create_engine(f"sqlite:///{file}")

    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def writers(engine: Engine) -> GroupCommit:
    return GroupCommit(engine, timedelta(seconds=20))


def together(group: GroupCommit, blocks: Sequence[Block]) -> list[Future[None]]:
    """What became of blocks whose threads all queued before the first of them had its turn."""

    def write(block: Block) -> None:
        with group.transaction() as connection:
            block(connection)

    with ThreadPoolExecutor(len(blocks)) as threads:
        with group.alone():
            endings = []
            for block in blocks:
                endings.append(threads.submit(write, block))
                waited_for(lambda: group.waiting == len(endings))
        return endings


def one_after_the_other(group: GroupCommit, first: Block, second: Block) -> list[BaseException | None]:
    """How two blocks ended of which the second queues while the first is written."""

    def write(block: Block, meanwhile: Callable[[], None]) -> None:
        with group.transaction() as connection:
            block(connection)
            meanwhile()

    def queue_the_second() -> None:
        endings.append(threads.submit(write, second, lambda: None))
        waited_for(lambda: group.waiting == 1)

    endings: list[Future[None]] = []
    with ThreadPoolExecutor(2) as threads:
        ending = threads.submit(write, first, queue_the_second).exception()
    return [ending, *(each.exception() for each in endings)]


def waited_for(held: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not held():
        assert time.monotonic() < until
        time.sleep(0.001)


def adding(number: int) -> Block:
    return lambda connection: void(connection.execute(text("INSERT INTO tally VALUES (:n, NULL)"), {"n": number}))


def void(_: object) -> None:
    """Nothing, whatever was answered."""


def failing(number: int) -> Block:
    def block(connection: Connection) -> None:
        adding(number)(connection)
        raise RuntimeError(number)

    return block


def stored(file: Path) -> list[int]:
    with sqlite3.connect(file) as connection:
        return [n for (n,) in connection.execute("SELECT n FROM tally ORDER BY n")]


def commits(engine: Engine) -> list[None]:
    """Grows by one with every commit."""
    made: list[None] = []
    event.listen(engine, "commit", lambda _connection: made.append(None))
    return made


def test_threads_that_queue_are_written_by_one_commit(engine: Engine, file: Path) -> None:
    made = commits(engine)
    endings = together(writers(engine), [adding(n) for n in range(5)])
    assert [ending.result() for ending in endings] == [None] * 5
    assert (stored(file), len(made)) == ([0, 1, 2, 3, 4], 1)


def test_no_more_than_eight_share_a_commit_lest_the_first_wait_for_ever(engine: Engine, file: Path) -> None:
    made = commits(engine)
    together(writers(engine), [adding(n) for n in range(20)])
    assert (len(stored(file)), len(made)) == (20, 3)


def test_a_block_alone_is_written_at_once(engine: Engine, file: Path) -> None:
    with writers(engine).transaction() as connection:
        adding(7)(connection)
        assert stored(file) == []
    assert stored(file) == [7]


def test_a_block_that_fails_among_others_undoes_itself_alone(engine: Engine, file: Path) -> None:
    endings = together(writers(engine), [adding(1), failing(2), adding(3)])
    assert [type(ending.exception()) for ending in endings] == [type(None), RuntimeError, type(None)]
    assert stored(file) == [1, 3]


def test_a_block_that_fails_as_the_last_of_all_leaves_the_others_written(engine: Engine, file: Path) -> None:
    endings = together(writers(engine), [adding(1), failing(2)])
    assert [type(ending.exception()) for ending in endings] == [type(None), RuntimeError]
    assert stored(file) == [1]


def test_nobody_is_told_that_a_block_is_written_before_others_can_read_it(engine: Engine, file: Path) -> None:
    group = writers(engine)

    def write(number: int) -> bool:
        with group.transaction() as connection:
            adding(number)(connection)
        return number in stored(file)

    with ThreadPoolExecutor(12) as threads:
        assert all(threads.map(write, range(120)))


def test_a_full_disk_is_told_to_everybody_whose_block_it_undid(engine: Engine, file: Path) -> None:
    """SQLite undoes the whole transaction by itself then, the blocks that had succeeded with it."""
    group = writers(engine)
    with group.transaction() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=8")
        adding(0)(connection)

    def large(connection: Connection) -> None:
        connection.exec_driver_sql("INSERT INTO tally VALUES (2, zeroblob(100000))")

    endings = one_after_the_other(group, adding(1), large)
    assert [type(ending) for ending in endings] == [OperationalError, OperationalError]
    assert all("full" in str(ending) for ending in endings)
    assert stored(file) == [0]
    with group.transaction() as connection:
        adding(4)(connection)
    assert stored(file) == [0, 4]


def test_a_commit_that_fails_is_told_to_everybody_and_the_next_one_starts_afresh(engine: Engine, file: Path) -> None:
    group = writers(engine)
    refusing = True

    def refuse(_connection: Connection) -> None:
        if refusing:
            raise OperationalError("COMMIT", {}, Exception("disk I/O error"))

    event.listen(engine, "commit", refuse)
    endings = together(group, [adding(1), adding(2)])
    assert [type(ending.exception()) for ending in endings] == [OperationalError, OperationalError]
    assert stored(file) == []
    refusing = False
    assert [ending.exception() for ending in together(group, [adding(3), adding(4)])] == [None, None]
    assert stored(file) == [3, 4]


def test_a_file_that_another_program_holds_is_refused_to_each_and_can_be_written_afterwards(
    engine: Engine, file: Path
) -> None:
    group = writers(engine)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    engine.dispose()
    event.listen(engine, "connect", lambda connection, _: void(connection.execute("PRAGMA busy_timeout=50")))
    endings = together(group, [adding(1), adding(2)])
    assert [type(ending.exception()) for ending in endings] == [OperationalError, OperationalError]
    other.execute("ROLLBACK")
    other.close()
    together(group, [adding(3)])
    assert stored(file) == [3]


def test_a_turn_outside_of_transactions_waits_until_what_is_open_is_written(engine: Engine, file: Path) -> None:
    group = writers(engine)
    with ThreadPoolExecutor(1) as threads, group.transaction() as connection:
        adding(1)(connection)

        def alone() -> list[int]:
            with group.alone():
                return stored(file)

        seen = threads.submit(alone)
        assert not seen.done()
    assert seen.result() == [1]


def test_a_thread_whose_turn_does_not_come_says_so_and_holds_nobody_up(engine: Engine, file: Path) -> None:
    group = GroupCommit(engine, timedelta(milliseconds=20))

    def late() -> None:
        with group.transaction():
            pytest.fail("it was not its turn")

    with ThreadPoolExecutor(1) as threads, group.transaction() as connection:
        assert isinstance(threads.submit(late).exception(), QueueTimeoutError)
        adding(1)(connection)
    assert (stored(file), group.waiting) == ([1], 0)


def test_a_block_is_written_although_whoever_it_was_left_open_for_lost_patience(engine: Engine, file: Path) -> None:
    """The other one is counted as waiting while the first block ends, and never comes."""
    group = GroupCommit(engine, timedelta(milliseconds=200))

    def waits_in_vain() -> None:
        with group.transaction():
            pytest.fail("it was not its turn")

    def write() -> None:
        with group.transaction() as connection:
            adding(1)(connection)
            waiting = threads.submit(waits_in_vain)
            waited_for(lambda: group.waiting == 1)
            late.append(waiting)
            time.sleep(0.19)

    late: list[Future[None]] = []
    with ThreadPoolExecutor(2) as threads:
        for _ in range(5):
            threads.submit(write).result(timeout=20)
            with sqlite3.connect(file) as connection:
                connection.execute("DELETE FROM tally")
    assert {type(one.exception()) for one in late} <= {QueueTimeoutError, type(None), Failed}


def test_a_thread_that_would_wait_for_itself_is_told_so_at_once(engine: Engine, file: Path) -> None:
    group = writers(engine)
    with group.transaction() as connection:
        adding(1)(connection)
        with pytest.raises(NestedError), group.transaction():
            pytest.fail("it cannot be its turn")
    assert (stored(file), group.waiting) == ([1], 0)


def test_a_block_that_ends_the_transaction_itself_is_told_to_all_who_lost_by_it(engine: Engine, file: Path) -> None:
    endings = one_after_the_other(writers(engine), adding(1), lambda connection: connection.rollback())
    assert [type(ending) for ending in endings] == [UndoneError, UndoneError]
    assert stored(file) == []


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(succeeds=st.lists(st.booleans(), min_size=1, max_size=12))
def test_what_is_stored_is_what_was_told_to_be_whatever_succeeds_and_fails(
    tmp_path_factory: pytest.TempPathFactory, succeeds: list[bool]
) -> None:
    file = prepared(tmp_path_factory.mktemp("group") / "tally.db")
    engine = opened(file)
    endings = together(writers(engine), [adding(n) if well else failing(n) for n, well in enumerate(succeeds)])
    assert [ending.exception() is None for ending in endings] == succeeds
    assert stored(file) == [n for n, well in enumerate(succeeds) if well]
    engine.dispose()
