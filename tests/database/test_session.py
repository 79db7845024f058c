from __future__ import annotations

import multiprocessing
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from database.migrating import migrate, revision
from database.session import Database, DatabaseError


def test_what_a_failing_block_wrote_is_undone(database: Database) -> None:
    with pytest.raises(RuntimeError), database.writing() as connection:
        connection.execute(
            text(
                "INSERT INTO ticks (started_at, collected, failed_sources, fired, sent) "
                "VALUES ('2026-01-01', 0, 0, 0, 0)"
            )
        )
        raise RuntimeError
    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM ticks")).scalar() == 0


def test_two_writers_wait_for_each_other_and_lose_nothing(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE tally (n INTEGER)"))
        connection.execute(text("INSERT INTO tally VALUES (0)"))

    def add() -> None:
        for _ in range(20):
            with database.writing() as connection:
                connection.execute(text("UPDATE tally SET n = n + 1"))

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as connection:
        assert connection.execute(text("SELECT n FROM tally")).scalar() == 80


def test_only_one_at_a_time_holds_an_exclusive_lock(database: Database, database_address: str) -> None:
    with Database(database_address) as other:
        with database.exclusive("tick", wait=False) as mine, other.exclusive("tick", wait=False) as theirs:
            assert (mine, theirs) == (True, False)
        with other.exclusive("tick", wait=False) as theirs:
            assert theirs


def test_locks_of_different_names_do_not_meet(database: Database) -> None:
    with database.exclusive("tick", wait=False) as one, database.exclusive("other", wait=False) as another:
        assert one
        assert another


def test_two_processes_that_start_at_once_migrate_once(empty_database_address: str) -> None:
    context = multiprocessing.get_context("spawn")
    starts = [context.Process(target=_start, args=(empty_database_address,)) for _ in range(3)]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert [start.exitcode for start in starts] == [0, 0, 0]


def _start(address: str) -> None:
    with Database(address) as database:
        migrate(database)
        assert revision(database)


def test_a_database_of_a_newer_version_is_refused_and_left_alone(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseError, match="newer Groundswell"):
        migrate(database)
    assert revision(database) == "9999"


def test_an_address_that_is_none_is_refused_without_repeating_it() -> None:
    with pytest.raises(DatabaseError) as refused:
        Database("sqlite//:secret")
    assert "secret" not in str(refused.value)


def test_the_password_of_an_address_is_never_shown() -> None:
    with Database("postgresql+psycopg://user:hunter2@127.0.0.1:1/none") as database:
        with pytest.raises(DatabaseError) as away, database.reading():
            pass
        assert "hunter2" not in f"{database.name} {away.value}"
        assert "reachable" in away.value.remedy


def test_a_database_in_a_folder_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DatabaseError, match="writable"):
        Database(f"sqlite:///{tmp_path / 'file' / 'groundswell.db'}")


def test_a_full_disk_is_named_with_its_remedy_and_undoes_the_write(tmp_path: Path) -> None:
    """The limit on file size stands in for the disk: SQLite meets it as it meets a full disk."""
    file = tmp_path / "groundswell.db"
    with Database(f"sqlite:///{file}") as database:
        migrate(database)
    done = subprocess.run(
        [sys.executable, "-c", _FILL, str(file), str(file.stat().st_size + 200_000)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Free space" in done.stdout or "writable" in done.stdout
    assert sqlite3.connect(file).execute("SELECT count(*) FROM ticks").fetchone() == (0,)


_FILL = """
import resource, signal, sys
from sqlalchemy import text
from database.session import Database, DatabaseError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
try:
    with Database(f"sqlite:///{sys.argv[1]}") as database, database.writing() as connection:
        for _ in range(20000):
            connection.execute(text("INSERT INTO ticks (started_at, collected, failed_sources, fired, sent) "
                                    "VALUES ('2026-01-01 00:00:00.000000', 0, 0, 0, 0)"))
except DatabaseError as error:
    print(error)
else:
    sys.exit("it fitted")
"""
