"""Where the labels of marks go, so that they neither cover one another nor leave the picture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from reports.axes import Frame
from reports.wave import Mark, MarkKind

FLAG_ROW = 20  # pixels
_ROWS = 3
_GAP = 6
_LONGEST = 32  # letters
_LETTER, _PADDING = 6.1, 14  # pixels, at the size flags are written in
# Where there is no room for all labels: what woke people comes before what did not.
_FIRST = (MarkKind.ALARM, MarkKind.ACTION, MarkKind.PLANNED, MarkKind.HELD)
_MOST_TOLD, _LONGEST_DETAIL = 3, 160


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


def gathered(marks: Iterable[Mark], begin: datetime, step: timedelta) -> tuple[Mark, ...]:
    """Marks in order of time, those of one kind and label within one step as one: ``Held (3)``, with their reasons."""
    groups: defaultdict[tuple[object, ...], list[Mark]] = defaultdict(list)
    for number, mark in enumerate(sorted(marks, key=lambda mark: mark.at)):
        alone = number if mark.until else None
        groups[mark.kind, mark.label, (mark.at - begin) // step, alone].append(mark)
    return tuple(_one(group) for group in groups.values())


def _one(group: list[Mark]) -> Mark:
    if len(group) == 1:
        return group[0]
    told = list(dict.fromkeys(shorten(mark.detail, _LONGEST_DETAIL) for mark in group if mark.detail))
    more = [f"and {len(told) - _MOST_TOLD} more"] if len(told) > _MOST_TOLD else []
    return replace(group[0], label=f"{group[0].label} ({len(group)})", detail="\n".join([*told[:_MOST_TOLD], *more]))


def place_flags(marks: Iterable[Mark], frame: Frame, reserved: float = 0) -> tuple[Flag, ...]:
    """Put each label beside its mark, to the right where it fits, in the lowest free row.

    Marks outside the frame are left out; beyond three rows only the mark itself stays. The lowest row is taken up to
    ``reserved`` pixels from the left.
    """
    rows: list[list[tuple[float, float]]] = [[] for _ in range(_ROWS)]
    rows[0].append((0, reserved))
    placed = []
    for mark in sorted(marks, key=lambda mark: (_FIRST.index(mark.kind), mark.at)):
        begin = max(mark.at, frame.begin) if mark.until and mark.until > frame.begin else mark.at
        if frame.begin <= begin <= frame.end:
            flag = _place(mark, frame.x(begin), frame, rows)
            placed.append(flag)
            rows[flag.row].append((flag.left, flag.right))
    return tuple(sorted(placed, key=lambda flag: flag.mark.at))


def _place(mark: Mark, x: float, frame: Frame, rows: list[list[tuple[float, float]]]) -> Flag:
    text = shorten(mark.label, _LONGEST)
    width = len(text) * _LETTER + _PADDING
    for row, taken in enumerate(rows):
        for left in (x, x - width):
            inside = left >= 0 and left + width <= frame.right
            if inside and all(left >= end + _GAP or left + width + _GAP <= start for start, end in taken):
                return Flag(mark, x, left, left + width, row, text)
    return Flag(mark, x, x, x, 0, "")


def shorten(text: str, letters: int) -> str:
    """The text, cut to a number of letters with an ellipsis where it is longer."""
    return text if len(text) <= letters else f"{text[: max(letters - 1, 0)].rstrip()}…"
