"""A console that has something to tell, and programs that ask it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from access.roles import Permission
from console.app import create_app
from services import tokens
from services.installation import Installation
from services.tokens import Created
from settings.model import Console, SignIn
from tests.console.seeding import hear, open_incident, tick
from tests.installations import NOON, HandClock, calm_weeks, installed, outcry

Program = Callable[..., TestClient]


@pytest.fixture
def number(inst: Installation) -> int:
    """An incident about a wave that was heard; its number."""
    hear(inst, [*calm_weeks(NOON, days=2), *outcry(NOON)])
    tick(inst)
    return open_incident(inst)


@pytest.fixture
def closed(inst: Installation, clock: HandClock) -> Installation:
    """The same installation, where everybody has to say who they are."""
    return installed(inst.settings.model_copy(update={"console": Console(sign_in=SignIn.REQUIRED)}), clock)


@pytest.fixture
def program(closed: Installation) -> Program:
    """Makes programs that hold a token of a person with some scopes."""
    app = create_app(closed)

    def holding(person: str = "dana", *scopes: Permission) -> TestClient:
        made = tokens.create(closed, person, "a program", scopes or {Permission.READ})
        assert isinstance(made, Created), made
        client = TestClient(app, base_url="http://127.0.0.1:8420", raise_server_exceptions=False)
        client.headers["authorization"] = f"Bearer {made.text}"
        return client

    return holding
