"""What can be wrong with the text of a query, said so that its author can mend it."""

from __future__ import annotations

import unicodedata

from errors import GroundswellError

_SHOWN = 60
_QUOTED = 40


class QueryError(GroundswellError):
    """A query cannot be read.

    Its text shows the place with a caret below it.

    Attributes:
        position: where in the text, counted in characters from 0.
        expected: what could stand there, in words.
        text: the query.
    """

    def __init__(
        self, subject: str, problem: str, remedy: str, *, position: int, expected: tuple[str, ...], text: str = ""
    ) -> None:
        super().__init__(subject, problem, remedy)
        self.position = position
        self.expected = expected
        self.text = text

    def __str__(self) -> str:
        return f"{self.subject}: {self.problem}\n\n{pointed(self.text, self.position)}\n\n{self.remedy}"


class Misread(Exception):  # noqa: N818  it never leaves this package: parse() turns it into a QueryError
    """A place of a query that cannot be read; ``problem`` is a clause without its full stop."""

    def __init__(self, position: int, problem: str, remedy: str, expected: tuple[str, ...] = ()) -> None:
        super().__init__(position, problem)
        self.position = position
        self.problem = problem
        self.remedy = remedy
        self.expected = expected

    def of(self, text: str) -> QueryError:
        """The error to tell the author of the whole query."""
        then = f"; expected {listed(self.expected)}" if self.expected else ""
        problem = f"at character {self.position + 1}, {self.problem}{then}."
        return QueryError("query", problem, self.remedy, position=self.position, expected=self.expected, text=text)


def quoted(written: str) -> str:
    """A piece of a query as part of a sentence."""
    return f'"{written}"' if len(written) <= _QUOTED else f'"{written[:_QUOTED]}..."'


def listed(names: tuple[str, ...]) -> str:
    """Names as people write alternatives: ``a, b or c``."""
    return " or ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def pointed(text: str, position: int) -> str:
    """Two lines: the text around a position, and a caret below the position."""
    begin = max(position - _SHOWN, 0)
    before = "".join(map(_visible, text[begin:position]))
    after = "".join(map(_visible, text[position : position + _SHOWN]))
    left = "  ... " if begin else "  "
    right = " ..." if position + _SHOWN < len(text) else ""
    return f"{left}{before}{after}{right}\n{' ' * (len(left) + sum(map(_columns, before)))}^"


def _visible(character: str) -> str:
    return character if character.isprintable() else " "


def _columns(character: str) -> int:
    """How wide a terminal draws a character (Unicode UAX #11)."""
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
