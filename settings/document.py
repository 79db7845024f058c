"""YAML as settings need it: texts, lists and sections, each with its line; nothing guessed, nothing executed.

Scalars stay the text that was written, so that a brand called ``no``, ``2024`` or ``1e5`` keeps its name (YAML 1.1
would make them a boolean, an integer and a float); the settings' model turns texts into numbers where it wants them.
"""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from settings.problems import Location, Problem, SettingsError, name_of, shown
from settings.syntax import explain

Entry = str | list["Entry"] | dict[str, "Entry"]

MAX_BYTES = 500_000
MAX_DEPTH = 20
# After following references; no team's settings come near, a file that refers to itself does at once.
MAX_ENTRIES = 20_000

_NULL = "tag:yaml.org,2002:null"
_MERGE = "tag:yaml.org,2002:merge"
_TEXTUAL = {f"tag:yaml.org,2002:{tag}" for tag in ("str", "bool", "int", "float", "timestamp", "value")}
_COLLECTIONS = {"tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"}


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says.

    Attributes:
        content: the top section; keys that were left without a value are not in it.
        lines: where each key and list entry stands.
        empty: keys that were left without a value.
        problems: duplicate keys and the like, found on the way; the content leaves out what they concern.
    """

    content: Mapping[str, Entry]
    lines: Mapping[Location, int] = field(default_factory=dict)
    empty: frozenset[Location] = frozenset()
    problems: tuple[Problem, ...] = ()

    def line(self, location: Location) -> int | None:
        """The line of a location, or of the nearest section around it; None where there is none."""
        while location and location not in self.lines:
            location = location[:-1]
        return self.lines.get(location)

    def at(self, location: Location) -> Entry | None:
        """The entry at a location, None where nothing stands there."""
        found: object = self.content
        for part in location:
            try:
                found = found[part]  # type: ignore[index]  # a wrong kind of entry raises what is caught
            except (KeyError, IndexError, TypeError):
                return None
        return found if isinstance(found, str | list | dict) else None


def read(path: Path) -> Document:
    """Read a file.

    Raises:
        SettingsError: there is no such file, it cannot be read, or it is not YAML with a section at its top.
    """
    return parse(_text(path), path)


def parse(text: str, path: Path) -> Document:
    """Read what a file holds; ``path`` only names it.

    Raises:
        SettingsError: it is not YAML, too large, or does not hold a section at its top.
    """
    try:
        root = _compose(text)
    except yaml.YAMLError as error:
        raise SettingsError(path, [explain(error, text)]) from None
    if root is None or root.tag == _NULL:
        raise _whole(path, "is empty.", 'Run "groundswell init" to write a commented example.')
    builder = _Builder()
    try:
        content = builder.entry(root, ())
    except _TooLargeError as error:
        raise SettingsError(path, [error.problem]) from None
    if not isinstance(content, dict):
        raise _whole(path, 'does not start with keys such as "brands:".', "See groundswell.example.yaml for one.")
    return Document(content, builder.lines, frozenset(builder.empty), tuple(builder.problems))


def _whole(path: Path, problem: str, remedy: str) -> SettingsError:
    return SettingsError(path, [Problem(None, "", "", f"The file {problem}", remedy)])


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise _whole(
            path, "does not exist.", 'Run "groundswell init" to write it, or name another with --config.'
        ) from None
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise _whole(path, f"cannot be read ({reason}).", "Check its name and its permissions.") from None
    if len(data) > MAX_BYTES:
        raise _whole(path, f"is larger than {MAX_BYTES // 1000} kB.", "Check that it is the settings file.")
    try:
        return data.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = Problem(line, "", "", "A character here is not UTF-8.", "Save the file in the encoding UTF-8.")
        raise SettingsError(path, [problem]) from None


class _Loader(yaml.SafeLoader):
    """Composes nodes, and refuses to nest without end before Python's own stack does."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]  # no types upstream
            raise yaml.composer.ComposerError(None, None, "nested too deeply", mark)
        node: yaml.Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node


def _compose(text: str) -> yaml.Node | None:
    loader = _Loader(text)  # checks for characters that YAML does not allow
    try:
        return loader.get_single_node()
    finally:
        loader.dispose()


class _TooLargeError(Exception):
    """References unfold to more than settings can be."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


class _Builder:
    """Turns nodes into entries, noting where each stands and what is odd about it."""

    def __init__(self) -> None:
        self.lines: dict[Location, int] = {}
        self.empty: set[Location] = set()
        self.problems: list[Problem] = []
        self._entries = 0

    def entry(self, node: yaml.Node, at: Location) -> Entry | None:
        """The entry of a node; None where nothing is written, or nothing that can be taken."""
        self.lines.setdefault(at, node.start_mark.line + 1)
        self._count(node, at)
        if isinstance(node, yaml.MappingNode) and node.tag in _COLLECTIONS:
            return self._section(node, at)
        if isinstance(node, yaml.SequenceNode) and node.tag in _COLLECTIONS:
            return self._list(node, at)
        if node.tag == _NULL and isinstance(node, yaml.ScalarNode):
            self.empty.add(at)
            return None
        if isinstance(node, yaml.ScalarNode) and node.tag in {*_TEXTUAL, _MERGE}:
            return str(node.value)
        self._refuse(node, at, "is marked with a tag (!).", "Remove the tag, or put quotes around a text with !.")
        return None

    def _section(self, node: yaml.MappingNode, at: Location) -> dict[str, Entry]:
        section: dict[str, Entry] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._refuse(key, at, "has a list or section for a key.", "Use a word followed by a colon.")
                continue
            location = (*at, str(key.value))
            if key.tag == _MERGE:
                self._refuse(key, location, "is a merge of YAML, which is not read here.", "Write the values out.")
            elif location in self.lines:
                first = self.lines[location]
                self._refuse(key, location, f"is there already, in line {first}.", "Remove one, or join the two.")
            else:
                self.lines[location] = key.start_mark.line + 1
                entry = self.entry(value, location)
                if entry is not None:
                    section[str(key.value)] = entry
        return section

    def _list(self, node: yaml.SequenceNode, at: Location) -> list[Entry]:
        entries: list[Entry] = []
        for position, value in enumerate(node.value):
            location = (*at, position)
            entry = self.entry(value, location)
            if location in self.empty:
                word = shown(value.value) if value.value else ""
                remedy = "Put quotes around it if it is a text." if word else "Write a value, or remove the line."
                self.problems.append(Problem(self.lines[location], name_of(location), word, "means nothing.", remedy))
            # Keeps later positions, and with them lines, as they stand in the file.
            entries.append("" if entry is None else entry)
        return entries

    def _count(self, node: yaml.Node, at: Location) -> None:
        self._entries += 1
        if self._entries > MAX_ENTRIES or len(at) > MAX_DEPTH:
            problem = "Its references (*) unfold to more than settings can hold."
            raise _TooLargeError(Problem(node.start_mark.line + 1, "", "", problem, "Write the values out."))

    def _refuse(self, node: yaml.Node, at: Location, problem: str, remedy: str) -> None:
        self.problems.append(Problem(node.start_mark.line + 1, name_of(at), "", problem, remedy))
