from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from prefect.client.schemas.objects import State, TaskRun
from prefect.states import Failed

from errors import GroundswellError
from flows.server import EmbeddedServer
from flows.watch import SourceFailedError, collect_source, outcome, verdict, watch, worth_retrying
from services.collecting import Collected
from services.installation import open_installation
from services.ticking import BUSY, TickReport, holding_tick
from simulation import misbehaviour
from simulation.network import SimulatedNetwork
from simulation.post import Place
from simulation.traffic import crisis, ordinary
from tests.flows.conftest import ask, until
from tests.installations import NOON
from tests.processes import running, wait_until_gone
from tests.small_team import feed, write_settings

pytestmark = pytest.mark.xdist_group("prefect")

REFUSED = Collected("shop", problem="nobody answers.", remedy="Wait.", transient=True)
GONE = Collected("shop", problem="it is gone (404).", remedy="Check the address.")


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (SourceFailedError(REFUSED), True),
        (SourceFailedError(GONE), False),
        (ValueError("a fault of ours"), False),
    ],
)
def test_only_what_may_pass_is_tried_again(error: Exception, *, again: bool) -> None:
    state: State[Any] = Failed(data=error)
    assert worth_retrying(collect_source, cast("TaskRun", None), state) is again


@pytest.mark.parametrize(
    ("ending", "row"),
    [
        (Collected("shop", new=2), Collected("shop", new=2)),
        (SourceFailedError(GONE), GONE),
        (
            GroundswellError("database", "is full.", "Free space."),
            Collected("shop", 0, 0, "database: is full.", "Free space."),
        ),
        (ValueError("odd"), Collected("shop", 0, 0, "ValueError: odd", "See the log of this run.")),
    ],
)
def test_whatever_becomes_of_a_source_it_has_a_row(ending: Collected | Exception, row: Collected) -> None:
    assert outcome("shop", ending) == row


def test_a_failing_source_does_not_fail_the_run_but_a_fault_of_ours_does() -> None:
    report = TickReport(NOON, NOON)
    assert verdict({"shop": SourceFailedError(GONE), "forum": Collected("forum")}, report).is_completed()
    failed = verdict({"shop": ValueError("odd"), "forum": Collected("forum")}, report)
    assert failed.is_failed()
    assert "shop" in (failed.message or "")


def test_a_run_does_not_outlive_its_runner() -> None:
    source = (
        "import multiprocessing\n"
        "if __name__ == '__main__':\n"
        "    from tests.flows.endless import run\n"
        "    multiprocessing.get_context('spawn').Process(target=run).start()\n"
    )
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen([sys.executable, "-c", source], cwd=root, stdout=subprocess.PIPE, text=True) as runner:
        assert runner.stdout
        pid = int(runner.stdout.readline())
        assert pid in running()
        runner.kill()
    wait_until_gone([pid])


def run(config: Path) -> State[Any]:
    return cast("State[Any]", watch(str(config), return_state=True))


@pytest.mark.prefect
def test_a_run_completes_although_a_source_is_gone_and_its_artifact_says_so(
    prefect: EmbeddedServer, network: SimulatedNetwork, tmp_path: Path
) -> None:
    sources = [feed("forum", network.forum_feed), feed("gone", f"{network.base}/nowhere.xml")]
    ended = run(write_settings(tmp_path, network, sources=sources))
    assert ended.is_completed(), ended.message
    forum, gone = table_of(prefect, ended)
    assert forum["source"] == "forum"
    assert forum["new mentions"] > 0
    assert "404" in gone["problem"]
    assert attempts(prefect, ended, "collect gone") == 1


@pytest.mark.prefect
def test_a_source_that_hiccups_is_asked_again(
    prefect: EmbeddedServer, network: SimulatedNetwork, tmp_path: Path
) -> None:
    network.misbehave(Place.FORUM, misbehaviour.server_error)
    ended = run(write_settings(tmp_path, network))
    assert ended.is_completed(), ended.message
    assert attempts(prefect, ended, "collect forum") == 3


@pytest.mark.prefect
def test_a_crisis_is_an_event_of_its_brand_and_one_of_its_incident(prefect: EmbeddedServer, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    posts = ordinary(7, start=now - timedelta(weeks=3), end=now, per_hour=2)
    with SimulatedNetwork(posts, clock=lambda: datetime.now(UTC), feed_length=5000) as network:
        config = write_settings(tmp_path, network)
        assert run(config).is_completed()
        network.publish(crisis(7, start=now - timedelta(minutes=9), minutes=10, per_minute=14))
        ended = run(config)
    assert [row["signal"] for row in table_of(prefect, ended) if row["signal"]]
    events = events_named(prefect, "groundswell.", least=2)
    assert {event["resource"]["prefect.resource.id"] for event in events} == {
        "groundswell.brand.northwind",
        "groundswell.incident.1",
    }
    assert all(event["payload"]["observed"] > event["payload"]["expected"] for event in events)


@pytest.mark.prefect
@pytest.mark.usefixtures("prefect")
def test_a_run_that_meets_another_one_does_nothing(network: SimulatedNetwork, tmp_path: Path) -> None:
    config = write_settings(tmp_path, network)
    inst = open_installation(config, os.environ)
    with inst.database, holding_tick(inst) as held:
        assert held
        ended = run(config)
    assert (ended.is_completed(), ended.message) == (True, BUSY)
    assert network.requests(Place.FORUM) == 0


@pytest.mark.prefect
@pytest.mark.usefixtures("prefect")
def test_wrong_settings_fail_the_run_with_what_is_wrong(tmp_path: Path) -> None:
    ended = run(tmp_path / "nowhere.yaml")
    assert ended.is_failed()
    assert "does not exist" in (ended.message or "")


def table_of(server: EmbeddedServer, ended: State[Any]) -> Sequence[dict[str, Any]]:
    this_run = {"flow_run_id": {"any_": [str(ended.state_details.flow_run_id)]}}
    (artifact,) = until(lambda: ask(server, "/artifacts/filter", artifacts=this_run))
    assert artifact["key"] == "watch"
    return cast("Sequence[dict[str, Any]]", json.loads(artifact["data"]))


def attempts(server: EmbeddedServer, ended: State[Any], name: str) -> int:
    """How often a task of a run was tried."""
    tasks = {"flow_run_id": {"any_": [str(ended.state_details.flow_run_id)]}, "state": {"name": {"any_": ["Failed"]}}}
    found = until(lambda: ask(server, "/task_runs/filter", task_runs=tasks))
    return cast("int", next(task["run_count"] for task in found if task["name"].startswith(name)))


def events_named(server: EmbeddedServer, prefix: str, least: int) -> Sequence[dict[str, Any]]:
    wanted = {"event": {"prefix": [prefix]}}
    return until(lambda: ask(server, "/events/filter", filter=wanted)["events"], lambda found: len(found) >= least)
