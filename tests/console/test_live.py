from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from console.live import LiveFeed
from console.serving import ServingError, listen
from database.session import DatabaseError
from services import response
from services.installation import Installation
from tests.console.conftest import Servers
from tests.console.seeding import open_incident

SOON = timedelta(milliseconds=1)
RETRY = "retry: 2000\n\n"


def test_every_listener_hears_the_word_now_and_each_new_one_once() -> None:
    words = iter(["one", "one", "two"])

    async def heard() -> list[list[str]]:
        feed = LiveFeed(lambda: next(words, "two"), SOON)
        early, late = feed.listen(), feed.listen()
        return [[await anext(early) for _ in range(3)], [await anext(late) for _ in range(2)]]

    first, second = asyncio.run(heard())
    assert first == [RETRY, "data: one\n\n", "data: two\n\n"]
    assert second == [RETRY, "data: two\n\n"]


def test_nobody_asks_the_database_while_nobody_listens() -> None:
    asked: list[str] = []

    def read() -> str:
        asked.append("once")
        return "word"

    async def listen_once() -> int:
        feed = LiveFeed(read, SOON)
        stream = feed.listen()
        await anext(stream)
        await anext(stream)
        await stream.aclose()  # type: ignore[attr-defined]  # it is an async generator
        before = len(asked)
        for _ in range(50):
            await asyncio.sleep(0)
        return len(asked) - before

    assert asyncio.run(listen_once()) == 0
    assert asked


def test_a_database_that_fails_for_a_while_ends_no_stream() -> None:
    failures = iter([DatabaseError("database", "it is away.", "Wait.")])

    def read() -> str:
        for failure in failures:
            raise failure
        return "back"

    async def heard() -> str:
        stream = LiveFeed(read, SOON).listen()
        await anext(stream)
        return await anext(stream)

    assert asyncio.run(heard()) == "data: back\n\n"


def test_closing_ends_every_stream_and_lets_no_new_one_wait() -> None:
    async def rest() -> list[list[str]]:
        feed = LiveFeed(lambda: "word", SOON)
        stream = feed.listen()
        await anext(stream)
        await anext(stream)
        feed.close()
        async with asyncio.timeout(5):
            return [[event async for event in stream], [event async for event in feed.listen()]]

    assert asyncio.run(rest()) == [[], [RETRY]]


def test_a_change_reaches_a_listener_and_an_open_stream_does_not_hold_up_the_server(
    inst: Installation, servers: Servers
) -> None:
    number = open_incident(inst)
    client = httpx.Client(base_url=servers.start(inst), timeout=10)
    stream = client.send(client.build_request("GET", "/live"), stream=True)
    assert stream.headers["content-type"].startswith("text/event-stream")
    words = (line for line in stream.iter_lines() if line.startswith("data:"))
    first = next(words)
    assert f'data-pulse="{first.removeprefix("data: ")}"' in client.get(f"/incidents/{number}").text
    response.acknowledge(inst, number, "dana")
    assert next(words) != first
    servers.stop()
    client.close()


def test_a_port_that_is_taken_is_said_clearly() -> None:
    with listen("127.0.0.1", 0) as taken, pytest.raises(ServingError, match="Stop the program that uses this port"):
        listen("127.0.0.1", taken.getsockname()[1])


SETTINGS = """
brands: [{id: northwind, name: Northwind Air, phrases: [Northwind Air]}]
sources: [{id: forum, kind: rss, url: "http://127.0.0.1:9/feed", internal: true}]
people: [{id: dana, name: Dana Reyes, email: dana@example.com}]
routing: {owner: dana}
mail: {transport: file, sender: alerts@example.com, folder: outbox}
console: {port: 0}
"""


def console(settings: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "console", "--config", str(settings)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_the_command_serves_until_a_signal_and_stops_cleanly(tmp_path: Path) -> None:
    settings = tmp_path / "groundswell.yaml"
    settings.write_text(SETTINGS)
    with console(settings) as running:
        assert running.stdout
        address = running.stdout.readline().removeprefix("Console: ").strip()
        assert httpx.get(f"{address}/healthz").json()["ok"] is True
        running.send_signal(signal.SIGTERM)
        _, errors = running.communicate(timeout=15)
    assert (running.returncode, errors) == (0, "")


def test_the_command_says_in_one_line_why_it_cannot_start(tmp_path: Path) -> None:
    with console(tmp_path / "missing.yaml") as running:
        _, errors = running.communicate(timeout=30)
    assert running.returncode == 2
    assert "missing.yaml" in errors
    assert "Traceback" not in errors
