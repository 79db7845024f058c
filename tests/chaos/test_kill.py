"""``kill -9`` at random moments of a tick: nothing is lost, nothing is doubled, everybody is told."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import func, select

from database.tables import BrandMentionRow, BucketRow, IncidentRow, MentionRow, OutboxRow, StepRow, TimelineRow
from services.installation import Installation, open_installation
from services.ticking import tick
from simulation.mailbox import Mailbox
from simulation.network import SimulatedNetwork
from simulation.post import NORTHWIND_AIR, Post
from simulation.traffic import crisis, ordinary

WEEKS = timedelta(weeks=3)
# The second attempt at a letter whose first was cut short comes after a minute.
PATIENCE = 150.0  # seconds


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as opened:
        yield opened


def write_settings(file: Path, network: SimulatedNetwork, mail_port: int, database: str) -> Path:
    """Settings of a team that is told by mail; one owner and one who is notified."""
    internal = {"every": "1s", "internal": True}
    settings = {
        "brands": [{"id": "northwind", "name": NORTHWIND_AIR.name, "phrases": list(NORTHWIND_AIR.phrases)}],
        "sources": [
            {"id": "forum", "kind": "rss", "url": network.forum_feed, **internal},
            {
                "id": "mastodon",
                "kind": "mastodon",
                "server": network.base,
                "tag": "NorthwindAir",
                "pages": 100,
                **internal,
            },
            {"id": "hackernews", "kind": "hackernews", "server": network.base, **internal},
        ],
        "people": [
            {"id": "dana", "name": "Dana Reyes", "email": "dana@example.com"},
            {"id": "lee", "name": "Lee Okafor", "email": "lee@example.com"},
        ],
        "routing": {"owner": "dana", "notify": ["lee"]},
        "mail": {
            "transport": "smtp",
            "sender": "alerts@example.com",
            "host": "127.0.0.1",
            "port": mail_port,
            "security": "none",
        },
        "data_folder": str(file.parent),
        "database": database,
    }
    file.write_text(yaml.safe_dump(settings), encoding="utf-8")
    return file


def run_and_kill(config: Path, after: float) -> None:
    command = [sys.executable, "-m", "cli", "--config", str(config), "run", "--all"]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        running.wait(after)
    except subprocess.TimeoutExpired:
        running.kill()
    running.wait()


def rows(inst: Installation, column: Any) -> list[Any]:
    with inst.database.reading() as connection:
        return list(connection.execute(select(column)).scalars())


def survive(folder: Path, database: str, mailbox: Mailbox, *, kills: int, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311  # moments of death, not secrets
    began = datetime.now(UTC)
    past = ordinary(seed, start=began - WEEKS, end=began, per_hour=1)
    wave = crisis(seed, start=began - timedelta(minutes=8), minutes=8, per_minute=14)
    network = SimulatedNetwork(past, clock=lambda: datetime.now(UTC), feed_length=len(past) + len(wave))
    with network:
        config = write_settings(folder / "groundswell.yaml", network, mailbox.port, database)
        batches: list[tuple[Post, ...]] = [wave[n::kills] for n in range(kills)]
        for n, batch in enumerate(batches):
            # The first third dies over the history; then the crisis comes in pieces.
            network.publish(batch if n >= kills // 3 else ())
            run_and_kill(config, rng.uniform(0.6, 3.5))
        network.publish(wave)
        inst = open_installation(config, os.environ)
        end = time.monotonic() + PATIENCE
        while tick(inst, everything=True).skipped or None in rows(inst, OutboxRow.sent_at):
            assert time.monotonic() < end, "letters still wait"
            time.sleep(2)
        whole = open_installation(
            write_settings(
                folder / "undisturbed.yaml", network, mailbox.port, f"sqlite:///{folder / 'undisturbed.db'}"
            ),
            os.environ,
        )
        tick(whole, everything=True)
    check(inst, whole, mailbox)


def check(inst: Installation, whole: Installation, mailbox: Mailbox) -> None:
    keys = rows(inst, MentionRow.key)
    assert len(keys) == len(set(keys))
    assert set(keys) == set(rows(whole, MentionRow.key))
    counted = rows(inst, func.sum(BucketRow.mentions))
    assert counted == [len(rows(inst, BrandMentionRow.mention_id))]
    (incident,) = rows(inst, IncidentRow.id)
    assert rows(inst, StepRow.incident_id) == [incident] * 8
    assert Counter(rows(inst, TimelineRow.kind))["opened"] == 1
    accepted = Counter(mail.message["Message-ID"] for mail in mailbox.received)
    assert set(rows(inst, OutboxRow.message_id)) <= set(accepted)
    opening = [mail for mail in mailbox.received if mail.message["Message-ID"] in rows(inst, OutboxRow.message_id)]
    assert {address for mail in opening for address in mail.recipients} == {"dana@example.com", "lee@example.com"}


def test_a_few_kills_lose_nothing_and_double_nothing(tmp_path: Path, database_address: str, mailbox: Mailbox) -> None:
    survive(tmp_path, database_address, mailbox, kills=4, seed=1)


@pytest.mark.soak
def test_fifty_kills_lose_nothing_and_double_nothing(tmp_path: Path, database_address: str, mailbox: Mailbox) -> None:
    survive(tmp_path, database_address, mailbox, kills=50, seed=2)
