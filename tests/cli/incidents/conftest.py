from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.installation import Installation, open_installation
from services.settling import settle
from tests.cli.conftest import Outcome
from tests.database.incident_rows import signal
from tests.small_team import NORTHWIND, SOUTHWIND, settings_in

PEOPLE = [
    {"id": "dana", "name": "Dana Reyes", "email": "dana@example.com", "role": "marketing lead"},
    {"id": "lee", "name": "Lee Okafor", "email": "lee@example.com", "role": "legal counsel"},
    {"id": "kim", "name": "Kim Sato", "email": "kim@example.com", "role": "spokesperson"},
]


@dataclass(frozen=True)
class Terminal:
    """Commands about incidents, typed by somebody."""

    run: Callable[..., Outcome]
    config: Path

    def __call__(self, person: str, *arguments: object) -> Outcome:
        """One command, whatever becomes of it; an empty person says nothing of who they are."""
        return self.run("incidents", *arguments, "-c", self.config, *(("--as", person) if person else ()))

    def done(self, person: str, *arguments: object) -> str:
        """One command that is done; what it says is returned."""
        outcome = self(person, *arguments)
        assert (outcome.code, outcome.err) == (0, ""), arguments
        return outcome.out

    def record(self, *arguments: object) -> dict[str, Any]:
        """What a program is told."""
        told: dict[str, Any] = json.loads(self.done("", *arguments, "--json"))
        return told

    def refused(self, person: str, *arguments: object) -> str:
        """One command that is not done; why is returned."""
        outcome = self(person, *arguments)
        assert (outcome.code, outcome.out) == (1, ""), arguments
        return outcome.err


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A file of settings for two brands and three people."""
    return settings_in(tmp_path, time_zone="Europe/Berlin", brands=[NORTHWIND, SOUTHWIND], people=PEOPLE)


@pytest.fixture
def inst(config: Path) -> Iterator[Installation]:
    """A minute ago 40 people complained about Northwind Air, whose incident is number 1; it is Dana's."""
    made = open_installation(config, os.environ)
    at = made.clock() - timedelta(minutes=1)
    with made.database:
        with made.database.writing() as connection:
            raised = replace(signal(), at=at, since=at - timedelta(minutes=20))
            settle(connection, made, made.brand("northwind"), raised)
        yield made


@pytest.fixture
def type_(
    groundswell: Callable[..., Outcome], config: Path, inst: Installation, monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    """A terminal at which incident 1 is open."""
    assert inst.names
    monkeypatch.delenv("GROUNDSWELL_PERSON", raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    return Terminal(groundswell, config)
