"""The Prefect server that ``groundswell serve`` brings along, and the settings under which we start Prefect.

Importing this does not import Prefect. Settings are Prefect's own environment variables:
https://docs.prefect.io/v3/api-ref/settings-ref
"""

from __future__ import annotations

import secrets
import socket
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

# What Prefect keeps, counted in ticks because a tick is what costs: about 30 kB for its run and 170 kB for its events,
# so that the folder stays near 150 MB at every tick. What is older is deleted every hour; lasting history is ours.
KEPT_RUNS = 1500
KEPT_EVENTS = 400
# Prefect keeps runs for longer than an hour at least.
SHORTEST_KEPT = timedelta(hours=2)
# Runs are entered this far ahead. A machine that was asleep finds no more than this many missed ones to catch up on.
HORIZON = timedelta(minutes=3)

# The line by which flows.schedule says that its schedule stands.
SCHEDULED = "scheduled"

# What Prefect would send out of the house, for every process that imports it. DO_NOT_TRACK stops the client's
# statistics (https://donottrack.sh), the other the server's.
NO_TELEMETRY = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
}


@dataclass(frozen=True, slots=True)
class EmbeddedServer:
    """A Prefect server of our own: SQLite, this machine only, no pages, a password that only its clients know.

    Without the password any web page open on this machine could talk to it, because Prefect answers to every origin.

    Attributes:
        home: its folder (PREFECT_HOME).
        tick: how often a run is entered.
        password: for this life of the server; made anew with each.
    """

    home: Path
    port: int
    password: str
    tick: timedelta
    host: str = "127.0.0.1"

    @property
    def api_url(self) -> str:
        """Where its API is."""
        return f"http://{self.host}:{self.port}/api"

    @property
    def module(self) -> tuple[str, ...]:
        """The Python module that is the server, with its arguments.

        Uvicorn runs Prefect's application as ``prefect server start`` does, without the banner. It would put the
        working directory on ``sys.path``; our own folder holds nothing that could be imported.
        """
        application = ("--factory", "prefect.server.api.server:create_app", "--app-dir", str(self.home))
        return ("uvicorn", *application, "--host", self.host, "--port", str(self.port), "--log-level", "warning")

    @property
    def environment(self) -> dict[str, str]:
        """Variables for the server itself."""
        return self.client_environment | {
            "PREFECT_SERVER_API_AUTH_STRING": self.password,
            "PREFECT_SERVER_UI_ENABLED": "false",
            # Block types come with logos on a web server and a second of start-up; nobody here uses blocks.
            "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
            "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
            "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": _iso(max(self.tick * KEPT_RUNS, SHORTEST_KEPT)),
            "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": _iso(max(self.tick * KEPT_EVENTS, SHORTEST_KEPT)),
            "PREFECT_SERVER_SERVICES_SCHEDULER_MIN_SCHEDULED_TIME": _iso(HORIZON),
        }

    @property
    def client_environment(self) -> dict[str, str]:
        """Variables for every program that talks to it."""
        return NO_TELEMETRY | {
            "PREFECT_HOME": str(self.home),
            "PREFECT_API_URL": self.api_url,
            "PREFECT_API_AUTH_STRING": self.password,
        }


def embedded_server(data_folder: Path, tick: timedelta) -> EmbeddedServer:
    """A server for an installation, on a port that is free now."""
    return EmbeddedServer(data_folder / "prefect", free_port(), f"groundswell:{secrets.token_urlsafe(24)}", tick)


def _iso(length: timedelta) -> str:
    """A length of time as Prefect's settings read it (ISO 8601)."""
    return f"PT{int(length.total_seconds())}S"


def log_levels(*, verbose: bool) -> dict[str, str]:
    """Variables that decide what Prefect's programs write: what goes wrong, or each run as well.

    The server's own errors are mostly a locked SQLite file, which its clients try again; one that matters to a tick is
    told by the tick.
    """
    if verbose:
        return {"PREFECT_LOGGING_LEVEL": "INFO", "PREFECT_SERVER_LOGGING_LEVEL": "INFO"}
    return {"PREFECT_LOGGING_LEVEL": "WARNING", "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL"}


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
