from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import yaml

from console.beside import YIELDING, Beside
from console.remembered import remember
from errors import GroundswellError
from services.installation import Installation, open_installation
from services.speaking import Wave, posts_in
from tests.installations import NOON


def process_of(_inst: Installation, _key: str, _until: datetime) -> tuple[int, int]:
    return os.getpid(), os.getpriority(os.PRIO_PROCESS, 0)


def fail(_inst: Installation, key: str, _until: datetime) -> None:
    raise GroundswellError(key, "cannot be read.", "Wait.")


def kill_itself_elsewhere(_inst: Installation, here: int, _until: datetime) -> int:
    if os.getpid() != here:
        os.kill(os.getpid(), signal.SIGKILL)
    return os.getpid()


@pytest.fixture
def inst(tmp_path: Path) -> Iterator[Installation]:
    written = {
        "brands": [{"id": "northwind", "name": "Northwind", "phrases": ["Northwind"]}],
        "sources": [{"id": "forum", "kind": "rss", "url": "https://forum.example/feed"}],
        "people": [{"id": "dana", "name": "Dana", "email": "dana@example.com"}],
        "routing": {"owner": "dana"},
        "mail": {"transport": "file", "sender": "alerts@example.com", "folder": "outbox"},
        "data_folder": "data",
    }
    path = tmp_path / "groundswell.yaml"
    path.write_text(yaml.safe_dump(written), encoding="utf-8")
    made = open_installation(path, {})
    with made.database:
        yield made


@pytest.fixture
def beside(inst: Installation) -> Iterator[Beside]:
    made = Beside(inst)
    yield made
    made.close()


def test_it_reads_in_one_other_process_that_yields_to_those_who_wait(beside: Beside) -> None:
    process, niceness = beside.run(process_of, "", NOON)
    assert process != os.getpid()
    assert niceness == os.getpriority(os.PRIO_PROCESS, 0) + YIELDING
    assert beside.run(process_of, "", NOON) == (process, niceness)


def test_what_goes_wrong_there_is_told_as_it_is_here(beside: Beside) -> None:
    with pytest.raises(GroundswellError, match=r"forum: cannot be read\. Wait\."):
        beside.run(fail, "forum", NOON)


def test_where_it_dies_the_report_is_read_here_and_the_next_one_elsewhere_again(
    beside: Beside, caplog: pytest.LogCaptureFixture
) -> None:
    assert beside.run(kill_itself_elsewhere, os.getpid(), NOON) == os.getpid()
    assert "another one is started" in caplog.text
    assert beside.run(process_of, "", NOON)[0] != os.getpid()


def test_it_reads_what_this_process_would_read(inst: Installation, beside: Beside) -> None:
    wave = Wave("northwind", "negative_wave", NOON)
    assert beside.run(posts_in, wave, NOON) == posts_in(inst, wave, NOON)


def test_a_console_that_never_asked_it_has_nothing_to_end(inst: Installation) -> None:
    beside = Beside(inst)
    remember(inst, beside)
    beside.close()
