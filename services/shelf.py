"""The playbooks that are in force: those that come with Groundswell, and a team's own beside or in place of them.

A file that is spoiled takes nothing down: it is refused with its line, and what it last said when it was right stays
in force, also over a restart. An incident keeps the version it began with, whatever becomes of the file.
"""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib import resources
from pathlib import Path
from stat import S_ISREG
from types import MappingProxyType

from sqlalchemy import Connection

from database.columns import storable
from database.playbooks import all_current, current_version, forget_current, keep_version, text_of
from playbooks import library
from playbooks.file_types import KEY
from playbooks.library import DEFAULT, PlaybookError
from playbooks.playbook import Playbook

MOST_BYTES = 500_000  # of one file; the longest that comes with Groundswell has a twentieth of it
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shelved:
    """A playbook and the text it was read from; ``own`` says that it is the team's."""

    playbook: Playbook
    text: str
    own: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is in force now.

    Attributes:
        books: by id.
        problems: what is wrong with a team's own files, by the file's name; the last good version stands in ``books``
            where there was one.
    """

    books: Mapping[str, Shelved]
    problems: Mapping[str, PlaybookError]

    @property
    def playbooks(self) -> Mapping[str, Playbook]:
        """All of them, by id."""
        return {name: book.playbook for name, book in self.books.items()}

    def for_wave(self, kind: str, category: str | None) -> Playbook:
        """The playbook for a wave (:func:`playbooks.library.choose`)."""
        own = {name for name, book in self.books.items() if book.own}
        return library.choose(list(self.playbooks.values()), kind, category, own)


@dataclass(slots=True)
class Playbooks:
    """The playbooks of an installation; it remembers what it read while a file stays as it is.

    Attributes:
        folder: of the team's own, which need not exist.
    """

    folder: Path
    _read: dict[Path, tuple[tuple[int, int], Shelved | PlaybookError]] = field(default_factory=dict)
    _pinned: dict[tuple[str, str], Playbook] = field(default_factory=dict)
    _logged: dict[str, str] = field(default_factory=dict)

    def own(self) -> Mapping[str, Shelved | PlaybookError]:
        """A team's own files by their names: what each says, or what is wrong with it.

        A folder that is there and cannot be listed stands for all of them.
        """
        try:
            return {storable(file.name): self._look(file) for file in self._files()}
        except OSError as error:
            return {self.folder.name: _unreadable(self.folder, error)}

    def shelf(self, connection: Connection) -> Shelf:
        """What is in force now."""
        books, problems = dict(_built_in()), dict[str, PlaybookError]()
        for file, found in self.own().items():
            if isinstance(found, PlaybookError):
                problems[file] = found
                names = all_current(connection) if file == self.folder.name else (Path(file).stem,)
                kept = {name: self._last_good(connection, name) for name in names}
                books |= {name: last for name, last in kept.items() if last}
            else:
                books[Path(file).stem] = found
        return Shelf(MappingProxyType(books), MappingProxyType(problems))

    def keep(self, connection: Connection, playbook: Playbook, now: datetime) -> None:
        """Keep the text of a version that an incident begins or goes on with."""
        if text_of(connection, playbook.id, playbook.version) is None:
            book = self.shelf(connection).books.get(playbook.id)
            if book and book.playbook.version == playbook.version:
                keep_version(connection, playbook.id, playbook.version, book.text, now)

    def remember(self, connection: Connection, now: datetime) -> None:
        """Note which version of each of the team's own files is in force, so that it stays so if one is spoiled.

        What is wrong with one is logged once.
        """
        shelf = self.shelf(connection)
        for file, problem in shelf.problems.items():
            if self._logged.get(file) != str(problem):
                _log.warning("%s", problem)
                self._logged[file] = str(problem)
        for name, book in shelf.books.items():
            if book.own and current_version(connection, name) != book.playbook.version:
                keep_version(connection, name, book.playbook.version, book.text, now, current=True)
        forget_current(connection, {name for name, book in shelf.books.items() if book.own})

    def of(self, connection: Connection, playbook_id: str, version: str) -> Playbook:
        """The version that an incident follows.

        Where it is nowhere any more, the one in force now, else the default: what goes on must be told.
        """
        known = self._pinned.get((playbook_id, version))
        if known:
            return known
        text = text_of(connection, playbook_id, version)
        found = _parsed(text, playbook_id) if text is not None else None
        if found is None:
            playbooks = self.shelf(connection).playbooks
            found = playbooks.get(playbook_id) or playbooks[DEFAULT]
        if found.version == version:
            self._pinned[playbook_id, version] = found
        return found

    def _files(self) -> list[Path]:
        try:
            return sorted(file for file in self.folder.iterdir() if file.suffix in {".yaml", ".yml"})
        except (FileNotFoundError, NotADirectoryError):
            return []

    def _look(self, file: Path) -> Shelved | PlaybookError:
        try:
            state = file.stat()
            stamp = (state.st_mtime_ns, state.st_size)
            known = self._read.get(file)
            if known and known[0] == stamp:
                return known[1]
            found = _misnamed(file) or (_read(file) if S_ISREG(state.st_mode) else _no_file(file))
        except OSError as error:
            return _unreadable(file, error)
        self._read[file] = (stamp, found)
        return found

    def _last_good(self, connection: Connection, playbook_id: str) -> Shelved | None:
        version = current_version(connection, playbook_id)
        text = text_of(connection, playbook_id, version) if version else None
        found = _parsed(text, playbook_id) if text is not None else None
        return Shelved(found, text, own=True) if found and text is not None else None


def _unreadable(file: Path, error: OSError) -> PlaybookError:
    return PlaybookError(storable(str(file)), f"cannot be read: {error.strerror or error}.", "Make it readable.")


def _misnamed(file: Path) -> PlaybookError | None:
    """What is wrong with a name: it is the playbook's id, which the database, pages and commands have to take."""
    if re.fullmatch(KEY, file.stem):
        return None
    told = "is no name that a playbook can have: small letters, digits and hyphens, 63 of them at most."
    return PlaybookError(storable(str(file)), told, "Rename it, like strike-of-staff.yaml.")


def _no_file(file: Path) -> PlaybookError:
    return PlaybookError(str(file), "is no file.", "Put a file in its place, or rename it.")


def _read(file: Path) -> Shelved | PlaybookError:
    with file.open("rb") as opened:
        content = opened.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        told = f"has more than {MOST_BYTES:,} bytes."
        return PlaybookError(str(file), told, "Shorten it; a playbook that long is not read in a crisis either.")
    try:
        return Shelved(library.parse(content, file.name), content.decode(), own=True)
    except PlaybookError as error:
        return error


def _parsed(text: str, playbook_id: str) -> Playbook | None:
    """What was kept, None where this Groundswell does not take any more what an older one took."""
    try:
        return library.parse(text, f"{playbook_id}.yaml")
    except PlaybookError as error:
        _log.warning("a playbook that was kept is not taken any more: %s", error)
        return None


@functools.cache  # the files are part of the installed package
def _built_in() -> Mapping[str, Shelved]:
    found = dict[str, Shelved]()
    for name in library.available():
        text = resources.files("playbooks").joinpath(f"{name}.yaml").read_text(encoding="utf-8")
        found[name] = Shelved(library.load(name), text, own=False)
    return found
