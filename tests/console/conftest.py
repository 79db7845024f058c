"""A console over an installation that is made in code, and a Chromium to look at it."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from starlette.testclient import TestClient

from console.app import create_app
from console.serving import ConsoleServer, listen
from services.installation import Installation
from tests.browser_setup import find_chromium
from tests.installations import HandClock, installation, source


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def inst(tmp_path: Path, clock: HandClock) -> Iterator[Installation]:
    """Two sources, one brand, two people, nothing heard yet."""
    sources = (
        source("forum", url="http://127.0.0.1/feed"),
        source("north", kind="mastodon", server="http://127.0.0.1", tag="northwind"),
    )
    made = installation(tmp_path, clock, sources=sources)
    with made.database:
        yield made


@pytest.fixture
def client(inst: Installation) -> TestClient:
    """A browser without a person chosen; faults of the console are answers, as for a browser."""
    return TestClient(create_app(inst), base_url="http://127.0.0.1:8420", raise_server_exceptions=False)


@pytest.fixture
def dana(client: TestClient) -> TestClient:
    """The same browser with Dana chosen."""
    client.cookies.set("groundswell_you", "dana")
    return client


class Servers:
    """Servers in threads of their own."""

    def __init__(self) -> None:
        self._running: list[tuple[ConsoleServer, threading.Thread]] = []

    def start(self, inst: Installation, port: int = 0) -> str:
        """Serve an installation; the address is returned."""
        opened = listen("127.0.0.1", port)
        server = ConsoleServer(inst)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [opened]})
        thread.start()
        self._running.append((server, thread))
        return f"http://127.0.0.1:{opened.getsockname()[1]}"

    def stop(self) -> None:
        """Stop all, as a signal would; open streams must not hold them up."""
        for server, thread in self._running:
            server.should_exit = True
            thread.join(4)
            assert not thread.is_alive(), "the server did not stop in time"
        self._running.clear()


@pytest.fixture
def servers() -> Iterator[Servers]:
    """Servers that are stopped when the test ends."""
    made = Servers()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium of this machine; closed with the module, because Playwright keeps an event loop running until then."""
    found = find_chromium()
    if found is None:
        pytest.skip("no Chromium on this machine; `make browser` finds or installs one")
    # Chromium refuses its sandbox to root.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=arguments)
        yield launched
        launched.close()
