"""A console on this machine that asks for tokens, and an assistant's client that starts ``groundswell mcp``."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import anyio
import pytest
from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult

from access.roles import Permission
from assistant.asking import TOKEN, URL
from services import tokens
from services.installation import Installation
from services.tokens import Created
from settings.model import Console, SignIn
from tests.conftest import ROOT
from tests.console.conftest import Servers
from tests.console.seeding import hear, open_incident, tick
from tests.installations import NOON, HandClock, calm_weeks, installation, outcry, source

T = TypeVar("T")
Talk = Callable[[Client], Awaitable[T]]
SCOPES = (Permission.READ, Permission.PROPOSE)


@contextmanager
def heard(folder: Path, console: Console) -> Iterator[Installation]:
    """Incident 1 of a wave that was heard."""
    made = installation(folder, HandClock(), sources=(source("forum", url="http://127.0.0.1/feed"),), console=console)
    with made.database:
        hear(made, [*calm_weeks(NOON, days=2), *outcry(NOON)])
        tick(made)
        open_incident(made)
        yield made


@pytest.fixture
def inst(tmp_path: Path) -> Iterator[Installation]:
    """Incident 1, in a console where everybody has to say who they are."""
    with heard(tmp_path, Console(sign_in=SignIn.REQUIRED)) as made:
        yield made


@pytest.fixture
def servers() -> Iterator[Servers]:
    made = Servers()
    yield made
    made.stop()


@pytest.fixture
def address(inst: Installation, servers: Servers) -> str:
    """Where the console answers."""
    return servers.start(inst)


@pytest.fixture
def token(inst: Installation) -> str:
    """A token of Lee's that may read and propose."""
    return token_of(inst)


def token_of(inst: Installation, *scopes: Permission, days: int = 30) -> str:
    """A token of Lee's, called "Desk assistant"."""
    made = tokens.create(inst, "lee", "Desk assistant", scopes or SCOPES, days)
    assert isinstance(made, Created), made
    return made.text


def talk(address: str, token: str, conversation: Talk[T]) -> T:
    """What comes of a conversation with ``groundswell mcp``, over its standard input and output."""
    program = StdioServerParameters(
        command=sys.executable, args=["-m", "cli", "mcp"], env={URL: address, TOKEN: token}, cwd=ROOT
    )

    async def held() -> T:
        async with Client(program, read_timeout_seconds=60) as client:
            return await conversation(client)

    with ThreadPoolExecutor(1) as aside:  # Playwright has an event loop of its own in this thread
        return aside.submit(anyio.run, held).result()


def call(address: str, token: str, tool: str, **given: Any) -> CallToolResult:
    """What a tool answers."""
    return talk(address, token, lambda client: client.call_tool(tool, given))


def told(result: CallToolResult) -> str:
    """The words of an answer."""
    return "".join(getattr(one, "text", "") for one in result.content)
