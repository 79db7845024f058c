"""Lengths of time as people write them: ``30s``, ``5m``, ``2h``, ``1d``."""

from __future__ import annotations

import re
from datetime import timedelta

UNITS = {"s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
LONGEST = timedelta(days=366)

_WRITTEN = re.compile(r"(?P<count>[0-9]{1,9}) ?(?P<unit>[smhd])")


def parse(text: str) -> timedelta:
    """The length of time that a text states: a whole number and one unit, at most a year.

    Raises:
        ValueError: the text is something else, or longer than a year.
    """
    written = _WRITTEN.fullmatch(text.strip())
    if written is None:
        raise ValueError("not a number followed by s, m, h or d")
    length = int(written["count"]) * UNITS[written["unit"]]
    if length > LONGEST:
        raise ValueError("longer than a year")
    return length


def write(length: timedelta) -> str:
    """The shortest text that :func:`parse` reads as this length; fractions of a second are dropped."""
    for unit in "dhm":
        if length and not length % UNITS[unit]:
            return f"{length // UNITS[unit]}{unit}"
    return f"{length // UNITS['s']}s"
