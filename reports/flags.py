"""Where the labels of marks go, so that they neither cover one another nor leave the picture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reports.axes import Frame
from reports.wave import Mark

FLAG_ROW = 20  # pixels
_ROWS = 3
_GAP = 6
_LONGEST = 32  # letters
_LETTER, _PADDING = 6.1, 14  # pixels, at the size flags are written in


@dataclass(frozen=True, slots=True)
class Flag:
    """A mark at ``x`` with its label between ``left`` and ``right``; row 0 is nearest to the plot.

    The text is empty where there was no room for it.
    """

    mark: Mark
    x: float
    left: float
    right: float
    row: int
    text: str


def place_flags(marks: Iterable[Mark], frame: Frame, reserved: float = 0) -> tuple[Flag, ...]:
    """Put each label beside its mark, to the right where it fits, in the lowest free row.

    Marks outside the frame are left out; beyond three rows only the mark itself stays. The lowest row is taken up to
    ``reserved`` pixels from the left.
    """
    rows: list[list[tuple[float, float]]] = [[] for _ in range(_ROWS)]
    rows[0].append((0, reserved))
    placed = []
    for mark in sorted(marks, key=lambda mark: mark.at):
        if frame.begin <= mark.at <= frame.end:
            flag = _place(mark, frame, rows)
            placed.append(flag)
            rows[flag.row].append((flag.left, flag.right))
    return tuple(placed)


def _place(mark: Mark, frame: Frame, rows: list[list[tuple[float, float]]]) -> Flag:
    text = shorten(mark.label, _LONGEST)
    x, width = frame.x(mark.at), len(text) * _LETTER + _PADDING
    for row, taken in enumerate(rows):
        for left in (x, x - width):
            inside = left >= 0 and left + width <= frame.right
            if inside and all(left >= end + _GAP or left + width + _GAP <= start for start, end in taken):
                return Flag(mark, x, left, left + width, row, text)
    return Flag(mark, x, x, x, 0, "")


def shorten(text: str, letters: int) -> str:
    """The text, cut to a number of letters with an ellipsis where it is longer."""
    return text if len(text) <= letters else f"{text[: max(letters - 1, 0)].rstrip()}…"
