"""One running program: its output line by line, its end, and how it is stopped."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Self

from cli.supervision.lifeline import command
from cli.supervision.plan import Program

LAST_LINES = 12
# Longer lines are cut where they are read; nothing we start writes such lines for people.
_LONGEST_READ = 65536


class Child:
    """A program that runs, in a session of its own so that Ctrl-C reaches only the supervisor."""

    def __init__(self, process: asyncio.subprocess.Process, show: Callable[[str], None]) -> None:
        self.last_lines: deque[str] = deque(maxlen=LAST_LINES)
        self._process = process
        self._show = show
        self._started = time.monotonic()
        self._ended = asyncio.create_task(self._follow())

    @classmethod
    async def start(cls, program: Program, show: Callable[[str], None]) -> Self:
        """Start a program; ``show`` gets each line that it writes."""
        process = await asyncio.create_subprocess_exec(
            *command(os.getpid(), ("-m", *program.module)),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={**os.environ, **program.environment, "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
        )
        return cls(process, show)

    @property
    def pid(self) -> int:
        """Its process id, which is that of its session and process group too."""
        return self._process.pid

    @property
    def ran_for(self) -> timedelta:
        """How long ago it was started."""
        return timedelta(seconds=time.monotonic() - self._started)

    async def ended(self) -> int:
        """Wait for its end; the return code, negative for a signal."""
        return await asyncio.shield(self._ended)

    async def stop(self, grace: timedelta) -> None:
        """Ask it to end, then end it and whatever it has started and left behind."""
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.ended(), grace.total_seconds())
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        await self.ended()

    async def _follow(self) -> int:
        code = asyncio.create_task(self._process.wait())
        reading = asyncio.create_task(self._read())
        await code
        # Its own children may keep the pipe open after its end; what it wrote itself is there at once.
        await asyncio.wait([reading], timeout=0.5)
        reading.cancel()
        return code.result()

    async def _read(self) -> None:
        async for line in _lines(self._process.stdout):
            self.last_lines.append(line)
            self._show(line)


async def _lines(stream: asyncio.StreamReader | None) -> AsyncIterator[str]:
    rest = b""
    while stream and (chunk := await stream.read(_LONGEST_READ)):
        *whole, rest = (rest + chunk).split(b"\n")
        if len(rest) > _LONGEST_READ:
            whole, rest = [*whole, rest], b""
        for line in whole:
            yield line.decode(errors="replace").rstrip()
    if rest:
        yield rest.decode(errors="replace").rstrip()
