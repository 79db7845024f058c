from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from sqlalchemy import func, select

from cli.serve import ServeError, plan, require_answer
from database.locking import hold_file
from database.session import Database
from database.tables import TickRow
from flows.server import free_port
from settings.model import Console
from simulation.network import SimulatedNetwork
from simulation.traffic import ordinary
from tests.cli.conftest import Outcome
from tests.installations import settings, source
from tests.processes import descendants, until, wait_until_gone
from tests.small_team import write_settings


@pytest.fixture
def network() -> Iterator[SimulatedNetwork]:
    now = datetime.now(UTC)
    with SimulatedNetwork(
        ordinary(7, start=now - timedelta(days=1), end=now), clock=lambda: datetime.now(UTC)
    ) as opened:
        yield opened


def test_the_programs_stand_in_the_order_of_their_start(tmp_path: Path) -> None:
    team = settings(tmp_path, sources=(source(url="http://127.0.0.1:9/feed"),), tick=timedelta(seconds=30))
    server, schedule, console = plan(tmp_path / "groundswell.yaml", team, {}, console=True, verbose=False)
    assert [server.name, schedule.name, console.name] == ["server", "schedule", "console"]
    assert schedule.environment["PREFECT_API_URL"].endswith(f":{server.module[-3]}/api")
    assert schedule.announcement == "listening every 30 s to 1 source"
    # The password of the server is for those who talk to it; the console does not.
    assert "PREFECT_API_AUTH_STRING" not in console.environment


def test_the_prefect_server_stays_on_this_machine_when_the_console_does_not(tmp_path: Path) -> None:
    console = Console.model_validate({"sign_in": "required", "host": "0.0.0.0", "address": "https://a.example"})  # noqa: S104
    team = settings(tmp_path, console=console)
    server, _, shown = plan(tmp_path / "groundswell.yaml", team, {}, console=True, verbose=False)
    assert server.ready_at
    assert server.ready_at[0] == "127.0.0.1"
    assert server.module[server.module.index("--host") + 1] == "127.0.0.1"
    assert shown.announcement == "console at"


def test_a_certificate_that_cannot_be_used_is_told_before_anything_starts(
    groundswell: Callable[..., Outcome], network: SimulatedNetwork, tmp_path: Path
) -> None:
    files = {"certificate": "console.pem", "key": "console.key"}
    console = {"sign_in": "required", "port": free_port(), "tls": files}
    done = groundswell("serve", "-c", write_settings(tmp_path, network, console=console))
    assert done.code == 1
    assert f"{tmp_path / 'console.pem'}: cannot be read (no such file or directory)." in done.err


def test_a_prefect_server_that_is_named_is_used(tmp_path: Path) -> None:
    given = {"PREFECT_API_URL": "http://prefect.example/api"}
    (schedule,) = plan(tmp_path / "groundswell.yaml", settings(tmp_path), given, console=False, verbose=False)
    assert schedule.name == "schedule"
    assert "PREFECT_API_URL" not in schedule.environment
    assert schedule.environment["DO_NOT_TRACK"] == "1"


def test_a_second_serve_on_a_data_folder_is_refused(
    groundswell: Callable[..., Outcome], network: SimulatedNetwork, tmp_path: Path
) -> None:
    config = write_settings(tmp_path, network)
    (tmp_path / "data").mkdir()
    with hold_file(tmp_path / "data" / "serve.lock", wait=False):
        done = groundswell("serve", "-c", config)
    assert done.code == 1
    assert "another groundswell serve works on it" in done.err


def test_a_port_that_is_taken_is_told_before_anything_starts(
    groundswell: Callable[..., Outcome], network: SimulatedNetwork, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = groundswell("serve", "-c", write_settings(tmp_path, network, console={"port": port}))
    assert done.code == 1
    assert f"console 127.0.0.1:{port}: cannot listen there" in done.err


def test_wrong_settings_are_told_before_anything_starts(groundswell: Callable[..., Outcome], tmp_path: Path) -> None:
    assert groundswell("serve", "-c", tmp_path / "nowhere.yaml").code == 2


@pytest.mark.prefect
@pytest.mark.xdist_group("prefect")
def test_serve_listens_mends_itself_and_leaves_nothing_behind(network: SimulatedNetwork, tmp_path: Path) -> None:
    """One start of the real thing, because a start costs some twenty seconds of processor time."""
    config = write_settings(tmp_path, network, tick="5s", console={"port": free_port(), "sign_in": "none"})
    with serving(config, tmp_path / "log") as serve:
        said = until(lambda: re.search(r"console at (http://\S+)", read(tmp_path / "log")))
        assert "listening every 5 s to 1 source" in read(tmp_path / "log")
        until(lambda: ticks(tmp_path) >= 1)
        second = subprocess.run([sys.executable, "-m", "cli", "serve", "-c", config], capture_output=True, check=False)
        assert second.returncode == 1

        for victim in ("schedule", "console"):
            os.kill(child(serve, victim), signal.SIGKILL)
            told_of(victim, tmp_path / "log")
        done = ticks(tmp_path)
        until(lambda: ticks(tmp_path) >= done + 2)
        assert until(lambda: answers(said[1]))

        family = [one.pid for one in descendants(serve.pid)]
        serve.send_signal(signal.SIGTERM)
        assert serve.wait(30) == 0
        wait_until_gone(family)
    assert read(tmp_path / "log").endswith("stopped\n")


@contextmanager
def serving(config: Path, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    command = [sys.executable, "-m", "cli", "serve", "-c", str(config)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def child(serve: subprocess.Popen[bytes], name: str) -> int:
    """The running program of a name, by its module."""
    module = {"schedule": " -m flows.schedule ", "console": " -m console "}[name]
    found = until(lambda: [one for one in descendants(serve.pid) if module in one.command and one.parent == serve.pid])
    return found[0].pid


def told_of(victim: str, log: Path) -> None:
    until(lambda: f"{victim} was killed by SIGKILL" in read(log))


def ticks(folder: Path) -> int:
    with Database(f"sqlite:///{folder / 'data' / 'groundswell.db'}") as database, database.reading() as connection:
        return connection.execute(select(func.count()).select_from(TickRow)).scalar() or 0


def answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=10).ok
    except requests.ConnectionError:
        return False


def read(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")


def test_a_prefect_server_that_does_not_answer_is_named_with_the_variable_that_names_it() -> None:
    with pytest.raises(ServeError, match="unset PREFECT_API_URL"):
        require_answer("http://127.0.0.1:9/api")
