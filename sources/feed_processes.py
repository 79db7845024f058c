"""A few child processes that parse feeds one after another, and what is done when one hangs, grows or dies.

``subprocess`` with pipes rather than ``multiprocessing``: it works from any thread, under any parent (a Prefect flow
run, a test, a daemon), forks none of the parent's threads and imports nothing of its main module.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from queue import LifoQueue
from typing import IO, Any, Self, cast

from sources.entries import Entry, Parsed, frame, read_frame

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
        time_limit: seconds that one feed may take; ordinary ones take 0.02 to 0.1.
        memory_limit: bytes of address space for each process; an idle one uses about 35 MB.
    """

    def __init__(self, *, size: int = 2, time_limit: float = 10.0, memory_limit: int = 512 * 2**20) -> None:
        self.time_limit = time_limit
        self._all = [_Process(time_limit, memory_limit) for _ in range(size)]
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

    def parse(self, body: bytes, content_type: str, url: str) -> Parsed:
        """Parse a feed in a free process.

        Raises:
            ParserFailedError: it took too long or too much, or broke the parser; the process was replaced.
        """
        process = self._free.get()
        try:
            answer = process.ask(json.dumps({"content_type": content_type, "url": url}).encode(), body)
        finally:
            self._free.put(process)
        return Parsed(**{**answer, "entries": [Entry(**entry) for entry in answer["entries"]]})


class _Process:
    """One child, restarted after whatever happens to it."""

    def __init__(self, time_limit: float, memory_limit: int) -> None:
        self._time_limit = time_limit
        # The child's own clock runs a second longer, so that it is the parent's that normally ends it, and says why.
        self._command = [sys.executable, "-m", "sources.feed_parser", str(memory_limit), str(time_limit + 1)]
        self._child: subprocess.Popen[bytes] | None = None

    def ask(self, meta: bytes, body: bytes) -> dict[str, Any]:
        child = self._running()
        overdue = threading.Event()
        clock = threading.Timer(self._time_limit, _end, (child, overdue))
        clock.daemon = True
        clock.start()
        try:
            answer = _exchange(child, frame(meta) + frame(body))
        except (OSError, EOFError):
            self.stop()
            raise ParserFailedError("time" if overdue.is_set() else "died") from None
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
