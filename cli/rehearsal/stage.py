"""What the demo plays on: a simulated network, a mail server, and ``groundswell serve`` between them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

import yaml

from cli.rehearsal.story import StageError
from services.installation import Installation, open_installation
from simulation.mailbox import Mailbox
from simulation.network import SimulatedNetwork
from simulation.post import NORTHWIND_AIR
from simulation.traffic import ordinary

TICK = timedelta(seconds=10)
WEEKS = timedelta(weeks=3)
PER_HOUR = 6.0
# Longer than serve takes to stop its children one after the other.
_STOPPING = 30.0  # seconds


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything the story needs to act and to look.

    Attributes:
        told: posts that the network holds at the beginning.
        log: what ``serve`` writes.
    """

    network: SimulatedNetwork
    mailbox: Mailbox
    inst: Installation
    serve: subprocess.Popen[bytes]
    told: int
    log: Path


@contextmanager
def build(folder: Path, seed: int, now: datetime) -> Iterator[Stage]:
    """Three weeks of talk on the network, and a system that listens to it; all of it ends with the block."""
    posts = ordinary(seed, start=now - WEEKS, end=now, per_hour=PER_HOUR)
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "serve.log"
    network = SimulatedNetwork(posts, clock=lambda: datetime.now(UTC), feed_length=len(posts))
    with network, Mailbox() as mailbox, log.open("wb") as output:
        config = folder / "groundswell.yaml"
        config.write_text(settings_text(network, mailbox.port, _free_port()), encoding="utf-8")
        inst = open_installation(config, os.environ)
        with _serving(config, output) as serve:
            yield Stage(network, mailbox, inst, serve, len(posts), log)
        inst.database.close()


def settings_text(network: SimulatedNetwork, mail_port: int, console_port: int) -> str:
    """Settings of a team at Northwind Air."""
    every = {"every": f"{TICK.seconds // 2}s", "internal": True}
    return yaml.safe_dump(
        {
            "brands": [{"id": "northwind", "name": NORTHWIND_AIR.name, "phrases": list(NORTHWIND_AIR.phrases)}],
            "sources": [
                {"id": "forum", "kind": "rss", "url": network.forum_feed, **every},
                {
                    "id": "mastodon",
                    "kind": "mastodon",
                    "server": network.base,
                    "tag": NORTHWIND_AIR.hashtag,
                    "pages": 100,
                    **every,
                },
                {"id": "hackernews", "kind": "hackernews", "server": network.base, **every},
            ],
            "people": [
                {"id": "dana", "name": "Dana Reyes", "email": "dana@northwind.example", "role": "marketing lead"},
                {"id": "lee", "name": "Lee Okafor", "email": "lee@northwind.example", "role": "comms lead"},
            ],
            "routing": {"owner": "dana"},
            "mail": {
                "transport": "smtp",
                "sender": "Groundswell <alerts@northwind.example>",
                "host": "127.0.0.1",
                "port": mail_port,
                "security": "none",
            },
            "tick": f"{TICK.seconds}s",
            "console": {"port": console_port, "sign_in": "none"},
        },
        sort_keys=False,
    )


@contextmanager
def _serving(config: Path, output: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    environ = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
    command = [sys.executable, "-m", "cli", "serve", "--config", str(config)]
    serve = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=environ)  # noqa: S603  # this program
    try:
        yield serve
    finally:
        serve.send_signal(signal.SIGTERM)
        try:
            serve.wait(_STOPPING)
        except subprocess.TimeoutExpired:
            serve.kill()
            raise StageError("stopping", f"serve did not stop within {_STOPPING:g} s and was killed") from None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
