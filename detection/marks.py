"""What people said of an alarm afterwards: that it was noise, or that one was missed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MarkVerdict(StrEnum):
    """What somebody says."""

    NOISE = "noise"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Mark:
    """A person's word on what was decided; it changes nothing by itself.

    Attributes:
        id: number, 0 before it is stored.
        moment: that of the signal, or when an alarm should have come.
        signal_id: the signal it is about: noise that fired, or one held that should have fired. None where nothing was
            noticed at all.
        by: id of the person.
        kind: the kind of that signal, None where there is none.
    """

    id: int
    brand: str
    verdict: MarkVerdict
    moment: datetime
    signal_id: int | None
    by: str
    at: datetime
    note: str = ""
    kind: str | None = None
