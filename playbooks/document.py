"""A YAML text whose parts know on which line they were written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

_ONE_OF = {"categories": "category"}
LARGEST = 200_000  # characters; ten times the longest playbook that comes with Groundswell
DEEPEST = 20  # levels; a playbook has five
MOST = 5_000  # keys and values; a long playbook has a thousand
_SHOWN = 60  # characters of an offending value; enough to recognise it by


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a file.

    Attributes:
        line: 1 for the first.
        where: the setting (``step 3, due, SEV1``).
        value: what is written there, shortened; empty where something is missing.
        right: what would be right, in the imperative.
    """

    line: int
    where: str
    value: str
    right: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.where} is {self.value or 'missing'}; {self.right}"


class UnreadableError(Exception):
    """The text is not YAML as it is read here; carries the fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


class _Loader(yaml.BaseLoader):
    """Refuses what a playbook has no need of.

    Nested aliases let a short text stand for more than fits in memory ("billion laughs"), deep levels exhaust the
    interpreter, and a tag that has no effect would mislead whoever wrote it.
    """

    _depth = 0
    _parts = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # types-PyYAML leaves it untyped
        mark: Any = event.start_mark
        if isinstance(event, yaml.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "aliases are not read, write it out", mark)
        if event.tag is not None:
            raise yaml.composer.ComposerError(None, None, "tags are not read, remove it", mark)
        if self._depth >= DEEPEST:
            raise UnreadableError(Fault(mark.line + 1, "the file", "nested too deeply", "write fewer levels"))
        if self._parts >= MOST:
            right = f"write at most {MOST:,} keys and values"
            raise UnreadableError(Fault(mark.line + 1, "the file", "too long", right))
        self._parts += 1
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node


class Document:
    """A parsed YAML text.

    Every scalar is read as the text it is written as (the failsafe schema of YAML 1.2,
    https://yaml.org/spec/1.2.2/#101-failsafe-schema): ``title: No`` stays a title, and no tag constructs anything.

    Attributes:
        content: mappings, lists and texts; an empty text where the file is empty.

    Raises:
        UnreadableError: the text is not YAML.
    """

    def __init__(self, text: str) -> None:
        if len(text) > LARGEST:
            size = f"{len(text):,} characters long"
            raise UnreadableError(Fault(1, "the file", size, f"write at most {LARGEST:,}"))
        loader = None
        try:
            loader = _Loader(text)
            self._root = loader.get_single_node() or yaml.ScalarNode("", "", yaml.Mark("", 0, 0, 0, "", 0))
            self.content: Any = loader.construct_document(self._root)
        except yaml.MarkedYAMLError as error:
            raise UnreadableError(_syntax_fault(text, error)) from error
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, int(error.position)) + 1
            fault = Fault(line, "a character", shown(chr(int(error.character))), "remove it, YAML allows none such")
            raise UnreadableError(fault) from error
        except (ValueError, OverflowError) as error:  # PyYAML reads the numbers of escapes and versions unchecked
            line = loader.line + 1 if loader else 1
            raise UnreadableError(Fault(line, "a number", "out of range", "write a smaller one")) from error

    def line_of(self, location: Sequence[str | int]) -> int:
        """The line of a part, or of the nearest thing around it that is written at all."""
        return self._find(location)[0] + 1

    def line_within(self, location: Sequence[str | int], line: int) -> int:
        """The line of the file that holds a line (1 for the first) of a text; its beginning where lines were folded."""
        start, node = self._find(location)
        if isinstance(node, yaml.ScalarNode) and node.style == "|":
            return int(node.start_mark.line) + 1 + line
        return start + 1

    def _find(self, location: Sequence[str | int]) -> tuple[int, yaml.Node]:
        node, line = self._root, self._root.start_mark.line
        for part in location:
            entry = next((entry for entry in _entries(node) if entry[0] == part), None)
            if entry is None:
                break
            _, line, node = entry
        return line, node

    def written_twice(self) -> Iterator[Fault]:
        """A fault for each key that a mapping holds more than once, of which YAML would silently take the last."""
        yield from _written_twice(self._root, ())


def shown(value: object) -> str:
    """A value as people recognise it: quoted, shortened, with nothing in it that acts on a terminal."""
    text = _printable(json.dumps(value, ensure_ascii=False))
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


def place(location: Sequence[str | int]) -> str:
    """The name of a part for people: ``("steps", 2, "due")`` is ``step 3, due``."""
    words: list[str] = []
    for part in location:
        if isinstance(part, int) and words:
            words[-1] = f"{_ONE_OF.get(words[-1]) or words[-1].removesuffix('s')} {part + 1}"
        else:
            words.append(_printable(str(part))[:_SHOWN])
    return ", ".join(words) or "the file"


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in text)


def _entries(node: yaml.Node) -> Iterator[tuple[str | int, int, yaml.Node]]:
    """Name, line (from 0) and node of everything directly inside a node."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield str(key.value), key.start_mark.line, value
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield index, value.start_mark.line, value


def _written_twice(node: yaml.Node, location: tuple[str | int, ...]) -> Iterator[Fault]:
    first: dict[str | int, int] = {}
    for name, line, inner in _entries(node):
        here = (*location, name)
        if name in first:
            right = f"keep one of the two, line {first[name] + 1} has it too"
            yield Fault(line + 1, place(here), "written again", right)
        first.setdefault(name, line)
        yield from _written_twice(inner, here)


def _syntax_fault(text: str, error: yaml.MarkedYAMLError) -> Fault:
    line = error.problem_mark.line if error.problem_mark else 0
    written = text.splitlines()[line : line + 1] or ["the end of the file"]
    return Fault(line + 1, "the text", shown(written[0].strip()), f"write valid YAML here ({error.problem})")
