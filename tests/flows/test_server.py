from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import requests

from flows.server import EmbeddedServer, embedded_server

pytestmark = pytest.mark.xdist_group("prefect")
FLOWS = Path(__file__).resolve().parents[2] / "flows"


def test_no_file_of_flows_is_a_namesake_of_a_package() -> None:
    """Prefect puts a flow file's folder first on sys.path, so that a namesake would hide the package."""
    packages = {folder.parent.name for folder in FLOWS.parent.glob("*/__init__.py")}
    installed = {name.partition(".")[0] for name in sys.stdlib_module_names}
    assert {file.stem for file in FLOWS.glob("*.py")} & (packages | installed) == set()


def test_the_command_line_does_not_import_prefect() -> None:
    look = "import cli.serve, cli.run, sys; print('prefect' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", look], text=True).strip() == "False"


@pytest.mark.parametrize(
    ("tick", "runs", "events"),
    [
        (timedelta(seconds=5), "PT7500S", "PT7200S"),
        (timedelta(minutes=1), "PT90000S", "PT24000S"),
        (timedelta(hours=1), "PT5400000S", "PT1440000S"),
    ],
)
def test_what_prefect_keeps_follows_the_tick(tmp_path: Path, tick: timedelta, runs: str, events: str) -> None:
    variables = embedded_server(tmp_path, tick).environment
    assert variables["PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD"] == runs
    assert variables["PREFECT_SERVER_EVENTS_RETENTION_PERIOD"] == events


def test_each_life_has_its_own_password(tmp_path: Path) -> None:
    first, second = (embedded_server(tmp_path, timedelta(minutes=1)) for _ in range(2))
    assert first.password != second.password


@pytest.mark.prefect
def test_a_real_server_understands_these_settings(prefect_server: EmbeddedServer) -> None:
    user, _, password = prefect_server.password.partition(":")
    address = f"{prefect_server.api_url}/admin/settings"
    told = requests.get(address, auth=(user, password), timeout=30).json()
    server, services = told["server"], told["server"]["services"]
    assert server["analytics_enabled"] is False
    assert server["ui"]["enabled"] is False
    assert set(services["db_vacuum"]["enabled"]) == {"events", "flow_runs"}
    assert services["db_vacuum"]["retention_period"] == "P1DT1H"
    assert server["events"]["retention_period"] == "PT6H40M"
    assert services["scheduler"]["min_scheduled_time"] == "PT3M"


@pytest.mark.prefect
def test_a_stranger_on_this_machine_is_refused(prefect_server: EmbeddedServer) -> None:
    assert requests.get(f"{prefect_server.api_url}/admin/settings", timeout=30).status_code == 401
