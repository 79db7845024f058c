"""A real Prefect server for the tests of this folder, and the process settings under which they talk to it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import pytest
import requests

from flows.server import EmbeddedServer, embedded_server
from simulation.network import SimulatedNetwork
from simulation.traffic import ordinary

HOME = TemporaryDirectory(prefix="groundswell-prefect-")  # removed when this process ends
# Test modules import Prefect after this: it reads these, and writes into its home, when it is imported.
os.environ.update(
    {
        "DO_NOT_TRACK": "1",
        "PREFECT_HOME": HOME.name,
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
    }
)

T = TypeVar("T")

PATIENCE = 120.0  # seconds; the machine may be busy


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """The server that ``serve`` brings along, started once."""
    server = embedded_server(tmp_path_factory.mktemp("server"), timedelta(minutes=1))
    server.home.mkdir()
    with (server.home / "log").open("wb") as log:
        command = [sys.executable, "-P", "-m", *server.module]
        process = subprocess.Popen(command, env=os.environ | server.environment, stdout=log, stderr=log)
        try:
            wait_until_healthy(server, process)
            yield server
        finally:
            process.terminate()
            process.wait(20)


def wait_until_healthy(server: EmbeddedServer, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if requests.get(f"{server.api_url}/health", timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.1)
    pytest.fail((server.home / "log").read_text(errors="replace"))


def ask(server: EmbeddedServer, path: str, **body: Any) -> Any:
    """What the server answers to a question that is put by POST."""
    user, _, password = server.password.partition(":")
    answer = requests.post(f"{server.api_url}{path}", json=body, auth=(user, password), timeout=30)
    answer.raise_for_status()
    return answer.json()


def until(look: Callable[[], T], enough: Callable[[T], bool] = bool) -> T:
    """What is seen once it is enough: the server learns of tasks, artifacts and events a moment after they happened."""
    deadline = time.monotonic() + PATIENCE
    while not enough(seen := look()):
        if time.monotonic() > deadline:
            pytest.fail(f"after {PATIENCE:.0f} s still {seen!r}")
        time.sleep(0.2)
    return seen


@pytest.fixture
def prefect(prefect_server: EmbeddedServer) -> Iterator[EmbeddedServer]:
    """The server, with this process as its client."""
    from prefect.settings import (  # noqa: PLC0415  # tests without a server do without
        PREFECT_API_AUTH_STRING,
        PREFECT_API_URL,
        temporary_settings,
    )

    client = {PREFECT_API_URL: prefect_server.api_url, PREFECT_API_AUTH_STRING: prefect_server.password}
    with temporary_settings(client):
        yield prefect_server


@pytest.fixture
def network() -> Iterator[SimulatedNetwork]:
    """A forum with two days of ordinary talk."""
    now = datetime.now(UTC)
    posts = ordinary(7, start=now - timedelta(days=2), end=now, per_hour=2)
    with SimulatedNetwork(posts, clock=lambda: datetime.now(UTC), feed_length=len(posts)) as opened:
        yield opened
