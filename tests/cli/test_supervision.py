"""Supervising small real programs; ``test_serve.py`` does it with the real ones."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from cli.supervision.child import Child
from cli.supervision.plan import Program, ending, restart
from cli.supervision.supervisor import Supervisor
from flows.server import free_port
from tests.processes import wait_until_gone

PATIENCE = 30.0


@pytest.mark.parametrize(
    ("ran_for", "failures", "delay", "counted"),
    [
        (0, 0, 1, 1),
        (5, 1, 2, 2),
        (5, 2, 4, 3),
        (5, 5, 32, 6),
        (5, 6, 60, 7),
        (5, 5000, 60, 5001),
        (60, 9, 1, 1),
        (86400, 3, 1, 1),
    ],
)
def test_a_program_that_keeps_ending_is_started_less_and_less_often(
    ran_for: int, failures: int, delay: int, counted: int
) -> None:
    again = restart(1, timedelta(seconds=ran_for), failures)
    assert (again.delay, again.failures) == (timedelta(seconds=delay), counted)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (0, "ended with exit code 0"),
        (3, "ended with exit code 3"),
        (-9, "was killed by SIGKILL"),
        (-99, "was killed by signal 99"),
    ],
)
def test_an_end_is_told_in_words(code: int, told: str) -> None:
    assert ending(code) == told


def test_a_restart_says_how_long_the_program_ran() -> None:
    assert restart(1, timedelta(seconds=3), 0).reason == "ended with exit code 1 after 3 s"
    assert restart(-9, timedelta(hours=2), 0).reason == "was killed by SIGKILL after 120 min"


def program(folder: Path, name: str, source: str, **given: object) -> Program:
    """A program of a few lines; its module stands in a folder of its own."""
    (folder / f"{name}_program.py").write_text(source, encoding="utf-8")
    return Program(name, (f"{name}_program",), {"PYTHONPATH": str(folder)}, **given)  # type: ignore[arg-type]  # a test's shorthand


def supervise(*programs: Program, until: Callable[[list[str]], bool]) -> list[str]:
    """Run programs until enough was told, then stop; what was told and shown."""
    heard: list[str] = []

    def tell(sentence: str) -> None:
        heard.append(sentence)
        if until(heard):
            supervisor.stop()

    async def bounded() -> None:
        await asyncio.wait_for(supervisor.run(), PATIENCE)

    supervisor = Supervisor(programs, tell, lambda name, line: tell(f"{name}: {line}"))
    asyncio.run(bounded())
    return heard


WAITS = "import time; print('up', flush=True); time.sleep(600)"


def test_programs_start_in_order_each_when_the_one_before_is_ready(tmp_path: Path) -> None:
    port = free_port()
    web = Program(
        "web", ("http.server", str(port), "--bind", "127.0.0.1"), ready_at=("127.0.0.1", port), announcement="web is up"
    )
    line = "print('ready at 5', flush=True)\n" + WAITS
    second = program(tmp_path, "second", line, ready_line="ready", announcement="second is up")
    third = program(tmp_path, "third", WAITS)
    heard = supervise(web, second, third, until=lambda heard: "third: up" in heard)
    told = [sentence for sentence in heard if not sentence.startswith("web:")]
    assert told.index("web is up") < told.index("second is up at 5") < told.index("third: up")


def test_a_program_that_ends_is_started_again_and_its_reason_told(tmp_path: Path) -> None:
    crash = program(tmp_path, "crash", "import sys; print('going'); sys.exit('no more paper')")
    heard = supervise(crash, until=lambda heard: heard.count("crash: going") == 2)
    assert heard[:3] == [
        "crash: going",
        "crash: no more paper",
        "crash ended with exit code 1 after 0 s; starting it again in 1 s.",
    ]


def test_without_an_eye_on_its_output_the_last_lines_are_told_at_its_end(tmp_path: Path) -> None:
    told: asyncio.Queue[str] = asyncio.Queue()
    crash = program(tmp_path, "crash", "raise ValueError('no more paper')")

    async def once() -> str:
        supervisor = Supervisor([crash], told.put_nowait)
        running = asyncio.create_task(supervisor.run())
        while not (line := await told.get()).startswith("    ValueError"):
            pass
        supervisor.stop()
        await running
        return line

    assert asyncio.run(asyncio.wait_for(once(), PATIENCE)) == "    ValueError: no more paper"


def test_a_program_that_will_not_end_is_killed_with_what_it_started(tmp_path: Path) -> None:
    source = (
        "import signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "inner = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "print(inner.pid, flush=True)\n"
        "time.sleep(600)\n"
    )

    async def stopped() -> list[int]:
        lines: asyncio.Queue[str] = asyncio.Queue()
        child = await Child.start(program(tmp_path, "deaf", source), lines.put_nowait)
        inner = int(await lines.get())
        await child.stop(timedelta(seconds=0.2))
        assert await child.ended() == -signal.SIGKILL
        return [child.pid, inner]

    pids = asyncio.run(asyncio.wait_for(stopped(), PATIENCE))
    wait_until_gone(pids)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a process to its parent's life")
def test_programs_die_with_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    program(tmp_path, "lone", "import os, time; print(os.getpid(), flush=True); time.sleep(600)")
    source = (
        "import asyncio\n"
        "from cli.supervision.plan import Program\n"
        "from cli.supervision.supervisor import Supervisor\n"
        "show = lambda name, line: print(line, flush=True)\n"
        "asyncio.run(Supervisor([Program('lone', ('lone_program',))], print, show).run())\n"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])}
    command = [sys.executable, "-c", source]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout
        child = int(supervisor.stdout.readline())
        os.kill(child, 0)
        supervisor.kill()
    wait_until_gone([child])
