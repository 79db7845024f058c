from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cli.run import lines
from detection.signal import Reason, Signal, Verdict
from services.collecting import Collected
from services.delivery import Delivered
from services.installation import open_installation
from services.settling import Evaluated
from services.ticking import TickReport, holding_tick
from simulation.network import SimulatedNetwork
from simulation.traffic import ordinary
from tests.cli.conftest import Outcome
from tests.installations import NOON
from tests.small_team import feed, write_settings

Groundswell = Callable[..., Outcome]


@pytest.fixture
def network() -> Iterator[SimulatedNetwork]:
    now = datetime.now(UTC)
    posts = ordinary(7, start=now - timedelta(days=2), end=now, per_hour=2)
    with SimulatedNetwork(posts, clock=lambda: datetime.now(UTC), feed_length=len(posts)) as opened:
        yield opened


def test_a_tick_is_told_source_by_source(groundswell: Groundswell, network: SimulatedNetwork, tmp_path: Path) -> None:
    done = groundswell("run", "-c", write_settings(tmp_path, network))
    assert done.code == 0, done.err
    forum, signals, mails = done.out.splitlines()
    assert forum.startswith("forum: ")
    assert "new mentions among" in forum
    assert (signals, mails) == ("No signal.", "No mail was due.")


def test_a_source_that_fails_is_told_and_the_rest_is_done(
    groundswell: Groundswell, network: SimulatedNetwork, tmp_path: Path
) -> None:
    sources = [feed("gone", f"{network.base}/nowhere.xml"), feed("forum", network.forum_feed)]
    done = groundswell("run", "-c", write_settings(tmp_path, network, sources=sources), "--json")
    told = json.loads(done.out)
    gone, forum = told["sources"]
    assert done.code == 0
    assert "404" in gone["problem"]
    assert gone["remedy"]
    assert forum["new"] > 0
    assert told["signals"] == []


def test_only_what_is_due_is_asked_unless_all_is_wanted(
    groundswell: Groundswell, network: SimulatedNetwork, tmp_path: Path
) -> None:
    config = write_settings(tmp_path, network, sources=[{**feed("forum", network.forum_feed), "every": "1h"}])
    groundswell("run", "-c", config)
    assert "No source is due; --all asks every one." in groundswell("run", "-c", config).out
    assert "0 new mentions among" in groundswell("run", "-c", config, "--all").out


def test_it_fails_where_another_tick_is_running(
    groundswell: Groundswell, network: SimulatedNetwork, tmp_path: Path
) -> None:
    config = write_settings(tmp_path, network)
    inst = open_installation(config, os.environ)
    with inst.database, holding_tick(inst):
        done = groundswell("run", "-c", config)
    assert (done.code, done.out) == (1, "Nothing was done: another tick is running. Try again in a few seconds.\n")


def test_a_database_that_is_away_is_a_failure_and_wrong_settings_are_another(
    groundswell: Groundswell, network: SimulatedNetwork, tmp_path: Path
) -> None:
    away = groundswell("run", "-c", write_settings(tmp_path, network, database=f"sqlite:///{tmp_path}"))
    assert (away.code, away.err != "") == (1, True)
    assert groundswell("run", "-c", tmp_path / "nowhere.yaml").code == 2


def signal(verdict: Verdict) -> Signal:
    hour = timedelta(hours=1)
    reason = Reason.ABOVE_BASELINE
    return Signal("b", "wave", verdict, reason, 40, 2.0, 8.0, hour, NOON, None, 38, 0.1, f"It {verdict}.")


@pytest.mark.parametrize(
    ("report", "told"),
    [
        (
            TickReport(NOON, NOON, evaluated=(Evaluated(signal(Verdict.FIRED), 7, opened=True),)),
            "Signal: It fired. Incident 7 is opened.",
        ),
        (
            TickReport(NOON, NOON, evaluated=(Evaluated(signal(Verdict.FIRED), 7),)),
            "Signal: It fired. Incident 7 is open.",
        ),
        (TickReport(NOON, NOON, evaluated=(Evaluated(signal(Verdict.HELD)),)), "No alarm: It held."),
        (TickReport(NOON, NOON, evaluated=(Evaluated(signal(Verdict.NOTICED)),)), "Worth knowing: It noticed."),
        (TickReport(NOON, NOON, evaluated=(Evaluated(signal(Verdict.GOES_ON), 7),)), "Still raised: It goes_on."),
        (TickReport(NOON, NOON, delivered=Delivered(1, 2, ("No.",))), "1 mail sent, 2 not sent and kept for later."),
        (
            TickReport(NOON, NOON, (Collected("a", 1, 3, warnings=("Odd.",)),)),
            "a: 1 new mention among 3 entries (note: Odd.)",
        ),
    ],
)
def test_each_thing_that_happened_has_its_line(report: TickReport, told: str) -> None:
    assert told in lines(report)
