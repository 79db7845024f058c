"""What ends a replay from outside leaves no copy of anybody's words behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from cli.endings import ENDINGS, put_away_when_ended
from cli.replaying.progress import Bars
from tests.conftest import ROOT
from tests.installations import NOON, calm_weeks
from tests.mention_files import write_mentions

PATIENCE = 60


def appears(folder: Path) -> bool:
    """Whether anything lies in a folder before patience ends."""
    until = time.monotonic() + PATIENCE
    while not any(folder.glob("*/replay.db")) and time.monotonic() < until:
        time.sleep(0.05)
    return any(folder.glob("*/replay.db"))


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP])
def test_a_replay_that_is_ended_puts_its_copy_away(tmp_path: Path, ending: signal.Signals) -> None:
    file, copies = write_mentions(tmp_path / "posts.csv", calm_weeks(NOON, days=300)), tmp_path / "copies"
    copies.mkdir()
    command = [sys.executable, "-m", "cli", "replay", str(file), "--no-settings"]
    environment = {**os.environ, "TMPDIR": str(copies)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as replay:
        assert appears(copies)
        replay.send_signal(ending)
        assert replay.wait(PATIENCE) == 130
    assert [*copies.iterdir()] == []


def test_afterwards_signals_do_what_they_did_before() -> None:
    before = [signal.getsignal(ending) for ending in ENDINGS]
    with pytest.raises(KeyboardInterrupt), put_away_when_ended():
        signal.raise_signal(signal.SIGTERM)
    assert [signal.getsignal(ending) for ending in ENDINGS] == before


def test_what_was_interrupted_may_call_it_an_error_and_it_is_an_ending_all_the_same() -> None:
    with pytest.raises(KeyboardInterrupt), put_away_when_ended():
        try:
            signal.raise_signal(signal.SIGTERM)
        except KeyboardInterrupt as ending:
            raise ValueError("rolled back") from ending
    with pytest.raises(ValueError, match="its own"), put_away_when_ended():
        raise ValueError("its own")


def test_work_ends_at_its_next_step_where_the_interruption_was_passed_over() -> None:
    with pytest.raises(KeyboardInterrupt), put_away_when_ended() as look, Bars(look) as progress:
        progress("Judging", 1, 3)
        with suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)
        progress("Judging", 2, 3)
        pytest.fail("it went on")


def test_what_was_to_be_passed_over_still_is() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with put_away_when_ended():
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)
