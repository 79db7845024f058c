"""``kill -9`` at random moments of a tick: nothing is lost, nothing is doubled, everybody is told."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import func, select

from database import incidents as store
from database import outbox
from database.outbox import Pending
from database.response_tables import IncidentRow, StepRow, TimelineRow
from database.tables import BrandMentionRow, BucketRow, MentionRow, OutboxRow, SourceRow
from playbooks.library import load
from services.delivery import deliver
from services.installation import Installation, open_installation
from services.ticking import tick
from simulation.mailbox import Mailbox
from simulation.network import SimulatedNetwork
from simulation.post import NORTHWIND_AIR, Place, Post
from simulation.traffic import crisis, ordinary

WEEKS = timedelta(weeks=3)


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


@dataclass
class Victim:
    """A tick in a process of its own, killed in a phase that is seen from outside."""

    config: Path
    network: SimulatedNetwork
    mailbox: Mailbox
    inst: Installation
    rng: random.Random

    def die(self, phase: str) -> bool:
        """Start a tick and kill it just after its phase began; whether it was still alive then."""
        before = self.signs()
        command = [sys.executable, "-m", "cli", "--config", str(self.config), "run", "--all"]
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while running.poll() is None and not self.has_begun(phase, before):
            time.sleep(0.001)
        if phase == "collecting":  # the phase is longer than the moment of its first request
            time.sleep(self.rng.uniform(0, 0.25))
        running.kill()
        return running.wait() == -signal.SIGKILL

    def has_begun(self, phase: str, before: tuple[int, float, int]) -> bool:
        return self.signs()[PHASES.index(phase)] > before[PHASES.index(phase)]

    def signs(self) -> tuple[int, float, int]:
        """Requests made; when the last source was stored, right before evaluating; attempts at letters."""
        asked = rows(self.inst, SourceRow.asked_at)
        stored = min(at.timestamp() for at in asked) if len(asked) == SOURCES else 0.0
        requests = sum(self.network.requests(place) for place in Place)
        return requests, stored, sum(rows(self.inst, OutboxRow.attempts))


SOURCES = 3
PHASES = ("collecting", "evaluating", "delivering")


def rows(inst: Installation, column: Any) -> list[Any]:
    with inst.database.reading() as connection:
        return list(connection.execute(select(column)).scalars())


def survive(folder: Path, database: str, mailbox: Mailbox, *, kills: int, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311  # moments of death, not secrets
    began = datetime.now(UTC)
    past = ordinary(seed, start=began - WEEKS, end=began, per_hour=1)
    wave = crisis(seed, start=began - timedelta(minutes=8), minutes=8, per_minute=14)
    with SimulatedNetwork(past, clock=lambda: datetime.now(UTC), feed_length=len(past) + len(wave)) as network:
        config = write_settings(folder / "groundswell.yaml", network, mailbox.port, database)
        inst = open_installation(config, os.environ)
        victim = Victim(config, network, mailbox, inst, rng)
        # The first third dies over the history; then the crisis comes in pieces.
        died = Counter[str]()
        for n in range(kills):
            died[PHASES[n % 3]] += die_once(victim, n, wave[n::kills] if n >= kills // 3 else ())
        assert min(died[phase] for phase in PHASES) >= kills // 6, f"too few ticks were killed in their phase: {died}"
        network.publish(wave)
        assert ticked_at_last(inst), "no lock outlives its holder"
        # Hours later the second attempt at every letter that was cut short is due.
        deliver(replace(inst, clock=lambda: datetime.now(UTC) + timedelta(hours=3)))
        assert not outbox_waits(inst)
        whole = open_installation(
            write_settings(
                folder / "undisturbed.yaml", network, mailbox.port, f"sqlite:///{folder / 'undisturbed.db'}"
            ),
            os.environ,
        )
        tick(whole, everything=True)
    check(inst, whole, mailbox)


def ticked_at_last(inst: Installation) -> bool:
    """Whether a tick is done, once the PostgreSQL server has noticed that the last holder of the lock is dead."""
    for _ in range(100):
        if tick(inst, everything=True).skipped is None:
            return True
        time.sleep(0.1)
    return False


def die_once(victim: Victim, number: int, posts: Sequence[Post]) -> bool:
    """A kill in the phase that is due, with something to do in it."""
    victim.network.publish(posts)
    phase = PHASES[number % 3]
    if phase == "delivering":
        letter(victim.inst, number)
    return victim.die(phase)


def letter(inst: Installation, number: int) -> None:
    """A letter more to deliver about the incident, once there is one."""
    with inst.database.writing() as connection:
        incident = next((one.id for one in store.all_open(connection, "northwind")), None)
        if incident is not None:
            waits = Pending(0, incident, f"<{number}@x>", "<x@x>", "lee", "lee@example.com", "", inst.clock(), 0)
            known = connection.execute(select(OutboxRow.content).limit(1)).scalar()
            outbox.post(connection, replace(waits, content=known or ""))


def outbox_waits(inst: Installation) -> bool:
    with inst.database.reading() as connection:
        return outbox.waiting(connection) > 0


def check(inst: Installation, whole: Installation, mailbox: Mailbox) -> None:
    keys = rows(inst, MentionRow.key)
    assert len(keys) == len(set(keys))
    assert set(keys) == set(rows(whole, MentionRow.key))
    counted = rows(inst, func.sum(BucketRow.mentions))
    assert counted == [len(rows(inst, BrandMentionRow.mention_id))]
    (incident,) = rows(inst, IncidentRow.id)
    (playbook,) = rows(inst, IncidentRow.playbook)
    assert rows(inst, StepRow.incident_id) == [incident] * len(load(playbook).steps)
    assert Counter(rows(inst, TimelineRow.kind))["opened"] == 1
    accepted = Counter(mail.message["Message-ID"] for mail in mailbox.received)
    assert set(rows(inst, OutboxRow.message_id)) <= set(accepted)
    assert {address for mail in mailbox.received for address in mail.recipients} == {
        "dana@example.com",
        "lee@example.com",
    }


def test_a_few_kills_lose_nothing_and_double_nothing(tmp_path: Path, database_address: str, mailbox: Mailbox) -> None:
    survive(tmp_path, database_address, mailbox, kills=6, seed=1)


@pytest.mark.soak
def test_fifty_kills_lose_nothing_and_double_nothing(tmp_path: Path, database_address: str, mailbox: Mailbox) -> None:
    survive(tmp_path, database_address, mailbox, kills=50, seed=2)
