"""Writes each letter as an ``.eml`` file, for teams without a mail server; every mail program opens them."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path

from alerts.contract import ChannelOptions, DeliveryError, Letter
from alerts.mime import to_message

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Options(ChannelOptions):
    """The folder that letters are written to; it is made where it is missing."""

    folder: Path


class FileCarrier:
    """Writes to a folder that exists."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names = _names(folder)

    def deliver(self, letter: Letter) -> None:
        """Write the letter so that its file is either whole or absent; a letter sent again replaces its own file.

        The file is named by the time the letter was first written and by its Message-ID.

        Raises:
            DeliveryError: the disk is full, or the folder cannot be written to.
        """
        digest = _digest(letter.message_id)
        name = self._names.setdefault(digest, f"{letter.written_at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{digest}.eml")
        content = bytes(to_message(letter))
        try:
            _write_whole(self._folder / name, content)
        except OSError as error:
            raise _failure(self._folder, error) from error


@contextmanager
def connect(options: Options) -> Iterator[FileCarrier]:
    """Make sure that the folder is there.

    Raises:
        DeliveryError: it cannot be made.
    """
    try:
        options.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _failure(options.folder, error) from error
    yield FileCarrier(options.folder)


def withdraw(options: Options, message_ids: Iterable[str]) -> int:
    """Delete the letters of some Message-IDs that are still in the folder; how many there were.

    Raises:
        DeliveryError: one cannot be deleted.
    """
    names = _names(options.folder)
    found = [name for message_id in message_ids if (name := names.get(_digest(message_id)))]
    try:
        for name in found:
            (options.folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise _failure(options.folder, error) from error
    return len(found)


def _names(folder: Path) -> dict[str, str]:
    """Names of files by what stands for the Message-ID in them."""
    return {path.stem.rpartition("-")[2]: path.name for path in folder.glob("*.eml")}


def _digest(message_id: str) -> str:
    return hashlib.blake2b(message_id.encode(), digest_size=8).hexdigest()


def _write_whole(path: Path, content: bytes) -> None:
    """Write beside the target, flush to the disk, then rename: rename is atomic within a folder (POSIX)."""
    descriptor, part = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(part).replace(path)
    except OSError:
        Path(part).unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _failure(folder: Path, error: OSError) -> DeliveryError:
    kept = "The letter is kept in the outbox and tried again"
    if error.errno in _FULL:
        return DeliveryError(f"Mail folder {folder}", "has no space left.", f"{kept}; free some space on its disk.")
    reason = error.strerror or str(error)
    return DeliveryError(
        f"Mail folder {folder}",
        f"cannot be written to ({reason}).",
        f"{kept}; make it a folder that the user running Groundswell may write to.",
    )
