"""Reading what takes long beside what people wait for, in a process of its own.

Python runs one thread of a process at a time: a second of counting words in the console's own process is a second in
which every page takes turns with it.
"""

from __future__ import annotations

import logging
import multiprocessing
import multiprocessing.connection
import os
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from pathlib import Path
from threading import Lock, Thread
from typing import TypeVar

from services.installation import Installation, open_installation

# Whoever waits for a page comes first (https://man7.org/linux/man-pages/man2/nice.2.html).
YIELDING = 10
_log = logging.getLogger(__name__)
_Key = TypeVar("_Key")
_Report = TypeVar("_Report")


class Beside:
    """A process that reads from the same installation; it is started when it is first asked, and ends with this one.

    Args:
        installation: the one that this process has; the other one opens its settings file by itself.
    """

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._lock = Lock()
        self._pool: ProcessPoolExecutor | None = None

    def run(self, read: Callable[[Installation, _Key, datetime], _Report], key: _Key, until: datetime) -> _Report:
        """What a function of a module returns there; where that process died, here.

        Raises:
            GroundswellError: what the function raises.
        """
        pool = self._open()
        try:
            return pool.submit(_read, read, key, until).result()
        except BrokenProcessPool:
            _log.warning("the process that reads beside the console ended; another one is started for the next report")
            self._drop(pool)
            return read(self._installation, key, until)

    def close(self) -> None:
        """End it; what it reads is of no use any more."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool:
            pool.shutdown(wait=False, cancel_futures=True)

    def _open(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._pool is None:
                path, apart = self._installation.settings.path, multiprocessing.get_context("spawn")
                self._pool = ProcessPoolExecutor(1, mp_context=apart, initializer=_begin, initargs=(path,))
            return self._pool

    def _drop(self, broken: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._pool is broken:
                self._pool = None
        broken.shutdown(wait=False)


_installed: list[Installation] = []


def _begin(path: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the console, which ends this one
    if parent := multiprocessing.parent_process():
        Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()
    os.nice(YIELDING)
    _installed.append(open_installation(path, os.environ))


def _end_after(sentinel: int) -> None:
    multiprocessing.connection.wait([sentinel])
    os._exit(0)


def _read(read: Callable[[Installation, _Key, datetime], _Report], key: _Key, until: datetime) -> _Report:
    return read(_installed[0], key, until)
