"""What the API answers is what it says that it answers, whatever it is asked: a real server, made-up requests."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from access.roles import Permission
from console.api.application import ROUTES
from console.api.describing import description
from console.serving import ConsoleServer, listen
from services import statements, tokens
from services.checklists import add_task
from services.installation import Installation
from services.tokens import Created
from settings.model import Console, SignIn
from tests.console.seeding import hear, open_incident
from tests.installations import NOON, HandClock, calm_weeks, installation, outcry, source

SCHEMA = schemathesis.openapi.from_dict(description(ROUTES))
CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
KINDS = ("negative_wave", "volume_spike", "critical_mention")
KNOWN = {
    "brand": ["northwind", "nobody"],
    "source": ["forum", "north", "nowhere"],
    "playbook": ["communication-crisis", "nothing"],
}
# What is made up is nearly never something that is there; these numbers are.
FEW = 3


@schemathesis.hook
def map_path_parameters(_context: Any, path_parameters: dict[str, Any] | None) -> dict[str, Any] | None:
    """Ask for what is there as often as for what is not."""
    return {name: _likely(name, value) for name, value in (path_parameters or {}).items()}


def _likely(name: str, value: Any) -> Any:
    if isinstance(value, int) and value > 0:
        return value % (FEW + 1) + 1
    known = KNOWN.get(name)
    return known[zlib.crc32(value.encode()) % len(known)] if known and isinstance(value, str) and value else value


@pytest.fixture(scope="module")
def inst(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Where something has happened: a wave, incidents with words, tasks and drafts."""
    sources = (source("forum", url="http://127.0.0.1/feed"), source("north", url="http://127.0.0.1/north"))
    folder: Path = tmp_path_factory.mktemp("api")
    made = installation(folder, HandClock(), sources=sources, console=Console(sign_in=SignIn.REQUIRED))
    with made.database:
        hear(made, [*calm_weeks(NOON, days=1), *outcry(NOON, people=12)])
        for number in (open_incident(made, kind) for kind in KINDS):
            add_task(made, number, "dana", "Call the airport")
            statements.draft_from(made, number, "dana", "holding")
        yield made


@pytest.fixture(scope="module")
def address(inst: Installation) -> Iterator[str]:
    opened = listen("127.0.0.1", 0)
    server = ConsoleServer(inst)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [opened]})
    thread.start()
    yield f"http://127.0.0.1:{opened.getsockname()[1]}/api"
    server.should_exit = True
    thread.join(8)
    assert not thread.is_alive()


@pytest.fixture(scope="module")
def session(inst: Installation) -> Iterator[requests.Session]:
    """A program that may do everything."""
    made = tokens.create(inst, "dana", "everything", frozenset(Permission))
    assert isinstance(made, Created)
    with requests.Session() as opened:
        opened.headers["Authorization"] = f"Bearer {made.text}"
        yield opened


def ask(case: schemathesis.Case[Any], address: str, session: requests.Session) -> None:
    """Send one request, and hold the answer against the description."""
    # A made-up header of this name would take the place of the token.
    case.headers.pop("authorization", None)
    case.call_and_validate(base_url=address, session=session, checks=CHECKS, timeout=30)


def asking(examples: int) -> Callable[[Any], Any]:
    """How many requests are made up for each route."""
    unhurried = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    return settings(max_examples=examples, deadline=None, suppress_health_check=unhurried, derandomize=True)


@SCHEMA.parametrize()
@asking(5)
def test_every_answer_is_as_described(case: schemathesis.Case[Any], address: str, session: requests.Session) -> None:
    ask(case, address, session)


@pytest.mark.soak
@SCHEMA.parametrize()
@asking(300)
def test_every_answer_is_as_described_for_long(
    case: schemathesis.Case[Any], address: str, session: requests.Session
) -> None:
    ask(case, address, session)
