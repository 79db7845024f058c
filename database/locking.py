"""Locks between processes of one machine."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from errors import GroundswellError


class LockError(GroundswellError):
    """A lock could not be asked for."""


@contextmanager
def hold_file(path: Path, *, wait: bool) -> Iterator[bool]:
    """Hold an advisory lock on a file; the kernel lets go of it when the process dies, however it dies.

    Yields:
        whether the lock is held; always True where ``wait``.
    """
    try:
        handle = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise LockError(
            f"lock file {path}", f"cannot be opened ({error.strerror}).", "Make its folder writable."
        ) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)
