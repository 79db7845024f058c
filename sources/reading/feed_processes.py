"""A few child processes that parse feeds one after another, and what is done when one hangs, grows or dies.

``subprocess`` with pipes rather than ``multiprocessing``: it works from any thread, under any parent (a Prefect flow
run, a test, a daemon), forks none of the parent's threads and imports nothing of its main module.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from pathlib import Path
from queue import LifoQueue
from typing import IO, Any, Self, cast

from sources.reading.entries import Entry, Parsed, frame, read_frame

# `python -m` looks in its working directory first: the folder that holds this package, installed or checked out.
_ROOT = Path(__file__).resolve().parent.parent


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
        overdue = threading.Event()
        clock = threading.Timer(self._patience, _end, (child, overdue))
        clock.daemon = True
        clock.start()
        try:
            answer = _exchange(child, frame(meta) + frame(body))
        except (OSError, EOFError):
            self.stop()
            late = overdue.is_set() or child.returncode == -signal.SIGPROF
            raise ParserFailedError("time" if late else "died") from None
        finally:
            clock.cancel()
            clock.join()  # so that it cannot strike the next feed
        if overdue.is_set() or answer.get("failure") == "memory":
            self.stop()  # it was killed just after answering, or would stay large
        if "failure" in answer:
            raise ParserFailedError(answer["failure"])
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self.stop()
            self._child = subprocess.Popen(  # noqa: S603  this interpreter, with figures as arguments
                self._command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        return self._child

    def stop(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            try:
                cast("IO[bytes]", pipe).close()
            except OSError:  # bytes that the dead child never read
                continue


def _end(child: subprocess.Popen[bytes], overdue: threading.Event) -> None:
    overdue.set()
    child.kill()


def _exchange(child: subprocess.Popen[bytes], request: bytes) -> dict[str, Any]:
    to_child, from_child = cast("IO[bytes]", child.stdin), cast("IO[bytes]", child.stdout)
    to_child.write(request)
    to_child.flush()
    answer: dict[str, Any] = json.loads(read_frame(from_child))
    return answer
