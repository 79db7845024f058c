"""A few child processes that parse feeds one after another, and what is done when one hangs, grows or dies.

``subprocess`` with pipes rather than ``multiprocessing``: it works from any thread, under any parent (a Prefect flow
run, a test, a daemon), forks none of the parent's threads and imports nothing of its main module.
"""

from __future__ import annotations

import fcntl
import json
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from queue import LifoQueue
from typing import IO, Any, Self, cast

from sources.reading.entries import Entry, Parsed, frame, unframed

# `python -m` looks in its working directory first: the folder that holds this package, installed or checked out.
_ROOT = Path(__file__).resolve().parent.parent
# Bytes that a pipe holds, where a system lets it (pipe(7)): an ordinary feed and its entries pass in one piece each.
_PIPE = 2**20


class ParserFailedError(Exception):
    """A feed was not parsed; ``reason`` is "time", "memory", "died" or the name of an exception in the child."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ParserPool:
    """Up to ``size`` processes, started when first needed; more threads than that wait for one another.

    Args:
        size: how many feeds are parsed at once.
        time_limit: seconds of processor time that one feed may take; ordinary ones take 0.02 to 0.1, 5 MB take 2.
        memory_limit: bytes that one feed may take; an idle process has 30 MB, and a feed of 5 MB takes up to 65 MB.
        patience: seconds by the clock that one feed may take, for when the processor is busy with other things.
    """

    def __init__(
        self, *, size: int = 2, time_limit: float = 2.2, memory_limit: int = 80 * 2**20, patience: float = 15.0
    ) -> None:
        self._all = [_Process(time_limit, memory_limit, patience) for _ in range(size)]
        self._free: LifoQueue[_Process] = LifoQueue()  # last in, first out: a warm one is used again
        for process in self._all:
            self._free.put(process)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all processes; the pool can still be used and starts new ones."""
        for process in self._all:
            process.stop()

    def parse(self, body: bytes, charset: str, url: str, language: str = "") -> Parsed:
        """Parse a feed in a free process.

        Raises:
            ParserFailedError: it took too long or too much, or broke the parser; the process was replaced.
        """
        process = self._free.get()
        try:
            answer = process.ask(json.dumps({"charset": charset, "url": url, "language": language}).encode(), body)
        finally:
            self._free.put(process)
        return Parsed(**{**answer, "entries": [Entry(**entry) for entry in answer["entries"]]})


class _Process:
    """One child, restarted after whatever happens to it."""

    def __init__(self, time_limit: float, memory_limit: int, patience: float) -> None:
        self._patience = patience
        # The child's own clock runs a second longer, so that it is the parent's that normally ends it, and says why.
        limits = (str(memory_limit), str(time_limit), str(patience + 1))
        self._command = [sys.executable, "-m", "sources.reading.feed_parser", *limits]
        self._child: subprocess.Popen[bytes] | None = None

    def ask(self, meta: bytes, body: bytes) -> dict[str, Any]:
        child = self._running()
        try:
            answer = _exchange(child, frame(meta) + frame(body), self._patience)
        except (OSError, EOFError) as error:
            self.stop()
            late = isinstance(error, TimeoutError) or child.returncode == -signal.SIGPROF
            raise ParserFailedError("time" if late else "died") from None
        if answer.get("failure") == "memory":
            self.stop()  # it would stay large
        if "failure" in answer:
            raise ParserFailedError(answer["failure"])
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self.stop()
            self._child = subprocess.Popen(  # noqa: S603  this interpreter, with figures as arguments
                self._command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
            )
            os.set_blocking(_descriptor(self._child.stdin), False)
            _widen(_descriptor(self._child.stdin), _descriptor(self._child.stdout))
        return self._child

    def stop(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            cast("IO[bytes]", pipe).close()


def _descriptor(pipe: IO[bytes] | None) -> int:
    return cast("IO[bytes]", pipe).fileno()


def _widen(*pipes: int) -> None:
    for pipe in pipes:
        with suppress(OSError, AttributeError):  # the system does not let us, or knows no such thing
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)


def _exchange(child: subprocess.Popen[bytes], request: bytes, patience: float) -> dict[str, Any]:
    """Send a request and read its answer; one thread does both and watches the clock.

    Raises:
        TimeoutError: there is no whole answer after ``patience`` seconds.
        EOFError, OSError: the child has ended.
    """
    until = time.monotonic() + patience
    unsent, received = memoryview(request), bytearray()
    to_child, from_child = _descriptor(child.stdin), _descriptor(child.stdout)
    pipes = select.poll()
    pipes.register(from_child, select.POLLIN)
    pipes.register(to_child, select.POLLOUT)
    while (answer := unframed(received)) is None:
        ready = pipes.poll(max(until - time.monotonic(), 0) * 1000)
        if not ready:
            raise TimeoutError
        for pipe, _ in ready:
            if pipe == to_child:
                unsent = unsent[os.write(to_child, unsent) :]
                if not unsent:
                    pipes.unregister(to_child)
                continue
            piece = os.read(from_child, _PIPE)
            if not piece:
                raise EOFError
            received += piece
    found: dict[str, Any] = json.loads(answer)
    return found
