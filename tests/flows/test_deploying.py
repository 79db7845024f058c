"""The way of a team that runs its own Prefect: ``prefect.yaml``, a work pool, a worker."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from flows.server import EmbeddedServer
from simulation.network import SimulatedNetwork
from tests.flows.conftest import ask, until
from tests.small_team import write_settings

pytestmark = [pytest.mark.xdist_group("prefect"), pytest.mark.prefect]
PREFECT_YAML = Path(__file__).resolve().parents[2] / "prefect.yaml"
# The settings file asks for SMTP_PASSWORD; only the Secret block knows it.
MAIL = {
    "transport": "smtp",
    "sender": "alerts@example.com",
    "host": "127.0.0.1",
    "port": 9,
    "user": "alerts",
    "password": "${SMTP_PASSWORD}",
}
BLOCK = "from prefect.blocks.system import Secret; Secret(value='sesame').save('smtp-password', overwrite=True)"


@pytest.fixture
def folder(tmp_path: Path, network: SimulatedNetwork) -> Path:
    """A team's folder: its settings and our prefect.yaml, with a shorter interval and the secret switched on."""
    write_settings(tmp_path, network, mail=MAIL)
    declared = PREFECT_YAML.read_text(encoding="utf-8")
    switched = declared.replace("interval: 60\n", "interval: 10\n").replace("# SMTP_PASSWORD:", "SMTP_PASSWORD:")
    assert switched.count("SMTP_PASSWORD:") == 1
    (tmp_path / "prefect.yaml").write_text(switched, encoding="utf-8")
    return tmp_path


@pytest.fixture
def environment(prefect_server: EmbeddedServer) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "SMTP_PASSWORD"}
    often = {"PREFECT_WORKER_QUERY_SECONDS": "1"}  # a worker looks for work every ten seconds otherwise
    return kept | prefect_server.client_environment | often


def test_a_run_that_a_worker_picks_up_on_schedule_completes_and_leaves_its_artifact(
    prefect_server: EmbeddedServer, folder: Path, environment: dict[str, str]
) -> None:
    subprocess.run([sys.executable, "-c", BLOCK], env=environment, check=True)
    prefect("work-pool", "create", "groundswell", "--type", "process", folder=folder, environment=environment)
    prefect("--no-prompt", "deploy", "--all", folder=folder, environment=environment)
    with worker(folder, environment):
        (run,) = until(lambda: ended_runs(prefect_server))
    assert (run["state"]["type"], run["auto_scheduled"]) == ("COMPLETED", True), run["state"]
    assert run["state"]["message"].startswith("sources asked: 1; new mentions:")
    of_run = {"flow_run_id": {"any_": [run["id"]]}}
    (artifact,) = until(lambda: ask(prefect_server, "/artifacts/filter", artifacts=of_run))
    assert '"source": "forum"' in artifact["data"]


def ended_runs(server: EmbeddedServer) -> list[dict[str, Any]]:
    """The first run of the worker's deployment that has ended."""
    of_worker = {"name": {"any_": ["every-minute"]}}
    ended = {"state": {"type": {"any_": ["COMPLETED", "FAILED", "CRASHED"]}}}
    found: list[dict[str, Any]] = ask(server, "/flow_runs/filter", deployments=of_worker, flow_runs=ended, limit=1)
    return found


def prefect(*arguments: str, folder: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "prefect", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def worker(folder: Path, environment: dict[str, str]) -> Iterator[None]:
    command = [sys.executable, "-m", "prefect", "worker", "start", "--pool", "groundswell", "--limit", "1"]
    with (folder / "worker.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            yield
        finally:
            process.terminate()
            process.wait(60)
