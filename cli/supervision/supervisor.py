"""Starts programs in order, starts again what ends, and stops all of them when told."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

from cli.supervision.child import Child
from cli.supervision.plan import Program, restart

# Uvicorn, Prefect and our own programs end within a second or two when asked.
GRACE = timedelta(seconds=5)
_BETWEEN_LOOKS = 0.2


class Supervisor:
    """Keeps programs running until it is told to stop.

    Args:
        programs: in the order in which they are started; each is ready before the next one starts.
        tell: gets sentences for people.
        show: gets the name of a program and a line that it wrote; where it is None, a program's last lines are told
            when it ends.
    """

    def __init__(
        self, programs: Sequence[Program], tell: Callable[[str], None], show: Callable[[str, str], None] | None = None
    ) -> None:
        self._programs = programs
        self._tell = tell
        self._show = show
        self._stopping = asyncio.Event()
        self._children: dict[str, Child] = {}
        self._ready = {program.name: asyncio.Event() for program in programs}

    def stop(self) -> None:
        """Have :meth:`run` stop everything and return."""
        self._stopping.set()
        for ready in self._ready.values():  # nobody waits for a start any more
            ready.set()

    async def run(self) -> None:
        """Run until SIGTERM, SIGINT or :meth:`stop`; nothing that was started is left when this returns."""
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self.stop)
        async with asyncio.TaskGroup() as keepers:
            for program in self._programs:
                keepers.create_task(self._keep(program))
                await self._until_ready(program)
            await self._stopping.wait()
            for program in reversed(self._programs):
                if program.name in self._children:
                    await self._children[program.name].stop(GRACE)

    async def _keep(self, program: Program) -> None:
        failures = 0
        while not self._stopping.is_set():
            child = await Child.start(program, partial(self._heard, program))
            self._children[program.name] = child
            code = await self._end_of(child)
            if self._stopping.is_set():
                return
            again = restart(code, child.ran_for, failures)
            failures = again.failures
            self._tell_of(program, child, f"{again.reason}; starting it again in {again.delay.total_seconds():.0f} s.")
            await self._pause(again.delay.total_seconds())

    async def _end_of(self, child: Child) -> int:
        try:
            if self._stopping.is_set():  # told to stop while it was being started
                await child.stop(GRACE)
            return await child.ended()
        except asyncio.CancelledError:
            await child.stop(GRACE)
            raise

    def _heard(self, program: Program, line: str) -> None:
        if program.ready_line and line.startswith(program.ready_line):
            self._tell(f"{program.announcement} {line.removeprefix(program.ready_line).strip()}".strip())
            self._ready[program.name].set()
        elif self._show:
            self._show(program.name, line)

    def _tell_of(self, program: Program, child: Child, what: str) -> None:
        self._tell(f"{program.name} {what}")
        for line in () if self._show else child.last_lines:
            self._tell(f"    {line}")

    async def _until_ready(self, program: Program) -> None:
        if program.ready_line:
            await self._ready[program.name].wait()
            return
        while program.ready_at and not self._stopping.is_set() and not await _answers(*program.ready_at):
            await self._pause(_BETWEEN_LOOKS)
        if program.announcement and not self._stopping.is_set():
            self._tell(program.announcement)

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)


async def _answers(host: str, port: int) -> bool:
    """Whether something listens there; uvicorn listens only once its application has started."""
    try:
        _, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return True
