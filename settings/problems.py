"""What is wrong with a settings file, said so that it can be put right."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from errors import GroundswellError

# Where a value stands: keys and positions from the top of the file.
Location = tuple[str | int, ...]

LONGEST_SHOWN = 60
_PLAIN_KEY = re.compile(r"[\w-]{1,40}")
_CREDENTIALS = re.compile(r"://[^/\s]*@")
_QUERY = re.compile(r"(://[^?\s]*\?).+", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to correct.

    Attributes:
        line: line of the file, counted from 1; None where the file as a whole is meant.
        path: where in the file, as ``sources[2].every`` (positions count from 0); empty for the whole.
        value: the value as it may be shown, in quotes; empty where it must not be or cannot be shown.
        problem: what is wrong with it, a sentence that goes on from the value.
        remedy: what would be right.
    """

    line: int | None
    path: str
    value: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        start = f"{self.path}: " if self.path else ""
        return start + " ".join(part for part in (self.value, self.problem, self.remedy) if part)


class SettingsError(GroundswellError):
    """A settings file cannot be used.

    Attributes:
        path: the file.
        problems: all that is wrong with it, in the order of its lines.
    """

    def __init__(self, path: Path, problems: Iterable[Problem]) -> None:
        self.path = path
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line or 0))
        super().__init__(str(path), f"{len(self.problems)} to correct.", "Nothing was started.")

    def __str__(self) -> str:
        return "\n".join(f"{self.path}{f':{p.line}' if p.line else ''}: {p}" for p in self.problems)


def name_of(location: Location) -> str:
    """A location as people read it: ``sources[2].every``."""
    name = ""
    for part in location:
        if isinstance(part, int):
            name += f"[{part}]"
        else:
            name += f"{'.' if name else ''}{part if _PLAIN_KEY.fullmatch(part) else shown(part)}"
    return name


def without_secrets(text: str) -> str:
    """A value without what an address gives away: names and passwords before the host, and its parameters."""
    return _QUERY.sub(r"\1...", _CREDENTIALS.sub("://***@", text))


def shown(text: str) -> str:
    """A value in quotes, cut, with nothing in it that could act on a terminal or give away an address's secrets."""
    text = without_secrets(text)
    if len(text) > LONGEST_SHOWN:
        text = f"{text[:LONGEST_SHOWN]}..."
    return '"' + "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text) + '"'


def closest(word: str, known: Collection[str]) -> str:
    """A question that names the nearest known word, or a list of all where none is near."""
    near = difflib.get_close_matches(word.lower(), known, n=1)
    if near:
        return f'Did you mean "{near[0]}"?'
    return f"Known here: {', '.join(sorted(known))}." if known else ""
